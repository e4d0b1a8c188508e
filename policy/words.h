/* The sentences that the broker's refusals and `restartctl policy explain` share: what was not done, which
 * lock said no, and what would open it. All are ASCII and are cut when they do not fit. */
#pragma once

#include <stddef.h>

#include "policy/policy.h"

struct words {
    char *text; /* written to */
    size_t size;
    unsigned verb; /* what was asked for */
    /* Set to where in the text begins what is for admins alone, if something is; may be NULL. */
    unsigned *admins_from;
};

/* `error` as policy_error_format() gives it. */
void words_policy_file(const struct words *words, const char *error);
/* An id alone, and no telling which template is meant. */
void words_no_default(const struct words *words, const char *policy_path);
/* `miss` and `nearest` as policy_permits() gives them. */
void words_no_grant(const struct words *words, int miss, const struct grant *nearest,
                    const struct unit_name *name, const char *policy_path);
/* `also` is another name of the unit, and one of carrier.h's. */
void words_carrier(const struct words *words, const char *unit, const char *also);
/* The unit's own name, which PID 1 tells, is another one. */
void words_alias(const struct words *words, const char *unit, const char *own_name);
/* Its unit file has RefuseManualStart= or RefuseManualStop=. */
void words_by_dependency(const struct words *words, const char *unit);
/* A load state other than "loaded". */
void words_load_state(const struct words *words, const char *unit, const char *load_state);
/* `grant` is its "FILE:LINE". */
void words_stopped(const struct words *words, const char *unit, const char *grant);
/* Of a reload: it is not up, or has no way to reload. */
void words_not_running(const struct words *words, const char *unit, const char *active_state);
void words_no_reload(const struct words *words, const char *unit);
/* The bus does not let the message pass. */
void words_bus(const struct words *words);
/* polkit says no. */
void words_rule(const struct words *words, const char *unit);
