/* What the broker of a web front under test answers. */
#include "tests/unit/web-broker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "tests/unit/web-fixture.h"
#include "tests/unit/test.h"

static void broker_reply(struct http_request *request, xmlrpc_mem_block *block, bool retry)
{
    struct MHD_Response *response = http_response_new(XMLRPC_MEMBLOCK_CONTENTS(char, block),
                                                      XMLRPC_MEMBLOCK_SIZE(char, block), "text/xml");

    rpc_block_free(block);
    if (retry)
        (void)MHD_add_response_header(response, "Retry-After", "7");
    http_reply(request, 200, response);
}

void broker_reply_value(struct http_request *request, xmlrpc_value *value)
{
    broker_reply(request, rpc_response_serialize(value), false);
    xmlrpc_DECREF(value);
}

static xmlrpc_value *broker_instance(const struct web *web, const char *unit, const char *description)
{
    struct rpc_struct item = rpc_struct_begin();

    rpc_struct_string(&item, "unit", unit);
    rpc_struct_string(&item, "description", description);
    rpc_struct_string(&item, "load_state", "loaded");
    rpc_struct_string(&item, "active_state", "active");
    rpc_struct_string(&item, "sub_state", web->restarts > 0 ? "restarted" : "running");
    rpc_struct_bool(&item, "enabled", true);
    return rpc_struct_end(&item);
}

static const char *broker_caller(const struct http_request *request)
{
    const char *ticket = request ? http_request_header(request, "Restarter-Ticket") : NULL,
               *user = request ? http_request_header(request, "Restarter-User") : NULL;

    return ticket ? ticket : user;
}

xmlrpc_value *broker_list(const struct web *web, const struct http_request *request)
{
    struct rpc_struct s = rpc_struct_begin();
    xmlrpc_value *items = rpc_array_new();
    const char *caller = broker_caller(request);
    char unit[64];

    (void)snprintf(unit, sizeof(unit), "example@%.40s.service", caller ? caller : "1234");
    (void)rpc_array_append(items, broker_instance(web, unit, web->description ? web->description : "Worker"));
    for (unsigned i = 0; i < web->neighbours; i++) {
        (void)snprintf(unit, sizeof(unit), "example@%u.service", 2000 + i);
        (void)rpc_array_append(items, broker_instance(web, unit, "Worker"));
    }
    rpc_struct_bool(&s, "policy_ok", !web->policy_broken);
    rpc_struct_string(&s, "policy_error", web->policy_broken ? "policy.conf:3: odd" : "");
    rpc_struct_bool(&s, "truncated", false);
    rpc_struct_value(&s, "instances", items);
    return rpc_struct_end(&s);
}

/* NULL when the broker is in no mode to refuse. */
static xmlrpc_mem_block *broker_refusal(const struct web *web)
{
    switch (web->mode) {
    case BROKER_REFUSES:
        return rpc_fault_serialize(5, "Wait <7> s.");
    case BROKER_GRANTS_NOT:
        return rpc_fault_serialize(2, "Not <granted>.");
    default:
        return NULL;
    }
}

static void broker_restart(struct web *web, struct http_request *request, bool plain)
{
    xmlrpc_mem_block *refusal = broker_refusal(web);
    struct rpc_struct s = rpc_struct_begin();

    if (refusal && !plain) {
        broker_reply(request, refusal, web->mode == BROKER_REFUSES);
        xmlrpc_DECREF(rpc_struct_end(&s));
        return;
    }
    rpc_block_free(refusal);
    rpc_struct_bool(&s, "success", web->mode == BROKER_RESTARTS);
    rpc_struct_string(&s, "message", web->mode == BROKER_RESTARTS ? "It was restarted." : "It was not.");
    if (!plain)
        rpc_struct_string(&s, "unit", "example@1234.service");
    if (!plain)
        rpc_struct_bool(&s, "repeated", web->repeats);
    broker_reply_value(request, rpc_struct_end(&s));
}

/* What there is for a session; NULL for another method, and where nonsense is to be answered. */
static xmlrpc_value *broker_session(const struct web *web, const struct rpc_call *call)
{
    if (strcmp(call->method, "restarter.renew") == 0 && web->renewed)
        return rpc_string_new(web->renewed);
    if (strncmp(call->method, "restarter.sign_out", 18) == 0 && web->mode != BROKER_BABBLES)
        return rpc_true_new();
    return NULL;
}

