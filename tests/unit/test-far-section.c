/* What restarter-far is for is found, or it is said what is missing, and where. */
#include "far/section.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/test.h"

static char directory[] = "/tmp/far-XXXXXX";

static void put(const char *name, const char *text)
{
    char path[128];
    FILE *file;

    (void)snprintf(path, sizeof(path), "%s/%s", directory, name);
    (void)unlink(path);
    if (!text)
        return;
    file = fopen(path, "we");
    assert_non_null(file);
    (void)fputs(text, file);
    (void)fclose(file);
}

static struct section read_it(const char *name, const char *conf, const char *key, const char *known_hosts)
{
    struct section section;
    char path[128];

    put("machines.conf", conf);
    put("key", key);
    put("known_hosts", known_hosts);
    (void)setenv("CREDENTIALS_DIRECTORY", directory, 1);
    (void)snprintf(path, sizeof(path), "%s/machines.conf", directory);
    assert_int_equal(section_read(path, geteuid(), name, &section), 0);
    return section;
}

#define CONF "[Machine web1]\nVia=ssh\nHost=far@10.0.0.1\nPort=2222\n[Machine lb]\nVia=socket\n"

static void test_found(void **state)
{
    struct section section = read_it("web1", CONF, "secret\n", "web1 ssh-ed25519 AAAA\n");

    (void)state;
    assert_string_equal(section.why, "");
    assert_string_equal(section.name, "web1");
    assert_string_equal(section.host, "far@10.0.0.1");
    assert_int_equal(section.port, 2222);
}

static void test_not_found(void **state)
{
    static const struct {
        const char *name, *conf, *key, *known_hosts, *why;
    } CASES[] = {
        { "web2", CONF, "k", "h", "has no section [Machine web2]" },
        { "web1", NULL, "k", "h", "has no section [Machine web1]" },
        { "lb", CONF, "k", "h", "says Via=socket" },
        { "web1", "[Machine web1]\nVia=carrier\n", "k", "h", "machines.conf:2: " },
        { "web1", CONF, NULL, "h", "key" },
        { "web1", CONF, "#", "h", "/etc/restarter/far/web1.key is missing, or empty" },
        { "web1", CONF, "", "h", "/etc/restarter/far/web1.key is missing, or empty" },
        { "web1", CONF, "k", "#", "/etc/restarter/far/web1.known_hosts is missing, or empty" },
        { "web1", CONF, "k", NULL, "known_hosts" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        struct section section = read_it(CASES[i].name, CASES[i].conf, CASES[i].key, CASES[i].known_hosts);
        char begin[80];

        (void)snprintf(begin, sizeof(begin), "%s cannot be reached: ", CASES[i].name);
        if (strncmp(section.why, begin, strlen(begin)) != 0 || !strstr(section.why, CASES[i].why))
            fail_msg("case %zu: %s", i, section.why);
    }
}

/* It comes from a unit's name, which anybody may have chosen who may enable one. */
static void test_an_odd_name(void **state)
{
    struct section section = read_it("a\nb", CONF, "k", "h");

    (void)state;
    assert_non_null(strstr(section.why, "[Machine a b]"));
}

static int make(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(directory));
    return 0;
}

static int unmake(void **state)
{
    (void)state;
    put("machines.conf", NULL);
    put("key", NULL);
    put("known_hosts", NULL);
    return rmdir(directory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_found),
        cmocka_unit_test(test_not_found),
        cmocka_unit_test(test_an_odd_name),
    };

    return cmocka_run_group_tests(tests, make, unmake);
}
