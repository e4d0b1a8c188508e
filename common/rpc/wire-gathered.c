/* What was written as an answer of its own is read again, and becomes a part of a longer one. */
#include "common/rpc/wire-gathered.h"

#include "common/cleanup.h"

#define TOO_LONG                                                                                             \
    "The answer is too long for a system.multicall with these other ones in it: ask for it by itself."

static size_t size_of(const xmlrpc_mem_block *block)
{
    return block ? XMLRPC_MEMBLOCK_SIZE(char, block) : 0;
}

void wire_gather(struct wire_gathered *gathered, size_t i, xmlrpc_mem_block *block)
{
    size_t size = size_of(block);

    if (size > WIRE_SHORT_MAX && gathered->long_size + size > WIRE_LONG_MAX) {
        rpc_block_free(block);
        wire_gather_too_long(gathered, i);
        return;
    }
    if (size > WIRE_SHORT_MAX)
        gathered->long_size += size;
    gathered->blocks[i] = block;
}

bool wire_gathered_full(const struct wire_gathered *gathered)
{
    return gathered->long_size + WIRE_SHORT_MAX >= WIRE_LONG_MAX;
}

void wire_gather_too_long(struct wire_gathered *gathered, size_t i)
{
    gathered->long_size = WIRE_LONG_MAX;
    gathered->blocks[i] = rpc_fault_serialize(RPC_FAULT_APPLICATION, TOO_LONG);
}

static xmlrpc_value *fault_value(int code, const char *message)
{
    struct rpc_struct s = rpc_struct_begin();

    rpc_struct_int(&s, "faultCode", code);
    rpc_struct_string(&s, "faultString", message);
    return rpc_struct_end(&s);
}

/* An array of one, so that a struct that was answered is told from a fault. Takes the value over. */
static xmlrpc_value *success_value(xmlrpc_value *value)
{
    xmlrpc_value *array = rpc_array_new();

    if (rpc_array_append(array, value))
        return array;
    if (array)
        xmlrpc_DECREF(array);
    return NULL;
}

/* NULL when out of memory. */
static xmlrpc_value *part_value(const xmlrpc_mem_block *block)
{
    _cleanup_(rpc_response_done) struct rpc_response response = { 0 };
    const char *reason;

    if (!block || rpc_response_parse(XMLRPC_MEMBLOCK_CONTENTS(char, block), XMLRPC_MEMBLOCK_SIZE(char, block),
                                     &response, &reason) != 0)
        return fault_value(RPC_FAULT_INTERNAL, "Out of memory.");
    if (response.fault_string)
        return fault_value(response.fault_code, response.fault_string);
    return success_value(TAKE_PTR(response.value));
}

xmlrpc_mem_block *wire_gathered_encode(const struct wire_gathered *gathered)
{
    xmlrpc_value *array = rpc_array_new();
    xmlrpc_mem_block *block = NULL;
    bool good = array;

    for (size_t i = 0; good && i < gathered->n; i++)
        good = rpc_array_append(array, part_value(gathered->blocks[i]));
    if (good)
        block = rpc_response_serialize(array);
    if (array)
        xmlrpc_DECREF(array);
    return block;
}

void wire_gathered_done(struct wire_gathered *gathered)
{
    for (size_t i = 0; i < gathered->n; i++)
        rpc_block_free(gathered->blocks[i]);
    *gathered = (struct wire_gathered){ 0 };
}
