/* Wiring: the policy, systemd, the two doors, and when to end. */
#include "broker/broker.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-daemon.h>

#include "broker/calls/audit.h"
#include "broker/calls/core.h"
#include "broker/calls/door.h"
#include "broker/calls/list.h"
#include "broker/calls/request.h"
#include "broker/jobs/jobs.h"
#include "broker/jobs/memory.h"
#include "broker/jobs/press.h"
#include "broker/jobs/sentence.h"
#include "broker/jobs/starts.h"
#include "broker/jobs/unit.h"
#include "broker/systemd/systemd.h"
#include "common/cleanup.h"
#include "common/clock.h"
#include "common/daemon.h"
#include "common/http/http.h"
#include "common/journal.h"
#include "common/patience.h"
#include "common/rpc/rpc.h"
#include "policy/last-good.h"
#include "policy/load.h"
#include "policy/paths.h"
#include "policy/policy.h"

enum {
    /* After the last answer was given, for it to be sent; who keeps an idle connection open is not waited
       for. */
    LINGER_USEC = 1000 * 1000,
    READ_ON_USEC = 500 * 1000, /* for systemd to answer what was asked before the end */
};

static const struct gate GATES[BROKER_GATES] = {
    { .fd_name = "web", .socket = "web.sock", .group = "restarter-web", .relays = true },
    { .fd_name = "clients", .socket = "broker.sock", .group = "restarter-clients" },
};

static const struct http_limits LIMITS = {
    .connections = 768,
    .body = RPC_CALL_MAX,
    .headers = 8192,
    .read_usec = 10 * USEC_PER_SEC,
    .write_usec = 10 * USEC_PER_SEC,
    .pending_max = PLACES_SUM,
    .send_buffer = 16384,
};

static void on_status(char *ret, size_t size, void *userdata)
{
    const struct broker *b = userdata;
    unsigned jobs = jobs_running(b->jobs);
    char policy[96];

    if (b->policy)
        (void)snprintf(policy, sizeof(policy), POLICY_STATUS_MARK "%.*s of %zu grant%s%s",
                       POLICY_STATUS_DIGITS, b->policy->checksum, b->policy->n_grants,
                       b->policy->n_grants == 1 ? "" : "s",
                       b->policy_error ? " (the file is broken since)" : "");
    else
        (void)snprintf(policy, sizeof(policy), ", the policy file is broken, nothing is granted");
    (void)snprintf(ret, size,
                   "%u job%s running, %" PRIu64 " restart%s, %" PRIu64 " reload%s, %" PRIu64
                   " refused, %" PRIu64 " unknown since start%s",
                   jobs, jobs == 1 ? "" : "s", b->restarts, b->restarts == 1 ? "" : "s", b->reloads,
                   b->reloads == 1 ? "" : "s", b->refused, b->unknown, policy);
}

/* --- the policy --- */

static void replace_policy(struct broker *b, struct policy *policy)
{
    policy_free(b->policy);
    b->policy = policy;
}

/* A broken file never replaces a good one, not even one that an earlier broker went by. A file that was taken
 * away is no mistake, and grants nothing. */
static int keep_last_good(struct broker *b, const struct policy_error *error)
{
    struct policy *policy = NULL;
    int r = 0;

    b->policy_error = policy_error_format(error);
    if (!b->policy_error)
        return -ENOMEM;
    if (error->missing) {
        replace_policy(b, NULL);
        last_good_forget();
    } else if (!b->policy) {
        r = last_good_recall(&policy);
        replace_policy(b, policy);
    }
    audit_policy(b->policy_error, b->policy);
    return r;
}

static int load_policy(struct broker *b)
{
    _cleanup_(policy_error_done) struct policy_error error = { 0 };
    struct policy *policy = NULL;
    int r;

    r = policy_load(b->policy_path, &policy, &error);
    if (r < 0)
        return r;
    free(b->policy_error);
    b->policy_error = NULL;
    if (r > 0)
        return keep_last_good(b, &error);
    replace_policy(b, policy);
    last_good_keep(policy);
    return 0;
}

static void on_reload(void *userdata)
{
    struct broker *b = userdata;

    if (load_policy(b) < 0)
        journal_log(LOG_ERR, "Out of memory: the policy file was not read.");
    for (size_t i = 0; i < BROKER_GATES; i++)
        gate_find_group(&b->gates[i].gate);
    lister_forget(b->lister);
}

/* --- the end --- */

static unsigned connections(const struct broker *b)
{
    unsigned n = 0;

    for (size_t i = 0; i < BROKER_GATES; i++)
        n += http_server_connections(b->gates[i].server);
    return n;
}

static bool on_busy(void *userdata)
{
    const struct broker *b = userdata;

    return connections(b) > 0 || jobs_running(b->jobs) > 0 || jobs_watching(b->jobs) > 0 ||
           units_remember(b->units, clock_usec());
}

static void stop_reading(struct broker *b)
{
    struct outcome outcome = { 0 };
    struct request *request;

    sentence_stopping_before(&outcome);
    while ((request = TAILQ_FIRST(&b->reading))) {
        TAILQ_REMOVE(&b->reading, request, link);
        request_fault(request, outcome.refusal, outcome.sentence, outcome.retry_after);
    }
}

