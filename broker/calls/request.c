/* What a call names, and the way back: answers as bytes. */
#include "broker/calls/request.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/clock.h"
#include "common/rpc/rpc.h"
#include "common/text.h"

struct request *request_new_part(const struct request *whole, struct request_part *part)
{
    struct request *request = calloc(1, sizeof(*request));

    if (request)
        *request = (struct request){
            .services = whole->services,
            .gate = whole->gate,
            .places = whole->places,
            .part = part,
            .peer = whole->peer,
            .person = whole->person,
            .login = whole->login,
            .ticket = whole->ticket,
            .begin_usec = clock_usec(),
        };
    return request;
}

bool request_target(struct request *request, const char *id, struct target *ret, struct outcome *ret_outcome)
{
    (void)text_clean(id, request->asked, sizeof(request->asked));
    return target_resolve(request->services->policy, &request->person, id, request->method->verb, ret,
                          ret_outcome);
}

struct ticket request_ticket(const struct request *request)
{
    struct ticket ticket = request->ticket;

    ticket.person = request->person;
    return ticket;
}

struct feed_reader request_reader(const struct request *request)
{
    bool is_front = request->gate->who == GATE_PEER ? request->peer.is_front && !request_via(request)
                                                    : !person_is_known(&request->person);

    return (struct feed_reader){ .person = &request->person, .is_front = is_front };
}

const char *request_user(const struct request *request)
{
    return person_is_known(&request->person) ? request->person.name : request->peer.user;
}

const char *request_via(const struct request *request)
{
    return request->person.known == PERSON_FRONT ? request->peer.user : NULL;
}

const char *request_counted(const struct request *request)
{
    const char *via = request_via(request), *user = via ? via : request_user(request);

    return request->person.is_root || !*user ? NULL : user;
}

void request_press(const struct request *request, const struct wire_call *call, struct press_key *ret)
{
    (void)stpcpy(ret->text, call->press);
    ret->gate = request->gate->number;
    if (request->gate->who == GATE_PEER)
        ret->uid = request->peer.uid;
    if (request->gate->who != GATE_PEER || request_via(request))
        (void)stpcpy(ret->person, request->person.name);
}

const char *request_sentence(const struct request *request, const struct outcome *outcome,
                             char buffer[static SENTENCE_SIZE])
{
    if (outcome->admins_from == 0 || policy_is_admin(request->services->policy->policy, &request->person))
        return outcome->sentence;
    (void)snprintf(buffer, SENTENCE_SIZE, "%.*s", (int)outcome->admins_from, outcome->sentence);
    return buffer;
}

static void add_number(struct MHD_Response *response, const char *name, unsigned n)
{
    char text[16];

    if (!response || n == 0)
        return;
    (void)snprintf(text, sizeof(text), "%u", n);
    (void)MHD_add_response_header(response, name, text);
}

static struct MHD_Response *new_response(xmlrpc_mem_block *block)
{
    return block ? http_response_new(XMLRPC_MEMBLOCK_CONTENTS(char, block), XMLRPC_MEMBLOCK_SIZE(char, block),
                                     REQUEST_MEDIA_TYPE)
                 : NULL;
}

void request_drop(struct request *request)
{
    if (!request->part)
        person_done(&request->person);
    place_leave(&request->place);
    request->places->n_left -= request->left;
    free(request);
}

/* Takes the block over. `refusal` is 0 where there is none, or the block says it. */
static void send_block(struct request *request, xmlrpc_mem_block *block, unsigned retry_after,
                       unsigned refusal)
{
    struct MHD_Response *response = request->http ? new_response(block) : NULL;
    struct request_part *part = request->part;

    add_number(response, MHD_HTTP_HEADER_RETRY_AFTER, retry_after);
    add_number(response, RPC_REFUSAL_HEADER, refusal);
    if (request->http)
        http_reply(request->http, MHD_HTTP_OK, response);
    request_drop(request);
    if (part)
        part->answered(part, block);
    else
        rpc_block_free(block);
}

void request_answer_block(struct request *request, xmlrpc_mem_block *block)
{
    if (block)
        send_block(request, block, 0, 0);
    else
        request_no_memory(request);
}

static void encode_and_send(struct request *request, const struct wire_answer *answer, unsigned retry_after,
                            unsigned refusal)
{
    xmlrpc_mem_block *block = wire_answer_encode(answer);

    if (block)
        send_block(request, block, retry_after, refusal);
    else
        request_no_memory(request);
}

void request_answer(struct request *request, const struct wire_answer *answer, unsigned retry_after)
{
    encode_and_send(request, answer, retry_after, 0);
}

void request_answer_refused(struct request *request, const struct wire_answer *answer,
                            const struct outcome *outcome)
{
    encode_and_send(request, answer, outcome->retry_after, (unsigned)outcome->refusal);
}

void request_answer_shared(struct request *request, struct http_shared *response)
{
    assert(!request->part);
    if (!response) {
        request_no_memory(request);
        return;
    }
    if (request->http)
        http_reply_shared(request->http, MHD_HTTP_OK, response);
    request_drop(request);
}

struct MHD_Response *request_response(xmlrpc_mem_block *block)
{
    struct MHD_Response *response = new_response(block);

    rpc_block_free(block);
    return response;
}

void request_fault(struct request *request, int code, const char *text, unsigned retry_after)
{
    const struct wire_answer answer = { .kind = WIRE_FAULT, .fault = { code, text } };

    send_block(request, wire_answer_encode(&answer), retry_after, 0);
}

void request_no_memory(struct request *request)
{
    request_fault(request, RPC_FAULT_INTERNAL, "The broker is out of memory.", 0);
}

void request_refuse(struct request *request, const struct outcome *outcome)
{
    char buffer[SENTENCE_SIZE];

    request_fault(request, outcome->refusal, request_sentence(request, outcome, buffer),
                  outcome->retry_after);
}

void request_on_gone(struct request *request, void (*gone)(void *userdata), void *userdata)
{
    if (request->part) {
        request->part->gone = gone;
        request->part->userdata = userdata;
    } else {
        http_request_on_gone(request->http, gone, userdata);
    }
}

void request_hang_up(struct request *request)
{
    if (request->http)
        http_reply(request->http, 0, NULL);
    request->http = NULL;
}

void request_leave(struct request *request)
{
    place_leave(&request->place);
    request_hang_up(request);
    request->left = true;
    request->places->n_left++;
}
