#include "CDeflate.h"

#include <limits.h>
#include <zlib.h>

int64_t starling_inflate(const uint8_t *bytes, size_t count, uint8_t *out, size_t capacity) {
    if (count > UINT_MAX || capacity > UINT_MAX) return -1;
    z_stream stream = {0};
    if (inflateInit(&stream) != Z_OK) return -1;
    stream.next_in = (Bytef *)bytes;
    stream.avail_in = (uInt)count;
    stream.next_out = out;
    stream.avail_out = (uInt)capacity;
    int status = inflate(&stream, Z_FINISH);
    int64_t written = (int64_t)(capacity - stream.avail_out);
    int is_whole = status == Z_STREAM_END && stream.avail_in == 0;
    int is_full = (status == Z_OK || status == Z_BUF_ERROR) && stream.avail_out == 0;
    inflateEnd(&stream);
    return is_whole ? written : is_full ? -2 : -1;
}
