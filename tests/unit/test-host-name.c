/* Whatever the kernel has as the host name, what is told of it is fit to be shown, and no longer than its
 * place. */
#include "common/host-name.h"

#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "tests/unit/test.h"

#define SIXTY "0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmn"

static void test_names(_unused_ void **state)
{
    static const char *const NAMES[][2] = {
        { "web1", "web1" },
        { "web1.example.com", "web1.example.com" },
        { "", "" },
        { "(none)", "" },
        { "b\xc3\xbcro", "b\xc3\xbcro" },
        { "a\x1b[31m", "a?[31m" },
        { "a\nb\tc", "a b c" },
        { "a\xff\xfe", "a??" },
        { "<b>&\"", "<b>&\"" },
        { SIXTY "1234", SIXTY "1234" },
        { SIXTY "12345", SIXTY "1234" },
        { SIXTY "123\xc3\xbc", SIXTY "123" },
    };

    for (size_t i = 0; i < sizeof(NAMES) / sizeof(*NAMES); i++) {
        char name[HOST_NAME_SIZE];

        host_name_of(NAMES[i][0], name);
        assert_string_equal(name, NAMES[i][1]);
    }
}

static void test_this_machine(_unused_ void **state)
{
    char host[HOST_NAME_SIZE] = "", name[HOST_NAME_SIZE], mine[HOST_NAME_SIZE];

    assert_int_equal(gethostname(host, sizeof(host) - 1), 0);
    host_name_of(host, mine);
    host_name(name);
    assert_string_equal(name, mine);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_names), cmocka_unit_test(test_this_machine) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
