/* Tickets as texts: good ones, by the key of this machine, and what reading any text comes to. */
#pragma once

#include <stdint.h>

#include "common/ticket.h"

#define TICKET_NUMBER "000102030405060708090a0b0c0d0e0f"
/* What is signed of anna's. */
#define TICKET_BODY "anna:password:1000:2000:" TICKET_NUMBER ":"

extern const struct ticket_key TICKET_KEY, TICKET_OTHER_KEY;

/* Of that name, from 1000 to 2000; to be freed by ticket_done(). */
struct ticket ticket_of(const char *name);
void ticket_add_group(struct ticket *ticket, const char *group);

/* Its text; "" when it has none. */
void ticket_text(const struct ticket *ticket, char text[static TICKET_SIZE]);

/* What reading it comes to. What is read of a good one is thrown away, and of another one nothing may be
 * written. */
int ticket_outcome(const char *text, uint64_t now);

/* The same of whatever is signed, at 1500. */
int ticket_body_outcome(const char *body);
