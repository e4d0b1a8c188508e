/* Locks 3, 4 and 5: those that look at unit and verb. */
#include "polkit/locks/locks.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/array.h"
#include "common/cleanup.h"
#include "common/refusal.h"
#include "policy/carrier.h"
#include "policy/words.h"
#include "polkit/ask/units.h"
#include "polkit/locks/bus-probe.h"
#include "polkit/locks/in-force.h"
#include "polkit/rules/rule.h"

/* What the broker keeps, see policy/last-policy.h. */
#define LAST_GOOD_PATH "/run/restarter-broker/policy"

void question_resolve(struct question *q)
{
    q->resolved = policy_resolve(q->policy, &q->person, q->id, q->verb, &q->resolution);
}

static const char *unit_of(const struct question *question)
{
    return question->resolution.name.unit;
}

static struct words shut(const struct question *question, struct lock *lock)
{
    lock->open = false;
    return (struct words){ .text = lock->text, .size = sizeof(lock->text), .verb = question->verb };
}

static const char *carrier_among(char *const *names)
{
    for (; *names; names++)
        if (carrier_find(*names))
            return *names;
    return NULL;
}

/* What systemd says of it. */
struct seen {
    char *own_name, *load, *active, *file, **names;
    bool can_reload, no_start, no_stop; /* not by hand */
};

static void seen_done(struct seen *seen)
{
    free(seen->own_name);
    free(seen->load);
    free(seen->active);
    free(seen->file);
    strv_free(seen->names);
}

static bool see(const struct question *question, struct seen *ret)
{
    sd_bus *bus = question->bus;

    return unit_get_string(bus, unit_of(question), "Unit", "Id", &ret->own_name) >= 0 &&
           unit_get_string(bus, unit_of(question), "Unit", "LoadState", &ret->load) >= 0 &&
           unit_get_string(bus, unit_of(question), "Unit", "ActiveState", &ret->active) >= 0 &&
           unit_get_string(bus, unit_of(question), "Unit", "UnitFileState", &ret->file) >= 0 &&
           unit_get_bool(bus, unit_of(question), "Unit", "CanReload", &ret->can_reload) >= 0 &&
           unit_get_bool(bus, unit_of(question), "Unit", "RefuseManualStart", &ret->no_start) >= 0 &&
           unit_get_bool(bus, unit_of(question), "Unit", "RefuseManualStop", &ret->no_stop) >= 0 &&
           unit_get_strings(bus, unit_of(question), "Unit", "Names", &ret->names) >= 0;
}

static bool is_down(const struct seen *seen)
{
    return strcmp(seen->active, "inactive") == 0 || strcmp(seen->active, "failed") == 0 ||
           strcmp(seen->active, "deactivating") == 0;
}

/* Of reload-or-restart systemd looks at what it comes to. */
static bool is_for_other_units(const struct question *question, const struct seen *seen)
{
    if (question->verb == VERB_RELOAD_OR_RESTART && seen->can_reload)
        return seen->no_start && is_down(seen);
    return question->verb != VERB_RELOAD && (seen->no_start || seen->no_stop);
}

static bool would_start_what_is_stopped(const struct question *question, const struct grant *grant,
                                        const struct seen *seen)
{
    return strcmp(seen->active, "inactive") == 0 && verb_row(question->verb)->starts &&
           !grant->start_stopped && strncmp(seen->file, "enabled", strlen("enabled")) != 0;
}

/* Whoever one asks about, others may do so, too: all grants that cover it, each with whom it is for. */
static void report_granted(const struct question *question, const char *place, const char *active,
                           bool with_reason, struct lock *lock)
{
    char people[LOCK_TEXT_SIZE] = "", names[LOCK_TEXT_SIZE / 2];
    size_t used = 0;

    for (size_t i = 0; i < question->policy->n_grants && used < sizeof(people); i++) {
        struct policy alone = { .grants = &question->policy->grants[i], .n_grants = 1 };
        int more;

        if (policy_match(&alone, &question->resolution.name, question->verb, NULL) != 0)
            continue;
        people_describe(&alone.grants->people, names, sizeof(names));
        more = snprintf(people + used, sizeof(people) - used, "%s%s", used > 0 ? "; " : "", names);
        used += more > 0 ? (size_t)more : 0;
    }
    lock_set(lock, true, "%s grants %s of %s, which is %s, to %s%s.", place, verb_to_string(question->verb),
             unit_of(question), active, people, with_reason ? ", who have to say why" : "");
}

/* In the order of the broker's own questions. */
static void judge(const struct question *question, const struct grant *grant, const struct seen *seen,
                  struct lock *lock)
{
    const char *unit = unit_of(question), *carrier = carrier_among(seen->names);
    struct words words = shut(question, lock);
    char place[LOCK_TEXT_SIZE];

