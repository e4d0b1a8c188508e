/* The closed grammar of unit names: what it takes, what it refuses and why, and that taking apart and putting
 * together are each other's inverse. */
#include "common/unit-name.h"

#include <stdio.h>
#include <string.h>

#include "common/cleanup.h"
#include "tests/unit/random.h"
#include "tests/unit/test.h"

#define A10 "aaaaaaaaaa"
#define A50 A10 A10 A10 A10 A10
#define A200 A50 A50 A50 A50

#define UNTOUCHED                                                                                            \
    {                                                                                                        \
        "untouched", "untouched", "untouched"                                                                \
    }

static void test_parse(_unused_ void **state)
{
    static const struct {
        const char *unit;
        int outcome;
        const char *template, *instance;
    } CASES[] = {
        { "example@0001.service", 0, "example@.service", "0001" },
        { "a@b.service", 0, "a@.service", "b" },
        { "_a.b-c:D_9@x:y.z-_9.service", 0, "_a.b-c:D_9@.service", "x:y.z-_9" },
        { "a@-.service", 0, "a@.service", "-" },
        { "a@...service", 0, "a@.service", ".." },
        { "a@b.service.service", 0, "a@.service", "b.service" },
        { "a@.service.service", 0, "a@.service", ".service" },
        { "a@" A200 A10 A10 A10 A10 "aaaaa.service", 0, "a@.service", A200 A10 A10 A10 A10 "aaaaa" },
        { "a@" A200 A10 A10 A10 A10 "aaaaaa.service", UNIT_NAME_E_TOO_LONG, NULL, NULL },
        { A200 A50 A50 "@0001.service", UNIT_NAME_E_TOO_LONG, NULL, NULL },
        { "", UNIT_NAME_E_INVALID, NULL, NULL },
        { "nginx.service", 0, "", "" },
        { "a.service", 0, "", "" },
        { "_a.b-c:D_9.service", 0, "", "" },
        { "nginx.service.service", 0, "", "" },
        { A200 A10 A10 A10 A10 "aaaaaaa.service", 0, "", "" },
        { A200 A10 A10 A10 A10 "aaaaaaaa.service", UNIT_NAME_E_TOO_LONG, NULL, NULL },
        { ".service", UNIT_NAME_E_INVALID, NULL, NULL },
        { ".hidden.service", UNIT_NAME_E_INVALID, NULL, NULL },
        { "-.service", UNIT_NAME_E_INVALID, NULL, NULL },
        { "-option.service", UNIT_NAME_E_INVALID, NULL, NULL },
        { ":a.service", UNIT_NAME_E_INVALID, NULL, NULL },
        { "ngi nx.service", UNIT_NAME_E_INVALID, NULL, NULL },
        { "nginx\n.service", UNIT_NAME_E_INVALID, NULL, NULL },
        { "ng/inx.service", UNIT_NAME_E_INVALID, NULL, NULL },
        { "nginx\\x2d.service", UNIT_NAME_E_INVALID, NULL, NULL },
        { "nginx", UNIT_NAME_E_NOT_SERVICE, NULL, NULL },
        { "nginx.socket", UNIT_NAME_E_NOT_SERVICE, NULL, NULL },
        { "nginx.service ", UNIT_NAME_E_NOT_SERVICE, NULL, NULL },
        { "nginx.service.d", UNIT_NAME_E_NOT_SERVICE, NULL, NULL },
        { "example@.service", UNIT_NAME_E_TEMPLATE, NULL, NULL },
        { "@0001.service", UNIT_NAME_E_INVALID, NULL, NULL },
        { "@.service", UNIT_NAME_E_INVALID, NULL, NULL },
        { ".hidden@0001.service", UNIT_NAME_E_INVALID, NULL, NULL },
        { "-option@0001.service", UNIT_NAME_E_INVALID, NULL, NULL },
        { ":a@0001.service", UNIT_NAME_E_INVALID, NULL, NULL },
        { "example@0001", UNIT_NAME_E_NOT_SERVICE, NULL, NULL },
        { "example@0001.socket", UNIT_NAME_E_NOT_SERVICE, NULL, NULL },
        { "example@0001.Service", UNIT_NAME_E_NOT_SERVICE, NULL, NULL },
        { "example@0001.service ", UNIT_NAME_E_NOT_SERVICE, NULL, NULL },
        { "example@0001.service\n", UNIT_NAME_E_NOT_SERVICE, NULL, NULL },
        { " example@0001.service", UNIT_NAME_E_INVALID, NULL, NULL },
        { "example@@0001.service", UNIT_NAME_E_INVALID, NULL, NULL },
        { "example@00@01.service", UNIT_NAME_E_INVALID, NULL, NULL },
        { "example@0001\n.service", UNIT_NAME_E_INVALID, NULL, NULL },
        { "example@\t.service", UNIT_NAME_E_INVALID, NULL, NULL },
        { "example@00 01.service", UNIT_NAME_E_INVALID, NULL, NULL },
        { "example@..\\x2f.service", UNIT_NAME_E_INVALID, NULL, NULL },
        { "example@../0001.service", UNIT_NAME_E_INVALID, NULL, NULL },
        { "exa/mple@0001.service", UNIT_NAME_E_INVALID, NULL, NULL },
        { "example@\xc3\xa9.service", UNIT_NAME_E_INVALID, NULL, NULL },
        { "example@\x7f.service", UNIT_NAME_E_INVALID, NULL, NULL },
        { "example@0001,0002.service", UNIT_NAME_E_INVALID, NULL, NULL },
        { "example@*.service", UNIT_NAME_E_INVALID, NULL, NULL },
        { "example@%i.service", UNIT_NAME_E_INVALID, NULL, NULL },
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        struct unit_name name = UNTOUCHED;
        int r = unit_name_parse(CASES[i].unit, &name);

        if (r != CASES[i].outcome)
            fail_msg("\"%s\": %s", CASES[i].unit, unit_name_outcome(r));
        assert_string_equal(name.unit, r ? "untouched" : CASES[i].unit);
        assert_string_equal(name.template, r ? "untouched" : CASES[i].template);
        assert_string_equal(name.instance, r ? "untouched" : CASES[i].instance);
    }
}

