/* What became of a unit after its job, in words. */
#include "broker/outcome/sentence-ended.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "broker/outcome/sentence.h"
#include "common/clock.h"
#include "common/refusal.h"

enum { STATE_SIZE = UNIT_WORD_SIZE + UNIT_RESULT_SIZE + 4 };

/* "failed (exit-code, exit status 3)": as much as there is to say of a unit that is not up. */
static void describe_state(const struct unit_state *after, char *ret, size_t size)
{
    char result[UNIT_RESULT_SIZE];

    unit_state_describe_result(after, result, sizeof(result));
    (void)snprintf(ret, size, "%s (%s)", after->active_state, *result ? result : after->sub_state);
}

static uint64_t milliseconds(uint64_t usec)
{
    return (usec + USEC_PER_MSEC / 2) / USEC_PER_MSEC;
}

/* "40 ms", "1 s", "2.5 s". */
static void describe_span(uint64_t usec, char *ret, size_t size)
{
    uint64_t msec = milliseconds(usec);

    if (msec < 1000)
        (void)snprintf(ret, size, "%" PRIu64 " ms", msec);
    else if (msec % 1000 < 100 || msec >= 10000)
        (void)snprintf(ret, size, "%" PRIu64 " s", msec / 1000);
    else
        (void)snprintf(ret, size, "%" PRIu64 ".%" PRIu64 " s", msec / 1000, msec % 1000 / 100);
}

/* Adds to what was said. */
static void __attribute__((format(printf, 2, 3))) add(struct outcome *o, const char *format, ...)
{
    size_t length = strlen(o->sentence);
    va_list ap;

    va_start(ap, format);
    /* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): as in say() */
    (void)vsnprintf(o->sentence + length, sizeof(o->sentence) - length, format, ap);
    va_end(ap);
}

static void begin(struct outcome *o, int refusal)
{
    o->refusal = refusal;
    o->sentence[0] = '\0';
}

/* Of reload-or-restart, which of the two it was. */
static void say_done(struct outcome *o)
{
    add(o, "%s was %s in %" PRIu64 " ms", o->unit, o->reloaded ? "reloaded" : "restarted",
        milliseconds(o->usec));
}

static void add_look(struct outcome *o)
{
    add(o, " 'journalctl -u %s' may say why.", o->unit);
}

static void sentence_up(struct outcome *o)
{
    char span[32];

    describe_span(o->watched_usec, span, sizeof(span));
    if (o->watched_usec > 0)
        add(o, ", and was still up %s later", span);
    if (o->cut)
        add(o, ", %s", o->cut);
    add(o, ".");
}

static void sentence_watching(struct outcome *o)
{
    char span[32], whole[32];

    describe_span(o->watched_usec, span, sizeof(span));
    describe_span(o->settle_usec, whole, sizeof(whole));
    if (o->watched_usec > 0)
        add(o, ", was still up %s later, and is being watched for %s in all.", span, whole);
    else
        add(o, ", and is being watched for %s.", whole);
}

/* ", but failed 40 ms later (exit-code, exit status 7)" */
static void add_fall(struct outcome *o)
{
    char span[32];

    describe_span(o->fell_usec, span, sizeof(span));
    add(o, ", but %s %s", o->fall[0] != '\0' ? "failed" : "ended",
        o->fell_usec < USEC_PER_MSEC ? "at once" : span);
    if (o->fell_usec >= USEC_PER_MSEC)
        add(o, " later");
    if (o->fall[0] != '\0')
        add(o, " (%s)", o->fall);
}

static void sentence_fallen(struct outcome *o)
{
    char state[STATE_SIZE];

    describe_state(&o->after, state, sizeof(state));
    add_fall(o);
    if (o->restarts > 0)
        add(o, "; systemd started it again %u time%s, and now it is %s", o->restarts,
            o->restarts == 1 ? "" : "s", state);
    else if (o->verdict == VERDICT_ENDED)
        add(o, " without an error: it is %s", state);
    add(o, ".");
    add_look(o);
}