static void on_stop(void *userdata)
{
    struct broker *b = userdata;

    b->stopping = true;
    b->stopping_usec = clock_usec();
    for (size_t i = 0; i < BROKER_GATES; i++)
        http_server_quiesce(b->gates[i].server);
    jobs_stop(b->jobs);
}

/* What only reads is let come to its end, in milliseconds usually. */
static bool on_stopped(void *userdata)
{
    struct broker *b = userdata;

    if (clock_usec() - b->stopping_usec >= READ_ON_USEC) {
        stop_reading(b);
        lister_stop(b->lister);
    }
    return connections(b) == 0 || clock_usec() - b->stopping_usec >= LINGER_USEC;
}

/* --- what systemd tells --- */

static void on_job_removed(const char *path, const char *result, void *userdata)
{
    struct broker *b = userdata;

    lister_changed(b->lister);
    jobs_on_removed(b->jobs, path, result);
}

static void on_reloaded(bool settled, void *userdata)
{
    struct broker *b = userdata;

    units_forget(b->units);
    lister_forget(b->lister);
    if (settled)
        jobs_on_reloaded(b->jobs);
}

static void on_unit_files_changed(void *userdata)
{
    struct broker *b = userdata;

    lister_forget(b->lister);
}

static void on_lost(void *userdata)
{
    struct broker *b = userdata;

    units_unwatch(b->units);
    lister_forget(b->lister);
    jobs_on_lost(b->jobs);
}

static void on_settled(const struct outcome *outcome, _unused_ void *userdata)
{
    audit_settled(outcome);
}

/* --- the whole --- */

static void on_activity(void *userdata)
{
    struct broker_gate *gate = userdata;

    daemon_touch(gate->broker->daemon);
}

static int open_gate(struct broker *b, size_t i)
{
    struct broker_gate *gate = &b->gates[i];
    const struct http_callbacks callbacks = {
        .handle = door_handle,
        .refuse = door_refuse,
        .activity = on_activity,
        .userdata = gate,
    };
    int fd, r;

    gate->broker = b;
    gate->gate = GATES[i];
    places_init(&gate->places);
    r = daemon_listen_fds(gate->gate.fd_name, 1, &fd);
    if (r < 0) {
        daemon_say_no_socket("restarter-broker", gate->gate.fd_name, 1, r);
        (void)fputs("systemd starts this program when somebody connects: "
                    "systemctl start restarter-broker.socket restarter-broker-web.socket\n",
                    stderr);
        return r;
    }
    gate_find_group(&gate->gate);
    return http_server_new(daemon_event(b->daemon), fd, &LIMITS, &callbacks, &gate->server);
}

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

static int new_systemd(struct broker *b)
{
    const struct systemd_callbacks callbacks = {
        .job_removed = on_job_removed,
        .reloaded = on_reloaded,
        .unit_files_changed = on_unit_files_changed,
        .lost = on_lost,
        .userdata = b,
    };
    const struct jobs_setup setup = {
        .presses = b->presses,
        .timeout_usec = patience_job_usec(),
        .settled = on_settled,
        .userdata = b,
    };
    int r;

    r = systemd_new(daemon_event(b->daemon), &callbacks, &b->systemd);
    if (r >= 0)
        r = units_new(b->systemd, b->starts, &b->units);
    if (r >= 0)
        r = jobs_new(daemon_event(b->daemon), b->systemd, b->units, &setup, &b->jobs);
    if (r >= 0)
        r = lister_new(b, &b->lister);
    return r >= 0 ? systemd_start(b->systemd) : r;
}

int broker_new(struct broker **ret)
{
    struct broker *b = calloc(1, sizeof(*b));
    const char *path = secure_getenv("POLICY_FILE");
    int r;

    if (!b)
        return -ENOMEM;
    TAILQ_INIT(&b->reading);
    b->policy_path = path && *path ? path : POLICY_PATH;
    r = new_daemon(b);
    if (r >= 0)
        r = new_memory(b);
    /* First, so that connecting to the bus goes on while the rest is made. */
    if (r >= 0)
        r = new_systemd(b);
    if (r >= 0)
        r = load_policy(b);
    for (size_t i = 0; r >= 0 && i < BROKER_GATES; i++)
        r = open_gate(b, i);
    if (r < 0) {
        broker_free(b);
        return r;
    }
    *ret = b;
    return 0;
}

struct broker *broker_free(struct broker *b)
{
    if (!b)
        return NULL;
    for (size_t i = 0; i < BROKER_GATES; i++)
        http_server_free(b->gates[i].server);
    lister_free(b->lister);
    jobs_free(b->jobs);
    units_free(b->units);
    presses_free(b->presses);
    starts_free(b->starts);
    memory_free(b->presses_memory);
    memory_free(b->starts_memory);
    systemd_free(b->systemd);
    daemon_free(b->daemon);
    policy_free(b->policy);
    free(b->policy_error);
    free(b);
    return NULL;
}

int broker_run(struct broker *b)
{
    return daemon_run(b->daemon);
}
