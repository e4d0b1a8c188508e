/* restarter.list: the instances there are, as far as the policy covers them. One survey of systemd at a time;
 * who asks while it runs shares it. */
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

/* What is remembered of which units are enabled may be wrong now. */
void lister_forget(struct lister *lister);

/* The broker ends: everybody is answered. */
void lister_stop(struct lister *lister);
