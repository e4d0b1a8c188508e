/* The words. A person under stress reads them: first what became of the unit, then why, then what to do. */
#include "broker/jobs/sentence.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/clock.h"
#include "common/refusal.h"
#include "common/text.h"
#include "policy/paths.h"
#include "policy/words.h"

/* polkitd gives a rule 15 seconds before it cuts it off and says no. */
#define STALL_USEC (14 * USEC_PER_SEC)

static void __attribute__((format(printf, 3, 4))) say(struct outcome *o, int refusal, const char *format, ...)
{
    va_list ap;

    o->refusal = refusal;
    va_start(ap, format);
    /* clang 14's analyzer loses sight of va_start() here.
     * NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized) */
    (void)vsnprintf(o->sentence, sizeof(o->sentence), format, ap);
    va_end(ap);
}

void sentence_name(struct outcome *o, int name_outcome)
{
    say(o, REFUSAL_NAME, "%s", refusal_name_text(name_outcome));
}

/* The words that restartctl says too. */
static struct words shared(struct outcome *o, int refusal)
{
    o->refusal = refusal;
    return (struct words){ .text = o->sentence, .size = sizeof(o->sentence), .verb = VERB_RESTART };
}

void sentence_policy_file(struct outcome *o, const char *error)
{
    struct words words = shared(o, REFUSAL_POLICY_FILE);

    words_policy_file(&words, error);
}

void sentence_no_default(struct outcome *o, const char *policy_path)
{
    struct words words = shared(o, REFUSAL_NO_GRANT);

    words_no_default(&words, policy_path);
}

void sentence_no_grant(struct outcome *o, int miss, const struct grant *nearest, const struct unit_name *name,
                       const char *policy_path)
{
    struct words words = shared(o, REFUSAL_NO_GRANT);

    words_no_grant(&words, miss, nearest, name, policy_path);
}

void sentence_load_state(struct outcome *o, const char *load_state)
{
    struct words words = shared(o, strcmp(load_state, "not-found") == 0 ? REFUSAL_NO_UNIT : REFUSAL_SYSTEMD);

    words_load_state(&words, o->unit, load_state);
}

void sentence_alias(struct outcome *o, const char *own_name)
{
    char text[UNIT_NAME_SIZE];

    (void)text_clean(own_name, text, sizeof(text));
    say(o, REFUSAL_NAME,
        "Nothing was restarted: %s is only another name of %s. Ask for it by its own name, which the policy "
        "file then "
        "has to cover.",
        o->unit, text);
}

void sentence_stopped(struct outcome *o, const char *grant)
{
    struct words words = shared(o, REFUSAL_STOPPED);

    words_stopped(&words, o->unit, grant);
}

void sentence_start_limit(struct outcome *o, const struct start_limit *limit, uint64_t wait_usec)
{
    if (wait_usec == UINT64_MAX) {
        say(o, REFUSAL_START_LIMIT,
            "Nothing was restarted: %s has been started %u times, as often as its StartLimitBurst= allows at "
            "all; one more start would leave it down. 'systemctl reset-failed %s', 'systemctl stop "
            "restarter-broker.service' and 'systemctl clean --what=runtime restarter-broker.service' would "
            "open it.",
            o->unit, limit->burst, o->unit);
        return;
    }
    o->retry_after = start_limit_seconds(wait_usec);
    say(o, REFUSAL_START_LIMIT,
        "Nothing was restarted: %s has been started %u times within %u s, as often as its StartLimitBurst= "
        "allows; one more start would leave it down. Try again in %u s.",
        o->unit, limit->burst, start_limit_seconds(limit->interval_usec), o->retry_after);
}

void sentence_cooldown(struct outcome *o, uint64_t cooldown_usec, uint64_t wait_usec, const char *grant)
{
    o->retry_after = start_limit_seconds(wait_usec);
    say(o, REFUSAL_COOLDOWN,
        "Nothing was restarted: the policy file wants %u s between two starts of %s (Cooldown= at %s). Try "
        "again in "
        "%u s.",
        start_limit_seconds(cooldown_usec), o->unit, grant, o->retry_after);
}

