// The digests that SIP's authentication needs and a certificate to begin with, over libcrypto, whose own headers stay
// out of sight:
// importing them beside SwiftNIO's BoringSSL would let one library's names resolve to the other's code.
#pragma once

#include <stddef.h>
#include <stdint.h>

/// Writes the 16 bytes of the MD5 digest (RFC 1321) of `bytes`. Returns 1, or 0 when libcrypto refuses it.
int starling_md5(const uint8_t *bytes, size_t count, uint8_t *out);

/// Writes the 32 bytes of the SHA-256 digest (RFC 6234) of `bytes`. Returns 1, or 0 when libcrypto fails.
int starling_sha256(const uint8_t *bytes, size_t count, uint8_t *out);

/// Writes the 32 bytes of the SHA-512/256 digest (FIPS 180-4) of `bytes`. Returns 1, or 0 when libcrypto fails.
int starling_sha512_256(const uint8_t *bytes, size_t count, uint8_t *out);

/// Writes the 32 bytes of HMAC-SHA-256 (RFC 2104) of `bytes` under `key`. Returns 1, or 0 when libcrypto fails.
int starling_hmac_sha256(const uint8_t *key, size_t key_count, const uint8_t *bytes, size_t count, uint8_t *out);

/// Whether `count` bytes at `a` and `b` are the same, in a time that does not depend on where they differ.
int starling_equal(const uint8_t *a, const uint8_t *b, size_t count);

/// Makes a key on P-256 and a certificate that it signs for itself (RFC 5280), both as text in PEM with a zero at the end.
/// `alternatives` are the subject's alternative names as OpenSSL writes them ("DNS:example.org,IP:192.0.2.1"); it is
/// valid for `seconds` from now. Both buffers hold `capacity` bytes; 2,048 are enough for some twenty names. Returns 1,
/// or 0 when libcrypto refuses a name or the buffers are too small.
int starling_self_signed_certificate(
    const char *name, const char *alternatives, long seconds, char *certificate_out, char *key_out, size_t capacity);

/// Whose certificates are believed.
typedef struct starling_trust starling_trust;

/// Reads the authorities, and single certificates, that are trusted: a PEM file, or NULL for those that the system trusts.
/// Returns NULL when there is nothing in the file that can be read.
starling_trust *starling_trust_open(const char *file);

void starling_trust_close(starling_trust *trust);

/// Whether the first of `count` certificates is valid now for a server, or else a client, by way of the others
/// (RFC 5280 §6). They stand in DER one behind the other, each as long as `lengths` says.
int starling_trust_verify(
    starling_trust *trust, const uint8_t *certificates, const size_t *lengths, size_t count, int is_server);

/// Writes the names in a certificate (DER), a line for each and a zero at the end: "SAN" when it has alternative names at
/// all, "URI sip:example.org" and "DNS example.org" for those, "CN example.org" for the subject's common name if it has
/// none. Returns 1, or 0 for what is no certificate.
int starling_certificate_names(const uint8_t *bytes, size_t count, char *out, size_t capacity);