static void sentence_restarting(struct outcome *o)
{
    char span[32];

    describe_span(o->watched_usec, span, sizeof(span));
    if (o->fell_usec > 0)
        add_fall(o);
    else
        add(o, ", but did not stay up");
    if (o->restarts == 0)
        add(o, "; systemd is about to start it again.");
    else if (o->restarts == 1)
        add(o, "; it was started again meanwhile (once in %s).", span);
    else
        add(o, "; systemd is restarting it again and again (%u times in %s).", o->restarts, span);
    add_look(o);
}

/* Whoever reads "not restarted" believes that the old process still runs. */
static void sentence_down(struct outcome *o)
{
    bool done = strcmp(o->result, "done") == 0, started = outcome_is_started(o);
    char state[STATE_SIZE];

    begin(o, 0);
    describe_state(&o->after, state, sizeof(state));
    if (done)
        add(o,
            "%s was not started again, as when a condition in its unit file is not met: it is %s. 'systemctl "
            "status %s' may say why.",
            o->unit, state, o->unit);
    else
        add(o, "%s was %s%s: its job ended with '%s', and it is %s. 'journalctl -u %s' may say why.", o->unit,
            started ? "started again, but not to a good end" : "not ", started ? "" : verb_done(o->verb),
            o->result, state, o->unit);
}

static void sentence_not_up(struct outcome *o)
{
    char state[STATE_SIZE];

    begin(o, 0);
    describe_state(&o->after, state, sizeof(state));
    add(o, "%s does not run, and a try-restart starts nothing: nothing was done. It is %s.", o->unit, state);
}

static void sentence_as_before(struct outcome *o)
{
    begin(o, 0);
    add(o, "%s was not reloaded: its job ended with '%s'. It is %s (%s), as before.", o->unit, o->result,
        o->after.active_state, o->after.sub_state);
    add_look(o);
}

static void sentence_well_ended(struct outcome *o)
{
    begin(o, 0);
    add(o, "%s ran once more and ended well after %" PRIu64 " ms.", o->unit, milliseconds(o->usec));
}

/* What is worth knowing besides. */
static void add_notes(struct outcome *o)
{
    char span[32];

    describe_span(o->held_usec, span, sizeof(span));
    if (o->held_usec > 0)
        add(o, " (Before that it was held back for %s, so that clicks do not use up its start limit.)", span);
    if (o->after.need_daemon_reload)
        add(o, " A file of the unit has changed on disk; systemd goes by the old one until 'systemctl "
               "daemon-reload'.");
}

void sentence_ended(struct outcome *o)
{
    static void (*const SAY[VERDICTS])(struct outcome * o) = {
        [VERDICT_UP] = sentence_up,
        [VERDICT_FAILED] = sentence_fallen,
        [VERDICT_ENDED] = sentence_fallen,
        [VERDICT_RESTARTING] = sentence_restarting,
        [VERDICT_WELL_ENDED] = sentence_well_ended,
        [VERDICT_DOWN] = sentence_down,
        [VERDICT_WATCHING] = sentence_watching,
        [VERDICT_NOT_RUNNING] = sentence_not_up,
        [VERDICT_NOT_RELOADED] = sentence_as_before,
    };

    begin(o, 0);
    say_done(o);
    if (SAY[o->verdict])
        SAY[o->verdict](o);
    add_notes(o);
}

void sentence_settle_lost(struct outcome *o, const char *why)
{
    o->success = false;
    o->verdict = VERDICT_NONE;
    begin(o, REFUSAL_UNKNOWN);
    say_done(o);
    add(o, "; whether it stayed up is not known, because %s." SENTENCE_LOOK_FIRST, why);
}

const char *sentence_cut(unsigned verb)
{
    if (verb == VERB_RELOAD)
        return "when it was reloaded";
    return verb == VERB_RELOAD_OR_RESTART ? "when it was reloaded or restarted anew"
                                          : "when it was restarted anew";
}

const char *sentence_cut_asked(unsigned verb)
{
    return verb == VERB_RELOAD ? "when a reload was asked for" : "when another restart was asked for";
}
