/* restarter.list: the units there are, as far as the policy lets whoever asks see them, from a table of them
 * that is kept (broker/table/). All who may the same and ask for the same part get the same bytes, as long as
 * they are true. A crowd of askers is answered a few at a time, with whoever clicks in between. */
#pragma once

#include <systemd/sd-event.h>

struct feed;
struct lister;
struct policy_in_force;
struct recents;
struct request;
struct systemd;
struct wire_list_options;

/* All of them are borrowed. */
struct lister_setup {
    struct systemd *systemd; /* what it tells the lister hears by itself */
    const struct policy_in_force *policy;
    struct recents *recents;
    struct feed *feed;
};
int lister_new(sd_event *event, const struct lister_setup *setup, struct lister **ret);
/* Those who wait must have been answered before. Takes NULL. Returns NULL. */
struct lister *lister_free(struct lister *lister);

/* Answers the request with that part of the list, now or later. */
void lister_ask(struct lister *lister, struct request *request, const struct wire_list_options *options);

/* The policy is another one: who asks from now on gets nothing from before. */
void lister_forget(struct lister *lister);

/* The broker ends: everybody is answered. */
void lister_stop(struct lister *lister);
