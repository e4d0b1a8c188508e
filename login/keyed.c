/* Under the key of tickets, which no ticket's text can be confused with: those begin with a digit. */
#include "login/keyed.h"

#include <nettle/hmac.h>
#include <string.h>

uint64_t keyed_number(const struct ticket_key *key, const char *purpose, const char *text)
{
    struct hmac_sha256_ctx ctx;
    uint64_t number;
    uint8_t digest[sizeof(number)];

    hmac_sha256_set_key(&ctx, sizeof(key->bytes), key->bytes);
    hmac_sha256_update(&ctx, strlen(purpose) + 1, (const uint8_t *)purpose);
    hmac_sha256_update(&ctx, strlen(text), (const uint8_t *)text);
    hmac_sha256_digest(&ctx, sizeof(digest), digest);
    explicit_bzero(&ctx, sizeof(ctx));
    memcpy(&number, digest, sizeof(number));
    return number;
}
