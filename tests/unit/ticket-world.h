/* A broker with a key for tickets, and tickets for it: good ones, and whatever a test makes of them. The
 * group of tests has make_directory() and remove_directory() (memory-directory.h). */
#pragma once

#include "common/ticket-key.h"
#include "tests/unit/door-calls.h"
#include "tests/unit/signing.h"

#define TICKET_WORLD_NUMBER "000102030405060708090a0b0c0d0e0f"

/* The broker's. */
extern struct ticket_key ticket_world_key;

/* For cmocka, with that webfront.conf: *state is a struct broker_world. */
int ticket_world_set_up(void **state, const char *web);
int ticket_world_tear_down(void **state);

/* The file of the key, which the next broker reads. */
void ticket_world_put_key(const char *data, size_t size);

/* Another webfront.conf, from now on. */
void ticket_world_reload(struct broker_world *w, const char *web);

/* The i-th of four texts, signed with that key; issued and expiring so many seconds from now. Valid until the
 * next i-th one. */
const char *ticket_made(size_t i, const struct ticket_key *with, const char *name_and_how, long issued,
                        long expires, const char *number_and_groups);
/* Anna's, in the group ops; the first text. */
const char *ticket_good(void);

/* A call at the web front's door with that ticket (NULL: none), answered; `id` as in begin_at(). */
struct call *call_with_ticket(struct broker_world *w, const char *ticket, const char *method, const char *id);

/* Whoever has it is anna; or has to log in, and these words say why. */
void assert_let_in(struct broker_world *w, const char *ticket);
void assert_kept_out(struct broker_world *w, const char *ticket, const char *words);
