/* The words. A person under stress reads them: first what became of the unit, then why, then what to do. */
#include "broker/outcome/sentence.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "broker/outcome/sentence-say.h"
#include "common/clock.h"
#include "common/refusal.h"
#include "common/rpc/wire-call.h"
#include "policy/paths.h"
#include "policy/words.h"

/* polkitd gives a rule 15 seconds before it cuts it off and says no. */
#define STALL_USEC (14 * USEC_PER_SEC)

void sentence_name(struct outcome *o, int name_outcome)
{
    sentence_say(o, REFUSAL_NAME, "%s", refusal_name_text(name_outcome));
}

/* Begins with what did not happen. */
static void __attribute__((format(printf, 3, 4)))
refuse(struct outcome *o, int refusal, const char *format, ...)
{
    int used = snprintf(o->sentence, sizeof(o->sentence), "Nothing was %s: ", verb_done(o->verb));
    va_list ap;

    o->refusal = refusal;
    o->admins_from = 0;
    va_start(ap, format);
    /* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): as in sentence_say() */
    (void)vsnprintf(o->sentence + used, sizeof(o->sentence) - (size_t)used, format, ap);
    va_end(ap);
}

/* "a restart", "the reload": what it is that was asked for. */
static const char *noun(const struct outcome *o)
{
    const char *word = verb_to_string(o->verb);

    return word ? word : "restart";
}

/* The words that restartctl says too. */
static struct words shared(struct outcome *o, int refusal)
{
    o->refusal = refusal;
    o->admins_from = 0;
    return (struct words){ .text = o->sentence,
                           .size = sizeof(o->sentence),
                           .verb = o->verb ? o->verb : VERB_RESTART,
                           .admins_from = &o->admins_from };
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

void sentence_carrier(struct outcome *o, const char *also)
{
    struct words words = shared(o, REFUSAL_NO_GRANT);

    words_carrier(&words, o->unit, also);
}

void sentence_alias(struct outcome *o, const char *own_name)
{
    struct words words = shared(o, REFUSAL_NAME);

    words_alias(&words, o->unit, own_name);
}

static void refuse_by_dependency(struct outcome *o)
{
    struct words words = shared(o, REFUSAL_SYSTEMD);

    words_by_dependency(&words, o->unit);
}

void sentence_stopped(struct outcome *o, const char *grant)
{
    struct words words = shared(o, REFUSAL_STOPPED);

    words_stopped(&words, o->unit, grant);
}

void sentence_start_limit(struct outcome *o, const struct start_limit *limit, uint64_t wait_usec)
{
    if (wait_usec == UINT64_MAX) {
        refuse(
            o, REFUSAL_START_LIMIT,
            "%s has been started %u times, as often as its StartLimitBurst= allows at all; one more start would "
            "leave it down.",
            o->unit, limit->burst);
        sentence_tell_admins(
            o,
            " 'systemctl reset-failed %s', 'systemctl stop restarter-broker.service' and 'systemctl clean "
            "--what=runtime restarter-broker.service' would open it.",
            o->unit);
        return;
    }
    o->retry_after = start_limit_seconds(wait_usec);
    refuse(o, REFUSAL_START_LIMIT,
           "%s has been started %u times within %u s, as often as its StartLimitBurst= "
           "allows; one more start would leave it down. Try again in %u s.",
           o->unit, limit->burst, start_limit_seconds(limit->interval_usec), o->retry_after);
}

void sentence_cooldown(struct outcome *o, uint64_t cooldown_usec, uint64_t wait_usec, const char *grant)
{
    o->retry_after = start_limit_seconds(wait_usec);
    refuse(o, REFUSAL_COOLDOWN, "the policy file wants %u s between two starts of %s. Try again in %u s.",
           start_limit_seconds(cooldown_usec), o->unit, o->retry_after);
    sentence_tell_admins(o, " Cooldown= at %s says so.", grant);
}

void sentence_reason(struct outcome *o, const char *grant)
{
    refuse(o, REFUSAL_REASON,
           "a %s of %s needs a reason, and none was given. Say why: on the page, with 'restartctl %s "
           "--reason=TEXT', or as the member reason of the second parameter of %s, which restart_unit does "
           "not have.",
           noun(o), o->unit, noun(o), wire_method_of_verb(o->verb)->name);
    sentence_tell_admins(o, " Reason=required at %s says so.", grant);
}

void sentence_other_verb(struct outcome *o, const char *unit, unsigned verb)
{
    o->retry_after = 1;
    refuse(o, REFUSAL_BUSY, "%s is just being %s. Try again when that is over.", unit, verb_done(verb));
}

void sentence_not_running(struct outcome *o, const char *active_state)
{
    struct words words = shared(o, REFUSAL_STOPPED);

    words_not_running(&words, o->unit, active_state);
}

void sentence_no_reload(struct outcome *o)
{
    struct words words = shared(o, REFUSAL_SYSTEMD);

    words_no_reload(&words, o->unit);
}

void sentence_press(struct outcome *o)
{
    refuse(o, REFUSAL_PRESS,
           "the same press was made for another unit or another verb before. A press is a new random word "
           "each time.");
}

void sentence_busy(struct outcome *o, const char *what)
{
    o->retry_after = 1;
    refuse(o, REFUSAL_BUSY, "%s. Try again in a moment.", what);
}

void sentence_crowded(struct outcome *o, unsigned others)
{
    o->retry_after = 2;
    refuse(o, REFUSAL_BUSY, "%u others wait for the very same %s. Try again in a moment.", others, noun(o));
}

void sentence_own_share(struct outcome *o, unsigned own)
{
    o->retry_after = 1;
    if (o->verb != 0)
        refuse(o, REFUSAL_BUSY, "%u calls of yours wait already. Try again in a moment.", own);
    else
        sentence_say(o, REFUSAL_BUSY,
                     "%u calls of yours wait already for that kind of answer. Try again in a moment.", own);
}

void sentence_too_many_readers(struct outcome *o)
{
    o->retry_after = 1;
    sentence_say(o, REFUSAL_BUSY, "Too many others wait for the same kind of answer. Try again in a moment.");
}

void sentence_too_many_multicalls(struct outcome *o)
{
    o->retry_after = 1;
    sentence_say(o, REFUSAL_BUSY,
                 "Nothing was done: too many others wait for several calls in one. Try again in a moment.");
}

void sentence_own_multicalls(struct outcome *o, unsigned own)
{
    o->retry_after = 1;
    sentence_say(o, REFUSAL_BUSY,
                 "Nothing was done: %u system.multicall of yours wait already. Try again in a moment.", own);
}

void sentence_left(struct outcome *o)
{
    sentence_say(o, REFUSAL_UNKNOWN,
                 "Whoever asked for a %s of %s left before its end; systemd goes on with the job.", noun(o),
                 o->unit);
}

void sentence_no_memory(struct outcome *o)
{
    refuse(o, REFUSAL_UNAVAILABLE, "the broker is out of memory.");
}

void sentence_unreachable(struct outcome *o)
{
    o->retry_after = 2;
    refuse(o, REFUSAL_UNAVAILABLE,
           "the broker has no connection to systemd, because the system bus or systemd on it cannot be "
           "reached. It keeps trying; try again in a moment.");
}

void sentence_not_read(struct outcome *o, enum bus_fault fault, const char *text)
{
    if (fault == BUS_FAULT_TOO_OFTEN) {
        o->retry_after = 1;
        refuse(o, REFUSAL_BUSY,
               "%s does not run, and units that do not run are asked for too often just "
               "now. Try again in a moment.",
               o->unit);
    } else if (fault == BUS_FAULT_POLICY) {
        refuse(o, REFUSAL_BUS, "the bus policy does not let the broker read the state of units.");
        sentence_tell_admins(o, " It is in %s.", BUS_PATH);
    } else if (fault == BUS_FAULT_NO_REPLY || fault == BUS_FAULT_NOT_THERE)
        sentence_unreachable(o);
    else
        refuse(o, REFUSAL_SYSTEMD, "systemd does not tell the state of %s: %s", o->unit, text);
}

static void refuse_stalled(struct outcome *o, uint64_t usec)
{
    char how[64] = "went away while it was asked";

    if (usec >= USEC_PER_SEC)
        (void)snprintf(how, sizeof(how), "did not answer, and systemd gave up after %" PRIu64 " s",
                       usec / USEC_PER_SEC);
    refuse(o, REFUSAL_STALLED, "polkitd, which decides about %s, %s.", o->unit, how);
    sentence_tell_admins(o,
                         " 'systemctl status polkit' may say why; 'systemctl restart polkit' often helps.");
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

void sentence_not_done(struct outcome *o, enum bus_fault fault, const char *text, uint64_t usec)
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
    case BUS_FAULT_BY_DEPENDENCY:
        refuse_by_dependency(o);
        break;
    case BUS_FAULT_NOT_THERE:
        sentence_unreachable(o);
        break;
    case BUS_FAULT_NO_REPLY:
        sentence_bus_lost(o);
        break;
    default:
        refuse(o, REFUSAL_SYSTEMD, "systemd says of %s: %s", o->unit, text);
    }
}

