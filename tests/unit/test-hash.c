/* Which hashes are compared with: those that mkpasswd and htpasswd -B write, at a cost that is one. */
#include "common/accounts/hash.h"

#include <crypt.h>
#include <stdio.h>
#include <string.h>

#include "common/cleanup.h"
#include "tests/unit/test.h"

#define SALT22 "abcdefghijABCDEFGHIJ./"
#define HASH43 "abcdefghijABCDEFGHIJ./0123456789abcdefghijk"
#define HASH53 SALT22 "0123456789abcdefghijABCDEFGHIJK"
#define HASH86 HASH43 HASH43
#define YESCRYPT "$y$j9T$" SALT22 "$" HASH43

static void test_taken(_unused_ void **state)
{
    static const char *const HASHES[] = {
        YESCRYPT,
        "$y$j75$" SALT22 "$" HASH43,
        "$y$jBT$" SALT22 "$" HASH43,
        "$2y$05$" HASH53,
        "$2b$12$" HASH53,
        "$2a$04$" HASH53,
        "$2b$13$" HASH53,
        "$6$abcdefgh$" HASH86,
        "$6$rounds=1000$a$" HASH86,
        "$6$rounds=1000000$abcdefghijABCDEF$" HASH86,
    };

    for (size_t i = 0; i < sizeof(HASHES) / sizeof(*HASHES); i++)
        if (hash_mistake(HASHES[i]))
            fail_msg("%s: the hash %s", HASHES[i], hash_mistake(HASHES[i]));
}

static void test_refused(_unused_ void **state)
{
    static const struct {
        const char *hash, *words;
    } CASES[] = {
        { "", "is not there" },
        { "secret", "is none" },
        { "!", "is none" },
        { "*", "is none" },
        { "!" YESCRYPT, "is none" },
        { "x", "is none" },
        { " " YESCRYPT, "is none" },
        { YESCRYPT " ", "is none" },
        { YESCRYPT ":", "is none" },
        { YESCRYPT "a", "is none" },
        { "$y$", "is none" },
        { "$y$j9T$", "is none" },
        { "$y$j9T$$" HASH43, "is none" },
        { "$y$j9T$" SALT22, "is none" },
        { "$y$j9T5$" SALT22 "$" HASH43, "is none" },
        { "$y$.9T$" SALT22 "$" HASH43, "is none" },
        { "$y$jzT$" SALT22 "$" HASH43, "is none" },
        { "$y$j9z$" SALT22 "$" HASH43, "is none" },
        { "$y$j.T$" SALT22 "$" HASH43, "protects nothing" },
        { "$y$j0.$" SALT22 "$" HASH43, "protects nothing" },
        { "$y$jCT$" SALT22 "$" HASH43, "no login would end" },
        { "$y$jFT$" SALT22 "$" HASH43, "no login would end" },
        { "$y$jjT$" SALT22 "$" HASH43, "no login would end" },
        { "$2y$31$" HASH53, "no login would end" },
        { "$2y$14$" HASH53, "no login would end" },
        { "$2y$99$" HASH53, "no login would end" },
        { "$2y$03$" HASH53, "protects nothing" },
        { "$2y$00$" HASH53, "protects nothing" },
        { "$2y$5$" HASH53, "is none" },
        { "$2y$005$" HASH53, "is none" },
        { "$2y$-5$" HASH53, "is none" },
        { "$2x$05$" HASH53, "is none" },
        { "$2$05$" HASH53, "is none" },
        { "$2y$05$" HASH53 "a", "is none" },
        { "$2y$05$" SALT22, "is none" },
        { "$6$rounds=999$a$" HASH86, "protects nothing" },
        { "$6$rounds=1$a$" HASH86, "protects nothing" },
        { "$6$rounds=1000001$a$" HASH86, "no login would end" },
        { "$6$rounds=999999999$a$" HASH86, "no login would end" },
        { "$6$rounds=18446744073709552616$a$" HASH86, "no login would end" },
        { "$6$rounds=05000$a$" HASH86, "is none" },
        { "$6$rounds=0$a$" HASH86, "is none" },
        { "$6$rounds=-1$a$" HASH86, "is none" },
        { "$6$rounds=$a$" HASH86, "is none" },
        { "$6$rounds=5000a$" HASH86, "is none" },
        { "$6$$" HASH86, "is none" },
        { "$6$abcdefghijABCDEFG$" HASH86, "is none" },
        { "$6$a$" HASH43, "is none" },
        { "$6$a$" HASH86 "a", "is none" },
        { "$5$a$" HASH43, "is none" },
        { "$1$abcdefgh$abcdefghijABCDEFGHIJ./", "is none" },
        { "$apr1$abcdefgh$abcdefghijABCDEFGHIJ./", "is none" },
        { "{SHA}abcdefghijABCDEFGHIJ./01234=", "is none" },
        { "ab01FAX.bQRSU", "is none" },
        { "$7$CU..../....abc$" HASH43, "is none" },
        { "$gy$j9T$" SALT22 "$" HASH43, "is none" },
        { "$y$j9T$" HASH86 HASH86 HASH86 HASH86 "$" HASH43, "longer than any" },
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        const char *mistake = hash_mistake(CASES[i].hash);

        if (!mistake || !strstr(mistake, CASES[i].words))
            fail_msg("\"%s\": %s", CASES[i].hash, mistake ? mistake : "is taken");
    }
}

