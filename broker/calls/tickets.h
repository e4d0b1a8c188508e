/* Whether a ticket is good here and now: signed with the key, in its time, not signed out, and made in the
 * way in which people log in; and whether a call may come without one. */
#pragma once

#include "broker/outcome/sentence-login.h"
#include "common/ticket.h"

struct headers;
struct signed_out;
struct tickets;
struct web_in_force;

/* Reads the key, which is verified with until tickets_free(): another one takes another broker. Without a key
 * no ticket is good, and all else works. What is handed in stays the caller's. 0 or -ENOMEM. */
int tickets_new(const struct web_in_force *web, struct signed_out *signed_out, struct tickets **ret);
/* Takes NULL. Returns NULL. */
struct tickets *tickets_free(struct tickets *tickets);

/* Each time anew: nothing is remembered of a ticket that was good. An enum login, or -ENOMEM; with LOGIN_GOOD
 * *ret is the caller's to end, and empty (`issued` is 0) where none came. */
int tickets_admit(struct tickets *tickets, const struct headers *headers, struct ticket *ret);

/* Whether one that was good still is: an enum login. */
int tickets_judge(const struct tickets *tickets, const struct ticket *ticket);

/* The same ticket, good for as long again as it may be left alone; only what tickets_admit() gave. 0,
 * TICKET_E_UNFIT or -ENOMEM. */
int tickets_renew(const struct tickets *tickets, const struct ticket *ticket, char ret[static TICKET_SIZE]);

/* 0, SIGNED_OUT_E_LOST or -ENOMEM (broker/memory/signed-out.h). */
int tickets_sign_out(struct tickets *tickets, const struct ticket *ticket);
int tickets_sign_out_everywhere(struct tickets *tickets, const struct ticket *ticket);
