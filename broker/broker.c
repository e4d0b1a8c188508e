/* Wiring: the policy, systemd, the doors, and when to end. */
#include "broker/broker.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "broker/calls/audit.h"
#include "broker/calls/dispatch.h"
#include "broker/calls/door.h"
#include "broker/calls/list.h"
#include "broker/calls/members.h"
#include "broker/calls/method-changes.h"
#include "broker/calls/method-status.h"
#include "broker/calls/request.h"
#include "broker/calls/tickets.h"
#include "broker/jobs/jobs.h"
#include "broker/jobs/unit.h"
#include "broker/live/feed.h"
#include "broker/memory/memories.h"
#include "broker/record/asks.h"
#include "broker/record/recents.h"
#include "broker/systemd/systemd.h"
#include "common/cleanup.h"
#include "common/clock.h"
#include "common/daemon.h"
#include "common/doors.h"
#include "common/host-name.h"
#include "common/journal.h"
#include "common/web-in-force.h"
#include "common/web-times.h"
#include "policy/in-force.h"

enum {
    /* After the last answer was given, for it to be sent; who keeps an idle connection open is not waited
       for. */
    LINGER_USEC = 1000 * 1000,
    READ_ON_USEC = 500 * 1000, /* for systemd to answer what was asked before the end */
};

static const struct gate GATES[] = {
    { .number = 0, .fd_name = "web", .socket = DOOR_WEB, .group = DOOR_WEB_GROUP, .who = GATE_TICKET },
    { .number = 1, .fd_name = "clients", .socket = DOOR_CLIENTS, .group = DOOR_CLIENTS_GROUP },
    { .number = 2,
      .fd_name = "web-proxy",
      .socket = DOOR_WEB_PROXY,
      .group = DOOR_WEB_PROXY_GROUP,
      .who = GATE_VOUCHED,
      .optional = true },
};
enum { DOORS = sizeof(GATES) / sizeof(*GATES) };

struct broker {
    struct daemon *daemon;
    char machine[HOST_NAME_SIZE];
    struct policy_in_force policy;
    struct web_in_force web;
    const char *web_path;
    struct members members;
    struct memories memories;
    struct tickets *tickets;
    struct systemd *systemd;
    struct units *units;
    struct jobs *jobs;
    struct statuses *statuses;
    struct asks *asks;
    struct recents *recents;
    struct lister *lister;
    struct feed *feed;
    struct watches *watches;
    struct audit audit;
    struct services services;
    struct door *doors[DOORS];
    uint64_t stopping_usec; /* when it was told to end */
};

/* --- how it is --- */

void broker_describe(const struct broker *b, char *ret, size_t size)
{
    unsigned jobs = jobs_running(b->jobs);
    char done[128], policy[96];

    audit_describe(&b->audit, done, sizeof(done));
    policy_in_force_describe(&b->policy, policy, sizeof(policy));
    (void)snprintf(ret, size, "%u job%s running, %s%s", jobs, jobs == 1 ? "" : "s", done, policy);
}

unsigned broker_pending(const struct broker *b)
{
    unsigned n = 0;

    for (size_t i = 0; i < DOORS; i++)
        n += door_pending(b->doors[i]);
    return n;
}

sd_event *broker_event(const struct broker *b)
{
    return daemon_event(b->daemon);
}

static void on_status(char *ret, size_t size, void *userdata)
{
    broker_describe(userdata, ret, size);
}

/* --- the policy --- */

static int read_policy(struct broker *b)
{
    int r = policy_in_force_read(&b->policy);

    if (r > 0)
        audit_policy(b->policy.error, b->policy.policy);
    return r < 0 ? r : members_find(&b->members, b->policy.policy);
}

/* That it is broken is in the journal then, and what is gone by is safe. */
static int read_web(struct broker *b)
{
    int r = web_in_force_read(&b->web, b->web_path, b->policy.owner);

    return r < 0 ? r : 0;
}

static void on_reload(void *userdata)
{
    struct broker *b = userdata;

    if (read_policy(b) < 0)
        journal_log(LOG_ERR, "Out of memory: the policy file was not read.");
    if (read_web(b) < 0)
        journal_log(LOG_ERR, "Out of memory: " WEB_SETTINGS_PATH " was not read.");
    for (size_t i = 0; i < DOORS; i++)
        door_find_group(b->doors[i]);
    lister_forget(b->lister);
    feed_forget(b->feed);
    watches_check(b->watches);
}

/* --- the end --- */

static unsigned connections(const struct broker *b)
{
    unsigned n = 0;

    for (size_t i = 0; i < DOORS; i++)
        n += door_connections(b->doors[i]);
    return n;
}

static bool on_busy(void *userdata)
{
    const struct broker *b = userdata;

    return connections(b) > 0 || jobs_running(b->jobs) > 0 || jobs_watching(b->jobs) > 0 ||
           units_remember(b->units, clock_usec());
}

static void on_stop(void *userdata)
{
    struct broker *b = userdata;

    b->stopping_usec = clock_usec();
    for (size_t i = 0; i < DOORS; i++)
        door_close(b->doors[i]);
    jobs_stop(b->jobs);
    watches_stop(b->watches);
}

/* What only reads is let come to its end, in milliseconds usually. */
static bool on_stopped(void *userdata)
{
    struct broker *b = userdata;

    if (clock_usec() - b->stopping_usec >= READ_ON_USEC) {
        statuses_stop(b->statuses);
        asks_stop(b->asks);
        lister_stop(b->lister);
    }
    return connections(b) == 0 || clock_usec() - b->stopping_usec >= LINGER_USEC;
}

