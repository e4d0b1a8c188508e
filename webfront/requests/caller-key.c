/* What is there and empty is another than what is not there. */
#include "webfront/requests/caller-key.h"

#include <nettle/sha2.h>
#include <stdio.h>
#include <string.h>

#include "common/ticket.h"

bool caller_is_nobody(const struct rpc_client_caller *caller)
{
    return !caller->ticket && !caller->user;
}

static void add_part(struct sha256_ctx *ctx, const char *part)
{
    static const uint8_t ABSENT[] = { 0 }, PRESENT[] = { 1 };

    sha256_update(ctx, 1, part ? PRESENT : ABSENT);
    if (part)
        sha256_update(ctx, strlen(part) + 1, (const uint8_t *)part);
}

void caller_key(const struct rpc_client_caller *caller, uint8_t ret[static CALLER_KEY_SIZE])
{
    struct sha256_ctx ctx;

    memset(ret, 0, CALLER_KEY_SIZE);
    if (caller_is_nobody(caller))
        return;
    sha256_init(&ctx);
    add_part(&ctx, caller->ticket);
    add_part(&ctx, caller->user);
    add_part(&ctx, caller->groups);
    sha256_digest(&ctx, CALLER_KEY_SIZE, ret);
}

void caller_name(const struct rpc_client_caller *caller, char ret[static PERSON_NAME_SIZE])
{
    struct ticket ticket;

    *ret = '\0';
    if (caller->user) {
        (void)snprintf(ret, PERSON_NAME_SIZE, "%s", caller->user);
    } else if (caller->ticket && ticket_look(caller->ticket, &ticket) == TICKET_GOOD) {
        (void)stpcpy(ret, ticket.person.name);
        ticket_done(&ticket);
    }
}
