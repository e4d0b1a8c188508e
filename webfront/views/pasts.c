/* A ring: what is asked for anew stands behind what is kept, and is found first. */
#include "webfront/views/pasts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "webfront/requests/caller-key.h"

_Static_assert(sizeof(((struct past_key *)0)->caller) == CALLER_KEY_SIZE, "the key of a caller");

struct kept {
    struct past_key key;
    struct outcome outcome;
    uint64_t since_usec;
};

struct pasts {
    struct kept kept[PASTS_MAX];
    size_t n; /* that were ever kept */
};

void past_key_set(struct past_key *ret, const struct rpc_client_caller *caller,
                  const struct wire_instance *instance)
{
    *ret = (struct past_key){ .restarted_at = instance->restarted_at };
    caller_key(caller, ret->caller);
    (void)snprintf(ret->unit, sizeof(ret->unit), "%s", instance->unit);
    (void)snprintf(ret->verdict, sizeof(ret->verdict), "%s",
                   instance->restarted_verdict ? instance->restarted_verdict : "");
}

static bool same_unit(const struct past_key *a, const struct past_key *b)
{
    return memcmp(a->caller, b->caller, sizeof(a->caller)) == 0 && strcmp(a->unit, b->unit) == 0;
}

static bool same(const struct past_key *a, const struct past_key *b)
{
    return same_unit(a, b) && a->restarted_at == b->restarted_at && strcmp(a->verdict, b->verdict) == 0;
}

/* The newest one that fits, unless it is too old. */
static const struct outcome *find(const struct pasts *pasts, const struct past_key *key,
                                  bool (*fits)(const struct past_key *a, const struct past_key *b))
{
    uint64_t now_usec = clock_usec();
    size_t first = pasts->n > PASTS_MAX ? pasts->n - PASTS_MAX : 0;

    for (size_t i = pasts->n; i > first; i--) {
        const struct kept *kept = &pasts->kept[(i - 1) % PASTS_MAX];

        if (fits(&kept->key, key))
            return now_usec - kept->since_usec < PASTS_FRESH_USEC ? &kept->outcome : NULL;
    }
    return NULL;
}

const struct outcome *pasts_find(const struct pasts *pasts, const struct past_key *key)
{
    return find(pasts, key, same);
}

const struct outcome *pasts_newest(const struct pasts *pasts, const struct past_key *key)
{
    return find(pasts, key, same_unit);
}

void pasts_keep(struct pasts *pasts, const struct past_key *key, struct outcome *outcome)
{
    struct kept *kept = &pasts->kept[pasts->n % PASTS_MAX];

    if (pasts->n >= PASTS_MAX)
        outcome_done(&kept->outcome);
    *kept = (struct kept){ .key = *key, .outcome = *outcome, .since_usec = clock_usec() };
    *outcome = (struct outcome){ 0 };
    pasts->n++;
}

struct pasts *pasts_new(void)
{
    return calloc(1, sizeof(struct pasts));
}

struct pasts *pasts_free(struct pasts *pasts)
{
    for (size_t i = 0; pasts && i < PASTS_MAX && i < pasts->n; i++)
        outcome_done(&pasts->kept[i].outcome);
    free(pasts);
    return NULL;
}
