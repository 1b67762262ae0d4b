#ifndef STARLING_PREFETCH_H
#define STARLING_PREFETCH_H

#include <stddef.h>

/// Has the processor fetch so many bytes of memory into its second cache while it goes on with something else. It is a
/// hint: the memory is not read, and need not even exist.
static inline void starling_prefetch(const void *_Nullable address, size_t bytes) {
    const char *line = (const char *)address;
    for (size_t offset = 0; offset < bytes; offset += 64) __builtin_prefetch(line + offset, 0, 2);
}

#endif
