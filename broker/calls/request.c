/* What a call names, and the way back: answers as bytes. */
#include "broker/calls/request.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/text.h"

bool request_target(struct request *request, const char *id, struct target *ret, struct outcome *ret_outcome)
{
    (void)text_clean(id, request->asked, sizeof(request->asked));
    return target_resolve(request->services->policy, &request->person, id, request->method->verb, ret,
                          ret_outcome);
}

const char *request_sentence(const struct request *request, const struct outcome *outcome,
                             char buffer[static SENTENCE_SIZE])
{
    if (outcome->admins_from == 0 || policy_is_admin(request->services->policy->policy, &request->person))
        return outcome->sentence;
    (void)snprintf(buffer, SENTENCE_SIZE, "%.*s", (int)outcome->admins_from, outcome->sentence);
    return buffer;
}

static struct MHD_Response *new_response(xmlrpc_mem_block *block, unsigned retry_after)
{
    struct MHD_Response *response = NULL;
    char seconds[16];

    if (block)
        response = http_response_new(XMLRPC_MEMBLOCK_CONTENTS(char, block), XMLRPC_MEMBLOCK_SIZE(char, block),
                                     REQUEST_MEDIA_TYPE);
    if (response && retry_after > 0) {
        (void)snprintf(seconds, sizeof(seconds), "%u", retry_after);
        (void)MHD_add_response_header(response, MHD_HTTP_HEADER_RETRY_AFTER, seconds);
    }
    return response;
}

static void request_free(struct request *request)
{
    person_done(&request->person);
    place_leave(&request->place);
    request->places->n_left -= request->left;
    free(request);
}

/* Takes the block over. */
static void send_block(struct request *request, xmlrpc_mem_block *block, unsigned retry_after)
{
    if (!request->left)
        http_reply(request->http, MHD_HTTP_OK, new_response(block, retry_after));
    rpc_block_free(block);
    request_free(request);
}

void request_answer(struct request *request, const struct wire_answer *answer, unsigned retry_after)
{
    xmlrpc_mem_block *block = wire_answer_encode(answer);

    if (block)
        send_block(request, block, retry_after);
    else
        request_no_memory(request);
}

void request_answer_shared(struct request *request, struct http_shared *response)
{
    if (!response) {
        request_no_memory(request);
        return;
    }
    if (!request->left)
        http_reply_shared(request->http, MHD_HTTP_OK, response);
    request_free(request);
}

struct MHD_Response *request_response(const struct wire_answer *answer)
{
    xmlrpc_mem_block *block = wire_answer_encode(answer);
    struct MHD_Response *response = new_response(block, 0);

    rpc_block_free(block);
    return response;
}

void request_fault(struct request *request, int code, const char *text, unsigned retry_after)
{
    const struct wire_answer answer = { .kind = WIRE_FAULT, .fault = { code, text } };

    send_block(request, wire_answer_encode(&answer), retry_after);
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

void request_leave(struct request *request)
{
    place_leave(&request->place);
    http_reply(request->http, 0, NULL);
    request->http = NULL;
    request->left = true;
    request->places->n_left++;
}
