/* The last good policy, kept for the next broker (common/last-good.h). So a mistake in the policy file does
 * not take the button away at the next idle exit. A broker that was taken over could change what is kept, and
 * its successor, while the file is broken, would go by that; polkit's rule, which root renders from the file
 * itself, is what bounds both of them. */
#pragma once

#include "policy/policy.h"

/* Keeps it. That it cannot be kept is said in the journal, and no reason to do without it; the one that was
 * kept before is forgotten even so. */
void last_policy_keep(const struct policy *policy);
/* Forgets it. */
void last_policy_forget(void);
/* 0, also when there is none (*ret is NULL then), or -ENOMEM. */
int last_policy_recall(struct policy **ret);
