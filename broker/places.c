/* A count for each kind; for restarts also who wants the same unit, by looking through the few there are. */
#include "broker/places.h"

#include <string.h>

#include "broker/broker.h"
#include "broker/request.h"
#include "broker/sentence.h"
#include "common/places.h"

static const unsigned MAX[PLACES] = { [PLACE_RESTART] = 96, [PLACE_STATUS] = 32, [PLACE_LIST] = 448 };

void places_init(struct broker_gate *gate)
{
    TAILQ_INIT(&gate->restarting);
}

static unsigned count_same(const struct broker_gate *gate, const char *unit)
{
    const struct request *request;
    unsigned n = 0;

    TAILQ_FOREACH(request, &gate->restarting, link)
    n += strcmp(request->unit, unit) == 0;
    return n;
}

static bool refuse_restart(const struct request *request, struct outcome *ret_outcome)
{
    const struct broker_gate *gate = request->gate;
    unsigned same = count_same(gate, request->unit);

    if (!places_full(MAX[PLACE_RESTART], gate->taken[PLACE_RESTART], same))
        return false;
    memcpy(ret_outcome->unit, request->unit, sizeof(ret_outcome->unit));
    if (gate->taken[PLACE_RESTART] < MAX[PLACE_RESTART])
        sentence_crowded(ret_outcome, same);
    else
        sentence_busy(ret_outcome, "too many others wait for a restart");
    return true;
}

bool place_take(struct request *request, enum place place, struct outcome *ret_outcome)
{
    struct broker_gate *gate = request->gate;

    if (place == PLACE_RESTART) {
        if (refuse_restart(request, ret_outcome))
            return false;
        TAILQ_INSERT_TAIL(&gate->restarting, request, link);
    } else if (place != PLACE_NONE && gate->taken[place] >= MAX[place]) {
        sentence_too_many_readers(ret_outcome);
        return false;
    }
    request->place = place;
    gate->taken[place] += place != PLACE_NONE;
    return true;
}

void place_leave(struct request *request)
{
    if (request->place == PLACE_RESTART)
        TAILQ_REMOVE(&request->gate->restarting, request, link);
    if (request->place != PLACE_NONE)
        request->gate->taken[request->place]--;
    request->place = PLACE_NONE;
}
