/* "TAG CIPHER", eight bytes each: the tag is a MAC of the place, and the place is hidden under a MAC of the
 * tag (the construction of SIV, RFC 5297). */
#include "broker/live/cursor.h"

#include <errno.h>
#include <nettle/base16.h>
#include <nettle/hmac.h>
#include <nettle/memops.h>
#include <string.h>
#include <sys/random.h>

enum { HALF = 8 };

_Static_assert(BASE16_ENCODE_LENGTH(2 * HALF) + 1 == CURSOR_SIZE, "two halves");

int cursor_key_make(struct cursor_key *ret)
{
    if (getrandom(ret->bytes, sizeof(ret->bytes), 0) != (ssize_t)sizeof(ret->bytes))
        return errno > 0 ? -errno : -EIO;
    return 0;
}

/* `what` keeps the two uses of the key apart. */
static void mac(const struct cursor_key *key, char what, const uint8_t bytes[static HALF],
                uint8_t ret[static HALF])
{
    const uint8_t mark = (uint8_t)what;
    struct hmac_sha256_ctx ctx;

    hmac_sha256_set_key(&ctx, sizeof(key->bytes), key->bytes);
    hmac_sha256_update(&ctx, sizeof(mark), &mark);
    hmac_sha256_update(&ctx, HALF, bytes);
    hmac_sha256_digest(&ctx, HALF, ret);
    explicit_bzero(&ctx, sizeof(ctx));
}

static void hide(const struct cursor_key *key, const uint8_t tag[static HALF], uint8_t bytes[static HALF])
{
    uint8_t mask[HALF];

    mac(key, 'm', tag, mask);
    for (size_t i = 0; i < HALF; i++)
        bytes[i] ^= mask[i];
}

void cursor_write(const struct cursor_key *key, uint64_t place, char ret[static CURSOR_SIZE])
{
    uint8_t both[2 * HALF];

    memcpy(both + HALF, &place, HALF);
    mac(key, 't', both + HALF, both);
    hide(key, both, both + HALF);
    base16_encode_update(ret, sizeof(both), both);
    ret[CURSOR_SIZE - 1] = '\0';
}

static bool read_digits(const char *text, uint8_t ret[static 2 * HALF])
{
    size_t size = 2 * (size_t)HALF;
    struct base16_decode_ctx ctx;

    if (strlen(text) != CURSOR_SIZE - 1 || strspn(text, "0123456789abcdef") != CURSOR_SIZE - 1)
        return false;
    base16_decode_init(&ctx);
    return base16_decode_update(&ctx, &size, ret, CURSOR_SIZE - 1, text) && base16_decode_final(&ctx);
}

bool cursor_read(const struct cursor_key *key, const char *text, uint64_t *ret)
{
    uint8_t both[2 * HALF], tag[HALF];

    if (!read_digits(text, both))
        return false;
    hide(key, both, both + HALF);
    mac(key, 't', both + HALF, tag);
    if (!memeql_sec(tag, both, HALF))
        return false;
    memcpy(ret, both + HALF, HALF);
    return true;
}
