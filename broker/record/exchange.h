/* One question at a Unix socket, and its answer line by line. Nothing of it waits: who answers may be nobody,
 * hang up, say nothing, or never end. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-event.h>

enum {
    EXCHANGE_LINE_MAX = 32 * 1024,    /* bytes of a line */
    EXCHANGE_ANSWER_MAX = 1024 * 1024 /* and of all of them */
};

enum exchange_end {
    EXCHANGE_ANSWERED, /* to its end */
    EXCHANGE_SILENT,   /* hung up without a word: there was no room, or there is nobody */
    EXCHANGE_BROKEN,   /* too much, or what `line` did not take */
};

struct exchange_callbacks {
    /* A line, without its newline. False: no more of it. */
    bool (*line)(const char *line, void *userdata);
    /* The end; the exchange is freed after it. */
    void (*done)(enum exchange_end end, void *userdata);
    void *userdata;
};

struct exchange;

/* The question is sent at once. 0 with the exchange, which is freed when it ends, unless that is done before;
 * or a negative errno, and nothing is called: -ENOENT and -ECONNREFUSED when nobody is there. */
int exchange_start(sd_event *event, const char *path, const char *question,
                   const struct exchange_callbacks *callbacks, struct exchange **ret);
/* Nothing is called. Takes NULL. Returns NULL. */
struct exchange *exchange_free(struct exchange *exchange);
