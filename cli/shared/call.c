/* A connection for each call on this machine; to another one they are far.h's. What is said of one that
 * failed: first what became of it, then why. */
#include "cli/shared/call.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/shared/far.h"
#include "cli/shared/join.h"
#include "common/cleanup.h"
#include "common/clock.h"
#include "common/doors.h"
#include "common/patience.h"
#include "common/refusal.h"
#include "common/rpc/answer-words.h"
#include "common/rpc/meaning.h"
#include "common/rpc/rpc-client.h"

#define LOOK_FIRST "What became of it is unknown: look at the unit before trying again."

enum { READ_USEC = 10 * 1000000, WHO_SIZE = 256 };

/* Above the broker's own, whatever its settings. */
#define RESTART_USEC (PATIENCE_CALL_MAX_SEC * USEC_PER_SEC)

struct call {
    const struct wire_method *method;
    sd_event *event;
    xmlrpc_mem_block *block; /* the call as it is sent */
    uint64_t timeout_usec;
    const struct cli_place *place;
    struct far_line *line; /* to another machine */
    int spare;             /* what is left of it */
    struct call_end end;
    call_done done;
    void *userdata;
};

static void call_free(struct call *call)
{
    sd_event_unref(call->event);
    rpc_block_free(call->block);
    free(call);
}
DEFINE_CLEANUP(struct call *, call_free);

void call_end_done(struct call_end *end)
{
    failure_done(&end->failure);
    wire_answer_done(&end->answer);
    *end = (struct call_end){ .reason_wanted = false };
}

static int exit_status(const struct call *call, int code)
{
    switch (meaning_of_fault(code, call->method->verb != 0)) {
    case MEANING_REFUSED:
        return CLI_EXIT_REFUSED;
    case MEANING_NOT_DONE:
        return CLI_EXIT_UNAVAILABLE;
    default:
        return CLI_EXIT_UNKNOWN;
    }
}

static void report_fault(struct call *call)
{
    const struct wire_fault *fault = &call->end.answer.fault;
    struct failure *failure = &call->end.failure;
    int status = failure_say(failure, exit_status(call, fault->code), fault->code, "%s", fault->message);

    call->end.reason_wanted = fault->code == REFUSAL_REASON;
    if (status == CLI_EXIT_UNKNOWN && fault->code < 0)
        (void)failure_say(failure, status, 0,
                          "The broker had a problem of its own with the call. " LOOK_FIRST);
}

/* Which one, where it is not the one that everybody means. */
static const char *who(const struct call *call, char ret[static WHO_SIZE])
{
    const char *at = call->place->socket ? call->place->socket : call->place->name;

    if (strcmp(at, DOOR_CLIENTS_PATH) == 0)
        return "The broker";
    (void)snprintf(ret, WHO_SIZE, "The broker at %s", at);
    return ret;
}

static void report_not_sent(struct call *call, int status, const struct rpc_client_answer *answer)
{
    struct failure *failure = &call->end.failure;
    char name[WHO_SIZE];

    (void)failure_say(failure, status, 0, "%s cannot be reached: %s. Nothing was done.", who(call, name),
                      strerror(answer->error));
    if (strcmp(who(call, name), "The broker") != 0)
        return;
    if (answer->error == EACCES) {
        (void)failure_say(failure, status, 0,
                          "Only root and members of the group " DOOR_CLIENTS_GROUP " may open its socket.");
        join_say(failure);
        return;
    }
    (void)failure_say(failure, status, 0, "Is it listening? systemctl status restarter-broker.socket");
}

/* A refusal by HTTP ends as its sender likes, and often with a full stop. */
static void report_answer(struct call *call, int status, const struct rpc_client_answer *answer)
{
    char words[ANSWER_WORDS_SIZE], name[WHO_SIZE];
    size_t length;

    answer_words(answer, words);
    length = strlen(words);
    (void)failure_say(&call->end.failure, status, 0, "%s %s%s", who(call, name), words,
                      words[length - 1] == '.' ? "" : ".");
}

static void report_transport(struct call *call, const struct rpc_client_answer *answer)
{
    struct failure *failure = &call->end.failure;
    int code = meaning_code_of_transport(answer, call->method->verb != 0), status = exit_status(call, code);

    failure->code = code;
    if (answer->result == RPC_CLIENT_NOT_SENT)
        report_not_sent(call, status, answer);
    else
        report_answer(call, status, answer);
    if (status == CLI_EXIT_UNKNOWN)
        (void)failure_say(failure, status, 0, LOOK_FIRST);
}

