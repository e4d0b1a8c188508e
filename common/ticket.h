/* A ticket: who somebody is, as a login found out, signed with a key that only the login and the broker have.
 * Whoever carries it (a browser, a web front) can neither make one nor change one. Since the key never leaves
 * its machine, neither does what a ticket is worth.
 *
 * Its text is "1." BODY "." MAC, both in base64url (RFC 4648) without padding; the MAC is HMAC-SHA256 over
 * all before its dot; the body is "NAME:HOW:ISSUED:EXPIRES:NUMBER:GROUP,GROUP", groups in the order of their
 * bytes. It is fit to be the value of a cookie or of a header. One ticket has one text: whatever is not byte
 * by byte what ticket_write() makes is refused, also with a MAC that fits. */
#pragma once

#include <stdint.h>

#include "common/person.h"

enum {
    TICKET_SIZE = 2048, /* of its text, with the NUL */
    TICKET_KEY_SIZE = 32,
    TICKET_NUMBER_SIZE = 16,
    TICKET_LIFETIME_MAX_SEC = 30 * 24 * 3600,
};

enum ticket_outcome {
    TICKET_GOOD = 0,
    TICKET_MALFORMED, /* no ticket of this version, or too long to be one */
    TICKET_FORGED,    /* not signed with this key: changed, made up, from before the key was replaced */
    TICKET_EXPIRED,
    TICKET_NOT_YET, /* issued in what is the future by this clock */
};

struct ticket_key {
    uint8_t bytes[TICKET_KEY_SIZE];
};

struct ticket {
    struct person person; /* known by password or PAM; its door is not in the ticket */
    uint64_t issued,
        expires; /* seconds since 1970 (CLOCK_REALTIME): good from the one until before the other */
    uint8_t number[TICKET_NUMBER_SIZE]; /* random: tells tickets apart, when one is signed out */
};

/* Frees the groups. */
void ticket_done(struct ticket *ticket);

enum { TICKET_E_UNFIT = 1 /* a name, a time or a door that no ticket has, or more groups than fit */ };
/* 0, TICKET_E_UNFIT or -ENOMEM. */
int ticket_write(const struct ticket_key *key, const struct ticket *ticket, char ret[static TICKET_SIZE]);

/* TICKET_GOOD, and then *ret is the caller's to end; another outcome; or -ENOMEM. `now` as above. */
int ticket_read(const struct ticket_key *key, const char *text, uint64_t now, struct ticket *ret);

/* What a text says that looks like a ticket, whoever wrote it: for showing alone. TICKET_GOOD means no more
 * than that it can be read; the rest as ticket_read(). */
int ticket_look(const char *text, struct ticket *ret);

/* For the journal: "is good", "was signed with another key, or changed". */
const char *ticket_outcome_text(int outcome);
