/* The policy as the broker holds it: loaded whole or not at all, then only asked. */
#include "policy/policy.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/unit-name.h"
#include "policy/pattern.h"
#include "policy/policy-internal.h"

struct policy *policy_new(void)
{
    _cleanup_(policy_freep) struct policy *policy = NULL;

    policy = calloc(1, sizeof(*policy));
    if (!policy)
        return NULL;
    policy->grants = calloc(POLICY_GRANTS_MAX, sizeof(*policy->grants));
    return policy->grants ? TAKE_PTR(policy) : NULL;
}

void grant_done(struct grant *grant)
{
    for (size_t i = 0; i < grant->n_patterns; i++) {
        pattern_free(grant->patterns[i]);
        free(grant->pattern_texts[i]);
    }
    free(grant->patterns);
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
    int r;

    va_start(arguments, format);
    r = vasprintf(&message, format, arguments);
    va_end(arguments);
    if (r < 0) {
        message = NULL;
        return -ENOMEM;
    }
    name = strdup(file);
    if (!name)
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

/* A policy that is being read, file by file. */
struct reading {
    struct policy *policy;
    struct policy_source source;
};

static int add_file(const char *file, const char *text, size_t size, void *userdata,
                    struct policy_error *error)
{
    struct reading *reading = userdata;
    int r = policy_source_add(&reading->source, file, text, size);

    return r < 0 ? r : policy_parse(reading->policy, file, text, size, error);
}

/* `read` hands each file to add_file(). */
static int load(int (*read)(void *userdata, struct reading *reading, struct policy_error *error),
                void *userdata, struct policy **ret, struct policy_error *ret_error)
{
    _cleanup_(policy_freep) struct policy *policy = policy_new();
    struct reading reading = { .policy = policy };
    int r = policy ? policy_source_begin(&reading.source) : -ENOMEM;

    if (r >= 0)
        r = read(userdata, &reading, ret_error);
    if (r == 0)
        r = policy_source_end(&reading.source, policy);
    policy_source_done(&reading.source);
    if (r == 0)
        *ret = TAKE_PTR(policy);
    return r;
}

struct place {
    const char *path;
    uid_t owner;
};

static int read_place(void *userdata, struct reading *reading, struct policy_error *error)
{
    const struct place *place = userdata;

    return policy_read_files(place->path, place->owner, add_file, reading, error);
}

int policy_load_owned(const char *path, uid_t owner, struct policy **ret, struct policy_error *ret_error)
{
    struct place place = { .path = path, .owner = owner };

    return load(read_place, &place, ret, ret_error);
}

struct kept {
    const char *name, *source;
    size_t size;
};

static int read_kept(void *userdata, struct reading *reading, struct policy_error *error)
{
    const struct kept *kept = userdata;

    return policy_read_source(kept->name, kept->source, kept->size, add_file, reading, error);
}

int policy_load_source(const char *name, const char *source, size_t size, struct policy **ret,
                       struct policy_error *ret_error)
{
    struct kept kept = { .name = name, .source = source, .size = size };

    return load(read_kept, &kept, ret, ret_error);
}

int policy_load(const char *path, struct policy **ret, struct policy_error *ret_error)
{
    return policy_load_owned(path, 0, ret, ret_error);
}

int policy_load_text(const char *name, const char *text, size_t size, struct policy **ret,
                     struct policy_error *ret_error)
{
    _cleanup_(policy_freep) struct policy *policy = NULL;
    int r;

    policy = policy_new();
    if (!policy)
        return -ENOMEM;
    r = policy_parse(policy, name, text, size, ret_error);
    if (r)
        return r;

    *ret = TAKE_PTR(policy);
    return 0;
}

static bool grant_covers(const struct grant *grant, const char *instance)
{
    for (size_t i = 0; i < grant->n_patterns; i++)
        if (pattern_match(grant->patterns[i], instance))
            return true;
    return false;
}

/* How near one grant comes: 0 or an outcome. */
static int grant_match(const struct grant *grant, const char *template_name, const char *instance,
                       unsigned verb)
{
    char unit[UNIT_NAME_SIZE];

    if (strcmp(grant->unit, template_name) != 0)
        return POLICY_E_NO_TEMPLATE;
    if (unit_name_build(template_name, instance, unit) != 0 || !grant_covers(grant, instance))
        return POLICY_E_NO_INSTANCE;
    return verb_to_string(verb) && (grant->verbs & verb) ? 0 : POLICY_E_NO_VERB;
}

int policy_match(const struct policy *policy, const char *template_name, const char *instance, unsigned verb,
                 const struct grant **ret_grant)
{
    const struct grant *nearest = NULL;
    int r, outcome = POLICY_E_NO_TEMPLATE;

    for (size_t i = 0; i < policy->n_grants && outcome != 0; i++) {
        r = grant_match(&policy->grants[i], template_name, instance, verb);
        if (r == 0 || r > outcome) {
            nearest = &policy->grants[i];
            outcome = r;
        }
    }
    if (ret_grant)
        *ret_grant = nearest;
    return outcome;
}

const struct grant *policy_default(const struct policy *policy)
{
    const struct grant *grants = policy->grants;

    for (size_t i = 0; i < policy->n_grants; i++)
        if (grants[i].is_default)
            return &grants[i];
    for (size_t i = 1; i < policy->n_grants; i++)
        if (strcmp(grants[i].unit, grants[0].unit) != 0)
            return NULL;
    return policy->n_grants > 0 ? &grants[0] : NULL;
}