void sentence_press(struct outcome *o)
{
    say(o, REFUSAL_PRESS,
        "Nothing was restarted: the same press was made for another unit before. A press is a new random "
        "word "
        "each time.");
}

void sentence_busy(struct outcome *o, const char *what)
{
    o->retry_after = 1;
    say(o, REFUSAL_BUSY, "Nothing was restarted: %s. Try again in a moment.", what);
}

void sentence_crowded(struct outcome *o, unsigned others)
{
    o->retry_after = 2;
    say(o, REFUSAL_BUSY,
        "Nothing was restarted: %u others wait for the very same restart. Try again in a moment.", others);
}

void sentence_too_many_readers(struct outcome *o)
{
    o->retry_after = 1;
    say(o, REFUSAL_BUSY, "Too many others wait for the same kind of answer. Try again in a moment.");
}

void sentence_left(struct outcome *o)
{
    say(o, REFUSAL_UNKNOWN,
        "Whoever asked for a restart of %s left before its end; systemd goes on with the job.", o->unit);
}

void sentence_no_memory(struct outcome *o)
{
    say(o, REFUSAL_UNAVAILABLE, "Nothing was restarted: the broker is out of memory.");
}

void sentence_unreachable(struct outcome *o)
{
    o->retry_after = 2;
    say(o, REFUSAL_UNAVAILABLE,
        "Nothing was restarted: the broker has no connection to systemd, because the system bus or systemd "
        "on it "
        "cannot be reached. It keeps trying; try again in a moment.");
}

void sentence_not_read(struct outcome *o, enum bus_fault fault, const char *text)
{
    if (fault == BUS_FAULT_TOO_OFTEN) {
        o->retry_after = 1;
        say(o, REFUSAL_BUSY,
            "Nothing was restarted: %s does not run, and units that do not run are asked for too often just "
            "now. Try again in a moment.",
            o->unit);
    } else if (fault == BUS_FAULT_POLICY)
        say(o, REFUSAL_BUS,
            "Nothing was restarted: the bus policy does not let the broker read the state of units. It is in "
            "%s.",
            BUS_PATH);
    else if (fault == BUS_FAULT_NO_REPLY || fault == BUS_FAULT_NOT_THERE)
        sentence_unreachable(o);
    else
        say(o, REFUSAL_SYSTEMD, "Nothing was restarted: systemd does not tell the state of %s: %s", o->unit,
            text);
}

static void refuse_stalled(struct outcome *o, uint64_t usec)
{
    char how[64] = "went away while it was asked";

    if (usec >= USEC_PER_SEC)
        (void)snprintf(how, sizeof(how), "did not answer, and systemd gave up after %" PRIu64 " s",
                       usec / USEC_PER_SEC);
    say(o, REFUSAL_STALLED,
        "Nothing was restarted: polkitd, which decides about %s, %s. 'systemctl status polkit' may say why; "
        "'systemctl restart polkit' often helps.",
        o->unit, how);
}

static void refuse_by_rule(struct outcome *o, enum bus_fault fault, uint64_t usec)
{
    struct words words = shared(o, REFUSAL_POLKIT);

    if (fault == BUS_FAULT_STALLED || usec >= STALL_USEC)
        refuse_stalled(o, usec);
    else
        words_rule(&words, o->unit);
}

static void refuse_by_bus(struct outcome *o)
{
    struct words words = shared(o, REFUSAL_BUS);

    words_bus(&words);
}

