/* The polkit rule that says in polkitd what the policy says in the broker. */
#pragma once

#include <stdio.h>

#include "policy/policy.h"

/* The only service that it lets do anything, where polkitd tells rules which service asks: version 124
 * and later do. */
#define RULE_UNIT "restarter-broker.service"
enum { RULE_UNIT_SINCE = 124 };

/* Writes the text of /etc/polkit-1/rules.d/50-restarter.rules: the same text for the same grants, wherever
 * they were read from, in ECMAScript 5. Settings that polkit cannot judge (StartStopped=, Default=,
 * Cooldown=) and places in files are not in it. Returns 0 or a negative errno of the stream. */
int rule_render(const struct policy *policy, FILE *out);

/* The way back: the grants in the tables of a rule that stands as rule_render() wrote it. 0, POLICY_E_INVALID
 * for any other text, or -ENOMEM. */
int rule_read(const char *text, struct policy **ret);
