/* The cookie that a ticket lives in, on its way in and out. Its value is a ticket's text, of which only
 * length and alphabet are looked at: whether it is a good one, the broker knows.
 *
 * A sibling of this host (evil.example.com beside panel.example.com) can set a cookie of any name for both,
 * but none that begins with __Host-. So that is its name where TLS vouches for the way, and there no other
 * name counts. */
#pragma once

#include <stdbool.h>

#include "common/ticket.h"

#define COOKIE_NAME "restarter"
#define COOKIE_NAME_TLS "__Host-restarter"

enum cookie_outcome {
    COOKIE_TICKET, /* one, which may be a ticket */
    COOKIE_ABSENT,
    COOKIE_UNFIT, /* no ticket's text: counts as none, and is to be cleared */
    /* Two of one name, of which one is somebody else's (which one, nobody can tell): count as none, and are
     * to be left as they are. Ours alone can be cleared, and then the other one would count. */
    COOKIE_TWICE,
};

/* `header` is the value of the header Cookie, or NULL. Where TLS vouches for the way, COOKIE_NAME does not
 * count; elsewhere it does if COOKIE_NAME_TLS is not there. *ret is written for COOKIE_TICKET alone. */
enum cookie_outcome cookie_read(const char *header, bool tls, char ret[static TICKET_SIZE]);

/* A ticket's letters, and no more of them than one has. */
bool cookie_fits(const char *value);

/* Values of the header Set-Cookie. */
enum { COOKIE_SET_SIZE = TICKET_SIZE + 128 };
/* For so many seconds. Returns `ret`. */
const char *cookie_set(const char *ticket, bool tls, unsigned seconds, char ret[static COOKIE_SET_SIZE]);
/* Takes either of them away. */
extern const char COOKIE_CLEAR[], COOKIE_CLEAR_TLS[];
