/* What becomes a line of a file that lets people in is looked at closely: one word that names the kind, one
 * that is the key and says the same kind, and a comment. */
#include "cli/shared/public-key.h"

#include <nettle/base64.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/text.h"

#define BLANKS " \t"
#define BASE64 "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="

static const char *const KINDS[] = {
    "ssh-ed25519",
    "sk-ssh-ed25519@openssh.com",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "sk-ecdsa-sha2-nistp256@openssh.com",
    "ssh-rsa",
};

enum { COMMENT_SIZE = 256, LENGTH_SIZE = 4 /* in front of each part of a key, the highest byte first */ };

static bool is_word(const char *at, size_t length, const char *word)
{
    return strlen(word) == length && memcmp(at, word, length) == 0;
}

static const char *find_kind(const char *at, size_t length)
{
    for (size_t i = 0; i < sizeof(KINDS) / sizeof(*KINDS); i++)
        if (is_word(at, length, KINDS[i]))
            return KINDS[i];
    return NULL;
}

/* The first part of a key is its kind once more. */
static bool says_kind(const uint8_t *key, size_t size, const char *kind)
{
    size_t length = strlen(kind);

    return size > LENGTH_SIZE + length && key[0] == 0 && key[1] == 0 && key[2] == 0 && key[3] == length &&
           memcmp(key + LENGTH_SIZE, kind, length) == 0;
}

static bool is_key(const char *at, size_t length, const char *kind)
{
    _cleanup_(freep) uint8_t *key = malloc(BASE64_DECODE_LENGTH(length) + 1);
    struct base64_decode_ctx context;
    size_t size = BASE64_DECODE_LENGTH(length);

    base64_decode_init(&context);
    if (!key || strspn(at, BASE64) != length)
        return false;
    return base64_decode_update(&context, &size, key, length, at) && base64_decode_final(&context) &&
           says_kind(key, size, kind);
}

static const char *refuse(const char *line, size_t size)
{
    if (memmem(line, size, "PRIVATE KEY", strlen("PRIVATE KEY")))
        return "that is a private key, which stays where it is; give the file beside it that ends in .pub";
    return "that is no public key of ssh's, such as a file that ends in .pub";
}

char *public_key_authorize(const char *text, size_t size, const char *command, const char **ret_why)
{
    const char *newline = memchr(text, '\n', size);
    size_t length = newline ? (size_t)(newline - text) : size, kind_length, key_length;
    _cleanup_(freep) char *line = strndup(text, length);
    char comment[COMMENT_SIZE], *made = NULL;
    const char *kind, *key;

    *ret_why = refuse(text, size);
    /* A NUL in it ends the copy before its end. */
    if (!line || strlen(line) != length || (newline && newline + 1 != text + size))
        return NULL;
    if (length > 0 && line[length - 1] == '\r')
        line[--length] = '\0';
    kind_length = strcspn(line, BLANKS);
    kind = find_kind(line, kind_length);
    key = line + kind_length + strspn(line + kind_length, BLANKS);
    key_length = strcspn(key, BLANKS);
    if (!kind || !is_key(key, key_length, kind))
        return NULL;
    (void)text_clean(key + key_length, comment, sizeof(comment));
    if (asprintf(&made, "restrict,command=\"%s\" %s %.*s%s", command, kind, (int)key_length, key, comment) <
        0)
        return NULL;
    return made;
}
