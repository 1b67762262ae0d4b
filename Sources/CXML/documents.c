#include "CXML.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

// One parse under way.
typedef struct {
    const cxml_handler *handler;
    xmlParserCtxtPtr parser;
    cxml_status status;
    unsigned depth;
    unsigned maximum_depth;
    // Scratch for the attributes and declarations of one start tag, grown as needed.
    cxml_attribute *attributes;
    int attribute_capacity;
    cxml_declaration *declarations;
    int declaration_capacity;
} parse;

static void give_up(parse *p, cxml_status status) {
    if (p->status == CXML_OK) p->status = status;
    xmlStopParser(p->parser);
}

// Makes room for `count` items of `size` bytes. Returns zero when memory ran out.
static int reserve(void **items, int *capacity, int count, size_t size) {
    if (count <= *capacity) return 1;
    void *grown = realloc(*items, (size_t)count * 2 * size);
    if (grown == NULL) return 0;
    *items = grown;
    *capacity = count * 2;
    return 1;
}

static void on_start(
    void *context, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri, int namespace_count,
    const xmlChar **namespaces, int attribute_count, int defaulted_count, const xmlChar **attributes) {
    parse *p = context;
    (void)defaulted_count;
    if (p->status != CXML_OK) return;
    if (++p->depth > p->maximum_depth) {
        give_up(p, CXML_TOO_DEEP);
        return;
    }
    if (!reserve((void **)&p->attributes, &p->attribute_capacity, attribute_count, sizeof(cxml_attribute)) ||
        !reserve((void **)&p->declarations, &p->declaration_capacity, namespace_count, sizeof(cxml_declaration))) {
        give_up(p, CXML_NO_MEMORY);
        return;
    }
    for (int i = 0; i < namespace_count; i++) {
        // An empty name undoes the default namespace (Namespaces in XML 1.0 §6.2); libxml2 gives NULL or "".
        const char *name = (const char *)namespaces[2 * i + 1];
        p->declarations[i] = (cxml_declaration){(const char *)namespaces[2 * i], name == NULL ? "" : name};
    }
    for (int i = 0; i < attribute_count; i++) {
        // libxml2 lays out five pointers for each: local name, prefix, namespace, start and end of the value.
        const xmlChar **a = attributes + 5 * i;
        p->attributes[i] = (cxml_attribute){
            (const char *)a[0], (const char *)a[1], (const char *)a[2], (const char *)a[3], (size_t)(a[4] - a[3])};
    }
    p->handler->start(
        p->handler->context, (const char *)local, (const char *)prefix, (const char *)uri, p->declarations,
        (size_t)namespace_count, p->attributes, (size_t)attribute_count);
}

static void on_end(void *context, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri) {
    parse *p = context;
    (void)local, (void)prefix, (void)uri;
    if (p->status != CXML_OK) return;
    p->depth--;
    p->handler->end(p->handler->context);
}

static void on_text(void *context, const xmlChar *text, int length) {
    parse *p = context;
    if (p->status == CXML_OK) p->handler->text(p->handler->context, (const char *)text, (size_t)length);
}

static void on_comment(void *context, const xmlChar *text) {
    parse *p = context;
    if (p->status == CXML_OK) p->handler->comment(p->handler->context, (const char *)text);
}

static void on_instruction(void *context, const xmlChar *target, const xmlChar *text) {
    parse *p = context;
    if (p->status != CXML_OK) return;
    p->handler->instruction(p->handler->context, (const char *)target, text == NULL ? "" : (const char *)text);
}

// Called when `<!DOCTYPE name` has been read and before anything inside it is.
static void on_doctype(void *context, const xmlChar *name, const xmlChar *external, const xmlChar *system) {
    (void)name, (void)external, (void)system;
    give_up(context, CXML_HAS_DOCTYPE);
}

static void describe(xmlParserCtxtPtr parser, cxml_error *error) {
    const xmlError *last = xmlCtxtGetLastError(parser);
    if (last == NULL || last->message == NULL) return;
    error->line = last->line;
    strncpy(error->message, last->message, sizeof error->message - 1);
    size_t length = strlen(error->message);
    while (length > 0 && error->message[length - 1] == '\n') error->message[--length] = 0;
}

cxml_status cxml_parse(
    const uint8_t *bytes, size_t count, unsigned maximum_depth, const cxml_handler *handler, cxml_error *error) {
    memset(error, 0, sizeof *error);
    if (count == 0 || count > INT_MAX) return CXML_NOT_WELL_FORMED;
    xmlInitParser();
    xmlParserCtxtPtr parser = xmlCreateMemoryParserCtxt((const char *)bytes, (int)count);
    if (parser == NULL) return CXML_NO_MEMORY;

    parse p = {.handler = handler, .parser = parser, .status = CXML_OK, .maximum_depth = maximum_depth};
    xmlSAXHandler sax = {
        .initialized = XML_SAX2_MAGIC,
        .internalSubset = on_doctype,
        .startElementNs = on_start,
        .endElementNs = on_end,
        .characters = on_text,
        .ignorableWhitespace = on_text,
        .cdataBlock = on_text,
        .comment = on_comment,
        .processingInstruction = on_instruction,
    };
    *parser->sax = sax;
    parser->userData = &p;
    // NOENT only lets `&amp;` and the like arrive as characters: other entities can't exist without a document
    // type, and one of those ends the parse at once.
    xmlCtxtUseOptions(
        parser, XML_PARSE_NONET | XML_PARSE_NOENT | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_COMPACT);
    xmlParseDocument(parser);

    if (p.status == CXML_OK && parser->errNo == XML_ERR_NO_MEMORY) p.status = CXML_NO_MEMORY;
    // A prefix that is not bound leaves the document "well-formed" in libxml2's eyes; nsWellFormed tells.
    if (p.status == CXML_OK && !(parser->wellFormed && parser->nsWellFormed)) p.status = CXML_NOT_WELL_FORMED;
    if (p.status == CXML_NOT_WELL_FORMED) describe(parser, error);
    free(p.attributes);
    free(p.declarations);
    // Without a tree builder there is no document, unless libxml2 made one for its own needs.
    if (parser->myDoc != NULL) xmlFreeDoc(parser->myDoc);
    xmlFreeParserCtxt(parser);
    return p.status;
}
