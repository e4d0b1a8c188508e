/* The parts of `restartctl policy check` that need no system: polkitd's words, the order of rule files, who
 * is named in one, and findings. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "polkit/locks/files.h"
#include "polkit/locks/findings.h"
#include "polkit/locks/polkit-log.h"
#include "polkit/locks/rule-files.h"
#include "tests/unit/test.h"

/* As polkitd 122 and 126 write them; newest first. */
static const char *const MESSAGES[] = {
    "Error evaluating admin rules: Error: boo",
    "Operator of unix-session:1 successfully authenticated",
    "Error evaluating admin rules: Error: an older one",
    "Finished loading, compiling and executing 3 rules",
    "Error loading script /etc/polkit-1/rules.d/44-perm.rules",
    "Error compiling script /etc/polkit-1/rules.d/40-syntax.rules: SyntaxError: parse error (line 2, end of "
    "input)",
    "Loading rules from directory /usr/share/polkit-1/rules.d",
    "Error opening rules directory: Error opening directory \"/run/polkit-1/rules.d\": No such file or "
    "directory",
    "Loading rules from directory /etc/polkit-1/rules.d",
    "Collecting garbage unconditionally...",
    "Error compiling script /etc/polkit-1/rules.d/30-mended.rules: SyntaxError",
};

static void test_last_reading_of_the_rules(_unused_ void **state)
{
    struct polkit_log log = { 0 };
    size_t i = 0;

    while (polkit_log_take(&log, MESSAGES[i]) == 0)
        i++;
    assert_string_equal(MESSAGES[i], "Collecting garbage unconditionally...");
    assert_int_equal(log.directories.n, 2);
    assert_string_equal(polkit_log_find(&log, "/etc/polkit-1/rules.d/40-syntax.rules"),
                        "SyntaxError: parse error (line 2, end of input)");
    assert_string_equal(polkit_log_find(&log, "/etc/polkit-1/rules.d/44-perm.rules"), "it cannot be read");
    assert_null(polkit_log_find(&log, "/etc/polkit-1/rules.d/30-mended.rules"));
    assert_string_equal(polkit_log_thrown(&log), "Error: boo");
    polkit_log_done(&log);
}

static void test_order_of_rule_files(_unused_ void **state)
{
    static const char *const IN_ORDER[] = {
        "/usr/share/polkit-1/rules.d/10-z.rules", "/etc/polkit-1/rules.d/50-a.rules",
        "/run/polkit-1/rules.d/50-a.rules",       "/usr/local/share/polkit-1/rules.d/50-a.rules",
        "/usr/share/polkit-1/rules.d/50-a.rules", "/etc/polkit-1/rules.d/50-restarter.rules",
    };

    for (size_t i = 1; i < sizeof(IN_ORDER) / sizeof(*IN_ORDER); i++) {
        assert_true(rule_paths_compare(IN_ORDER[i - 1], IN_ORDER[i]) < 0);
        assert_true(rule_paths_compare(IN_ORDER[i], IN_ORDER[i - 1]) > 0);
    }
}

static void test_who_names_the_user(_unused_ void **state)
{
    static const struct {
        const char *text;
        unsigned line;
    } CASES[] = {
        { "", 0 },
        { "restarter", 0 },
        { "\"restarter\"", 1 },
        { "x\n  if (s.user == 'restarter')\n", 2 },
        { "// \"restarter\"\n/* 50-restarter.rules */", 0 },
        { "if (x) // \"restarter\"\nuser === \"restarter\"", 2 },
        { "\"restarter-web\" \"restarter'", 0 },
        { "\"restarter", 0 },
        { "isInGroup(\"restarter\")", 1 },
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++)
        if (rule_text_user_line(CASES[i].text, "restarter") != CASES[i].line)
            fail_msg("case %zu: line %u", i, rule_text_user_line(CASES[i].text, "restarter"));
}

static void test_lines(_unused_ void **state)
{
    assert_int_equal(line_of("a\nb\nc", "c"), 3);
    assert_int_equal(line_of("a\nb\nc", "a"), 1);
    assert_int_equal(line_of("a", "b"), 0);
    assert_int_equal(line_of(NULL, "b"), 0);
    assert_int_equal(line_of("b", NULL), 0);
}

