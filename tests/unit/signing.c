/* Written apart from common/ticket.c, from what ticket.h says of the text. */
#include "tests/unit/signing.h"

#include <nettle/base64.h>
#include <nettle/hmac.h>
#include <stdio.h>
#include <string.h>

void signing_encode(const uint8_t *data, size_t size, char *ret)
{
    base64_encode_raw(ret, size, data);
    ret[BASE64_ENCODE_RAW_LENGTH(size)] = '\0';
    for (char *c = ret; *c; c++)
        *c = (char)(*c == '+' ? '-' : *c == '/' ? '_' : *c == '=' ? '\0' : *c);
}

void signing_sign(const struct ticket_key *key, const char *text, char ret[static SIGNING_TEXT_SIZE])
{
    char mac[BASE64_ENCODE_RAW_LENGTH(SHA256_DIGEST_SIZE) + 1];
    uint8_t digest[SHA256_DIGEST_SIZE];
    struct hmac_sha256_ctx ctx;

    hmac_sha256_set_key(&ctx, sizeof(key->bytes), key->bytes);
    hmac_sha256_update(&ctx, strlen(text), (const uint8_t *)text);
    hmac_sha256_digest(&ctx, sizeof(digest), digest);
    signing_encode(digest, sizeof(digest), mac);
    (void)snprintf(ret, SIGNING_TEXT_SIZE, "%s.%s", text, mac);
}

void signing_body(const struct ticket_key *key, const void *body, size_t size,
                  char ret[static SIGNING_TEXT_SIZE])
{
    char text[BASE64_ENCODE_RAW_LENGTH(SIGNING_BODY_MAX) + 3] = "1.";

    signing_encode(body, size, text + 2);
    signing_sign(key, text, ret);
}
