#include "CCrypto.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <pthread.h>
#include <string.h>

// Fetching an algorithm by name walks OpenSSL's provider tables and costs more than digesting a SIP header:
// each is fetched once for the process, and each thread keeps one context (freed with the process).
static EVP_MD *md5, *sha256, *sha512_256;
static EVP_MAC *hmac;
static pthread_once_t fetched = PTHREAD_ONCE_INIT;
static _Thread_local EVP_MD_CTX *digest_context;
static _Thread_local EVP_MAC_CTX *hmac_context;

static void fetch(void) {
    md5 = EVP_MD_fetch(NULL, "MD5", NULL);
    sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    sha512_256 = EVP_MD_fetch(NULL, "SHA512-256", NULL);
    hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
}

static int digest(EVP_MD *const *algorithm, const uint8_t *bytes, size_t count, uint8_t *out) {
    pthread_once(&fetched, fetch);
    if (*algorithm == NULL) return 0;
    if (digest_context == NULL && (digest_context = EVP_MD_CTX_new()) == NULL) return 0;
    return EVP_DigestInit_ex2(digest_context, *algorithm, NULL) == 1
        && EVP_DigestUpdate(digest_context, bytes, count) == 1
        && EVP_DigestFinal_ex(digest_context, out, NULL) == 1;
}

int starling_md5(const uint8_t *bytes, size_t count, uint8_t *out) { return digest(&md5, bytes, count, out); }

int starling_sha256(const uint8_t *bytes, size_t count, uint8_t *out) { return digest(&sha256, bytes, count, out); }

int starling_sha512_256(const uint8_t *bytes, size_t count, uint8_t *out) {
    return digest(&sha512_256, bytes, count, out);
}

int starling_hmac_sha256(const uint8_t *key, size_t key_count, const uint8_t *bytes, size_t count, uint8_t *out) {
    pthread_once(&fetched, fetch);
    if (hmac == NULL) return 0;
    if (hmac_context == NULL && (hmac_context = EVP_MAC_CTX_new(hmac)) == NULL) return 0;
    char name[] = "SHA256";
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string("digest", name, 0),
        OSSL_PARAM_construct_end(),
    };
    size_t length = 0;
    return EVP_MAC_init(hmac_context, key, key_count, parameters) == 1
        && EVP_MAC_update(hmac_context, bytes, count) == 1
        && EVP_MAC_final(hmac_context, out, &length, 32) == 1 && length == 32;
}

int starling_equal(const uint8_t *a, const uint8_t *b, size_t count) { return CRYPTO_memcmp(a, b, count) == 0; }
