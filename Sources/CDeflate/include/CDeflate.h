// Undoing the coding `deflate` over zlib, whose own header stays out of sight as those of the other C libraries do.
#pragma once

#include <stddef.h>
#include <stdint.h>

/// Writes what `bytes`, a whole zlib stream (RFC 1950), stand for. Never writes more than `capacity` bytes.
///
/// Returns how many bytes that is, -1 when `bytes` are no such stream, -2 when there is more of it than `capacity`.
int64_t starling_inflate(const uint8_t *bytes, size_t count, uint8_t *out, size_t capacity);
