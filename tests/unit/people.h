/* People, and what a policy says of them. */
#pragma once

#include "common/person.h"
#include "policy/policy.h"

/* Grants to be followed by keys of their own: of a plain unit, and of a@.service. */
#define UNIT(unit, more) "[Grant]\nUnit=" unit "\nVerbs=restart\n" more
#define TEMPLATE(instances, more) "[Grant]\nUnit=a@.service\nInstances=" instances "\nVerbs=restart\n" more

/* "root", "" for nobody in particular, or a name and, behind colons, groups: "anna:ops:web". */
struct person person_from(const char *text);

/* As policy_permits(), of a unit's name as text. */
int ask_as(const struct policy *policy, const struct person *person, const char *unit, unsigned verb);