void sentence_not_restarted(struct outcome *o, enum bus_fault fault, const char *text, uint64_t usec)
{
    switch (fault) {
    case BUS_FAULT_RULE:
    case BUS_FAULT_STALLED:
        refuse_by_rule(o, fault, usec);
        break;
    case BUS_FAULT_POLICY:
        refuse_by_bus(o);
        break;
    case BUS_FAULT_NO_UNIT:
        sentence_load_state(o, "not-found");
        break;
    case BUS_FAULT_NOT_THERE:
        sentence_unreachable(o);
        break;
    case BUS_FAULT_NO_REPLY:
        sentence_bus_lost(o);
        break;
    default:
        say(o, REFUSAL_SYSTEMD, "Nothing was restarted: systemd says of %s: %s", o->unit, text);
    }
}

#define LOOK_FIRST " Look at its state before trying again."

void sentence_bus_lost(struct outcome *o)
{
    say(o, REFUSAL_UNKNOWN,
        "%s may or may not have been restarted: systemd took the request and its answer did not come back, "
        "because "
        "the system bus or systemd stopped answering." LOOK_FIRST,
        o->unit);
}

void sentence_still_running(struct outcome *o, uint64_t usec)
{
    say(o, REFUSAL_UNKNOWN,
        "%s is still being restarted: its job has not ended within %" PRIu64
        " s, and nobody waits longer than "
        "that. systemd goes on with it." LOOK_FIRST,
        o->unit, usec / USEC_PER_SEC);
}

void sentence_job_vanished(struct outcome *o)
{
    say(o, REFUSAL_UNKNOWN,
        "%s was probably restarted: systemd reloaded itself meanwhile, the job is over, and its result was "
        "not "
        "told. The unit is now %s (%s)." LOOK_FIRST,
        o->unit, o->after.active_state, o->after.sub_state);
}

void sentence_not_read_after(struct outcome *o)
{
    say(o, REFUSAL_UNKNOWN,
        "The restart of %s ended with '%s', but the state after it could not be read." LOOK_FIRST, o->unit,
        o->result);
}

void sentence_stopping_before(struct outcome *o)
{
    o->retry_after = 1;
    say(o, REFUSAL_UNAVAILABLE, "Nothing was restarted: the broker is being stopped. Try again in a moment.");
}

void sentence_stopping_during(struct outcome *o)
{
    say(o, REFUSAL_UNKNOWN,
        "%s may or may not have been restarted: the broker was stopped while systemd was at it; systemd goes "
        "on "
        "with the job." LOOK_FIRST,
        o->unit);
}

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

static void say_restarted(struct outcome *o)
{
    say(o, 0, "%s was restarted in %" PRIu64 " ms", o->unit, milliseconds(o->usec));
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
    bool done = strcmp(o->result, "done") == 0;
    char state[STATE_SIZE];

    describe_state(&o->after, state, sizeof(state));
    if (done)
        say(o, 0,
            "%s was not started again, as when a condition in its unit file is not met: it is %s. 'systemctl "
            "status %s' may say why.",
            o->unit, state, o->unit);
    else
        say(o, 0, "%s was %s: its job ended with '%s', and it is %s. 'journalctl -u %s' may say why.",
            o->unit, outcome_is_started(o) ? "started again, but not to a good end" : "not restarted",
            o->result, state, o->unit);
}

static void sentence_well_ended(struct outcome *o)
{
    say(o, 0, "%s ran once more and ended well after %" PRIu64 " ms.", o->unit, milliseconds(o->usec));
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
    };

    say_restarted(o);
    if (SAY[o->verdict])
        SAY[o->verdict](o);
    add_notes(o);
}

void sentence_press_lost(struct outcome *o)
{
    say(o, REFUSAL_UNKNOWN,
        "%s may or may not have been restarted by this press: the broker ended while it was being carried "
        "out, and "
        "did not learn what came of it." LOOK_FIRST,
        o->unit);
}

void sentence_settle_lost(struct outcome *o, const char *why)
{
    o->success = false;
    o->verdict = VERDICT_NONE;
    say(o, REFUSAL_UNKNOWN,
        "%s was restarted in %" PRIu64 " ms; whether it stayed up is not known, because %s." LOOK_FIRST,
        o->unit, milliseconds(o->usec), why);
}