/* The line is given back first: whoever is told may have another call to make. */
static void end_call(struct call *call)
{
    if (call->line)
        far_give(call->line, call->spare);
    call->done(&call->end, call->userdata);
    call_free(call);
}

static void on_answer(const struct rpc_client_answer *answer, void *userdata)
{
    struct call *call = userdata;

    if (answer->result != RPC_CLIENT_ANSWERED ||
        wire_answer_parse(call->method->answer, answer->body, answer->size, &call->end.answer) != 0)
        report_transport(call, answer);
    else if (call->end.answer.kind == WIRE_FAULT)
        report_fault(call);
    end_call(call);
}

static void on_spare(int fd, void *userdata)
{
    struct call *call = userdata;

    call->spare = fd;
}

static int send_call(struct call *call, int fd)
{
    const struct rpc_client_keep keep = { .fd = fd, .spare = on_spare, .userdata = call };
    const struct rpc_client_request request = {
        .socket_path = call->place->socket,
        .keep = call->place->socket ? NULL : &keep,
        .timeout_usec = call->timeout_usec,
        .body = XMLRPC_MEMBLOCK_CONTENTS(char, call->block),
        .size = XMLRPC_MEMBLOCK_SIZE(char, call->block),
    };
    struct rpc_client_call *pending = NULL;

    return rpc_client_call(call->event, &request, on_answer, call, &pending);
}

/* Before anything was sent there. */
static void end_unsent(struct call *call, const char *why)
{
    static const struct rpc_client_answer NOT_SENT = { .result = RPC_CLIENT_NOT_SENT };
    int code = meaning_code_of_transport(&NOT_SENT, call->method->verb != 0);

    (void)failure_say(&call->end.failure, CLI_EXIT_UNAVAILABLE, code, "Nothing was done: %s", why);
    end_call(call);
}

static void on_line(struct far_line *line, int fd, const char *why, void *userdata)
{
    struct call *call = userdata;

    call->line = line;
    if (!line) {
        end_unsent(call, why);
        return;
    }
    if (send_call(call, fd) >= 0)
        return;
    (void)close(fd);
    end_unsent(call, "out of memory.");
}

int call_start(sd_event *event, const struct cli_place *place, const struct wire_call *wire,
               uint64_t timeout_usec, call_done done, void *userdata)
{
    _cleanup_(call_freep) struct call *call = calloc(1, sizeof(*call));
    int r;

    if (!call)
        return -ENOMEM;
    if (timeout_usec == 0)
        timeout_usec = wire->method->verb != 0 ? RESTART_USEC : (uint64_t)READ_USEC;
    *call = (struct call){ .method = wire->method,
                           .event = sd_event_ref(event),
                           .block = wire_call_encode(wire),
                           .timeout_usec = timeout_usec,
                           .place = place,
                           .spare = -1,
                           .done = done,
                           .userdata = userdata };
    if (!call->block)
        return -ENOMEM;
    r = place->socket ? send_call(call, -1) : far_take(event, place, on_line, call);
    if (r >= 0)
        call = NULL;
    return r;
}

struct wait {
    sd_event *event;
    struct call_end *end;
};

static void on_end(struct call_end *end, void *userdata)
{
    struct wait *wait = userdata;

    *wait->end = *end;
    (void)sd_event_exit(wait->event, 0);
}

int call_wait(const struct cli_place *place, const struct wire_call *wire, uint64_t timeout_usec,
              struct call_end *ret)
{
    _cleanup_(sd_event_unrefp) sd_event *event = NULL;
    struct wait wait = { .end = ret };
    int r = sd_event_new(&event);

    *ret = (struct call_end){ .reason_wanted = false };
    wait.event = event;
    if (r >= 0)
        r = call_start(event, place, wire, timeout_usec, on_end, &wait);
    if (r < 0)
        return failure_say(&ret->failure, CLI_EXIT_UNAVAILABLE, 0,
                           "The broker cannot be called: %s. Nothing was done.", strerror(-r));
    r = sd_event_loop(event);
    if (r < 0)
        return failure_say(&ret->failure, CLI_EXIT_UNKNOWN, 0, "The answer cannot be waited for: %s.",
                           strerror(-r));
    return ret->failure.exit_status;
}

int call_read(const struct cli_place *place, const struct wire_call *wire, struct wire_answer *ret)
{
    _cleanup_(call_end_done) struct call_end end = { .reason_wanted = false };

    if (call_wait(place, wire, 0, &end) != CLI_EXIT_OK)
        return fail_as(&end.failure);
    *ret = end.answer;
    end.answer = (struct wire_answer){ 0 };
    return CLI_EXIT_OK;
}
