/* Changes to the file of users: one line, and nothing else of it. */
#include "common/accounts/edit.h"

#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "tests/unit/test.h"

static void test_edit(_unused_ void **state)
{
    static const struct {
        const char *before, *name, *hash, *after;
    } CASES[] = {
        { "", "anna", "H", "anna:H\n" },
        { "anna:A\n", "anna", "H", "anna:H\n" },
        { "anna:A", "anna", "H", "anna:H\n" },
        { "anna:A", "bert", "H", "anna:A\nbert:H\n" },
        { "# who\n\nanna:A\nbert:B\n# end", "anna", "H", "# who\n\nanna:H\nbert:B\n# end\n" },
        { "# who\n\nanna:A\nbert:B\n", "bert", "H", "# who\n\nanna:A\nbert:H\n" },
        { "annabel:A\n#anna:A\n", "anna", "H", "annabel:A\n#anna:A\nanna:H\n" },
        { "anna:bert:\n", "bert", "H", "anna:bert:\nbert:H\n" },
        { "anna:A\nbert:B\n", "anna", NULL, "bert:B\n" },
        { "anna:A\nbert:B", "bert", NULL, "anna:A\n" },
        { "# a\nanna:A\n# b\n", "anna", NULL, "# a\n# b\n" },
        { "anna:A", "anna", NULL, "" },
        { "", "anna", NULL, NULL },
        { "#anna:A\nannabel:A\n", "anna", NULL, NULL },
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        _cleanup_(freep) char *after = NULL;
        int r = edit_user(CASES[i].before, CASES[i].name, CASES[i].hash, &after);

        assert_int_equal(r, CASES[i].after ? 0 : EDIT_E_NOT_THERE);
        if (CASES[i].after)
            assert_string_equal(after, CASES[i].after);
        else
            assert_null(after);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_edit) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
