/* Calls and answers, parsed and written anew, as the web front does with them: what was understood says the
 * same again on the other side, and passes the screen there. */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "common/cleanup.h"
#include "common/rpc/wire-call.h"

/* What was behind the screen, and made sense. */
static unsigned calls_understood[WIRE_METHODS_COUNT], answers_understood[WIRE_PROBLEM + 1];

/* The other side of the wire takes it. */
static void check_block(xmlrpc_mem_block *block)
{
    const char *reason;

    FUZZ_ASSERT(block);
    FUZZ_ASSERT(
        rpc_screen(XMLRPC_MEMBLOCK_CONTENTS(char, block), XMLRPC_MEMBLOCK_SIZE(char, block), &reason));
}

static void relay_call(const struct wire_call *call)
{
    xmlrpc_mem_block *block = wire_call_encode(call);
    _cleanup_(wire_call_done) struct wire_call again = { 0 };
    char reason[WIRE_REASON_SIZE];

    check_block(block);
    FUZZ_ASSERT(wire_call_parse(XMLRPC_MEMBLOCK_CONTENTS(char, block), XMLRPC_MEMBLOCK_SIZE(char, block),
                                &again, reason) == 0);
    FUZZ_ASSERT(again.method == call->method && again.settle == call->settle);
    FUZZ_ASSERT(strcmp(again.press, call->press) == 0);
    FUZZ_ASSERT(!call->unit || strcmp(again.unit, call->unit) == 0);
    rpc_block_free(block);
}

/* As the web front does: one by one. */
static void relay_parts(const struct wire_call *call)
{
    FUZZ_ASSERT(call->n_parts <= WIRE_PARTS_MAX);
    for (size_t i = 0; i < call->n_parts; i++) {
        const struct wire_part *part = &call->parts[i];

        FUZZ_ASSERT((part->fault == 0) == (part->call.method != NULL));
        FUZZ_ASSERT((part->fault == 0) == (*part->reason == '\0'));
        FUZZ_ASSERT(!part->call.parts);
        if (part->fault == 0)
            relay_call(&part->call);
    }
}

static void read_call(const char *text, size_t size)
{
    _cleanup_(wire_call_done) struct wire_call call = { 0 };
    char reason[WIRE_REASON_SIZE] = "";

    if (wire_call_parse(text, size, &call, reason) != 0) {
        FUZZ_ASSERT(*reason);
        return;
    }
    calls_understood[call.method - WIRE_METHODS]++;
    if (call.method->params == WIRE_PARAMS_PARTS)
        relay_parts(&call);
    else
        relay_call(&call);
}

static void relay_answer(const struct wire_answer *answer)
{
    xmlrpc_mem_block *block = wire_answer_encode(answer);
    _cleanup_(wire_answer_done) struct wire_answer again = { 0 };

    check_block(block);
    FUZZ_ASSERT(wire_answer_parse(answer->kind == WIRE_FAULT ? WIRE_PLAIN : answer->kind,
                                  XMLRPC_MEMBLOCK_CONTENTS(char, block), XMLRPC_MEMBLOCK_SIZE(char, block),
                                  &again) == 0);
    FUZZ_ASSERT(again.kind == answer->kind);
    rpc_block_free(block);
}

/* Nothing in it moves a terminal's cursor. */
static void check_json(const struct wire_answer *answer)
{
    _cleanup_(freep) char *json = wire_answer_to_json(answer, JSON_SHORT);

    FUZZ_ASSERT(json);
    for (const char *c = json; *c; c++)
        FUZZ_ASSERT(((unsigned char)*c >= 0x20 || *c == '\n' || *c == '\t') && *c != 0x7f);
}

static void read_answer(enum wire_kind kind, const char *text, size_t size)
{
    _cleanup_(wire_answer_done) struct wire_answer answer = { 0 };

    if (wire_answer_parse(kind, text, size, &answer) != 0)
        return;
    answers_understood[answer.kind]++;
    relay_answer(&answer);
    if (answer.kind != WIRE_FAULT)
        check_json(&answer);
}

bool fuzz_passes(const uint8_t *data, size_t size)
{
    const char *reason;

    return rpc_screen((const char *)data, size, &reason);
}

/* Each method, and each kind of answer that one has, has a seed that is understood. */
void fuzz_seeds_done(void)
{
    for (size_t i = 0; i < WIRE_METHODS_COUNT; i++) {
        FUZZ_ASSERT(calls_understood[i] > 0);
        FUZZ_ASSERT(WIRE_METHODS[i].answer == WIRE_GATHERED ||
                    answers_understood[WIRE_METHODS[i].answer] > 0);
    }
    FUZZ_ASSERT(answers_understood[WIRE_FAULT] > 0);
}

/* As every kind of answer that a method has, once. */
static void read_answers(const char *text, size_t size)
{
    unsigned done = 0;

    for (size_t i = 0; i < WIRE_METHODS_COUNT; i++) {
        enum wire_kind kind = WIRE_METHODS[i].answer;

        if (!(done & 1U << kind))
            read_answer(kind, text, size);
        done |= 1U << kind;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > RPC_CALL_MAX)
        return 0;
    read_call((const char *)data, size);
    read_answers((const char *)data, size);
    return 0;
}
