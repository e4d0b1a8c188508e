/* The policy as the broker holds it: loaded whole or not at all, then only asked. */
#include "policy/policy.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"
#include "policy/pattern-own.h"
#include "policy/pattern.h"

struct policy *policy_new(void)
{
    _cleanup_(policy_freep) struct policy *policy = NULL;

    policy = calloc(1, sizeof(*policy));
    if (!policy)
        return NULL;
    policy->grants = calloc(POLICY_GRANTS_MAX, sizeof(*policy->grants));
    return policy->grants ? TAKE_PTR(policy) : NULL;
}

static void grant_done(struct grant *grant)
{
    for (size_t i = 0; i < grant->n_patterns; i++) {
        pattern_free(grant->patterns[i]);
        own_pattern_free(grant->owns[i]);
        free(grant->pattern_texts[i]);
    }
    people_done(&grant->people);
    free(grant->patterns);
    free(grant->owns);
    free(grant->pattern_texts);
    free(grant->instances);
    free(grant->unit);
    free(grant->file);
}

void policy_free(struct policy *policy)
{
    if (!policy)
        return;
    for (size_t i = 0; i < policy->n_grants; i++)
        grant_done(&policy->grants[i]);
    people_done(&policy->admins);
    people_done(&policy->fronts);
    free(policy->grants);
    free(policy->source);
    free(policy);
}

static void make_printable(char *text)
{
    for (; *text; text++)
        if (*text < ' ' || *text > '~')
            *text = '?';
}

int policy_fail(struct policy_error *error, const char *file, unsigned line, const char *format, ...)
{
    _cleanup_(freep) char *name = NULL, *message = NULL;
    va_list arguments;

    va_start(arguments, format);
    message = text_vformat(format, arguments);
    va_end(arguments);
    name = strdup(file);
    if (!message || !name)
        return -ENOMEM;

    make_printable(message);
    make_printable(name);
    *error = (struct policy_error){ .file = TAKE_PTR(name), .line = line, .message = TAKE_PTR(message) };
    return POLICY_E_INVALID;
}

void policy_error_done(struct policy_error *error)
{
    free(error->file);
    free(error->message);
    *error = (struct policy_error){ 0 };
}

char *policy_error_format(const struct policy_error *error)
{
    char *text;
    int r;

    if (error->line > 0)
        r = asprintf(&text, "%s:%u: %s", error->file, error->line, error->message);
    else
        r = asprintf(&text, "%s: %s", error->file, error->message);
    return r < 0 ? NULL : text;
}

bool grant_is_for(const struct grant *grant, const struct person *person)
{
    return !grant->people.said || person->is_root || people_include(&grant->people, person);
}

/* Of a pattern with %u, what root may do is what anybody may. */
static bool covers(const struct grant *grant, size_t i, const struct person *person, const char *instance)
{
    if (!grant->owns[i] || person->is_root)
        return pattern_match(grant->patterns[i], instance);
    return person_is_known(person) && own_pattern_match(grant->owns[i], instance, person->name);
}

static bool grant_covers(const struct grant *grant, const struct person *person, const char *instance)
{
    for (size_t i = 0; i < grant->n_patterns; i++)
        if (covers(grant, i, person, instance))
            return true;
    return false;
}

static const struct person ANYBODY = { .is_root = true };

/* How near one grant comes: 0 or an outcome. */
static int grant_match(const struct grant *grant, const struct person *person, const struct unit_name *name,
                       unsigned verb)
{
    bool plain = grant_is_plain(grant);

    if (strcmp(grant->unit, plain ? name->unit : name->template) != 0)
        return POLICY_E_NO_UNIT;
    if (!plain && !grant_covers(grant, &ANYBODY, name->instance))
        return POLICY_E_NO_INSTANCE;
    if (!verb_to_string(verb) || !(grant->verbs & verb))
        return POLICY_E_NO_VERB;
    return grant_is_for(grant, person) && (plain || grant_covers(grant, person, name->instance))
               ? 0
               : POLICY_E_NO_PERSON;
}

int policy_permits(const struct policy *policy, const struct person *person, const struct unit_name *name,
                   unsigned verb, const struct grant **ret_grant)
{
    const struct grant *nearest = NULL;
    int r, outcome = POLICY_E_NO_UNIT;

    for (size_t i = 0; i < policy->n_grants && outcome != 0; i++) {
        r = grant_match(&policy->grants[i], person, name, verb);
        if (r == 0 || r > outcome) {
            nearest = &policy->grants[i];
            outcome = r;
        }
    }
    if (ret_grant)
        *ret_grant = nearest;
    return outcome;
}

int policy_match(const struct policy *policy, const struct unit_name *name, unsigned verb,
                 const struct grant **ret_grant)
{
    return policy_permits(policy, &ANYBODY, name, verb, ret_grant);
}

