/* What was done to the one unit that a person has, kept for a moment: a page that is loaded again, or polled,
 * asks the journal for nothing that it has just said. */
#pragma once

#include "common/rpc/rpc-client.h"
#include "common/rpc/wire.h"
#include "common/unit-name.h"
#include "webfront/pages/outcome.h"

enum {
    PASTS_MAX = 16,                      /* the oldest one makes room */
    PASTS_FRESH_USEC = 10 * 1000 * 1000, /* what the list does not tell of, a reload, comes this late */
};

/* To whom, of what, and after which restart: another one, and it is out of date. */
struct past_key {
    uint8_t caller[32]; /* caller_key() */
    char unit[UNIT_NAME_SIZE];
    uint64_t restarted_at;
    char verdict[16];
};
void past_key_set(struct past_key *ret, const struct rpc_client_caller *caller,
                  const struct wire_instance *instance);

struct pasts;
/* NULL when out of memory. */
struct pasts *pasts_new(void);
/* Takes NULL. Returns NULL. */
struct pasts *pasts_free(struct pasts *pasts);

/* WIRE_PAST, or a message that says why there is none. Valid until the next pasts_keep(). NULL: nothing is
 * kept of it, or it is too old. */
const struct outcome *pasts_find(const struct pasts *pasts, const struct past_key *key);
/* The same, after whichever restart it was: what was asked last for them of that unit. */
const struct outcome *pasts_newest(const struct pasts *pasts, const struct past_key *key);
/* Takes over what is in `outcome`. */
void pasts_keep(struct pasts *pasts, const struct past_key *key, struct outcome *outcome);
