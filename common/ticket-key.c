/* A key of another size is a slip, and none of it is used. */
#include "common/ticket-key.h"

#include <string.h>

#include "common/credential.h"

/* What nobody has drawn at random: a disk that was full, or a file that was overwritten. */
static bool is_one_byte(const char *data)
{
    for (size_t i = 1; i < TICKET_KEY_SIZE; i++)
        if (data[i] != data[0])
            return false;
    return true;
}

int ticket_key_read(struct ticket_key *ret, struct mistake *mistake)
{
    _cleanup_(credential_done) struct credential key = { .data = NULL };
    int r = credential_read(TICKET_KEY_CREDENTIAL, TICKET_KEY_SIZE, &key, mistake);

    if (r != 0)
        return r;
    if (key.size != TICKET_KEY_SIZE)
        return mistake_set(mistake, TICKET_KEY_CREDENTIAL, 0,
                           "the key has %zu bytes, and %d random ones are wanted; without it nobody logs in",
                           key.size, TICKET_KEY_SIZE);
    if (is_one_byte(key.data))
        return mistake_set(mistake, TICKET_KEY_CREDENTIAL, 0,
                           "the key is one byte, %d times, and not random; with it nobody logs in",
                           TICKET_KEY_SIZE);
    memcpy(ret->bytes, key.data, TICKET_KEY_SIZE);
    return 0;
}