/* No byte but those of the alphabet is taken, wherever it stands. */
static void test_every_byte(_unused_ void **state)
{
    struct unit_name name;
    unsigned n_taken = 0;

    for (int byte = 1; byte < 256; byte++) {
        char unit[] = "aXb@cXd.service", single[] = { (char)byte, '\0' };
        bool taken = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
                     (byte >= 'a' && byte <= 'z') || strchr(":_.-", byte) != NULL;

        unit[1] = (char)byte;
        assert_int_equal(unit_name_parse(unit, &name) == 0, taken);
        unit[1] = 'X';
        unit[5] = (char)byte;
        assert_int_equal(unit_name_parse(unit, &name) == 0, taken);
        assert_int_equal(unit_instance_valid(single), taken);
        n_taken += taken;
    }
    assert_int_equal(n_taken, 66);
}

static void test_template(_unused_ void **state)
{
    static const struct {
        const char *template;
        int outcome;
    } CASES[] = {
        { "example@.service", 0 },
        { "a@.service", 0 },
        { "a.b@.service", 0 },
        { "example.service", UNIT_NAME_E_NOT_TEMPLATE },
        { "example@1.service", UNIT_NAME_E_NOT_TEMPLATE },
        { "example@@.service", UNIT_NAME_E_NOT_TEMPLATE },
        { "example@.socket", UNIT_NAME_E_NOT_SERVICE },
        { "example@", UNIT_NAME_E_NOT_SERVICE },
        { "@.service", UNIT_NAME_E_INVALID },
        { "-@.service", UNIT_NAME_E_INVALID },
        { "a b@.service", UNIT_NAME_E_INVALID },
        { "a\"b@.service", UNIT_NAME_E_INVALID },
        { "a\nb@.service", UNIT_NAME_E_INVALID },
        { "", UNIT_NAME_E_INVALID },
        { A200 A50 A50 "@.service", UNIT_NAME_E_TOO_LONG },
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        int r = unit_template_check(CASES[i].template);

        if (r != CASES[i].outcome)
            fail_msg("\"%s\": %s", CASES[i].template, unit_name_outcome(r));
    }
}

static void test_build(_unused_ void **state)
{
    static const struct {
        const char *template, *instance;
        int outcome;
        const char *unit;
    } CASES[] = {
        { "example@.service", "0001", 0, "example@0001.service" },
        { "a@.service", ".service", 0, "a@.service.service" },
        { "example@.service", "", UNIT_NAME_E_INVALID, NULL },
        { "example@.service", "1@2", UNIT_NAME_E_INVALID, NULL },
        { "example@.service", "1\n", UNIT_NAME_E_INVALID, NULL },
        { "example@.service", "1/2", UNIT_NAME_E_INVALID, NULL },
        { "example@0001.service", "2", UNIT_NAME_E_NOT_TEMPLATE, NULL },
        { "example.service", "2", UNIT_NAME_E_NOT_TEMPLATE, NULL },
        { "example@.socket", "2", UNIT_NAME_E_NOT_SERVICE, NULL },
        { "a@.service", A200 A10 A10 A10 A10 "aaaaa", 0, "a@" A200 A10 A10 A10 A10 "aaaaa.service" },
        { "a@.service", A200 A10 A10 A10 A10 "aaaaaa", UNIT_NAME_E_TOO_LONG, NULL },
        { "a@.service", A200 A50 A50, UNIT_NAME_E_TOO_LONG, NULL },
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        struct unit_name name = UNTOUCHED;
        int r = unit_name_build(CASES[i].template, CASES[i].instance, &name);

        if (r != CASES[i].outcome)
            fail_msg("\"%s\" and \"%s\": %s", CASES[i].template, CASES[i].instance, unit_name_outcome(r));
        assert_string_equal(name.unit, r ? "untouched" : CASES[i].unit);
        assert_string_equal(name.template, r ? "untouched" : CASES[i].template);
        assert_string_equal(name.instance, r ? "untouched" : CASES[i].instance);
    }
}

