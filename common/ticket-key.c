/* A key of another size is a slip, and none of it is used. */
#include "common/ticket-key.h"

#include <nettle/hmac.h>
#include <stdlib.h>
#include <string.h>

#include "common/credential.h"

enum { BOOT_LENGTH = 32 };

/* What nobody has drawn at random: a disk that was full, or a file that was overwritten. */
static bool is_one_byte(const char *data)
{
    for (size_t i = 1; i < TICKET_KEY_SIZE; i++)
        if (data[i] != data[0])
            return false;
    return true;
}

/* NULL when none is named. */
static const char *find_boot(void)
{
    const char *boot = getenv(TICKET_KEY_BOOT);

    return boot && strlen(boot) == BOOT_LENGTH && strspn(boot, "0123456789abcdef") == BOOT_LENGTH ? boot
                                                                                                  : NULL;
}

static void derive(const char *key, const char *boot, struct ticket_key *ret)
{
    static const char PURPOSE[] = "restarter boot ";
    struct hmac_sha256_ctx ctx;

    hmac_sha256_set_key(&ctx, TICKET_KEY_SIZE, (const uint8_t *)key);
    hmac_sha256_update(&ctx, strlen(PURPOSE), (const uint8_t *)PURPOSE);
    hmac_sha256_update(&ctx, strlen(boot), (const uint8_t *)boot);
    hmac_sha256_digest(&ctx, sizeof(ret->bytes), ret->bytes);
    explicit_bzero(&ctx, sizeof(ctx));
}

int ticket_key_read(struct ticket_key *ret, struct mistake *mistake)
{
    _cleanup_(credential_done) struct credential key = { .data = NULL };
    int r = credential_read(TICKET_KEY_CREDENTIAL, TICKET_KEY_SIZE, &key, mistake);
    const char *boot = find_boot();

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
    if (!boot)
        return mistake_set(
            mistake, TICKET_KEY_BOOT, 0,
            "this setting does not name a boot; the unit passes it (Environment=" TICKET_KEY_BOOT "=%%b)");
    derive(key.data, boot, ret);
    return 0;
}
