/* A short table, of digests. */
#include "webfront/calls/admitted.h"

#include <string.h>

static bool has_key(const struct admitted *admitted, const uint8_t key[static CALLER_KEY_SIZE])
{
    for (size_t i = 0; i < admitted->n && i < ADMITTED_MAX; i++)
        if (memcmp(admitted->keys[i], key, CALLER_KEY_SIZE) == 0)
            return true;
    return false;
}

void admitted_note(struct admitted *admitted, const struct rpc_client_caller *caller)
{
    uint8_t key[CALLER_KEY_SIZE];

    if (!caller->ticket)
        return;
    caller_key(caller, key);
    if (!has_key(admitted, key))
        memcpy(admitted->keys[admitted->n++ % ADMITTED_MAX], key, CALLER_KEY_SIZE);
}

bool admitted_has(const struct admitted *admitted, const struct rpc_client_caller *caller)
{
    uint8_t key[CALLER_KEY_SIZE];

    if (!caller->ticket)
        return true;
    caller_key(caller, key);
    return has_key(admitted, key);
}