    (void)snprintf(place, sizeof(place), "%s:%u", grant->file, grant->line);
    if (carrier)
        words_carrier(&words, unit, carrier);
    else if (strcmp(seen->own_name, unit) != 0)
        words_alias(&words, unit, seen->own_name);
    else if (strcmp(seen->load, "loaded") != 0)
        words_load_state(&words, unit, seen->load);
    else if (question->verb == VERB_RELOAD && is_down(seen))
        words_not_running(&words, unit, seen->active);
    else if (question->verb == VERB_RELOAD && !seen->can_reload)
        words_no_reload(&words, unit);
    else if (would_start_what_is_stopped(question, grant, seen))
        words_stopped(&words, unit, place);
    else if (is_for_other_units(question, seen))
        words_by_dependency(&words, unit);
    else
        report_granted(question, place, seen->active, grant->reason_required, lock);
}

static void look_at_unit(const struct question *question, const struct grant *grant, struct lock *lock)
{
    _cleanup_(seen_done) struct seen seen = { 0 };

    if (see(question, &seen))
        judge(question, grant, &seen, lock);
    else
        lock_set(lock, false, "systemd does not tell the state of %s.", unit_of(question));
}

/* A broker that runs goes by the last good policy, if there was one, and so does the next one. */
static bool has_last_good(sd_bus *bus)
{
    static const struct policy NONE = { 0 };

    switch (in_force_look(bus, &NONE)) {
    case IN_FORCE_SAME:
    case IN_FORCE_OTHER:
        return true;
    case IN_FORCE_NOBODY:
        return access(LAST_GOOD_PATH, F_OK) == 0;
    default:
        return false;
    }
}

static void look_at_broken_file(const struct question *question, struct lock *lock)
{
    struct words words = shut(question, lock);

    words_policy_file(&words, question->policy_error);
    if (has_last_good(question->bus))
        lock_set(
            lock, false,
            "the broker goes by the last good policy, until the file is mended or this system is started "
            "anew: %s",
            question->policy_error);
}

void lock_broker(const struct question *question, struct lock *lock)
{
    const struct resolution *resolution = &question->resolution;
    struct words words = shut(question, lock);

    switch (question->resolved) {
    case 0:
        look_at_unit(question, resolution->grant, lock);
        break;
    case RESOLVE_E_NAME:
        lock_set(lock, false, "%s", refusal_name_text(resolution->why));
        break;
    case RESOLVE_E_NO_POLICY:
        look_at_broken_file(question, lock);
        break;
    case RESOLVE_E_NO_DEFAULT:
        words_no_default(&words, question->policy_path);
        break;
    default:
        words_no_grant(&words, resolution->why, resolution->grant, &resolution->name, question->policy_path);
    }
}

void lock_bus_policy(const struct question *question, struct lock *lock)
{
    struct probe probe = PROBE_MANAGER(verb_bus_member(question->verb));
    struct words words = shut(question, lock);
    int r = bus_probe(&question->broker, &probe, 1);

    if (r < 0 || probe.result == PROBE_UNKNOWN)
        lock_set(lock, false, "user %s cannot connect to the system bus, or systemd does not answer on it.",
                 question->broker.name);
    else if (probe.result == PROBE_DENIED)
        words_bus(&words);
    else
        lock_set(lock, true, "the bus lets user %s send %s.", question->broker.name, probe.member);
}

/* The broker does not run and cannot be woken: locks 2 and 6 know more. */
static void report_not_asked(const struct question *question, struct lock *lock, int r)
{
    lock->unknown = r == -ENOTCONN;
    if (lock->unknown)
        lock_set(lock, false, "polkitd cannot be asked as systemd would ask it: %s.",
                 asker_error(question->asker));
    else
        lock_set(lock, false, "polkitd cannot be asked: %s. 'systemctl status polkit.service' may say why.",
                 asker_error(question->asker));
}

void lock_rule(const struct question *question, struct lock *lock)
{
    struct ask_question ask = { .action = ASK_MANAGE_UNITS,
                                .verb = ask_verb_find(verb_to_string(question->verb)) };
    struct words words = shut(question, lock);
    _cleanup_(freep) char *own_name = NULL;
    int r;

    if (*unit_of(question) == '\0') {
        lock_set(lock, false, "a name of that kind does not get this far.");
        return;
    }
    (void)unit_get_string(question->bus, unit_of(question), "Unit", "Id", &own_name);
    ask.unit = own_name ? own_name : unit_of(question);
    r = asker_ask(question->asker, &ask, 1);
    if (r < 0)
        report_not_asked(question, lock, r);
    else if (ask.answer != ASK_YES)
        words_rule(&words, ask.unit);
    else
        lock_set(lock, true, "polkitd %s lets %s user %s %s %s.", asker_version(question->asker),
                 asker_knows_services(question->asker) ? RULE_UNIT ", as" : "any process of",
                 question->broker.name, verb_to_string(question->verb), ask.unit);
}
