/* The values of the sections' keys, and what one grant may not be next to another. */
#include "policy/keys.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/key-value.h"
#include "common/unit-name.h"
#include "policy/carrier.h"
#include "policy/people-read.h"
#include "policy/pattern-own.h"
#include "policy/pattern.h"

#define WHITESPACE " \t"

static const struct {
    unsigned key;
    const char *name;
} keys[] = {
    { KEY_UNIT, "Unit" },       { KEY_INSTANCES, "Instances" },
    { KEY_VERBS, "Verbs" },     { KEY_START_STOPPED, "StartStopped" },
    { KEY_DEFAULT, "Default" }, { KEY_COOLDOWN, "Cooldown" },
    { KEY_SETTLE, "Settle" },   { KEY_REASON, "Reason" },
    { KEY_USERS, "Users" },     { KEY_GROUPS, "Groups" },
    { KEY_LOGS, "Logs" },       { KEY_CONFIRM, "Confirm" },
    { KEY_ADMINS, "Admins" },   { KEY_ADMIN_GROUPS, "AdminGroups" },
    { KEY_FRONTS, "Fronts" },
};

unsigned key_from_string(const char *name)
{
    for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
        if (strcmp(keys[i].name, name) == 0)
            return keys[i].key;
    return 0;
}

const char *key_to_string(unsigned key)
{
    for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
        if (keys[i].key == key)
            return keys[i].name;
    return NULL;
}

static int set_unit(struct grant *grant, const char *value, unsigned line, struct policy_error *error)
{
    const struct carrier *carrier = carrier_find(value);
    struct unit_name name;
    int r = unit_name_parse(value, &name);

    if (r == UNIT_NAME_E_NOT_SERVICE)
        return policy_fail(error, grant->file, line, "Unit=%s does not end in .service", value);
    if (r != 0 && r != UNIT_NAME_E_TEMPLATE)
        return policy_fail(
            error, grant->file, line,
            "Unit=%s is neither a unit's name, such as nginx.service, nor a template's, such as "
            "worker@.service, made of letters, digits and : _ . -",
            value);
    if (r == 0 && !unit_name_is_plain(&name))
        return policy_fail(error, grant->file, line,
                           "Unit=%s is an instance; write Unit=%s and Instances=%s, with [.] for a dot",
                           value, name.template, name.instance);
    if (carrier)
        return policy_fail(error, grant->file, line, "Unit=%s cannot be granted: it %s", value, carrier->why);
    grant->unit = strdup(value);
    return grant->unit ? 0 : -ENOMEM;
}

static int fail_pattern(const struct grant *grant, const char *text, const struct pattern_error *why,
                        unsigned line, struct policy_error *error)
{
    return policy_fail(error, grant->file, line, "Instances=: pattern \"%s\", character %zu: %s", text,
                       why->offset + 1, why->message);
}

/* `wide` is the text as polkit gets it: the same, but for %u. */
static int add_pattern(struct grant *grant, const char *text, const char *wide, unsigned line,
                       struct policy_error *error)
{
    _cleanup_(pattern_freep) struct pattern *pattern = NULL;
    _cleanup_(freep) char *copy = NULL;
    struct pattern_error why;
    int r;

    r = pattern_new(wide, &pattern, &why);
    if (r == PATTERN_E_INVALID)
        return fail_pattern(grant, text, &why, line, error);
    if (r)
        return r;
    copy = strdup(wide);
    if (!copy)
        return -ENOMEM;

    grant->patterns[grant->n_patterns] = TAKE_PTR(pattern);
    grant->pattern_texts[grant->n_patterns++] = TAKE_PTR(copy);
    return 0;
}

static int add_own_pattern(struct grant *grant, const char *text, unsigned line, struct policy_error *error)
{
    _cleanup_(own_pattern_freep) struct own_pattern *own = NULL;
    char wide[OWN_WIDE_SIZE];
    struct pattern_error why;
    int r;

    r = own_pattern_new(text, &own, wide, &why);
    if (r == PATTERN_E_INVALID)
        return fail_pattern(grant, text, &why, line, error);
    if (r == 0)
        r = add_pattern(grant, text, wide, line, error);
    if (r == 0)
        grant->owns[grant->n_patterns - 1] = TAKE_PTR(own);
    return r;
}

static int add_word(struct grant *grant, const char *word, unsigned line, struct policy_error *error)
{
    if (grant->n_patterns == POLICY_PATTERNS_MAX)
        return policy_fail(error, grant->file, line, "Instances= has more than %d patterns",
                           POLICY_PATTERNS_MAX);
    return own_pattern_is(word) ? add_own_pattern(grant, word, line, error)
                                : add_pattern(grant, word, word, line, error);
}

