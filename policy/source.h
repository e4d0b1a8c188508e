/* The files of a policy as one piece: what tells two policies apart, and what can be kept to go by when the
 * files themselves are broken. */
#pragma once

#include <stddef.h>
#include <stdio.h>

#include "policy/files.h"
#include "policy/policy.h"

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

/* Reads a source that was gathered before, as policy_read_files() reads the files. */
int policy_read_source(const char *name, const char *source, size_t size, policy_file_callback callback,
                       void *userdata, struct policy_error *error);