static void test_findings_are_kept_once(_unused_ void **state)
{
    struct findings findings = { 0 };

    finding_add(&findings, FINDING, "/a", 1, "x %d", 1);
    finding_add(&findings, FINDING, "/a", 1, "x %d", 1);
    finding_add(&findings, FINDING, "/a", 2, "x %d", 1);
    finding_add(&findings, NOTE, NULL, 0, "y");
    finding_add(&findings, NOTE, NULL, 0, "y");
    assert_int_equal(findings_count(&findings, FINDING), 2);
    assert_int_equal(findings_count(&findings, NOTE), 1);
    findings_done(&findings);
}

static void test_mistakes_are_findings(_unused_ void **state)
{
    static const struct {
        const char *mistake, *file, *message;
        unsigned line;
    } CASES[] = {
        { "/etc/a:12: is odd: it is", "/etc/a", "is odd: it is; so what", 12 },
        { "/etc/a: there is no such file", "/etc/a", "there is no such file; so what", 0 },
        { "out of words", NULL, "out of words; so what", 0 },
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        struct findings findings = { 0 };

        finding_add_mistake(&findings, FINDING, CASES[i].mistake, "so what");
        assert_int_equal(findings.n, 1);
        if (CASES[i].file)
            assert_string_equal(findings.items[0].file, CASES[i].file);
        else
            assert_null(findings.items[0].file);
        assert_int_equal(findings.items[0].line, CASES[i].line);
        assert_string_equal(findings.items[0].message, CASES[i].message);
        findings_done(&findings);
    }
}

/* --- files --- */

static char directory[] = "/tmp/restarter-test-XXXXXX";

static int make_directory(_unused_ void **state)
{
    return mkdtemp(directory) && chdir(directory) == 0 ? 0 : -1;
}

static int remove_directory(_unused_ void **state)
{
    return chdir("/") == 0 && rmdir(directory) == 0 ? 0 : -1;
}

static char *in_directory(const char *name)
{
    char *path;

    assert_true(asprintf(&path, "%s/%s", directory, name) > 0);
    return path;
}

static void test_reading_what_is_there(_unused_ void **state)
{
    _cleanup_(freep) char *path = in_directory("file"), *link = in_directory("link"), *text = NULL;
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_true(fputs("text", file) >= 0 && fclose(file) == 0);
    assert_int_equal(symlink(path, link), 0);
    assert_int_equal(file_read(path, &text), 0);
    assert_string_equal(text, "text");
    free(text);
    assert_int_equal(file_read(link, &text), -ELOOP);
    assert_null(text);
    assert_int_equal(file_read(directory, &text), -EINVAL);
    assert_int_equal(unlink(link), 0);
    assert_int_equal(mkfifo(link, 0600), 0);
    assert_int_equal(file_read(link, &text), -EINVAL);
    assert_int_equal(unlink(link), 0);
    assert_int_equal(file_read(link, &text), 0);
    assert_null(text);
    assert_int_equal(truncate(path, FILE_SIZE_MAX + 1), 0);
    assert_int_equal(file_read(path, &text), -EFBIG);
    assert_int_equal(truncate(path, 10), 0);
    assert_int_equal(file_read(path, &text), -EINVAL); /* NULs */
    assert_int_equal(unlink(path), 0);
}

static void test_replacing_needs_root(_unused_ void **state)
{
    _cleanup_(freep) char *path = in_directory("file"), *temporary = in_directory(".file.new"), *text = NULL;
    struct stat st;
    int r = file_replace(path, 0644, "new");

    if (geteuid() != 0) {
        assert_int_equal(r, -EPERM);
        assert_int_equal(access(path, F_OK), -1);
    } else {
        assert_int_equal(r, 0);
        assert_int_equal(file_read(path, &text), 0);
        assert_string_equal(text, "new");
        assert_int_equal(stat(path, &st), 0);
        assert_int_equal(st.st_mode & 07777, 0644);
        assert_int_equal(file_remove(path), 0);
    }
    assert_int_equal(access(temporary, F_OK), -1);
    assert_int_equal(file_remove(path), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_last_reading_of_the_rules), cmocka_unit_test(test_order_of_rule_files),
        cmocka_unit_test(test_who_names_the_user),        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_findings_are_kept_once),    cmocka_unit_test(test_mistakes_are_findings),
        cmocka_unit_test(test_reading_what_is_there),     cmocka_unit_test(test_replacing_needs_root),
    };

    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
