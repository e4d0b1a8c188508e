/* Nothing here is of a job that is over. */
#include "broker/outcome/sentence-press.h"

#include <inttypes.h>
#include <stdio.h>

#include "common/clock.h"
#include "common/refusal.h"

static void say(struct outcome *o, uint64_t usec, const char *how)
{
    o->success = false;
    o->verdict = VERDICT_UNDER_WAY;
    o->usec = usec;
    (void)snprintf(o->sentence, sizeof(o->sentence),
                   "%s %s, for %" PRIu64 " s so far. Ask again in a moment.", o->unit, how,
                   usec / USEC_PER_SEC);
}

void sentence_under_way(struct outcome *o, uint64_t usec)
{
    char how[64];

    (void)snprintf(how, sizeof(how), "is being %s", verb_done(o->verb));
    say(o, usec, how);
}

void sentence_waits(struct outcome *o, uint64_t usec)
{
    char how[64];

    (void)snprintf(how, sizeof(how), "waits for its turn to be %s", verb_done(o->verb));
    say(o, usec, how);
}

void sentence_no_press(struct outcome *o)
{
    *o = (struct outcome){ .refusal = REFUSAL_NO_PRESS };
    (void)snprintf(
        o->sentence, sizeof(o->sentence),
        "Nothing is known of that press, or not any more: what came of one is told for ten minutes, to "
        "who may see its unit. The unit's history has it for longer.");
}
