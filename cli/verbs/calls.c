/* The XML-RPC calls of the broker, from a shell: restart, status, list. */
#include "cli/shared/cli.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-event.h>

#include "common/cleanup.h"
#include "common/clock.h"
#include "common/patience.h"
#include "common/rpc/meaning.h"
#include "common/rpc/rpc-client.h"
#include "common/rpc/wire-call.h"
#include "common/text.h"
#include "common/verb.h"

#define LOOK_FIRST "What became of it is unknown: look at the unit before trying again."

enum { READ_USEC = 10 * 1000000 };

/* Above the broker's own, whatever its settings. */
#define RESTART_USEC (PATIENCE_CALL_MAX_SEC * USEC_PER_SEC)

struct outcome {
    sd_event *event;
    const struct wire_method *method;
    int exit_status;
    struct wire_answer answer; /* of the method's kind when exit_status is CLI_EXIT_OK */
};

static int exit_status(const struct outcome *outcome, int code)
{
    switch (meaning_of_fault(code, outcome->method->verb != 0)) {
    case MEANING_REFUSED:
        return CLI_EXIT_REFUSED;
    case MEANING_NOT_DONE:
        return CLI_EXIT_UNAVAILABLE;
    default:
        return CLI_EXIT_UNKNOWN;
    }
}

/* Whatever the broker says is cleaned before a terminal sees it. */
static void say(FILE *out, const char *text)
{
    text_print(out, text);
    (void)fputc('\n', out);
}

static void report_fault(struct outcome *outcome)
{
    const struct wire_fault *fault = &outcome->answer.fault;

    say(stderr, fault->message);
    outcome->exit_status = exit_status(outcome, fault->code);
    if (outcome->exit_status == CLI_EXIT_UNKNOWN && fault->code < 0)
        (void)fputs("The broker had a problem of its own with the call. " LOOK_FIRST "\n", stderr);
}

/* What HTTP's refusals have in their bodies is one line. */
static void report_refused(const struct rpc_client_answer *answer)
{
    _cleanup_(freep) char *line = strndup(answer->body, strcspn(answer->body, "\r\n"));

    (void)fprintf(stderr, "The broker refused the call (HTTP %u): ", answer->status);
    say(stderr, line);
}

static void report_not_sent(const struct rpc_client_answer *answer)
{
    (void)fprintf(
        stderr, "The broker cannot be reached: %s. Nothing was done.\n%s\n", strerror(answer->error),
        answer->error == EACCES ? "Only root and members of the group restarter-clients may open its socket."
                                : "Is it listening? systemctl status restarter-broker.socket");
}

static void report_transport(struct outcome *outcome, const struct rpc_client_answer *answer)
{
    int code = meaning_code_of_transport(answer, outcome->method->verb != 0);

    outcome->exit_status = exit_status(outcome, code);
    if (answer->result == RPC_CLIENT_NOT_SENT)
        report_not_sent(answer);
    else if (answer->result == RPC_CLIENT_REFUSED)
        report_refused(answer);
    else if (answer->result == RPC_CLIENT_ANSWERED)
        (void)fputs("The broker's answer makes no sense.\n", stderr);
    else
        (void)fputs("The broker took the call and did not answer.\n", stderr);
    if (outcome->exit_status == CLI_EXIT_UNKNOWN)
        (void)fputs(LOOK_FIRST "\n", stderr);
}

static void on_answer(const struct rpc_client_answer *answer, void *userdata)
{
    struct outcome *outcome = userdata;

    if (answer->result != RPC_CLIENT_ANSWERED ||
        wire_answer_parse(outcome->method->answer, answer->body, answer->size, &outcome->answer) != 0)
        report_transport(outcome, answer);
    else if (outcome->answer.kind == WIRE_FAULT)
        report_fault(outcome);
    (void)sd_event_exit(outcome->event, 0);
}

static int send_call(const char *socket, const struct wire_call *call, struct outcome *outcome)
{
    struct rpc_client_request request = {
        .socket_path = socket,
        .timeout_usec = call->method->verb != 0 ? RESTART_USEC : (uint64_t)READ_USEC,
    };
    xmlrpc_mem_block *block = wire_call_encode(call);
    struct rpc_client_call *pending = NULL;
    int r = -ENOMEM;

    if (block) {
        request.body = XMLRPC_MEMBLOCK_CONTENTS(char, block);
        request.size = XMLRPC_MEMBLOCK_SIZE(char, block);
        r = rpc_client_call(outcome->event, &request, on_answer, outcome, &pending);
    }
    rpc_block_free(block);
    return r;
}

/* Makes the call and waits. On CLI_EXIT_OK *ret is an answer of the method's kind, to be ended with
 * wire_answer_done(); otherwise the reason was printed. */
static int make_call(const char *socket, const struct wire_call *call, struct wire_answer *ret)
{
    _cleanup_(sd_event_unrefp) sd_event *event = NULL;
    struct outcome outcome = { .method = call->method, .exit_status = CLI_EXIT_OK };
    int r = sd_event_new(&event);

    outcome.event = event;
    if (r >= 0)
        r = send_call(socket, call, &outcome);
    if (r >= 0)
        r = sd_event_loop(event);
    if (r < 0) {
        (void)fprintf(stderr, "restartctl: %s\n", strerror(-r));
        return CLI_EXIT_UNKNOWN;
    }
    if (outcome.exit_status == CLI_EXIT_OK)
        *ret = outcome.answer;
    else
        wire_answer_done(&outcome.answer);
    return outcome.exit_status;
}

static int call(const char *socket, enum wire_method_id method, const char *unit, struct wire_answer *ret)
{
    return make_call(socket, &(struct wire_call){ .method = &WIRE_METHODS[method], .unit = (char *)unit },
                     ret);
}