static void on_settled(const struct outcome *outcome, void *userdata)
{
    const struct broker *b = userdata;
    uint64_t now_usec = clock_realtime_usec();

    audit_settled(outcome);
    recents_settled(b->recents, outcome->unit, verdict_to_string(outcome->verdict), now_usec);
}

/* What the list tells beside what systemd does. */
static void on_recent(const char *unit, void *userdata)
{
    const struct broker *b = userdata;

    feed_note(b->feed, unit);
}

/* --- the whole --- */

static int new_daemon(struct broker *b)
{
    int r = daemon_new(
        &(struct daemon_callbacks){
            .busy = on_busy,
            .stop = on_stop,
            .stopped = on_stopped,
            .reload = on_reload,
            .status = on_status,
            .userdata = b,
        },
        &b->daemon);

    if (r >= 0)
        web_set_idle_exit(&b->web.settings, b->daemon);
    return r;
}

/* What the journal has. */
static int new_record(struct broker *b, const char *path)
{
    int r = asks_new(broker_event(b), path, ASKS_PATIENCE_SEC * USEC_PER_SEC, &b->asks);

    return r >= 0 ? recents_new(b->asks, &b->recents) : r;
}

static int new_lister(struct broker *b)
{
    const struct lister_setup setup = {
        .systemd = b->systemd,
        .policy = &b->policy,
        .recents = b->recents,
        .feed = b->feed,
    };

    return lister_new(broker_event(b), &setup, &b->lister);
}

/* Each hears what systemd tells, the units first. */
static int new_systemd(struct broker *b)
{
    const struct jobs_setup setup = {
        .presses = b->memories.presses,
        .counters = b->memories.counters,
        .timeout_usec = web_job_usec(&b->web.settings),
        .settled = on_settled,
        .userdata = b,
    };
    int r;

    r = systemd_new(broker_event(b), &b->systemd);
    if (r >= 0)
        r = units_new(b->systemd, b->memories.starts, &b->units);
    if (r >= 0)
        r = jobs_new(broker_event(b), b->systemd, b->units, &setup, &b->jobs);
    if (r >= 0)
        r = statuses_new(b->systemd, b->units, &b->statuses);
    if (r >= 0)
        r = feed_new(broker_event(b), b->systemd, &b->policy, &b->feed);
    if (r >= 0)
        r = new_lister(b);
    if (r >= 0)
        r = watches_new(broker_event(b), b->feed, &b->watches);
    if (r >= 0)
        recents_on_change(b->recents, on_recent, b);
    return r >= 0 ? systemd_start(b->systemd) : r;
}

static int new_doors(struct broker *b, const char *group)
{
    int r = 0;

    host_name(b->machine);
    b->services = (struct services){
        .machine = b->machine,
        .policy = &b->policy,
        .web = &b->web,
        .tickets = b->tickets,
        .members = &b->members,
        .jobs = b->jobs,
        .presses = b->memories.presses,
        .statuses = b->statuses,
        .lister = b->lister,
        .watches = b->watches,
        .asks = b->asks,
        .recents = b->recents,
        .audit = &b->audit,
        .counters = b->memories.counters,
        .dispatch = dispatch,
    };
    for (size_t i = 0; i < DOORS && r >= 0; i++) {
        struct gate gate = GATES[i];

        if (group)
            gate.group = group;
        r = door_new(b->daemon, &gate, &b->services, &b->doors[i]);
    }
    return r;
}

int broker_new(const struct broker_setup *setup, struct broker **ret)
{
    _cleanup_(broker_freep) struct broker *b = calloc(1, sizeof(*b));
    int r;

    if (!b)
        return -ENOMEM;
    b->policy.path = setup->policy_path;
    b->policy.owner = setup->policy_owner;
    b->web_path = setup->web_path;
    r = read_web(b);
    if (r >= 0)
        r = new_daemon(b);
    if (r >= 0)
        r = memories_read(&b->memories, secure_getenv("RUNTIME_DIRECTORY"));
    b->audit.counters = b->memories.counters;
    if (r >= 0)
        r = new_record(b, setup->record_path ? setup->record_path : DOOR_LOG_BROKER_PATH);
    /* First, so that connecting to the bus goes on while the rest is made. */
    if (r >= 0)
        r = new_systemd(b);
    if (r >= 0)
        r = read_policy(b);
    if (r >= 0)
        r = tickets_new(&b->web, b->memories.signed_out, &b->tickets);
    if (r >= 0)
        r = new_doors(b, setup->group);
    if (r < 0)
        return r;
    *ret = TAKE_PTR(b);
    return 0;
}

struct broker *broker_free(struct broker *b)
{
    if (!b)
        return NULL;
    for (size_t i = 0; i < DOORS; i++)
        door_free(b->doors[i]);
    watches_free(b->watches);
    feed_free(b->feed);
    lister_free(b->lister);
    recents_free(b->recents);
    asks_free(b->asks);
    statuses_free(b->statuses);
    jobs_free(b->jobs);
    units_free(b->units);
    tickets_free(b->tickets);
    memories_done(&b->memories);
    systemd_free(b->systemd);
    daemon_free(b->daemon);
    members_done(&b->members);
    policy_in_force_done(&b->policy);
    free(b);
    return NULL;
}

int broker_run(struct broker *b)
{
    return daemon_run(b->daemon);
}
