/* What the files of policy.h share: the error's making, reading a file that is to be trusted, and the parser.
 */
#pragma once

#include <stddef.h>
#include <stdio.h>

#include "policy/policy.h"

/* Records an error and returns POLICY_E_INVALID, or -ENOMEM. Bytes outside printable ASCII become '?'. */
int policy_fail(struct policy_error *error, const char *file, unsigned line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* An empty policy with room for POLICY_GRANTS_MAX grants; NULL when out of memory. */
struct policy *policy_new(void);
void grant_done(struct grant *grant);

/* Adds the grants of one file's text. 0, POLICY_E_INVALID or -ENOMEM; grants added before an error stay. */
int policy_parse(struct policy *policy, const char *file, const char *text, size_t size,
                 struct policy_error *error);

/* Key=value of a [Grant] section into the grant. */
enum {
    KEY_UNIT = 1 << 0,
    KEY_INSTANCES = 1 << 1,
    KEY_VERBS = 1 << 2,
    KEY_START_STOPPED = 1 << 3,
    KEY_DEFAULT = 1 << 4,
    KEY_COOLDOWN = 1 << 5,
    KEY_SETTLE = 1 << 6,
};
unsigned key_from_string(const char *name); /* 0: unknown */
const char *key_to_string(unsigned key);
int grant_set(struct grant *grant, unsigned key, const char *value, unsigned line,
              struct policy_error *error);

/* A whole grant next to all that came before it, which it is the last of. */
int policy_check_last(const struct policy *policy, struct policy_error *error);

/* The files that a policy is made of, gathered one by one. */
struct policy_source {
    FILE *out;
    char *text;
    size_t size;
};
int policy_source_begin(struct policy_source *source);
int policy_source_add(struct policy_source *source, const char *file, const char *text, size_t size);
/* Hands it over to the policy, with its checksum. */
int policy_source_end(struct policy_source *source, struct policy *policy);
void policy_source_done(struct policy_source *source);

/* Reads path and its drop-ins, each handed to the callback in order. */
typedef int (*policy_file_callback)(const char *file, const char *text, size_t size, void *userdata,
                                    struct policy_error *error);
int policy_read_files(const char *path, uid_t owner, policy_file_callback callback, void *userdata,
                      struct policy_error *error);
/* The same from a source that was gathered before. */
int policy_read_source(const char *name, const char *source, size_t size, policy_file_callback callback,
                       void *userdata, struct policy_error *error);
