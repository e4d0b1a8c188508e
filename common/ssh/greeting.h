/* The one line with which `restartctl bridge` begins, to standard output, before anything else: it has the
 * broker at its other end, or says why not. Whoever talks to it sends nothing before that line has come. So
 * what ends before it is known not to have been sent, and what ends after it may have been heard. */
#pragma once

#include <stddef.h>

enum {
    GREETING_SIZE_MAX = 512,     /* of the line, with its end; who sends more without one is no bridge */
    GREETING_SENTENCE_MAX = 300, /* of the sentence in it */
};

/* "restarter-bridge 1\n", or with a sentence, which is cleaned, and cut where it is too long; NULL: none.
 * Returns `ret`. */
char *greeting_format(const char *sentence, char ret[static GREETING_SIZE_MAX + 1]);

enum {
    GREETING_READY,         /* the broker is there */
    GREETING_NOT_WHOLE = 1, /* so far it could become one */
    GREETING_E_NOT_REACHED, /* the bridge is, the broker is not: *why is the bridge's sentence */
    GREETING_E_VERSION,     /* another version of it: *why is that version */
    GREETING_E_NONE,        /* something else: *why is how it begins */
    GREETING_E_MORE,        /* something follows, which nobody has asked for yet */
};

/* Of what has come, which may be any bytes. `why` is fit to be shown, and "" where nothing is said above. */
int greeting_read(const char *data, size_t size, char why[static GREETING_SENTENCE_MAX + 1]);