static xmlrpc_value *broker_other(const struct rpc_call *call)
{
    xmlrpc_value *names = rpc_array_new();
    struct rpc_struct s = rpc_struct_begin();

    (void)rpc_array_append(names, rpc_string_new("restart_unit"));
    (void)rpc_array_append(names, rpc_string_new("restarter.changes"));
    (void)rpc_array_append(names, rpc_string_new("other"));
    rpc_struct_string(&s, "unit", "other \"<\xc3\xa9>");
    rpc_struct_string(&s, "load_state", "loaded");
    rpc_struct_string(&s, "active_state", "active");
    rpc_struct_string(&s, "sub_state", "running");
    if (strcmp(call->method, "system.listMethods") != 0) {
        xmlrpc_DECREF(names);
        return rpc_struct_end(&s);
    }
    xmlrpc_DECREF(rpc_struct_end(&s));
    return names;
}

static void broker_note_id(struct web *web, const struct rpc_call *call)
{
    xmlrpc_value *id = rpc_array_item(call->params, 0);
    char *text = NULL;

    if (id && rpc_read_string(id, &text))
        (void)snprintf(web->id, sizeof(web->id), "%s", text);
    free(text);
    if (id)
        xmlrpc_DECREF(id);
}

static void broker_handle_restart(struct web *web, struct http_request *request, const struct rpc_call *call)
{
    web->restarts++;
    broker_note_id(web, call);
    if (web->mode == BROKER_HOLDS)
        web->held[web->n_held++] = request;
    else if (web->mode == BROKER_BABBLES)
        http_reply_text(request, 200, "hm");
    else
        broker_restart(web, request, strcmp(call->method, "restart_unit") == 0);
}

static void broker_note_options(struct web *web, const char *body, size_t size)
{
    char reason[WIRE_REASON_SIZE];
    struct wire_call call;

    assert_int_equal(wire_call_parse(body, size, &call, reason), 0);
    web->settle = call.has_settle ? call.settle : -1;
    (void)stpcpy(web->press, call.press);
    wire_call_done(&call);
}

/* As the broker does where there is a login. */
static bool broker_lets_in(const struct web *web, const struct http_request *request)
{
    const char *ticket = http_request_header(request, "Restarter-Ticket");

    return ticket ? !web->signed_out || strcmp(ticket, web->signed_out) != 0 : !web->wants_login;
}

static void broker_handle_list(struct web *web, struct http_request *request)
{
    web->lists++;
    if (web->hold_lists)
        web->held[web->n_held++] = request;
    else if (web->refuse_lists)
        broker_reply(request, rpc_fault_serialize(10, "No bus."), true);
    else
        broker_reply_value(request, broker_list(web, request));
}

static void broker_note_header(const struct http_request *request, const char *name, char *ret, size_t size)
{
    const char *value = http_request_header(request, name);

    (void)snprintf(ret, size, "%s", value ? value : "");
}

static void broker_metrics(const struct web *web, struct http_request *request)
{
    struct wire_counter counter = { "example@.service", "restart", "1 7 2", "3 4 2", "12345678901234" };
    const struct wire_answer answer = { .kind = WIRE_METRICS,
                                        .metrics = { .results = "unknown up failed",
                                                     .bounds = "10 250",
                                                     .refusals = "1 23",
                                                     .policy_ok = !web->policy_broken,
                                                     .policy_in_force = true,
                                                     .jobs = 4,
                                                     .counters = &counter,
                                                     .n_counters = 1 } };

    broker_reply(request, web->mode == BROKER_GRANTS_NOT ? broker_refusal(web) : wire_answer_encode(&answer),
                 false);
}

static void broker_refuse_plainly(struct http_request *request)
{
    const struct wire_answer answer = { .kind = WIRE_PLAIN, .plain = { .message = "Signed out." } };
    xmlrpc_mem_block *block = wire_answer_encode(&answer);
    struct MHD_Response *response = http_response_new(XMLRPC_MEMBLOCK_CONTENTS(char, block),
                                                      XMLRPC_MEMBLOCK_SIZE(char, block), "text/xml");

    rpc_block_free(block);
    assert_int_equal(MHD_add_response_header(response, "Restarter-Refusal", "19"), MHD_YES);
    http_reply(request, 200, response);
}

