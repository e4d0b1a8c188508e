/* The XML-RPC calls of the broker, from a shell: restart, status, list. */
#include "cli/cli.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-event.h>

#include "common/cleanup.h"
#include "common/refusal.h"
#include "common/rpc-client.h"
#include "common/rpc.h"

DEFINE_CLEANUP(xmlrpc_value *, xmlrpc_DECREF);

enum {
    RESTART_USEC = 150 * 1000000, /* above the broker's own patience with a job */
    READ_USEC = 10 * 1000000,
};

struct outcome {
    sd_event *event;
    int exit_status;
    struct rpc_response response; /* with a value when exit_status is CLI_EXIT_OK */
};

static void report_fault(struct outcome *outcome)
{
    int code = outcome->response.fault_code;

    (void)fprintf(stderr, "%s\n", outcome->response.fault_string);
    outcome->exit_status = code == REFUSAL_UNKNOWN                                     ? CLI_EXIT_UNKNOWN
                           : code == REFUSAL_UNAVAILABLE || code < 0 || code > 1000000 ? CLI_EXIT_UNAVAILABLE
                                                                                       : CLI_EXIT_REFUSED;
}

static void read_answer(struct outcome *outcome, const struct rpc_client_answer *answer)
{
    const char *reason = NULL;

    if (rpc_response_parse(answer->body, answer->size, &outcome->response, &reason) != 0) {
        (void)fprintf(stderr, "The broker's answer cannot be read: %s. What became of the call is unknown.\n",
                      reason);
        outcome->exit_status = CLI_EXIT_UNKNOWN;
    } else if (outcome->response.fault_string) {
        report_fault(outcome);
    }
}

static void on_answer(const struct rpc_client_answer *answer, void *userdata)
{
    struct outcome *outcome = userdata;

    switch (answer->result) {
    case RPC_CLIENT_ANSWERED:
        read_answer(outcome, answer);
        break;
    case RPC_CLIENT_REFUSED:
        (void)fprintf(stderr, "The broker refused the call (HTTP %u): %s", answer->status, answer->body);
        outcome->exit_status = CLI_EXIT_REFUSED;
        break;
    case RPC_CLIENT_NOT_SENT:
        (void)fprintf(stderr, "The broker cannot be reached: %s. Nothing was done.\n%s\n",
                      strerror(answer->error),
                      answer->error == EACCES
                          ? "Only root and members of the group restarter-clients may open its socket."
                          : "Is it listening? systemctl status restarter-broker.socket");
        outcome->exit_status = CLI_EXIT_UNAVAILABLE;
        break;
    case RPC_CLIENT_UNKNOWN:
    case RPC_CLIENT_TIMEOUT:
        (void)fprintf(stderr,
                      "The broker took the call and did not answer. What became of it is unknown: look at "
                      "the unit before trying again.\n");
        outcome->exit_status = CLI_EXIT_UNKNOWN;
        break;
    }
    (void)sd_event_exit(outcome->event, 0);
}

/* Makes the call and waits. On CLI_EXIT_OK *ret is the value, the caller's; otherwise the reason was printed.
 */
static int call(const char *socket, const char *method, xmlrpc_value *params, uint64_t usec,
                xmlrpc_value **ret)
{
    _cleanup_(sd_event_unrefp) sd_event *event = NULL;
    xmlrpc_mem_block *block = rpc_call_serialize(method, params);
    struct rpc_client_request request = { .socket_path = socket, .timeout_usec = usec };
    struct rpc_client_call *pending = NULL;
    struct outcome outcome = { .exit_status = CLI_EXIT_OK };
    int r = block ? sd_event_new(&event) : -ENOMEM;

    if (r >= 0) {
        outcome.event = event;
        request.body = XMLRPC_MEMBLOCK_CONTENTS(char, block);
        request.size = XMLRPC_MEMBLOCK_SIZE(char, block);
        r = rpc_client_call(event, &request, on_answer, &outcome, &pending);
    }
    rpc_block_free(block);
    if (r >= 0)
        r = sd_event_loop(event);
    if (r < 0) {
        (void)fprintf(stderr, "restartctl: %s\n", strerror(-r));
        return CLI_EXIT_UNKNOWN;
    }
    if (outcome.exit_status == CLI_EXIT_OK)
        *ret = TAKE_PTR(outcome.response.value);
    rpc_response_done(&outcome.response);
    return outcome.exit_status;
}

static void print_json(xmlrpc_value *value)
{
    _cleanup_(freep) char *json = rpc_value_to_json(value);

    (void)printf("%s\n", json ? json : "null");
}

