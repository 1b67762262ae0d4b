#include "CXML.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/relaxng.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

// Validation only reads a schema, but libxml2 does not promise so: the lock makes sharing one safe whatever it does.
struct cxml_schema {
    xmlRelaxNGPtr schema;
    pthread_mutex_t lock;
};

// Parsing fills tables that all schemas share (the datatype libraries), without a lock of libxml2's own.
static pthread_mutex_t parsing = PTHREAD_MUTEX_INITIALIZER;

// Keeps the first error: those after it are mostly its consequences.
static void on_error(void *context, const xmlError *error) {
    cxml_error *kept = context;
    if (kept->message[0] != 0 || error == NULL || error->message == NULL) return;
    kept->line = error->line;
    strncpy(kept->message, error->message, sizeof kept->message - 1);
    size_t length = strlen(kept->message);
    while (length > 0 && kept->message[length - 1] == '\n') kept->message[--length] = 0;
}

cxml_schema *cxml_schema_parse(const char *text, size_t count, cxml_error *error) {
    memset(error, 0, sizeof *error);
    if (count == 0 || count > INT_MAX) return NULL;
    cxml_schema *made = calloc(1, sizeof *made);
    if (made == NULL) return NULL;
    pthread_mutex_lock(&parsing);
    xmlInitParser();
    xmlRelaxNGParserCtxtPtr parser = xmlRelaxNGNewMemParserCtxt(text, (int)count);
    if (parser != NULL) {
        // The cast bridges the versions of libxml2 that hand the error over as const and those that do not.
        xmlRelaxNGSetParserStructuredErrors(parser, (xmlStructuredErrorFunc)on_error, error);
        made->schema = xmlRelaxNGParse(parser);
        xmlRelaxNGFreeParserCtxt(parser);
    }
    pthread_mutex_unlock(&parsing);
    if (made->schema == NULL) {
        free(made);
        return NULL;
    }
    pthread_mutex_init(&made->lock, NULL);
    return made;
}

void cxml_schema_free(cxml_schema *schema) {
    pthread_mutex_lock(&parsing);
    xmlRelaxNGFree(schema->schema);
    pthread_mutex_unlock(&parsing);
    pthread_mutex_destroy(&schema->lock);
    free(schema);
}

// No document type is accepted, and so no entity but XML's own five; see cxml_parse.
static void on_doctype(void *context, const xmlChar *name, const xmlChar *external, const xmlChar *system) {
    (void)name, (void)external, (void)system;
    xmlParserCtxtPtr parser = context;
    parser->wellFormed = 0;
    xmlStopParser(parser);
}

static xmlDocPtr tree(const uint8_t *bytes, size_t count) {
    if (count == 0 || count > INT_MAX) return NULL;
    xmlParserCtxtPtr parser = xmlNewParserCtxt();
    if (parser == NULL) return NULL;
    parser->sax->internalSubset = on_doctype;
    // A document that is not well-formed gives NULL.
    xmlDocPtr document = xmlCtxtReadMemory(
        parser, (const char *)bytes, (int)count, NULL, NULL,
        XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_COMPACT);
    xmlFreeParserCtxt(parser);
    return document;
}

cxml_status cxml_schema_validate(cxml_schema *schema, const uint8_t *bytes, size_t count, cxml_error *error) {
    memset(error, 0, sizeof *error);
    xmlDocPtr document = tree(bytes, count);
    if (document == NULL) return CXML_NOT_WELL_FORMED;
    cxml_status status = CXML_NO_MEMORY;
    pthread_mutex_lock(&schema->lock);
    xmlRelaxNGValidCtxtPtr validator = xmlRelaxNGNewValidCtxt(schema->schema);
    if (validator != NULL) {
        xmlRelaxNGSetValidStructuredErrors(validator, (xmlStructuredErrorFunc)on_error, error);
        status = xmlRelaxNGValidateDoc(validator, document) == 0 ? CXML_OK : CXML_INVALID;
        xmlRelaxNGFreeValidCtxt(validator);
    }
    pthread_mutex_unlock(&schema->lock);
    xmlFreeDoc(document);
    return status;
}
