/* A count for each kind; for restarts also who wants the same of the same unit, by looking through the few
 * there are. */
#include "broker/calls/places.h"

#include <stdio.h>
#include <string.h>

#include "broker/outcome/outcome.h"
#include "broker/outcome/sentence.h"
#include "common/places.h"

static const unsigned MAX[PLACES] = { [PLACE_RESTART] = 96, [PLACE_STATUS] = 32, [PLACE_LIST] = 448 };

void places_init(struct places *places)
{
    *places = (struct places){ 0 };
    TAILQ_INIT(&places->restarting);
}

static unsigned count_same(const struct places *places, const char *unit, unsigned verb)
{
    const struct place *place;
    unsigned n = 0;

    TAILQ_FOREACH(place, &places->restarting, link)
        n += place->verb == verb && strcmp(place->unit, unit) == 0;
    return n;
}

static bool refuse_restart(const struct places *places, const char *unit, struct outcome *ret_outcome)
{
    unsigned same = count_same(places, unit, ret_outcome->verb);

    if (!places_full(MAX[PLACE_RESTART], places->taken[PLACE_RESTART], same))
        return false;
    (void)snprintf(ret_outcome->unit, sizeof(ret_outcome->unit), "%s", unit);
    if (places->taken[PLACE_RESTART] < MAX[PLACE_RESTART])
        sentence_crowded(ret_outcome, same);
    else
        sentence_busy(ret_outcome, "too many others wait for a restart");
    return true;
}

bool place_take(struct places *places, enum place_kind kind, const char *unit, struct place *ret,
                struct outcome *ret_outcome)
{
    if (kind == PLACE_NONE)
        return true;
    if (kind == PLACE_RESTART && refuse_restart(places, unit, ret_outcome))
        return false;
    if (kind != PLACE_RESTART && places->taken[kind] >= MAX[kind]) {
        sentence_too_many_readers(ret_outcome);
        return false;
    }
    *ret = (struct place){ .places = places, .kind = kind, .unit = unit, .verb = ret_outcome->verb };
    if (kind == PLACE_RESTART)
        TAILQ_INSERT_TAIL(&places->restarting, ret, link);
    places->taken[kind]++;
    return true;
}

void place_leave(struct place *place)
{
    if (!place->places)
        return;
    if (place->kind == PLACE_RESTART)
        TAILQ_REMOVE(&place->places->restarting, place, link);
    place->places->taken[place->kind]--;
    *place = (struct place){ 0 };
}