static void print_json(const struct wire_answer *answer, enum json_layout layout)
{
    _cleanup_(freep) char *json = wire_answer_to_json(answer, layout);

    (void)printf("%s\n", json ? json : "null");
}

/* The common part of the verbs that take one unit. */
static int call_unit(const struct cli_options *options, enum wire_method_id method, int argc, char *argv[],
                     struct wire_answer *ret)
{
    if (argc != 1)
        return cli_usage_error("one unit, or the id of an instance, is needed");
    return call(options->socket, method, argv[0], ret);
}

void cli_restarted_done(struct cli_restarted *restarted)
{
    free(restarted->message);
    free(restarted->json);
    *restarted = (struct cli_restarted){ 0 };
}

int cli_call_restart(const char *socket, const struct cli_restart_call *restart, struct cli_restarted *ret)
{
    _cleanup_(wire_answer_done) struct wire_answer answer = { 0 };
    struct wire_call call = {
        .method = wire_method_of_verb(restart->verb),
        .unit = (char *)restart->unit,
        .has_settle = restart->settle != CLI_SETTLE_OWN,
        .settle = restart->settle,
    };
    int r;

    if (!wire_press_valid(restart->press))
        return cli_usage_error("a press is a word of %d to %d of A-Z a-z 0-9 _ -", WIRE_PRESS_MIN,
                               WIRE_PRESS_MAX);
    (void)snprintf(call.press, sizeof(call.press), "%s", restart->press);
    r = make_call(socket, &call, &answer);
    if (r != CLI_EXIT_OK)
        return r;
    *ret = (struct cli_restarted){
        .success = answer.restart.success,
        .watching = strcmp(answer.restart.verdict, "watching") == 0,
        .message = text_clean_copy(answer.restart.message),
        .json = wire_answer_to_json(&answer, restart->json),
    };
    return CLI_EXIT_OK;
}

static void print_word(const char *name, const char *word)
{
    if (!*word)
        return;
    (void)printf("%22s: ", name);
    say(stdout, word);
}

static void print_status(const struct wire_status *status)
{
    print_word("unit", status->unit);
    print_word("load_state", status->load_state);
    print_word("active_state", status->active_state);
    print_word("sub_state", status->sub_state);
    print_word("service_result", status->service_result);
    (void)printf("%22s: %d\n", "exec_main_status", status->exec_main_status);
    (void)printf("%22s: %" PRIu64 "\n", "main_pid", status->main_pid);
    print_word("invocation_id", status->invocation_id);
    if (status->need_daemon_reload)
        print_word("need_daemon_reload",
                   "yes; systemd goes by the old files until 'systemctl daemon-reload'");
}

int cli_status(const struct cli_options *options, int argc, char *argv[])
{
    _cleanup_(wire_answer_done) struct wire_answer answer = { 0 };
    int r = call_unit(options, WIRE_METHOD_STATUS, argc, argv, &answer);

    if (r != CLI_EXIT_OK)
        return r;
    if (options->json)
        print_json(&answer, options->json);
    else
        print_status(&answer.status);
    return CLI_EXIT_OK;
}

/* In a column of its own, so many bytes wide at least. */
static void print_column(const char *text, int width)
{
    _cleanup_(freep) char *clean = text_clean_copy(text);

    (void)printf("%-*s ", width, clean ? clean : "?");
}

static void print_instance(const struct wire_instance *instance)
{
    /* A masked one may run still. "": enabled, and not loaded just now. */
    bool odd = *instance->load_state && strcmp(instance->load_state, "loaded") != 0;

    print_column(instance->unit, 32);
    print_column(odd ? instance->load_state : instance->active_state, 12);
    print_column(odd ? instance->active_state : instance->sub_state, 12);
    say(stdout, instance->description);
}

static void print_list(const struct wire_list *list)
{
    if (*list->policy_error) {
        (void)fprintf(stderr, "The policy file is broken%s: ",
                      list->policy_in_force ? ", and the last good one stays in force" : "");
        say(stderr, list->policy_error);
    }
    for (size_t i = 0; i < list->n_instances; i++)
        print_instance(&list->instances[i]);
}

int cli_list(const struct cli_options *options, int argc, _unused_ char *argv[])
{
    _cleanup_(wire_answer_done) struct wire_answer answer = { 0 };
    int r;

    if (argc != 0)
        return cli_usage_error("list takes no argument");
    r = call(options->socket, WIRE_METHOD_LIST, NULL, &answer);
    if (r != CLI_EXIT_OK)
        return r;
    if (options->json)
        print_json(&answer, options->json);
    else
        print_list(&answer.list);
    return answer.list.policy_ok ? CLI_EXIT_OK : CLI_EXIT_FAILED;
}

static void print_allowed(const struct wire_allowed *allowed)
{
    for (size_t i = 0; i < allowed->n_grants; i++) {
        const struct wire_grant *grant = &allowed->grants[i];
        char verbs[VERB_WORDS_SIZE];

        verbs_to_string(grant->verbs, verbs);
        print_column(grant->unit, 32);
        print_column(*grant->instances ? grant->instances : "-", 24);
        (void)puts(verbs);
    }
}

int cli_allowed(const struct cli_options *options, int argc, _unused_ char *argv[])
{
    _cleanup_(wire_answer_done) struct wire_answer answer = { 0 };
    int r;

    if (argc != 0)
        return cli_usage_error("allowed takes no argument");
    r = call(options->socket, WIRE_METHOD_ALLOWED, NULL, &answer);
    if (r != CLI_EXIT_OK)
        return r;
    if (options->json)
        print_json(&answer, options->json);
    else
        print_allowed(&answer.allowed);
    return CLI_EXIT_OK;
}