/* Whoever reads the rule back is held to the same lines. */
static int check_width(const struct grant *grant, unsigned line, struct policy_error *error)
{
    size_t width = strlen("Instances=");

    for (size_t i = 0; i < grant->n_patterns; i++) {
        assert(grant->pattern_texts[i]);
        width += strlen(grant->pattern_texts[i]) + 1;
    }
    if (width <= POLICY_LINE_MAX + 1)
        return 0;
    return policy_fail(
        error, grant->file, line,
        "Instances= is longer than %d characters once each %s is written as %s for polkit; use more "
        "patterns in another [Grant]",
        POLICY_LINE_MAX, OWN_NAME, OWN_NAME_PATTERN);
}

static int set_instances(struct grant *grant, const char *value, unsigned line, struct policy_error *error)
{
    _cleanup_(freep) char *words = strdup(value);
    char *word, *rest = words, *end;
    int r;

    grant->instances = calloc(1, strlen(value) + 1);
    grant->patterns = calloc(POLICY_PATTERNS_MAX, sizeof(struct pattern *));
    grant->owns = calloc(POLICY_PATTERNS_MAX, sizeof(struct own_pattern *));
    grant->pattern_texts = calloc(POLICY_PATTERNS_MAX, sizeof(char *));
    if (!words || !grant->instances || !grant->patterns || !grant->owns || !grant->pattern_texts)
        return -ENOMEM;

    end = grant->instances;
    while ((word = strtok_r(rest, WHITESPACE, &rest))) {
        r = add_word(grant, word, line, error);
        if (r)
            return r;
        if (end != grant->instances)
            *end++ = ' ';
        end = stpcpy(end, word);
    }
    return check_width(grant, line, error);
}

static int fail_verb(const struct grant *grant, const char *word, unsigned line, struct policy_error *error)
{
    if (strcmp(word, "start") == 0)
        return policy_fail(
            error, grant->file, line,
            "Verbs=: start is never granted: polkit would let StartTransientUnit pass with it, "
            "which runs any command as root; restart starts what is stopped with StartStopped=yes");
    if (strcmp(word, "stop") == 0)
        return policy_fail(error, grant->file, line,
                           "Verbs=: stop is never granted: a restart button must not leave a service down");
    if (strchr(word, ','))
        return policy_fail(error, grant->file, line, "Verbs=: put spaces between verbs, not commas");
    return policy_fail(
        error, grant->file, line,
        "Verbs=: unknown verb %s; there are restart, try-restart, reload and reload-or-restart", word);
}

static int set_verbs(struct grant *grant, const char *value, unsigned line, struct policy_error *error)
{
    _cleanup_(freep) char *words = strdup(value);
    char *word, *rest = words;
    unsigned verb;

    if (!words)
        return -ENOMEM;
    while ((word = strtok_r(rest, WHITESPACE, &rest))) {
        if (strcmp(word, "reset-failed") == 0) {
            grant->retired_line = line;
            continue;
        }
        verb = verb_from_string(word);
        if (!verb)
            return fail_verb(grant, word, line, error);
        if (grant->verbs & verb)
            return policy_fail(error, grant->file, line, "Verbs=: %s is listed twice", word);
        grant->verbs |= verb;
    }
    return 0;
}

static int set_bool(const struct grant *grant, unsigned key, const char *value, unsigned line, bool *ret,
                    struct policy_error *error)
{
    if (value_bool(value, ret))
        return 0;
    return policy_fail(error, grant->file, line, "%s=%s is neither yes nor no", key_to_string(key), value);
}

static int set_cooldown(struct grant *grant, const char *value, unsigned line, struct policy_error *error)
{
    uint64_t seconds;

    if (!value_seconds(value, POLICY_COOLDOWN_MAX_SEC, &seconds))
        return policy_fail(error, grant->file, line,
                           "Cooldown=%s is not a time such as 90, 90s, 5min or 1h, of one day at most",
                           value);
    grant->cooldown_usec = seconds * 1000000;
    return 0;
}

static int set_settle(struct grant *grant, const char *value, unsigned line, struct policy_error *error)
{
    uint64_t seconds;

    if (!value_seconds(value, POLICY_SETTLE_MAX_SEC, &seconds))
        return policy_fail(error, grant->file, line,
                           "Settle=%s is not a time such as 0, 5 or 5s, of one minute at most", value);
    grant->settle_usec = seconds * 1000000;
    return 0;
}

static int set_reason(struct grant *grant, const char *value, unsigned line, struct policy_error *error)
{
    grant->reason_required = strcmp(value, "required") == 0;
    if (grant->reason_required || strcmp(value, "optional") == 0)
        return 0;
    return policy_fail(error, grant->file, line, "Reason=%s is neither required nor optional", value);
}

