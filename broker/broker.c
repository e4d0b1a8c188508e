/* Wiring: the policy, systemd, the doors, and when to end. */
#include "broker/broker.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "broker/calls/audit.h"
#include "broker/calls/door.h"
#include "broker/calls/list.h"
#include "broker/calls/members.h"
#include "broker/calls/method-status.h"
#include "broker/calls/request.h"
#include "broker/jobs/jobs.h"
#include "broker/jobs/unit.h"
#include "broker/memory/memory.h"
#include "broker/memory/press.h"
#include "broker/memory/starts.h"
#include "broker/systemd/systemd.h"
#include "common/cleanup.h"
#include "common/clock.h"
#include "common/daemon.h"
#include "common/doors.h"
#include "common/journal.h"
#include "common/patience.h"
#include "policy/in-force.h"

enum {
    /* After the last answer was given, for it to be sent; who keeps an idle connection open is not waited
       for. */
    LINGER_USEC = 1000 * 1000,
    READ_ON_USEC = 500 * 1000, /* for systemd to answer what was asked before the end */
};

static const struct gate GATES[] = {
    { .number = 0, .fd_name = "web", .socket = DOOR_WEB, .group = DOOR_WEB_GROUP, .relays = true },
    { .number = 1, .fd_name = "clients", .socket = DOOR_CLIENTS, .group = DOOR_CLIENTS_GROUP },
};
enum { DOORS = sizeof(GATES) / sizeof(*GATES) };

struct broker {
    struct daemon *daemon;
    struct policy_in_force policy;
    struct members members;
    struct memory *presses_memory, *starts_memory;
    struct presses *presses;
    struct starts *starts;
    struct systemd *systemd;
    struct units *units;
    struct jobs *jobs;
    struct statuses *statuses;
    struct lister *lister;
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

static void on_reload(void *userdata)
{
    struct broker *b = userdata;

    if (read_policy(b) < 0)
        journal_log(LOG_ERR, "Out of memory: the policy file was not read.");
    for (size_t i = 0; i < DOORS; i++)
        door_find_group(b->doors[i]);
    lister_forget(b->lister);
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
}

/* What only reads is let come to its end, in milliseconds usually. */
static bool on_stopped(void *userdata)
{
    struct broker *b = userdata;

    if (clock_usec() - b->stopping_usec >= READ_ON_USEC) {
        statuses_stop(b->statuses);
        lister_stop(b->lister);
    }
    return connections(b) == 0 || clock_usec() - b->stopping_usec >= LINGER_USEC;
}

static void on_settled(const struct outcome *outcome, _unused_ void *userdata)
{
    audit_settled(outcome);
}

/* --- the whole --- */

static int new_daemon(struct broker *b)
{
    return daemon_new(
        &(struct daemon_callbacks){
            .busy = on_busy,
            .stop = on_stop,
            .stopped = on_stopped,
            .reload = on_reload,
            .status = on_status,
            .userdata = b,
        },
        &b->daemon);
}

/* What the last one left. */
static int new_memory(struct broker *b)
{
    const char *directory = secure_getenv("RUNTIME_DIRECTORY");
    uint64_t now_usec = clock_usec();
    int r;

    r = memory_new(directory, "presses", PRESSES_MAX, &b->presses_memory);
    if (r >= 0)
        r = memory_new(directory, "starts", STARTS_MAX, &b->starts_memory);
    if (r >= 0)
        r = presses_new(b->presses_memory, now_usec, &b->presses);
    return r >= 0 ? starts_new(b->starts_memory, now_usec, &b->starts) : r;
}

/* Each hears what systemd tells, the units first. */
static int new_systemd(struct broker *b)
{
    const struct jobs_setup setup = {
        .presses = b->presses,
        .timeout_usec = patience_job_usec(),
        .settled = on_settled,
    };
    int r;

    r = systemd_new(broker_event(b), &b->systemd);
    if (r >= 0)
        r = units_new(b->systemd, b->starts, &b->units);
    if (r >= 0)
        r = jobs_new(broker_event(b), b->systemd, b->units, &setup, &b->jobs);
    if (r >= 0)
        r = statuses_new(b->systemd, &b->statuses);
    if (r >= 0)
        r = lister_new(b->systemd, &b->policy, &b->lister);
    return r >= 0 ? systemd_start(b->systemd) : r;
}

static int new_doors(struct broker *b, const char *group)
{
    int r = 0;

    b->services = (struct services){
        .policy = &b->policy,
        .members = &b->members,
        .jobs = b->jobs,
        .statuses = b->statuses,
        .lister = b->lister,
        .audit = &b->audit,
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
    r = new_daemon(b);
    if (r >= 0)
        r = new_memory(b);
    /* First, so that connecting to the bus goes on while the rest is made. */
    if (r >= 0)
        r = new_systemd(b);
    if (r >= 0)
        r = read_policy(b);
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
    lister_free(b->lister);
    statuses_free(b->statuses);
    jobs_free(b->jobs);
    units_free(b->units);
    presses_free(b->presses);
    starts_free(b->starts);
    memory_free(b->presses_memory);
    memory_free(b->starts_memory);
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
