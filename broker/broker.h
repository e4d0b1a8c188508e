/* The broker as a whole. */
#pragma once

#include <stddef.h>
#include <sys/types.h>
#include <systemd/sd-event.h>

#include "common/cleanup.h"

struct broker;

struct broker_setup {
    const char *policy_path; /* borrowed */
    uid_t policy_owner;      /* who besides root may own these files */
    const char *web_path;    /* of webfront.conf; borrowed, and the owner is the same */
    const char *record_path; /* where the journal is asked; borrowed. NULL: DOOR_LOG_BROKER_PATH */
    const char *group; /* at every door, whose members may come in besides root; NULL: each door's own */
};

/* Takes the sockets that systemd passed. Fails with a negative errno, and -ENOENT when there are none. */
int broker_new(const struct broker_setup *setup, struct broker **ret);
/* Takes NULL. Returns NULL. */
struct broker *broker_free(struct broker *broker);
DEFINE_CLEANUP(struct broker *, broker_free);
/* Runs until the end. Returns the exit status. */
int broker_run(struct broker *broker);

sd_event *broker_event(const struct broker *broker); /* borrowed */
/* What it tells systemd: "0 jobs running, …". */
void broker_describe(const struct broker *broker, char *ret, size_t size);
/* Calls, at all doors together, that were taken and not answered yet. */
unsigned broker_pending(const struct broker *broker);
