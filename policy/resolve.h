/* From an id, which is what somebody typed or sent, to the unit that it means and the grant that decides
 * about it: the one place where that is done, for the broker's answers and for `restartctl policy explain`
 * alike. */
#pragma once

#include "common/unit-name.h"
#include "policy/policy.h"

enum {
    RESOLVE_E_NAME = 1,   /* not a name of the grammar: `why` is the outcome of unit-name.h */
    RESOLVE_E_NO_POLICY,  /* a name, and no policy to ask */
    RESOLVE_E_NO_DEFAULT, /* an instance's name alone, and no grant says of which template */
    RESOLVE_E_NO_GRANT,   /* `name` is not granted: `why` and `grant` are as policy_permits() gives them */
};

struct resolution {
    struct unit_name name; /* empty when it cannot be told */
    int why;
    const struct grant *grant; /* the policy's */
};

/* The id is a unit's name, with or without its ".service", or the name of an instance of the default grant's
 * template. `policy` may be NULL, `verb` is one flag, or 0 for any that is granted there. 0 when it is
 * granted to this person, else an outcome; *ret is written in either case. To see (verb 0) what anybody may
 * see is for admins, too. */
int policy_resolve(const struct policy *policy, const struct person *person, const char *id, unsigned verb,
                   struct resolution *ret);
