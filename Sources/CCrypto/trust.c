#include "CCrypto.h"

#include <openssl/crypto.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

struct starling_trust {
    X509_STORE *store;
};

starling_trust *starling_trust_open(const char *file) {
    starling_trust *trust = OPENSSL_zalloc(sizeof *trust);
    if (trust == NULL) return NULL;
    trust->store = X509_STORE_new();
    int loaded = trust->store != NULL
        && (file == NULL ? X509_STORE_set_default_paths(trust->store) : X509_STORE_load_file(trust->store, file));
    if (!loaded) {
        starling_trust_close(trust);
        return NULL;
    }
    // A certificate that is named is trusted, whether it is an authority's or a server's own.
    X509_STORE_set_flags(trust->store, X509_V_FLAG_PARTIAL_CHAIN);
    return trust;
}

void starling_trust_close(starling_trust *trust) {
    X509_STORE_free(trust->store);
    OPENSSL_free(trust);
}

int starling_trust_verify(
    starling_trust *trust, const uint8_t *certificates, const size_t *lengths, size_t count, int is_server
) {
    X509 *leaf = NULL;
    STACK_OF(X509) *others = sk_X509_new_null();
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    int is_valid = others != NULL && context != NULL && count > 0;
    for (size_t i = 0; is_valid && i < count; i++) {
        const unsigned char *start = certificates;
        X509 *certificate = d2i_X509(NULL, &start, (long)lengths[i]);
        certificates += lengths[i];
        is_valid = certificate != NULL;
        if (!is_valid) break;
        if (i == 0) {
            leaf = certificate;
        } else if (!sk_X509_push(others, certificate)) {
            X509_free(certificate);
            is_valid = 0;
        }
    }
    is_valid = is_valid && X509_STORE_CTX_init(context, trust->store, leaf, others)
        && X509_STORE_CTX_set_purpose(context, is_server ? X509_PURPOSE_SSL_SERVER : X509_PURPOSE_SSL_CLIENT)
        && X509_verify_cert(context) == 1;
    X509_STORE_CTX_free(context);
    sk_X509_pop_free(others, X509_free);
    X509_free(leaf);
    return is_valid;
}

// One line of text; a value that could be taken for two, or for another (a zero within), is left out.
static void write_line(char *out, size_t capacity, size_t *used, const char *kind, const uint8_t *text, int count) {
    size_t needed = strlen(kind) + 1 + (size_t)count + 1;
    if (count <= 0 || count > 512 || *used + needed >= capacity) return;
    for (int i = 0; i < count; i++) {
        if (text[i] <= 0x20 || text[i] >= 0x7f) return;
    }
    *used += (size_t)snprintf(out + *used, capacity - *used, "%s %.*s\n", kind, count, (const char *)text);
}

int starling_certificate_names(const uint8_t *bytes, size_t count, char *out, size_t capacity) {
    if (capacity == 0) return 0;
    out[0] = 0;
    const unsigned char *start = bytes;
    X509 *certificate = d2i_X509(NULL, &start, (long)count);
    if (certificate == NULL) return 0;
    size_t used = 0;
    GENERAL_NAMES *names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
    // A certificate with alternative names, even none that is any use, has no other.
    int has_alternatives = X509_get_ext_by_NID(certificate, NID_subject_alt_name, -1) >= 0;
    if (has_alternatives) used += (size_t)snprintf(out, capacity, "SAN\n");
    for (int i = 0; names != NULL && i < sk_GENERAL_NAME_num(names); i++) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
        if (name->type != GEN_URI && name->type != GEN_DNS) continue;
        const ASN1_STRING *text = name->d.ia5;
        write_line(
            out, capacity, &used, name->type == GEN_URI ? "URI" : "DNS", ASN1_STRING_get0_data(text),
            ASN1_STRING_length(text));
    }
    GENERAL_NAMES_free(names);
    X509_NAME *subject = X509_get_subject_name(certificate);
    int position = has_alternatives ? -1 : X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
    if (position >= 0) {
        ASN1_STRING *value = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, position));
        unsigned char *text = NULL;
        int length = ASN1_STRING_to_UTF8(&text, value);
        write_line(out, capacity, &used, "CN", text, length);
        OPENSSL_free(text);
    }
    X509_free(certificate);
    return 1;
}
