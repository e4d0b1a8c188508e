/* Names that a policy may cover, and how many of them a differential test makes: DIFFERENTIAL= sets it,
 * 30,000 if unset (a million takes twenty seconds), and with it the number of random policies. */
#pragma once

#include "policy/policy.h"
#include "tests/unit/pattern-names.h"
#include "tests/unit/random.h"

unsigned long differential_setting(void);

/* Patterns and policies made at random: an engine of its own for each makes them dear. */
unsigned long differential_policies(void);

/* A verb that PID 1 can put to polkit, or a word that it cannot. */
const char *random_verb(struct random *random);

/* A name that the policy may cover: of one of its grants, changed a little or not at all. */
void make_name(const struct policy *policy, struct random *random, struct name *ret);
