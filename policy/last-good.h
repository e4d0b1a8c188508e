/* The last good policy, kept where the next broker finds it: in the directory that systemd makes for this
 * service and leaves there from one start to the next, until the system is started anew. So a mistake in the
 * policy file does not take the button away at the next idle exit. What is kept is no more trusted than who
 * keeps it: a broker that was taken over could change it, and its successor, while the file is broken, would
 * go by that; polkit's rule, which root renders from the file itself, is what bounds both of them. */
#pragma once

#include "policy/policy.h"

/* Keeps it. That it cannot be kept is said in the journal, and no reason to do without it; the one that was
 * kept before is forgotten even so. */
void last_good_keep(const struct policy *policy);
/* Forgets it. */
void last_good_forget(void);
/* 0, also when there is none (*ret is NULL then), or -ENOMEM. */
int last_good_recall(struct policy **ret);