/* What this machine's crypt(3) makes itself, at each cost that it can be asked for: taken or refused by what
 * it costs, and for nothing else. */
static void test_what_crypt_makes(_unused_ void **state)
{
    static const struct {
        const char *prefix;
        unsigned long least, most, dearest;
    } KINDS[] = {
        { "$y$", 1, 7, 11 }, { "$2b$", 4, 13, 31 }, { "$2y$", 4, 13, 31 }, { "$6$", 1000, 1000000, 2000000 }
    };
    static const char *const HASHES[] = { "$" HASH43, &HASH53[22], &HASH53[22], "$" HASH86 };

    for (size_t i = 0; i < sizeof(KINDS) / sizeof(*KINDS); i++)
        for (unsigned long cost = KINDS[i].least; cost <= KINDS[i].dearest;
             cost += KINDS[i].dearest > 100 ? 999 : 1) {
            char setting[CRYPT_GENSALT_OUTPUT_SIZE], hash[512];

            if (!crypt_gensalt_rn(KINDS[i].prefix, cost, NULL, 0, setting, sizeof(setting)))
                fail_msg("%s at %lu", KINDS[i].prefix, cost);
            (void)snprintf(hash, sizeof(hash), "%s%s", setting, HASHES[i]);
            if (!hash_mistake(hash) != (cost <= KINDS[i].most))
                fail_msg("%s at %lu: %s", hash, cost, hash_mistake(hash) ? hash_mistake(hash) : "is taken");
        }
}

/* Cut at every length, and with any byte at every place that is not of the alphabet. */
static void test_cut_and_changed(_unused_ void **state)
{
    static const char *const HASHES[] = { YESCRYPT, "$2y$05$" HASH53, "$6$rounds=5000$abcd$" HASH86 };
    char hash[HASH_SIZE];

    for (size_t i = 0; i < sizeof(HASHES) / sizeof(*HASHES); i++)
        for (size_t at = 0; at < strlen(HASHES[i]); at++) {
            (void)snprintf(hash, sizeof(hash), "%.*s", (int)at, HASHES[i]);
            assert_non_null(hash_mistake(hash));
            for (const char *byte = "\n\r\t :,*!=\x7f\xc3\xff"; *byte; byte++) {
                (void)snprintf(hash, sizeof(hash), "%s", HASHES[i]);
                hash[at] = *byte;
                if (HASHES[i][at] != *byte)
                    assert_non_null(hash_mistake(hash));
            }
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_taken),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_what_crypt_makes),
        cmocka_unit_test(test_cut_and_changed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
