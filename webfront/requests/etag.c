/* A digest, cut: nobody gains by finding two answers of his own that have the same. */
#include "webfront/requests/etag.h"

#include <nettle/sha2.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { DIGEST_BYTES = 16 };

#define WEAK "W/"
#define SPACES " \t"

void etag_make(const void *body, size_t size, char ret[static ETAG_SIZE])
{
    uint8_t digest[DIGEST_BYTES];
    struct sha256_ctx ctx;
    char *at = stpcpy(ret, WEAK "\"");

    sha256_init(&ctx);
    sha256_update(&ctx, size, body);
    sha256_digest(&ctx, sizeof(digest), digest);
    for (size_t i = 0; i < sizeof(digest); i++)
        at += sprintf(at, "%02x", digest[i]);
    (void)stpcpy(at, "\"");
}

static const char *skip_weak(const char *tag)
{
    return strncmp(tag, WEAK, strlen(WEAK)) == 0 ? tag + strlen(WEAK) : tag;
}

/* Behind the quoted tag that begins there, or NULL. */
static const char *end_of(const char *opaque)
{
    const char *end = *opaque == '"' ? strchr(opaque + 1, '"') : NULL;

    return end ? end + 1 : NULL;
}

bool etag_is_among(const char *value, const char *tag)
{
    const char *own = skip_weak(tag);

    if (!value)
        return false;
    value += strspn(value, SPACES ",");
    if (*value == '*')
        return value[1 + strspn(value + 1, SPACES)] == '\0';
    while (*value) {
        const char *opaque = skip_weak(value), *end = end_of(opaque);

        if (!end)
            return false;
        if ((size_t)(end - opaque) == strlen(own) && strncmp(opaque, own, strlen(own)) == 0)
            return true;
        value = end + strspn(end, SPACES ",");
    }
    return false;
}