static void broker_handle(struct http_request *request, void *userdata)
{
    _cleanup_(rpc_call_done) struct rpc_call call = { 0 };
    const struct wire_method *method;
    xmlrpc_value *of_session;
    struct web *web = userdata;
    const char *body, *reason;
    size_t size;

    body = http_request_body(request, &size);
    assert_int_equal(rpc_call_parse(body, size, &call, &reason), 0);
    broker_note_header(request, "Restarter-Client", web->client, sizeof(web->client));
    broker_note_header(request, "Restarter-User", web->user, sizeof(web->user));
    broker_note_header(request, "Restarter-Groups", web->groups, sizeof(web->groups));
    broker_note_header(request, "Restarter-Ticket", web->ticket, sizeof(web->ticket));
    (void)snprintf(web->method, sizeof(web->method), "%s", call.method);
    if (strcmp(call.method, "restarter.changes") == 0) {
        web_watch_take(&web->watch, request, &call);
        return;
    }
    if (!broker_lets_in(web, request)) {
        web->lists += strcmp(call.method, "restarter.list") == 0;
        if (strcmp(call.method, "restart_unit") == 0)
            broker_refuse_plainly(request);
        else
            broker_reply(request, rpc_fault_serialize(19, "Signed out."), false);
        return;
    }
    method = wire_method_find(call.method);
    if (method && method->verb == 0 && web->answers[wire_method_id(method)]) {
        broker_note_options(web, body, size);
        broker_note_id(web, &call);
        broker_reply(request, wire_answer_encode(web->answers[wire_method_id(method)]), false);
    } else if (method && method->verb != 0) {
        broker_note_options(web, body, size);
        broker_handle_restart(web, request, &call);
    } else if (strcmp(call.method, "restarter.list") == 0) {
        broker_handle_list(web, request);
    } else {
        web->others++;
        of_session = broker_session(web, &call);
        if (strcmp(call.method, "restarter.metrics") == 0)
            broker_metrics(web, request);
        else if (web->hold_others)
            web->held[web->n_held++] = request;
        else
            broker_reply_value(request, of_session ? of_session : broker_other(&call));
    }
}

static void broker_refuse(struct http_request *request, unsigned status, const char *reason,
                          _unused_ void *userdata)
{
    http_reply_text(request, status, reason);
}

int web_listen(struct sockaddr_un *address, socklen_t *size)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    assert_int_equal(bind(fd, (struct sockaddr *)address, *size), 0);
    *size = sizeof(*address);
    assert_int_equal(getsockname(fd, (struct sockaddr *)address, size), 0);
    assert_int_equal(listen(fd, 512), 0);
    return fd;
}

void web_start_broker(struct web *web)
{
    const struct http_limits limits = { .connections = 512,
                                        .body = RPC_CALL_MAX,
                                        .headers = 8192,
                                        .read_usec = 10000000,
                                        .write_usec = 10000000,
                                        .pending_max = 512 };
    const struct http_callbacks callbacks = { .handle = broker_handle,
                                              .refuse = broker_refuse,
                                              .userdata = web };
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    socklen_t size = sizeof(address);

    (void)stpcpy(address.sun_path, web->broker_path);
    web->broker_fd = web_listen(&address, &size);
    assert_int_equal(http_server_new(web->event, web->broker_fd, &limits, &callbacks, &web->broker), 0);
}

void web_release(struct web *web)
{
    for (size_t i = 0; i < web->n_held; i++)
        if (web->mode == BROKER_HOLDS)
            broker_reply_value(web->held[i],
                               broker_list(web, NULL)); /* makes no sense as a restart's answer */
        else
            broker_restart(web, web->held[i], false);
    web->n_held = 0;
}

void web_forget_held(struct web *web)
{
    while (web->n_held > 0)
        http_reply(web->held[--web->n_held], 0, NULL);
}

void web_release_lists(struct web *web)
{
    size_t n = web->n_held;

    web->n_held = 0;
    for (size_t i = 0; i < n; i++)
        broker_reply_value(web->held[i], broker_list(web, web->held[i]));
}

void web_stop_broker(struct web *web)
{
    for (int i = 0; i < 20 || web->n_held > 0; i++) {
        web_watch_drop(&web->watch);
        while (web->n_held > 0)
            http_reply(web->held[--web->n_held], 0, NULL);
        (void)sd_event_run(web->event, 500);
    }
    web->broker = http_server_free(web->broker);
    (void)unlink(web->broker_path);
    if (web->broker_fd >= 0)
        (void)close(web->broker_fd);
    web->broker_fd = -1;
}
