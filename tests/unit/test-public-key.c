/* What lets a key in is one line of one key; whatever else a file has in it gives none. */
#include "cli/shared/public-key.h"

#include <stdio.h>
#include <string.h>

#include "common/cleanup.h"
#include "tests/unit/test.h"

#define ED25519 "AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"
#define KEY "ssh-ed25519 " ED25519
#define LINE "restrict,command=\"bridge\" " KEY

static void test_keys(_unused_ void **state)
{
    static const struct {
        const char *text, *line;
    } CASES[] = {
        { KEY, LINE },
        { KEY "\n", LINE },
        { KEY "\r\n", LINE },
        { KEY " root@web1\n", LINE " root@web1" },
        { KEY "  two words \n", LINE "  two words " },
        { "ssh-ed25519\t" ED25519 "\tx\033\n", LINE " x?" },
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        const char *why = "";
        _cleanup_(freep) char *line =
            public_key_authorize(CASES[i].text, strlen(CASES[i].text), "bridge", &why);

        if (!line)
            fail_msg("%s: %s", CASES[i].text, why);
        assert_string_equal(line, CASES[i].line);
    }
}

static void test_none(_unused_ void **state)
{
#define ROW(text, why)                                                                                       \
    {                                                                                                        \
        text, sizeof(text) - 1, why                                                                          \
    }
    static const struct {
        const char *text;
        size_t size;
        const char *why;
    } CASES[] = {
        ROW("", "that is no public key of ssh's"),
        ROW("\n", "that is no public key"),
        ROW("ssh-ed25519", "that is no public key"),
        ROW("ssh-ed25519 ", "that is no public key"),
        ROW(ED25519, "that is no public key"),
        ROW("ssh-ed25519 AAAA", "that is no public key"),
        ROW("ssh-rsa " ED25519, "that is no public key"),
        ROW("ssh-dss " ED25519, "that is no public key"),
        ROW("ssh-ed25519 " ED25519 "!", "that is no public key"),
        ROW("ssh-ed25519 " ED25519 "\v", "that is no public key"),
        ROW("ssh-ed25519 A" ED25519, "that is no public key"),
        ROW("restrict " KEY, "that is no public key"),
        ROW("command=\"sh\" " KEY, "that is no public key"),
        ROW(" " KEY, "that is no public key"),
        ROW(KEY "\n" KEY "\n", "that is no public key"),
        ROW(KEY "\n\n", "that is no public key"),
        ROW(KEY " a\0b\n", "that is no public key"),
        ROW("ssh-ed25519\0" ED25519, "that is no public key"),
        ROW("\200", "that is no public key"),
        ROW("-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n", "that is a private key, which stays where it is"),
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        const char *why = "";

        assert_null(public_key_authorize(CASES[i].text, CASES[i].size, "bridge", &why));
        if (strncmp(why, CASES[i].why, strlen(CASES[i].why)) != 0)
            fail_msg("%s: %s", CASES[i].text, why);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_keys), cmocka_unit_test(test_none) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
