/* restarter.list: the instances there are, as far as the policy covers them. One survey of systemd at a time;
 * who asks while it runs shares it, and all get the same bytes. They are kept for as long as the survey took,
 * and for a quarter of a second at most, so that a crowd of askers costs systemd half its time at worst. */
#pragma once

#include <stdbool.h>

struct broker;
struct lister;
struct request;

int lister_new(struct broker *broker, struct lister **ret);
/* Those who wait must have been answered before. Takes NULL. Returns NULL. */
struct lister *lister_free(struct lister *lister);

/* Answers the request, now or later. */
void lister_ask(struct lister *lister, struct request *request);

/* Some unit's state changed: who asks from now on gets nothing from before. */
void lister_changed(struct lister *lister);

/* What is remembered of which units are enabled may be wrong now, and so may all the rest. */
void lister_forget(struct lister *lister);

/* The broker ends: everybody is answered. */
void lister_stop(struct lister *lister);
