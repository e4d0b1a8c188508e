/* The two files that are rendered from the policy file, as whole files: a header that names the source and
 * holds a checksum of all that follows, so that a file somebody tuned by hand is told from one that may be
 * overwritten. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "policy/policy.h"

/* The text of the polkit rule with its header. `source` is the policy file's path for the header, which lists
 * the drop-ins that have grants as well. Returns 0, -ENOMEM or -EIO; the text is the caller's to free. */
int rendered_rule(const struct policy *policy, const char *source, char **ret);

/* The same for the additional bus policy. *ret is NULL when the verbs of the policy need none. */
int rendered_bus(const struct policy *policy, const char *source, char **ret);

enum rendered_state {
    RENDERED_AS_IS,   /* the checksum fits: nobody touched what was rendered */
    RENDERED_EDITED,  /* it does not */
    RENDERED_FOREIGN, /* there is no such header: it was written by somebody else */
};
enum rendered_state rendered_judge(const char *text);

/* Do two rendered files say the same below their headers? */
bool rendered_same_body(const char *a, const char *b);
