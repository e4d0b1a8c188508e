/* Byte by byte, since crypt(3) itself takes whatever it somehow understands, and then as long as that says.
 */
#include "common/accounts/hash.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* In the order of their values. */
#define LETTERS "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

enum {
    SHA512_ROUNDS_MIN = 1000,
    SHA512_ROUNDS_MAX = 1000000,
    SHA512_DIGITS_MAX = 7,
    BCRYPT_COST_MIN = 4,
    BCRYPT_COST_MAX = 13,
    YESCRYPT_KIB_MIN = 1024,
    YESCRYPT_KIB_MAX = 64 * 1024,
    YESCRYPT_SINGLE = 48, /* values below are one letter */
};

static const char *const UNKNOWN =
    "is none that mkpasswd or htpasswd -B write (yescrypt, bcrypt, sha512crypt)";
static const char *const CHEAP = "costs so little that it protects nothing";
static const char *const DEAR = "costs so much that no login would end";

/* Steps over `least` to `most` letters; false when there are fewer, or more. */
static bool step(const char **at, size_t least, size_t most)
{
    size_t n = strspn(*at, LETTERS);

    *at += n;
    return n >= least && n <= most;
}

static bool step_over(const char **at, const char *text)
{
    size_t length = strlen(text);

    if (strncmp(*at, text, length) != 0)
        return false;
    *at += length;
    return true;
}

static const char *judge(unsigned long cost, unsigned long least, unsigned long most)
{
    if (cost < least)
        return CHEAP;
    return cost > most ? DEAR : NULL;
}

/* --- $6$[rounds=N$]SALT$HASH --- */

static const char *rounds_mistake(const char **at)
{
    size_t digits = strspn(*at, "0123456789");
    unsigned long rounds = strtoul(*at, NULL, 10);

    if (digits == 0 || **at == '0' || (*at)[digits] != '$')
        return UNKNOWN;
    *at += digits + 1;
    return digits > SHA512_DIGITS_MAX ? DEAR : judge(rounds, SHA512_ROUNDS_MIN, SHA512_ROUNDS_MAX);
}

static const char *sha512_mistake(const char *at)
{
    const char *mistake = step_over(&at, "rounds=") ? rounds_mistake(&at) : NULL;

    if (mistake)
        return mistake;
    return step(&at, 1, 16) && step_over(&at, "$") && step(&at, 86, 86) && *at == '\0' ? NULL : UNKNOWN;
}

/* --- $2y$COST$SALT-AND-HASH --- */

static const char *bcrypt_mistake(const char *at)
{
    unsigned long cost = strtoul(at, NULL, 10);

    if (strspn(at, "0123456789") != 2 || at[2] != '$')
        return UNKNOWN;
    at += 3;
    if (!step(&at, 53, 53) || *at != '\0')
        return UNKNOWN;
    return judge(cost, BCRYPT_COST_MIN, BCRYPT_COST_MAX);
}

/* --- $y$jNR$SALT$HASH: N as log2, and R, each less one and as one letter --- */

static bool step_value(const char **at, unsigned long *ret)
{
    const char *letter = **at ? strchr(LETTERS, **at) : NULL;

    if (!letter || letter - LETTERS >= YESCRYPT_SINGLE)
        return false;
    (*at)++;
    *ret = (unsigned long)(letter - LETTERS) + 1;
    return true;
}

static const char *yescrypt_mistake(const char *at)
{
    unsigned long log2, r;

    if (!step_over(&at, "j") || !step_value(&at, &log2) || !step_value(&at, &r) || !step_over(&at, "$"))
        return UNKNOWN;
    if (!step(&at, 1, 86) || !step_over(&at, "$") || !step(&at, 43, 43) || *at != '\0')
        return UNKNOWN;
    /* 128 * R << N bytes of memory */
    if (log2 < 3 || log2 > 30)
        return log2 < 3 ? CHEAP : DEAR;
    return judge(r << (log2 - 3), YESCRYPT_KIB_MIN, YESCRYPT_KIB_MAX);
}

const char *hash_mistake(const char *hash)
{
    static const struct {
        const char *prefix;
        const char *(*mistake)(const char *at);
    } KINDS[] = {
        { "$y$", yescrypt_mistake }, { "$6$", sha512_mistake },  { "$2y$", bcrypt_mistake },
        { "$2b$", bcrypt_mistake },  { "$2a$", bcrypt_mistake },
    };

    if (*hash == '\0')
        return "is not there: an account without a password cannot log in, and must not look like one";
    if (strnlen(hash, HASH_SIZE) == HASH_SIZE)
        return "is longer than any";
    for (size_t i = 0; i < sizeof(KINDS) / sizeof(*KINDS); i++)
        if (step_over(&hash, KINDS[i].prefix))
            return KINDS[i].mistake(hash);
    return UNKNOWN;
}
