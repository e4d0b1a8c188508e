/* Messages: calls, responses and faults, through xmlrpc-c. */
#include "common/rpc/rpc.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/text.h"

static bool method_valid(const char *method)
{
    size_t n = strspn(method, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.:/");

    return n > 0 && n <= RPC_METHOD_MAX && method[n] == '\0';
}

void rpc_call_done(struct rpc_call *call)
{
    free(call->method);
    if (call->params)
        xmlrpc_DECREF(call->params);
    *call = (struct rpc_call){ 0 };
}

void rpc_response_done(struct rpc_response *response)
{
    free(response->fault_string);
    if (response->value)
        xmlrpc_DECREF(response->value);
    *response = (struct rpc_response){ 0 };
}

int rpc_call_parse(const char *xml, size_t size, struct rpc_call *ret, const char **ret_reason)
{
    xmlrpc_value *params = NULL;
    const char *method = NULL;
    xmlrpc_env env;

    if (!rpc_screen(xml, size, ret_reason))
        return RPC_E_SCREEN;
    xmlrpc_env_init(&env);
    xmlrpc_parse_call(&env, xml, size, &method, &params);
    if (env.fault_occurred || !method_valid(method)) {
        *ret_reason = env.fault_occurred ? "not an XML-RPC call" : "a method name that none can have";
        if (!env.fault_occurred) {
            xmlrpc_DECREF(params);
            free((char *)method);
        }
        xmlrpc_env_clean(&env);
        return RPC_E_PARSE;
    }
    xmlrpc_env_clean(&env);
    *ret = (struct rpc_call){ .method = (char *)method, .params = params };
    return 0;
}

int rpc_response_parse(const char *xml, size_t size, struct rpc_response *ret, const char **ret_reason)
{
    _cleanup_(freep) char *fault_string = NULL;
    struct rpc_response response = { 0 };
    xmlrpc_env env;

    if (!rpc_screen(xml, size, ret_reason))
        return RPC_E_SCREEN;
    xmlrpc_env_init(&env);
    xmlrpc_parse_response2(&env, xml, size, &response.value, &response.fault_code,
                           (const char **)&fault_string);
    if (env.fault_occurred) {
        *ret_reason = "not an XML-RPC response";
        xmlrpc_env_clean(&env);
        return RPC_E_PARSE;
    }
    xmlrpc_env_clean(&env);
    if (fault_string && !(response.fault_string = rpc_sendable_copy(fault_string)))
        return -ENOMEM;
    *ret = response;
    return 0;
}

void rpc_block_free(xmlrpc_mem_block *block)
{
    if (block)
        XMLRPC_MEMBLOCK_FREE(char, block);
}

/* Appends the UTF-8 sequence at `text` as a character reference; returns its length. xmlrpc-c has checked
 * that what it writes is UTF-8. */
static size_t append_reference(xmlrpc_env *env, xmlrpc_mem_block *out, const char *text)
{
    uint32_t code = '?';
    size_t length = text_character(text, &code);
    char reference[16];
    int n = snprintf(reference, sizeof(reference), "&#%" PRIu32 ";", code);

    XMLRPC_MEMBLOCK_APPEND(char, env, out, reference, (size_t)n);
    return length > 0 ? length : 1;
}

/* A message of ours passes the screen of the other side: bytes above ASCII become character references. Takes
 * the block over. */
static xmlrpc_mem_block *block_to_ascii(xmlrpc_env *env, xmlrpc_mem_block *block)
{
    const char *text = XMLRPC_MEMBLOCK_CONTENTS(char, block);
    size_t size = XMLRPC_MEMBLOCK_SIZE(char, block), i = 0;
    xmlrpc_mem_block *out;

    while (i < size && (unsigned char)text[i] < 0x80)
        i++;
    if (i == size || env->fault_occurred)
        return block;
    out = XMLRPC_MEMBLOCK_NEW(char, env, 0);
    for (i = 0; i < size && !env->fault_occurred;) {
        size_t plain = i;

        while (plain < size && (unsigned char)text[plain] < 0x80)
            plain++;
        XMLRPC_MEMBLOCK_APPEND(char, env, out, text + i, plain - i);
        i = plain < size ? plain + append_reference(env, out, text + plain) : plain;
    }
    rpc_block_free(block);
    return out;
}

/* Ends a serialisation: the block, or NULL when something failed on the way. */
static xmlrpc_mem_block *finish(xmlrpc_env *env, xmlrpc_mem_block *block)
{
    if (!env->fault_occurred)
        block = block_to_ascii(env, block);
    if (env->fault_occurred) {
        rpc_block_free(block);
        block = NULL;
    }
    xmlrpc_env_clean(env);
    return block;
}

xmlrpc_mem_block *rpc_call_serialize(const char *method, xmlrpc_value *params)
{
    xmlrpc_mem_block *block;
    xmlrpc_env env;

    if (!params)
        return NULL;
    xmlrpc_env_init(&env);
    block = XMLRPC_MEMBLOCK_NEW(char, &env, 0);
    if (!env.fault_occurred)
        xmlrpc_serialize_call(&env, block, method, params);
    return finish(&env, block);
}

xmlrpc_mem_block *rpc_response_serialize(xmlrpc_value *value)
{
    xmlrpc_mem_block *block;
    xmlrpc_env env;

    if (!value)
        return NULL;
    xmlrpc_env_init(&env);
    block = XMLRPC_MEMBLOCK_NEW(char, &env, 0);
    if (!env.fault_occurred)
        xmlrpc_serialize_response2(&env, block, value, xmlrpc_dialect_i8);
    return finish(&env, block);
}

xmlrpc_mem_block *rpc_fault_serialize(int code, const char *message)
{
    _cleanup_(freep) char *sendable = rpc_sendable_copy(message);
    xmlrpc_mem_block *block;
    xmlrpc_env env, fault;

    if (!sendable)
        return NULL;
    xmlrpc_env_init(&env);
    xmlrpc_env_init(&fault);
    xmlrpc_env_set_fault(&fault, code, sendable);
    block = XMLRPC_MEMBLOCK_NEW(char, &env, 0);
    if (!env.fault_occurred)
        xmlrpc_serialize_fault(&env, block, &fault);
    xmlrpc_env_clean(&fault);
    return finish(&env, block);
}