static int set_people(struct grant *grant, unsigned key, const char *value, unsigned line,
                      struct policy_error *error)
{
    const struct people_line names = { .key = key_to_string(key),
                                       .value = value,
                                       .file = grant->file,
                                       .line = line,
                                       .groups = key == KEY_GROUPS,
                                       .everybody = true };

    return people_read(&grant->people, &names, error);
}

int policy_set(struct policy *policy, const char *file, unsigned key, const char *value, unsigned line,
               struct policy_error *error)
{
    const struct people_line names = { .key = key_to_string(key),
                                       .value = value,
                                       .file = file,
                                       .line = line,
                                       .groups = key == KEY_ADMIN_GROUPS };

    return people_read(key == KEY_FRONTS ? &policy->fronts : &policy->admins, &names, error);
}

int grant_set(struct grant *grant, unsigned key, const char *value, unsigned line, struct policy_error *error)
{
    switch (key) {
    case KEY_UNIT:
        return set_unit(grant, value, line, error);
    case KEY_INSTANCES:
        return set_instances(grant, value, line, error);
    case KEY_VERBS:
        return set_verbs(grant, value, line, error);
    case KEY_START_STOPPED:
        return set_bool(grant, key, value, line, &grant->start_stopped, error);
    case KEY_DEFAULT:
        return set_bool(grant, key, value, line, &grant->is_default, error);
    case KEY_LOGS:
        return set_bool(grant, key, value, line, &grant->logs, error);
    case KEY_CONFIRM:
        return set_bool(grant, key, value, line, &grant->confirm, error);
    case KEY_COOLDOWN:
        return set_cooldown(grant, value, line, error);
    case KEY_REASON:
        return set_reason(grant, value, line, error);
    case KEY_USERS:
    case KEY_GROUPS:
        return set_people(grant, key, value, line, error);
    default:
        return set_settle(grant, value, line, error);
    }
}

static const char *shared_pattern(const struct grant *a, const struct grant *b)
{
    for (size_t i = 0; i < a->n_patterns; i++)
        for (size_t j = 0; j < b->n_patterns; j++)
            if (strcmp(a->pattern_texts[i], b->pattern_texts[j]) == 0)
                return a->pattern_texts[i];
    return NULL;
}

/* The same plain unit, or the same pattern for the same template, and the same verb twice for the same
 * people: one of them says nothing, or something else about stopped instances. That different patterns or
 * people overlap is the admin's own affair; the first grant decides then. */
static int check_pair(const struct grant *grant, const struct grant *earlier, struct policy_error *error)
{
    const char *pattern;

    if (grant->is_default && earlier->is_default)
        return policy_fail(error, grant->file, grant->line, "a second Default=yes; the first is in %s:%u",
                           earlier->file, earlier->line);
    if (strcmp(grant->unit, earlier->unit) != 0 || (grant->verbs & earlier->verbs) == 0 ||
        !people_same(&grant->people, &earlier->people))
        return 0;
    if (grant_is_plain(grant))
        return policy_fail(error, grant->file, grant->line, "%s is granted already in %s:%u", grant->unit,
                           earlier->file, earlier->line);
    pattern = shared_pattern(grant, earlier);
    if (!pattern)
        return 0;
    return policy_fail(error, grant->file, grant->line, "%s with instances %s is granted already in %s:%u",
                       grant->unit, pattern, earlier->file, earlier->line);
}

static int check_patterns(const struct grant *grant, struct policy_error *error)
{
    for (size_t i = 0; i < grant->n_patterns; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(grant->pattern_texts[i], grant->pattern_texts[j]) == 0)
                return policy_fail(error, grant->file, grant->line, "Instances= has the pattern %s twice",
                                   grant->pattern_texts[i]);
    return 0;
}

/* polkitd tries the grants one by one: what each pattern keeps to, all of them together must, too. */
static int check_steps(const struct policy *policy, struct policy_error *error)
{
    const struct grant *last = &policy->grants[policy->n_grants - 1];
    unsigned steps = 0;

    for (const struct grant *grant = policy->grants; grant <= last; grant++)
        for (size_t i = 0; i < grant->n_patterns && steps <= POLICY_STEPS_MAX; i++)
            steps += pattern_steps(grant->patterns[i]);
    if (steps <= POLICY_STEPS_MAX)
        return 0;
    return policy_fail(
        error, last->file, last->line,
        "the patterns up to here are too ambiguous together: names that almost match could keep "
        "polkitd busy; use bounds {n,m} or fewer repeats");
}

int policy_check_last(const struct policy *policy, struct policy_error *error)
{
    const struct grant *last = &policy->grants[policy->n_grants - 1];
    int r;

    r = check_patterns(last, error);
    for (const struct grant *earlier = policy->grants; r == 0 && earlier < last; earlier++)
        r = check_pair(last, earlier, error);
    return r ? r : check_steps(policy, error);
}
