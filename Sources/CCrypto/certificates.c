#include "CCrypto.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string.h>

// Adds an extension whose value is written as in OpenSSL's configuration files.
static int extend(X509 *certificate, int nid, const char *value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    if (extension == NULL) return 0;
    int added = X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
    return added;
}

static int fill(X509 *certificate, EVP_PKEY *key, const char *name, const char *alternatives, long seconds) {
    // RFC 5280 §4.1.2.2: a positive number of at most 20 bytes, unlike any other of this issuer.
    unsigned char serial[16];
    if (RAND_bytes(serial, sizeof serial) != 1) return 0;
    serial[0] = (serial[0] & 0x7f) | 0x40;
    BIGNUM *number = BN_bin2bn(serial, sizeof serial, NULL);
    int numbered = number != NULL && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != NULL;
    BN_free(number);
    X509_NAME *subject = X509_get_subject_name(certificate);
    // A day back, for phones whose clocks are late.
    return numbered && X509_set_version(certificate, X509_VERSION_3)
        && X509_gmtime_adj(X509_getm_notBefore(certificate), -86400) != NULL
        && X509_gmtime_adj(X509_getm_notAfter(certificate), seconds) != NULL
        && X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1, -1, 0)
        && X509_set_issuer_name(certificate, subject) && X509_set_pubkey(certificate, key)
        && extend(certificate, NID_subject_alt_name, alternatives)
        && extend(certificate, NID_basic_constraints, "critical,CA:FALSE")
        && extend(certificate, NID_ext_key_usage, "serverAuth,clientAuth")
        && X509_sign(certificate, key, EVP_sha256()) > 0;
}

// Copies what was written into `bio`, with a zero behind it.
static int copy(BIO *bio, char *out, size_t capacity) {
    char *bytes;
    long count = BIO_get_mem_data(bio, &bytes);
    if (count <= 0 || (size_t)count >= capacity) return 0;
    memcpy(out, bytes, count);
    out[count] = 0;
    return 1;
}

int starling_self_signed_certificate(
    const char *name, const char *alternatives, long seconds, char *certificate_out, char *key_out, size_t capacity
) {
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    BIO *certificate_text = BIO_new(BIO_s_mem());
    BIO *key_text = BIO_new(BIO_s_secmem());
    int made = key != NULL && certificate != NULL && certificate_text != NULL && key_text != NULL
        && fill(certificate, key, name, alternatives, seconds) && PEM_write_bio_X509(certificate_text, certificate)
        && PEM_write_bio_PKCS8PrivateKey(key_text, key, NULL, NULL, 0, NULL, NULL)
        && copy(certificate_text, certificate_out, capacity) && copy(key_text, key_out, capacity);
    BIO_free(key_text);
    BIO_free(certificate_text);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return made;
}