void sentence_bus_lost(struct outcome *o)
{
    sentence_say(
        o, REFUSAL_UNKNOWN,
        "%s may or may not have been %s: systemd took the request and its answer did not come back, because "
        "the system bus or systemd stopped answering." SENTENCE_LOOK_FIRST,
        o->unit, verb_done(o->verb));
}

void sentence_still_running(struct outcome *o, uint64_t usec)
{
    sentence_say(o, REFUSAL_UNKNOWN,
                 "%s is still being %s: its job has not ended within %" PRIu64
                 " s, and nobody waits longer than "
                 "that. systemd goes on with it." SENTENCE_LOOK_FIRST,
                 o->unit, verb_done(o->verb), usec / USEC_PER_SEC);
}

void sentence_job_vanished(struct outcome *o)
{
    sentence_say(
        o, REFUSAL_UNKNOWN,
        "%s was probably %s: systemd reloaded itself meanwhile, the job is over, and its result was not "
        "told. The unit is now %s (%s)." SENTENCE_LOOK_FIRST,
        o->unit, verb_done(o->verb), o->after.active_state, o->after.sub_state);
}

void sentence_not_read_after(struct outcome *o)
{
    sentence_say(
        o, REFUSAL_UNKNOWN,
        "The %s of %s ended with '%s', but the state after it could not be read." SENTENCE_LOOK_FIRST,
        noun(o), o->unit, o->result);
}

void sentence_stopping_before(struct outcome *o)
{
    o->retry_after = 1;
    refuse(o, REFUSAL_UNAVAILABLE, "the broker is being stopped. Try again in a moment.");
}

void sentence_stopping_during(struct outcome *o)
{
    sentence_say(
        o, REFUSAL_UNKNOWN,
        "%s may or may not have been %s: the broker was stopped while systemd was at it; systemd goes on "
        "with the job." SENTENCE_LOOK_FIRST,
        o->unit, verb_done(o->verb));
}

void sentence_press_lost(struct outcome *o)
{
    sentence_say(
        o, REFUSAL_UNKNOWN,
        "%s may or may not have been %s by this press: the broker ended while it was being carried out, and "
        "did not learn what came of it." SENTENCE_LOOK_FIRST,
        o->unit, verb_done(o->verb));
}
