/* Its source, which is a policy again when it is read. */
#include "policy/last-policy.h"

#include <errno.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/journal.h"
#include "common/last-good.h"
#include "policy/load.h"

#define NAME "policy"

enum { SOURCE_MAX = (POLICY_FILES_MAX + 1) * (POLICY_SIZE_MAX + 512) };

void last_policy_keep(const struct policy *policy)
{
    int r = last_good_keep(NAME, policy->source, policy->source_size);

    if (r < 0 && r != -ENOENT)
        journal_log(LOG_WARNING, "The policy cannot be kept for the next broker: %s", strerror(-r));
}

void last_policy_forget(void)
{
    last_good_forget(NAME);
}

int last_policy_recall(struct policy **ret)
{
    _cleanup_(policy_error_done) struct policy_error error = { 0 };
    _cleanup_(freep) char *text = NULL;
    size_t size = 0;
    int r = last_good_recall(NAME, SOURCE_MAX, &text, &size);

    *ret = NULL;
    if (text)
        r = policy_load_source(NAME, text, size, ret, &error);
    return r == -ENOMEM ? r : 0;
}