/* Those of the verbs whose grant, the first one that covers them, is such a one. */
static unsigned verbs_of(const struct policy *policy, const struct person *person,
                         const struct unit_name *name, bool (*is_such)(const struct grant *grant))
{
    const struct grant *grant;
    unsigned verbs = 0;

    for (unsigned verb = 1; verb & VERB_ALL; verb <<= 1)
        if (policy_permits(policy, person, name, verb, &grant) == 0 && is_such(grant))
            verbs |= verb;
    return verbs;
}

static bool is_any(_unused_ const struct grant *grant)
{
    return true;
}

static bool wants_reason(const struct grant *grant)
{
    return grant->reason_required;
}

static bool wants_confirm(const struct grant *grant)
{
    return grant->confirm;
}

static bool shows_logs(const struct grant *grant)
{
    return grant->logs;
}

unsigned policy_verbs(const struct policy *policy, const struct person *person, const struct unit_name *name)
{
    return verbs_of(policy, person, name, is_any);
}

unsigned policy_verbs_with_reason(const struct policy *policy, const struct person *person,
                                  const struct unit_name *name)
{
    return verbs_of(policy, person, name, wants_reason);
}

unsigned policy_verbs_to_confirm(const struct policy *policy, const struct person *person,
                                 const struct unit_name *name)
{
    return verbs_of(policy, person, name, wants_confirm);
}

bool policy_shows_logs(const struct policy *policy, const struct person *person, const struct unit_name *name)
{
    return verbs_of(policy, person, name, shows_logs) != 0;
}

bool policy_is_admin(const struct policy *policy, const struct person *person)
{
    return person->is_root || (policy && people_include(&policy->admins, person));
}

bool policy_is_front(const struct policy *policy, const char *account)
{
    return policy && names_have(policy->fronts.users, policy->fronts.n_users, account);
}

static bool has_own(const struct grant *grant)
{
    for (size_t i = 0; i < grant->n_patterns; i++)
        if (grant->owns[i])
            return true;
    return false;
}

void policy_view(const struct policy *policy, const struct person *person, struct policy_view *ret)
{
    *ret = (struct policy_view){ .is_admin = policy_is_admin(policy, person), .is_root = person->is_root };
    for (size_t i = 0; policy && i < policy->n_grants; i++) {
        if (grant_is_for(&policy->grants[i], person))
            ret->grants |= UINT64_C(1) << i;
        if (has_own(&policy->grants[i]) && person_is_known(person))
            memcpy(ret->name, person->name, strlen(person->name));
    }
}

bool policy_view_same(const struct policy_view *a, const struct policy_view *b)
{
    return a->grants == b->grants && a->is_admin == b->is_admin && a->is_root == b->is_root &&
           strcmp(a->name, b->name) == 0;
}

/* One pattern behind those that are there. In it a dot would be any character. */
static void print_for(FILE *out, const char *word, size_t length, const char *name)
{
    const char *end = word + length, *own = memmem(word, length, OWN_NAME, strlen(OWN_NAME));

    if (!own) {
        (void)fwrite(word, 1, length, out);
        return;
    }
    (void)fwrite(word, 1, (size_t)(own - word), out);
    for (const char *c = name; *c; c++)
        (void)fprintf(out, *c == '.' ? "[%c]" : "%c", *c);
    own += strlen(OWN_NAME);
    (void)fwrite(own, 1, (size_t)(end - own), out);
}

static void print_instances_for(const struct grant *grant, const struct person *person, FILE *out)
{
    const char *name = person->is_root ? OWN_NAME : person->name, *between = "";
    const char *word = grant->instances;

    for (size_t i = 0; i < grant->n_patterns; i++) {
        size_t length = strcspn(word, " ");

        if (!grant->owns[i] || person->is_root || (person_is_known(person) && own_name_fits(name))) {
            (void)fputs(between, out);
            print_for(out, word, length, name);
            between = " ";
        }
        word += length + (word[length] == ' ');
    }
}

char *grant_instances_for(const struct grant *grant, const struct person *person)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = grant_is_for(grant, person) ? open_memstream(&text, &size) : NULL;

    if (!out)
        return NULL;
    print_instances_for(grant, person, out);
    if (fclose(out) == EOF || (size == 0 && !grant_is_plain(grant))) {
        free(text);
        return NULL;
    }
    return text;
}

void grant_unit_pattern(const struct grant *grant, char ret[static GRANT_PATTERN_SIZE])
{
    size_t prefix = strlen(grant->unit) - strlen(UNIT_NAME_SUFFIX);

    (void)snprintf(ret, GRANT_PATTERN_SIZE, "%.*s%s%s", (int)prefix, grant->unit,
                   grant_is_plain(grant) ? "" : "*", UNIT_NAME_SUFFIX);
}

const struct grant *policy_default(const struct policy *policy, const struct person *person)
{
    const struct grant *first = NULL, *end = policy->grants + policy->n_grants;
    bool several = false;

    for (const struct grant *grant = policy->grants; grant < end; grant++) {
        if (!grant_is_for(grant, person))
            continue;
        if (grant->is_default)
            return grant;
        if (grant_is_plain(grant))
            continue;
        first = first ? first : grant;
        several = several || strcmp(grant->unit, first->unit) != 0;
    }
    return several ? NULL : first;
}
