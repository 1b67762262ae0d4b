// A small face of c-ares, which asks name servers without blocking: questions go in, the messages of the servers come
// out as they are. Everything happens on one thread.
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef struct starling_resolver starling_resolver;

/// Told what became of a question, once, perhaps before the call that asked returns. `message` is what the server sent
/// (RFC 1035 §4.1), only to be read during the call; NULL when there was no answer.
typedef void (*starling_answer)(void *context, const uint8_t *message, size_t count);

/// - servers: "192.0.2.1:53,[2001:db8::1]:53"; NULL for those that the system names in /etc/resolv.conf.
/// Returns NULL when there is no memory, or the servers can't be read.
starling_resolver *starling_resolver_open(const char *servers);

/// Asks for the records of a type (RFC 1035 §3.2.2) under a name that is complete as it is.
void starling_resolver_ask(
    starling_resolver *resolver, const char *name, int type, starling_answer answer, void *context);

/// Takes what has come in and asks again where nothing has; to be called every few milliseconds while questions wait.
void starling_resolver_process(starling_resolver *resolver);

/// Ends it; each question that waits is answered by nothing.
void starling_resolver_close(starling_resolver *resolver);
