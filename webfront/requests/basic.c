/* What decodes to the same bytes but is written otherwise is another text: each is encoded anew, and
 * compared. */
#include "webfront/requests/basic.h"

#include <nettle/base64.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char SCHEME[] = "Basic ";

enum {
    PLAIN_MAX = BASIC_USER_SIZE - 1 + 1 + BASIC_PASSWORD_SIZE - 1, /* with the colon */
    CODED_MAX = BASE64_ENCODE_RAW_LENGTH(PLAIN_MAX),
};

void basic_wipe(struct basic *basic)
{
    explicit_bzero(basic, sizeof(*basic));
}

static bool is_written_so(const char *text, size_t length, const uint8_t *plain, size_t size)
{
    char again[CODED_MAX + 1];
    bool same;

    if (BASE64_ENCODE_RAW_LENGTH(size) != length)
        return false;
    base64_encode_raw(again, size, plain);
    same = memcmp(again, text, length) == 0;
    explicit_bzero(again, sizeof(again));
    return same;
}

static bool decode(const char *text, uint8_t ret[static BASE64_DECODE_LENGTH(CODED_MAX)], size_t *ret_size)
{
    size_t length = strlen(text);
    struct base64_decode_ctx ctx;

    if (length == 0 || length > CODED_MAX)
        return false;
    base64_decode_init(&ctx);
    return base64_decode_update(&ctx, ret_size, ret, length, text) == 1 && base64_decode_final(&ctx) == 1 &&
           *ret_size <= PLAIN_MAX && is_written_so(text, length, ret, *ret_size);
}

static bool has_control(const uint8_t *plain, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (plain[i] < 0x20 || plain[i] == 0x7f)
            return true;
    return false;
}

/* A user has no colon in it: the first one ends it. */
static bool divide(const uint8_t *plain, size_t size, struct basic *ret)
{
    const uint8_t *colon = memchr(plain, ':', size);
    size_t user = colon ? (size_t)(colon - plain) : 0, password = size - user - 1;

    if (user == 0 || user >= sizeof(ret->user) || password >= sizeof(ret->password))
        return false;
    *(char *)mempcpy(ret->user, plain, user) = '\0';
    *(char *)mempcpy(ret->password, colon + 1, password) = '\0';
    return true;
}

enum basic_outcome basic_parse(const char *value, struct basic *ret)
{
    uint8_t plain[BASE64_DECODE_LENGTH(CODED_MAX)];
    bool good;
    size_t size;

    if (!value || strncasecmp(value, SCHEME, strlen(SCHEME)) != 0)
        return BASIC_ABSENT;
    good =
        decode(value + strlen(SCHEME), plain, &size) && !has_control(plain, size) && divide(plain, size, ret);
    explicit_bzero(plain, sizeof(plain));
    return good ? BASIC_GIVEN : BASIC_MALFORMED;
}

enum basic_outcome basic_read(const struct http_request *request, struct basic *ret)
{
    if (http_request_header_count(request, "Authorization") > 1)
        return BASIC_TWICE;
    return basic_parse(http_request_header(request, "Authorization"), ret);
}
