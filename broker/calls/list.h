/* restarter.list: the instances there are, as far as the policy lets whoever asks see them. One survey of
 * systemd at a time; who asks while it runs shares it, and all who may the same get the same bytes. They are
 * kept for as long as the survey took, and for a quarter of a second at most, so that a crowd of askers costs
 * systemd half its time at worst. */
#pragma once

#include <stdbool.h>

struct lister;
struct policy_in_force;
struct request;
struct systemd;

/* Both handles are borrowed. What systemd tells the lister hears by itself. */
int lister_new(struct systemd *systemd, const struct policy_in_force *policy, struct lister **ret);
/* Those who wait must have been answered before. Takes NULL. Returns NULL. */
struct lister *lister_free(struct lister *lister);

/* Answers the request, now or later. */
void lister_ask(struct lister *lister, struct request *request);

/* The policy is another one: who asks from now on gets nothing from before. */
void lister_forget(struct lister *lister);

/* The broker ends: everybody is answered. */
void lister_stop(struct lister *lister);
