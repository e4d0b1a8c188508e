/* restarter-render POLICY: prints the polkit rule of a policy file as restartctl would install it. It makes
 * the shipped rule out of the shipped policy when the package is built; on a running system restartctl does
 * this and more. */
#include <stdio.h>
#include <stdlib.h>

#include "polkit/policy.h"
#include "polkit/rendered.h"

int main(int argc, char **argv)
{
    _cleanup_(policy_freep) struct policy *policy = NULL;
    _cleanup_(policy_error_done) struct policy_error error = { 0 };
    _cleanup_(freep) char *text = NULL, *rule = NULL;
    int r;

    if (argc != 2) {
        (void)fprintf(stderr, "Usage: %s POLICY\n", argv[0]);
        return EXIT_FAILURE;
    }

    r = policy_load_owned(argv[1], POLICY_ANY_OWNER, &policy, &error);
    if (r == POLICY_E_INVALID)
        text = policy_error_format(&error);
    /* It names the place that the file will have. */
    if (r == 0 && rendered_rule(policy, POLICY_PATH, &rule) == 0 && fputs(rule, stdout) >= 0)
        return fflush(stdout) == EOF ? EXIT_FAILURE : EXIT_SUCCESS;

    (void)fprintf(stderr, "%s\n", text ? text : "out of memory, or the output cannot be written");
    return EXIT_FAILURE;
}
