/* Tickets of programs that log in anew with each request, each kept for a minute, so that a script which asks
 * once a second costs one login a minute. Passwords are not kept: what was asked is known by a digest under a
 * key that this process has made up. Wrong ones are not kept either; and whoever asks with another password,
 * from the same place, has the kept ticket forgotten: so nobody guesses faster here than at the login. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "webfront/logins/login-protocol.h"

enum {
    KEPT_TICKETS_MAX = 64, /* then the oldest goes */
    KEPT_TICKETS_USEC = 60 * 1000 * 1000,
};

struct kept_tickets;

/* Who asks: three texts, of which none may be passed off for the end of another. */
struct kept_asker {
    const char *asker; /* where: without the port */
    const char *user, *password;
};

/* 0 or a negative errno. */
int kept_tickets_new(struct kept_tickets **ret);
/* Takes NULL. Returns NULL. */
struct kept_tickets *kept_tickets_free(struct kept_tickets *kept);

/* The ticket's text, valid until the next call; or NULL. `now_usec` is CLOCK_MONOTONIC. */
const char *kept_tickets_find(struct kept_tickets *kept, const struct kept_asker *asker, uint64_t now_usec);
/* In place of what is there for that user, from there. */
void kept_tickets_keep(struct kept_tickets *kept, const struct kept_asker *asker,
                       const char ticket[static LOGIN_TICKET_SIZE], uint64_t now_usec);
/* What is there for that user, from there. */
void kept_tickets_forget(struct kept_tickets *kept, const struct kept_asker *asker);
