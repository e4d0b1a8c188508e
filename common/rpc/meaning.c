/* Two small tables: codes, and how HTTP says no. */
#include "common/rpc/meaning.h"

#include "common/refusal.h"
#include "common/rpc/rpc.h"

static enum meaning meaning_of_change(int code)
{
    switch (code) {
    case REFUSAL_UNKNOWN:
        return MEANING_UNKNOWN;
    case REFUSAL_UNAVAILABLE:
    /* These are said before a method is called. */
    case RPC_FAULT_PARSE:
    case RPC_FAULT_REQUEST:
    case RPC_FAULT_METHOD:
    case RPC_FAULT_PARAMS:
        return MEANING_NOT_DONE;
    default:
        /* -32603, for one, when memory ran out for the answer to a restart that was done. */
        return refusal_to_string(code) ? MEANING_REFUSED : MEANING_UNKNOWN;
    }
}

enum meaning meaning_of_fault(int code, bool changes)
{
    enum meaning meaning = meaning_of_change(code);

    return meaning == MEANING_UNKNOWN && !changes ? MEANING_NOT_DONE : meaning;
}

/* The broker refuses by HTTP before it looks into a call. A 500 could come from anywhere, and so could what
 * is no refusal at all. */
static int code_of_status(unsigned status)
{
    if (status == 403)
        return REFUSAL_PEER;
    if (status == 429)
        return REFUSAL_BUSY;
    return status == 503 || (status >= 400 && status < 500) ? REFUSAL_UNAVAILABLE : REFUSAL_UNKNOWN;
}

int meaning_code_of_transport(const struct rpc_client_answer *answer, bool changes)
{
    int code = REFUSAL_UNKNOWN;

    if (answer->result == RPC_CLIENT_NOT_SENT)
        code = REFUSAL_UNAVAILABLE;
    else if (answer->result == RPC_CLIENT_REFUSED)
        code = code_of_status(answer->status);
    return code == REFUSAL_UNKNOWN && !changes ? REFUSAL_UNAVAILABLE : code;
}
