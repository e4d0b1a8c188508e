/* The screen and xmlrpc-c behind it, for calls and for answers: what comes through must be readable, writable
 * anew, and pass the screen again. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

#include "common/cleanup.h"
#include "common/rpc.h"

/* What the web front does with a call: it goes on written anew. */
static void relay(const struct rpc_call *call)
{
    xmlrpc_mem_block *block = rpc_call_serialize(call->method, call->params);
    _cleanup_(rpc_call_done) struct rpc_call again = { 0 };
    const char *reason;

    if (!block)
        return;
    FUZZ_ASSERT(
        rpc_screen(XMLRPC_MEMBLOCK_CONTENTS(char, block), XMLRPC_MEMBLOCK_SIZE(char, block), &reason));
    (void)rpc_call_parse(XMLRPC_MEMBLOCK_CONTENTS(char, block), XMLRPC_MEMBLOCK_SIZE(char, block), &again,
                         &reason);
    rpc_block_free(block);
}

static void read_call(const char *text, size_t size)
{
    _cleanup_(rpc_call_done) struct rpc_call call = { 0 };
    const char *reason = NULL;
    char *id = NULL;

    if (rpc_call_parse(text, size, &call, &reason) != 0) {
        FUZZ_ASSERT(reason);
        return;
    }
    if (rpc_params_strings(call.params, 1, RPC_CALL_MAX, &id))
        for (const char *c = id; *c; c++)
            FUZZ_ASSERT((unsigned char)*c >= 0x20 && *c != 0x7f);
    free(id);
    relay(&call);
}

static void read_response(const char *text, size_t size)
{
    _cleanup_(rpc_response_done) struct rpc_response response = { 0 };
    const char *reason = NULL;

    if (rpc_response_parse(text, size, &response, &reason) != 0) {
        FUZZ_ASSERT(reason);
        return;
    }
    FUZZ_ASSERT(!response.value != !response.fault_string);
    if (response.value) {
        xmlrpc_mem_block *block = rpc_response_serialize(response.value);

        free(rpc_value_to_json(response.value));
        rpc_block_free(block);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > RPC_CALL_MAX)
        return 0;
    read_call((const char *)data, size);
    read_response((const char *)data, size);
    return 0;
}
