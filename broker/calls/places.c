/* A count for each kind; who waits for the same, and who is the same, is found by looking through the few
 * there are. */
#include "broker/calls/places.h"

#include <stdio.h>
#include <string.h>

#include "broker/outcome/outcome.h"
#include "broker/outcome/sentence.h"
#include "common/places.h"

static const struct {
    unsigned all, own;
} MAX[PLACES] = {
    [PLACE_RESTART] = { 96, PLACES_OWN_RESTARTS }, [PLACE_STATUS] = { 48, PLACES_OWN_STATUSES },
    [PLACE_LIST] = { 448, PLACES_OWN_LISTS },      [PLACE_CHANGES] = { 64, PLACES_OWN_CHANGES },
    [PLACE_RECORD] = { 48, PLACES_OWN_RECORDS },   [PLACE_MULTICALL] = { 32, PLACES_OWN_MULTICALLS }
};

void places_init(struct places *places)
{
    *places = (struct places){ 0 };
    TAILQ_INIT(&places->waiting);
}

static unsigned count_same(const struct places *places, const char *unit, unsigned verb)
{
    const struct place *place;
    unsigned n = 0;

    TAILQ_FOREACH(place, &places->waiting, link)
        n += place->kind == PLACE_RESTART && place->verb == verb && strcmp(place->unit, unit) == 0;
    return n;
}

static unsigned count_own(const struct places *places, enum place_kind kind, const char *who)
{
    const struct place *place;
    unsigned n = 0;

    TAILQ_FOREACH(place, &places->waiting, link)
        n += place->kind == kind && place->who && strcmp(place->who, who) == 0;
    return n;
}

/* However many persons do that together: each finds less, and another one a place. */
static bool refuse_own(const struct places *places, enum place_kind kind, const char *who,
                       struct outcome *ret_outcome)
{
    unsigned own = who ? count_own(places, kind, who) : 0;

    if (!who || (own < MAX[kind].own && !places_full(MAX[kind].all, places->taken[kind], own)))
        return false;
    if (kind == PLACE_MULTICALL)
        sentence_own_multicalls(ret_outcome, own);
    else
        sentence_own_share(ret_outcome, own);
    return true;
}

static bool refuse_restart(const struct places *places, const char *unit, struct outcome *ret_outcome)
{
    unsigned same = count_same(places, unit, ret_outcome->verb);

    if (!places_full(MAX[PLACE_RESTART].all, places->taken[PLACE_RESTART], same))
        return false;
    (void)snprintf(ret_outcome->unit, sizeof(ret_outcome->unit), "%s", unit);
    if (places->taken[PLACE_RESTART] < MAX[PLACE_RESTART].all)
        sentence_crowded(ret_outcome, same);
    else
        sentence_busy(ret_outcome, "too many others wait for a restart");
    return true;
}

bool place_take(struct places *places, enum place_kind kind, const char *who, const char *unit,
                struct place *ret, struct outcome *ret_outcome)
{
    if (kind == PLACE_NONE)
        return true;
    if (kind == PLACE_RESTART && refuse_restart(places, unit, ret_outcome))
        return false;
    if (kind != PLACE_RESTART && places->taken[kind] >= MAX[kind].all) {
        if (kind == PLACE_MULTICALL)
            sentence_too_many_multicalls(ret_outcome);
        else
            sentence_too_many_readers(ret_outcome);
        return false;
    }
    if (refuse_own(places, kind, who, ret_outcome))
        return false;
    *ret =
        (struct place){ .places = places, .kind = kind, .who = who, .unit = unit, .verb = ret_outcome->verb };
    TAILQ_INSERT_TAIL(&places->waiting, ret, link);
    places->taken[kind]++;
    return true;
}

void place_leave(struct place *place)
{
    if (!place->places)
        return;
    TAILQ_REMOVE(&place->places->waiting, place, link);
    place->places->taken[place->kind]--;
    *place = (struct place){ 0 };
}
