/* Opening what the policy verbs ask. */
#include "cli/shared/live.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/shared/policy-options.h"
#include "policy/paths.h"
#include "polkit/locks/files.h"
#include "polkit/rules/rule.h"

int live_open(struct live *live)
{
    int r = sd_bus_open_system(&live->bus);

    if (r < 0)
        return policy_failed("the system bus cannot be reached", r);
    r = asker_new(RULE_USER, &live->asker);
    if (r == -ESRCH)
        return fail_self(CLI_EXIT_UNAVAILABLE, "there is no user %s; systemd-sysusers makes it", RULE_USER);
    return r < 0 ? policy_failed("the system bus cannot be reached", r) : CLI_EXIT_OK;
}

void live_done(struct live *live)
{
    asker_free(live->asker);
    sd_bus_flush_close_unref(live->bus);
    *live = (struct live){ 0 };
}

/* What the installed rule's own tables cover tells it from the policy file. A rule without such tables is
 * tried with the other names alone. */
static int add_rule_samples(struct matrix *matrix)
{
    _cleanup_(policy_freep) struct policy *rule = NULL;
    _cleanup_(freep) char *text = NULL;

    if (file_read(RULE_PATH, &text) < 0 || !text || rule_read(text, &rule) != 0)
        return 0;
    return matrix_add_samples(matrix, rule);
}

int live_build(struct live *live, const struct policy *policy, bool foreign, struct matrix *ret)
{
    int r = matrix_build(ret, live->bus, policy, foreign);

    if (r >= 0)
        r = add_rule_samples(ret);
    return r < 0 ? policy_failed("systemd does not tell its units", r) : CLI_EXIT_OK;
}

static int say_asked(const struct live *live, int r)
{
    return r < 0 ? fail_self(CLI_EXIT_UNAVAILABLE, "polkitd cannot be asked: %s", asker_error(live->asker))
                 : CLI_EXIT_OK;
}

int live_ask(struct live *live, struct matrix *matrix)
{
    return say_asked(live, matrix_ask(matrix, live->asker));
}

int live_ask_stranger(struct live *live, struct matrix *matrix)
{
    if (!asker_knows_services(live->asker))
        return CLI_EXIT_OK;
    return say_asked(live, matrix_ask_stranger(matrix, live->asker));
}
