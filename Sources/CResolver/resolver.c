// Newer versions mark what version 1.18 has as old.
#define CARES_NO_DEPRECATED

#include "CResolver.h"

#include <ares.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

// Two attempts at each server, the second one twice as long: less than a search may take.
static const int attempt_milliseconds = 1200;
static const int attempts = 2;
static const int class_internet = 1;
// What passes through any network in one piece (DNS flag day 2020).
static const int datagram_size = 1232;

struct starling_resolver {
    ares_channel channel;
};

struct question {
    starling_answer answer;
    void *context;
};

starling_resolver *starling_resolver_open(const char *servers) {
    if (ares_library_init(ARES_LIB_INIT_ALL) != ARES_SUCCESS) return NULL;
    starling_resolver *resolver = calloc(1, sizeof *resolver);
    if (resolver == NULL) return NULL;
    struct ares_options options;
    memset(&options, 0, sizeof options);
    options.flags = ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES | ARES_FLAG_EDNS;
    options.ednspsz = datagram_size;
    options.timeout = attempt_milliseconds;
    options.tries = attempts;
    int mask = ARES_OPT_FLAGS | ARES_OPT_EDNSPSZ | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES;
    if (ares_init_options(&resolver->channel, &options, mask) != ARES_SUCCESS) {
        free(resolver);
        return NULL;
    }
    if (servers != NULL && ares_set_servers_ports_csv(resolver->channel, servers) != ARES_SUCCESS) {
        starling_resolver_close(resolver);
        return NULL;
    }
    return resolver;
}

static void answered(void *context, int status, int timeouts, unsigned char *message, int count) {
    (void)timeouts;
    struct question *question = context;
    // That there is no such record, or no such name, is an answer too.
    int is_answer = status == ARES_SUCCESS || status == ARES_ENODATA || status == ARES_ENOTFOUND;
    int has_message = is_answer && message != NULL && count > 0;
    question->answer(question->context, has_message ? message : NULL, has_message ? (size_t)count : 0);
    free(question);
}

void starling_resolver_ask(
    starling_resolver *resolver, const char *name, int type, starling_answer answer, void *context
) {
    struct question *question = malloc(sizeof *question);
    if (question == NULL) {
        answer(context, NULL, 0);
        return;
    }
    question->answer = answer;
    question->context = context;
    ares_query(resolver->channel, name, class_internet, type, answered, question);
}

void starling_resolver_process(starling_resolver *resolver) {
    ares_socket_t sockets[ARES_GETSOCK_MAXNUM];
    struct pollfd polled[ARES_GETSOCK_MAXNUM];
    int bits = ares_getsock(resolver->channel, sockets, ARES_GETSOCK_MAXNUM);
    nfds_t count = 0;
    for (int i = 0; i < ARES_GETSOCK_MAXNUM; i++) {
        short events = 0;
        if (ARES_GETSOCK_READABLE(bits, i)) events |= POLLIN;
        if (ARES_GETSOCK_WRITABLE(bits, i)) events |= POLLOUT;
        if (events == 0) continue;
        polled[count].fd = sockets[i];
        polled[count].events = events;
        polled[count].revents = 0;
        count++;
    }
    if (count > 0 && poll(polled, count, 0) > 0) {
        for (nfds_t i = 0; i < count; i++) {
            int readable = polled[i].revents & (POLLIN | POLLERR | POLLHUP);
            int writable = polled[i].revents & (POLLOUT | POLLERR | POLLHUP);
            ares_process_fd(
                resolver->channel, readable ? polled[i].fd : ARES_SOCKET_BAD,
                writable ? polled[i].fd : ARES_SOCKET_BAD);
        }
    }
    // Without a socket it looks only for what has waited too long.
    ares_process_fd(resolver->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
}

void starling_resolver_close(starling_resolver *resolver) {
    ares_destroy(resolver->channel);
    free(resolver);
}
