#pragma once

#include <stddef.h>
#include <stdint.h>

// The C face of libxml2 that Swift sees. It includes none of libxml2's headers: they pull in ICU's, which clash
// with Foundation's, and are full of macros and variadic callbacks that Swift can't import.
//
// Strings are UTF-8, owned by the parser and valid until the callback returns. Those without a length end in NUL.

/// What came of parsing.
typedef enum {
    CXML_OK = 0,
    /// Not well-formed XML 1.0 with namespaces.
    CXML_NOT_WELL_FORMED = 1,
    /// There is a document type declaration. It is refused as soon as it is seen, before anything in it is read.
    CXML_HAS_DOCTYPE = 2,
    /// Elements are nested more deeply than allowed.
    CXML_TOO_DEEP = 3,
    /// Memory ran out.
    CXML_NO_MEMORY = 4,
    /// Well-formed, but not as the schema wants it.
    CXML_INVALID = 5,
} cxml_status;

/// A namespace declaration made on an element; the prefix is NULL for the default namespace.
typedef struct {
    const char *prefix;
    const char *uri;
} cxml_declaration;

/// An attribute; prefix and uri are NULL when it is in no namespace.
typedef struct {
    const char *local;
    const char *prefix;
    const char *uri;
    const char *value;
    size_t value_length;
} cxml_attribute;

/// Who is told what was parsed, in document order.
typedef struct {
    void *context;
    void (*start)(
        void *context, const char *local, const char *prefix, const char *uri, const cxml_declaration *declarations,
        size_t declaration_count, const cxml_attribute *attributes, size_t attribute_count);
    void (*end)(void *context);
    void (*text)(void *context, const char *text, size_t length);
    void (*comment)(void *context, const char *text);
    void (*instruction)(void *context, const char *target, const char *text);
} cxml_handler;

/// What was wrong, for a person.
typedef struct {
    int line;
    char message[200];
} cxml_error;

/// Parses a whole document: no document type, no entities but the five of XML itself, no network, no files.
///
/// @param maximum_depth how many elements may be open at once
cxml_status cxml_parse(
    const uint8_t *bytes, size_t count, unsigned maximum_depth, const cxml_handler *handler, cxml_error *error);

/// A RELAX NG schema, ready for use from any thread.
typedef struct cxml_schema cxml_schema;

/// Parses a schema in RELAX NG's XML syntax. It comes from the program itself, never from a peer, and refers to no
/// other file.
///
/// @return NULL when it is none or memory ran out; `error` says which
cxml_schema *cxml_schema_parse(const char *text, size_t count, cxml_error *error);

void cxml_schema_free(cxml_schema *schema);

/// Checks a whole document, parsed under the same restrictions as by cxml_parse; how deep its elements may be nested is
/// the caller's to check.
///
/// @return CXML_INVALID when the schema does not allow it
cxml_status cxml_schema_validate(cxml_schema *schema, const uint8_t *bytes, size_t count, cxml_error *error);