static void print_member(xmlrpc_value *value, const char *key)
{
    _cleanup_(freep) char *text = NULL;
    int number;

    if (rpc_get_string(value, key, &text) && *text)
        (void)printf("%22s: %s\n", key, text);
    else if (rpc_get_int(value, key, &number))
        (void)printf("%22s: %d\n", key, number);
}

static void print_details(xmlrpc_value *value)
{
    static const char *const KEYS[] = {
        "unit",           "result",           "load_state", "active_state",         "sub_state",
        "service_result", "exec_main_status", "main_pid",   "invocation_id_before", "invocation_id_after",
        "invocation_id",  "milliseconds",
    };

    for (size_t i = 0; i < sizeof(KEYS) / sizeof(*KEYS); i++)
        print_member(value, KEYS[i]);
}

/* The common part of the verbs that take one unit. */
static int call_unit(const struct cli_options *options, const char *method, uint64_t usec, int argc,
                     char *argv[], xmlrpc_value **ret)
{
    _cleanup_(xmlrpc_DECREFp) xmlrpc_value *params = NULL;

    if (argc != 1)
        return cli_usage_error("one unit, or the id of an instance, is needed");
    params = rpc_params_string(argv[0]);
    return call(options->socket, method, params, usec, ret);
}

int cli_restart(const struct cli_options *options, int argc, char *argv[])
{
    _cleanup_(xmlrpc_DECREFp) xmlrpc_value *value = NULL;
    _cleanup_(freep) char *message = NULL;
    bool success = false;
    int r = call_unit(options, "restarter.restart", RESTART_USEC, argc, argv, &value);

    if (r != CLI_EXIT_OK)
        return r;
    (void)rpc_get_bool(value, "success", &success);
    if (options->json)
        print_json(value);
    else if (rpc_get_string(value, "message", &message))
        (void)printf("%s\n", message);
    return success ? CLI_EXIT_OK : CLI_EXIT_FAILED;
}

int cli_status(const struct cli_options *options, int argc, char *argv[])
{
    _cleanup_(xmlrpc_DECREFp) xmlrpc_value *value = NULL;
    int r = call_unit(options, "restarter.status", READ_USEC, argc, argv, &value);

    if (r != CLI_EXIT_OK)
        return r;
    if (options->json)
        print_json(value);
    else
        print_details(value);
    return CLI_EXIT_OK;
}

static void print_instance(xmlrpc_value *instance)
{
    _cleanup_(freep) char *unit = NULL, *active = NULL, *sub = NULL, *description = NULL;

    if (rpc_get_string(instance, "unit", &unit) && rpc_get_string(instance, "active_state", &active) &&
        rpc_get_string(instance, "sub_state", &sub)) {
        (void)rpc_get_string(instance, "description", &description);
        (void)printf("%-32s %-12s %-12s %s\n", unit, active, sub, description ? description : "");
    }
}

int cli_list(const struct cli_options *options, int argc, _unused_ char *argv[])
{
    _cleanup_(xmlrpc_DECREFp) xmlrpc_value *params = rpc_params_none(), *value = NULL, *instances = NULL;
    _cleanup_(freep) char *policy_error = NULL;
    bool in_force = false;
    int r;

    if (argc != 0)
        return cli_usage_error("list takes no argument");
    r = call(options->socket, "restarter.list", params, READ_USEC, &value);
    if (r != CLI_EXIT_OK)
        return r;
    if (options->json) {
        print_json(value);
        return CLI_EXIT_OK;
    }
    (void)rpc_get_bool(value, "policy_in_force", &in_force);
    if (rpc_get_string(value, "policy_error", &policy_error) && *policy_error)
        (void)fprintf(stderr, "The policy file is broken%s: %s\n",
                      in_force ? ", and the last good one stays in force" : "", policy_error);
    instances = rpc_get(value, "instances");
    for (unsigned i = 0; i < rpc_array_size(instances); i++) {
        _cleanup_(xmlrpc_DECREFp) xmlrpc_value *instance = rpc_array_item(instances, i);

        print_instance(instance);
    }
    return CLI_EXIT_OK;
}

bool cli_policy_in_force(const char *socket)
{
    _cleanup_(xmlrpc_DECREFp) xmlrpc_value *params = rpc_params_none(), *value = NULL;
    bool in_force = false;

    if (call(socket, "restarter.list", params, READ_USEC, &value) == CLI_EXIT_OK)
        (void)rpc_get_bool(value, "policy_in_force", &in_force);
    return in_force;
}