/* Whatever can be taken apart is put together again to the same name, and the other way round. */
static void test_inverse(_unused_ void **state)
{
    struct random random = random_new(1);
    unsigned n_taken = 0, n_plain = 0;

    for (unsigned i = 0; i < 200000; i++) {
        char unit[40];
        struct unit_name name, again;
        size_t length = random_below(&random, sizeof(unit) - 8);

        for (size_t j = 0; j < length; j++)
            unit[j] = random_char(&random, "aB0:_.-@aB0:_.-aB0:_.-@\n\\");
        strcpy(unit + length, ".service");
        if (unit_name_parse(unit, &name) != 0)
            continue;

        n_taken++;
        assert_string_equal(name.unit, unit);
        if (unit_name_is_plain(&name)) {
            n_plain++;
            assert_null(strchr(unit, '@'));
            assert_string_equal(name.instance, "");
            continue;
        }
        assert_int_equal(unit_template_check(name.template), 0);
        assert_true(unit_instance_valid(name.instance));
        assert_int_equal(unit_name_build(name.template, name.instance, &again), 0);
        assert_string_equal(again.unit, name.unit);
        assert_string_equal(again.template, name.template);
        assert_string_equal(again.instance, name.instance);
    }
    assert_in_range(n_plain, 1000, 200000);
    assert_in_range(n_taken - n_plain, 1000, 200000);
}

static void test_id(_unused_ void **state)
{
    assert_true(unit_id_is_name("example@0001.service"));
    assert_true(unit_id_is_name("@"));
    assert_true(unit_id_is_name("ssh.service"));
    assert_false(unit_id_is_name("service"));
    assert_false(unit_id_is_name("0001"));
    assert_false(unit_id_is_name(""));

    assert_int_equal(unit_id_check("0001"), 0);
    assert_int_equal(unit_id_check("example@0001.service"), 0);
    assert_int_not_equal(unit_id_check(""), 0);
    assert_int_not_equal(unit_id_check("00 01"), 0);
    assert_int_not_equal(unit_id_check("example@.service"), 0);
    assert_int_not_equal(unit_id_check("0001@"), 0);
    assert_int_equal(unit_id_check(A200 A50), UNIT_NAME_E_TOO_LONG);
}

/* Short for a whole name where there is an '@', and nowhere else. */
static void test_short_id(_unused_ void **state)
{
    static const struct {
        const char *id, *unit; /* NULL: it is no name */
    } CASES[] = {
        { "worker@blue", "worker@blue.service" },
        { "worker@blue.service", "worker@blue.service" },
        { "worker@10.0.0.1", "worker@10.0.0.1.service" },
        { "worker@blue.SERVICE", "worker@blue.SERVICE.service" },
        { "worker@service", "worker@service.service" },
        { "ssh.service", "ssh.service" },
        { "ssh.service.service", "ssh.service.service" },
        { ".service", NULL },
        { "worker@", NULL },
        { "@blue", NULL },
        { "@", NULL },
        { "worker@blue@red", NULL },
        { "worker@blue.socket", NULL },
        { "worker@blue.timer", NULL },
        { "worker@.target", NULL },
        { "-worker@blue", NULL },
        { "worker@bl ue", NULL },
        { "worker@bl\nue", NULL },
        { "w@" A200 A50, NULL }, /* with ".service" it is too long */
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        struct unit_name name;
        int r = unit_id_parse(CASES[i].id, &name);

        assert_int_equal(r == 0, CASES[i].unit != NULL);
        assert_int_equal(unit_id_check(CASES[i].id), r);
        if (r == 0)
            assert_string_equal(name.unit, CASES[i].unit);
    }
    /* An instance's name alone stays that. */
    assert_false(unit_id_is_name("ssh"));
    assert_int_equal(unit_id_check("ssh"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse),    cmocka_unit_test(test_every_byte), cmocka_unit_test(test_template),
        cmocka_unit_test(test_build),    cmocka_unit_test(test_inverse),    cmocka_unit_test(test_id),
        cmocka_unit_test(test_short_id),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
