/* Which settings of the web are gone by: the file's; where that is not good, those that were, also to an
 * earlier process; and where there are none, nobody is let in. */
#include "common/web-in-force.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/trusted-file.h"
#include "tests/unit/test.h"

struct place {
    char directory[64], file[128], kept[128];
};

static int set_up(void **state)
{
    struct place *p = calloc(1, sizeof(*p));

    assert_non_null(p);
    strcpy(p->directory, "/tmp/test-web-in-force.XXXXXX");
    assert_non_null(mkdtemp(p->directory));
    (void)snprintf(p->file, sizeof(p->file), "%s/%s", p->directory, WEB_SETTINGS_CREDENTIAL);
    (void)snprintf(p->kept, sizeof(p->kept), "%s/kept", p->directory);
    assert_int_equal(mkdir(p->kept, 0700), 0);
    assert_int_equal(setenv("RUNTIME_DIRECTORY", p->kept, 1), 0);
    assert_int_equal(setenv("CREDENTIALS_DIRECTORY", p->directory, 1), 0);
    *state = p;
    return 0;
}

static void forget(const struct place *p)
{
    char path[160];

    (void)snprintf(path, sizeof(path), "%s/webfront.conf", p->kept);
    (void)unlink(path);
    (void)snprintf(path, sizeof(path), "%s/webfront.conf.new", p->kept);
    (void)rmdir(path);
}

static int tear_down(void **state)
{
    struct place *p = *state;

    forget(p);
    (void)rmdir(p->kept);
    (void)unlink(p->file);
    assert_int_equal(rmdir(p->directory), 0);
    free(p);
    return 0;
}

static void write_file(const struct place *p, const char *text)
{
    FILE *out = fopen(p->file, "w");

    assert_non_null(out);
    assert_true(fputs(text, out) >= 0);
    assert_int_equal(fclose(out), 0);
    assert_int_equal(chmod(p->file, 0644), 0);
}

/* Both ways of reading: what is wrong is told of the file, whichever it was. */
static int read_it(struct web_in_force *web, const struct place *p, bool credential)
{
    return credential ? web_in_force_read_credential(web) : web_in_force_read(web, p->file, geteuid());
}

static void assert_mistake(const struct web_in_force *web, const char *words)
{
    if (!strstr(web->mistake.text, "webfront.conf") || !strstr(web->mistake.text, words))
        fail_msg("\"%s\" is not in \"%s\"", words, web->mistake.text);
}

static void check_life(const struct place *p, bool credential)
{
    struct web_in_force web = { .known = false }, next = { .known = false }, last = { .known = false };

    write_file(p, "[Web]\nLogin=pam\n");
    assert_int_equal(read_it(&web, p, credential), 0);
    assert_true(web.known);
    assert_int_equal(web.settings.login, WEB_LOGIN_PAM);
    assert_string_equal(web.mistake.text, "");

    /* This process goes on with it, and the next one begins with it. */
    write_file(p, "[Web]\nLogin=none\nLogin=none\n");
    assert_int_equal(read_it(&web, p, credential), MISTAKE);
    assert_true(web.known);
    assert_int_equal(web.settings.login, WEB_LOGIN_PAM);
    assert_mistake(&web, ":3: Login= is given twice");
    assert_int_equal(read_it(&next, p, credential), MISTAKE);
    assert_true(next.known);
    assert_int_equal(next.settings.login, WEB_LOGIN_PAM);

    /* Mended, and the one before is not remembered. */
    write_file(p, "[Web]\nLogin=password\n");
    assert_int_equal(read_it(&next, p, credential), 0);
    assert_string_equal(next.mistake.text, "");
    assert_int_equal(unlink(p->file), 0);
    assert_int_equal(read_it(&last, p, credential), MISTAKE);
    assert_int_equal(last.settings.login, WEB_LOGIN_PASSWORD);
    forget(p);
}

/* Wherever it is cut, for who goes on and for who begins: people log in, until it is written that they do
 * not. */
static void check_cut(const struct place *p, bool credential)
{
    static const char TEXT[] = "# x\n[Web]\nSessionIdleSec=0\nLogin=password\n#\n";
    struct web_in_force first = { .known = false };
    char cut[sizeof(TEXT)];

    write_file(p, TEXT);
    assert_int_equal(read_it(&first, p, credential), 0);
    for (size_t size = 0; size < sizeof(TEXT); size++) {
        struct web_in_force next = { .known = false };

        (void)snprintf(cut, sizeof(cut), "%.*s", (int)size, TEXT);
        write_file(p, cut);
        assert_true(read_it(&first, p, credential) >= 0 && read_it(&next, p, credential) >= 0);
        assert_true(first.known && next.known);
        assert_int_equal(first.settings.login, WEB_LOGIN_PASSWORD);
        assert_int_equal(next.settings.login, WEB_LOGIN_PASSWORD);
        assert_int_equal(*next.mistake.text != '\0', !strstr(cut, "Login=password"));
    }
    write_file(p, "[Web]\nLogin=none\n");
    assert_int_equal(read_it(&first, p, credential), 0);
    assert_int_equal(first.settings.login, WEB_LOGIN_NONE);
    write_file(p, "[Web]\n");
    assert_int_equal(read_it(&first, p, credential), MISTAKE);
    assert_mistake(&first, "there is no Login= in it; write Login=none");
    forget(p);
}

static void test_cut(void **state)
{
    check_cut(*state, false);
    check_cut(*state, true);
}

static void test_life(void **state)
{
    check_life(*state, false);
    check_life(*state, true);
}

static void test_nothing_good(void **state)
{
    static const struct {
        const char *text, *words;
    } CASES[] = {
        { "[Web]\nLogin=nobody\n", "webfront.conf:2: Login=nobody is none of" },
        { "", "webfront.conf: there is no [Web]" },
        { NULL, "webfront.conf: " },
    };

    for (size_t i = 0; i < 2 * sizeof(CASES) / sizeof(*CASES); i++) {
        const struct place *p = *state;
        struct web_in_force web = { .known = false };

        if (CASES[i / 2].text)
            write_file(p, CASES[i / 2].text);
        else
            (void)unlink(p->file);
        assert_int_equal(read_it(&web, p, i % 2), MISTAKE);
        assert_false(web.known);
        assert_mistake(&web, CASES[i / 2].words);
    }
}

/* What systemd passes instead of a file that it does not find. */
static void test_no_file(void **state)
{
    struct web_in_force web = { .known = false };

    write_file(*state, "#");
    assert_int_equal(web_in_force_read_credential(&web), MISTAKE);
    assert_false(web.known);
    assert_string_equal(web.mistake.text,
                        "/etc/restarter/webfront.conf: there is no such file, or systemd cannot read it");
}

static void test_others_could_write(void **state)
{
    const struct place *p = *state;
    struct web_in_force web = { .known = false };

    write_file(p, "[Web]\nLogin=none\n");
    assert_int_equal(chmod(p->file, 0664), 0);
    assert_int_equal(read_it(&web, p, false), MISTAKE);
    assert_mistake(&web, "can be written by more than its owner (mode 0664)");
    assert_int_equal(chmod(p->file, 0644), 0);
    assert_int_equal(chmod(p->directory, 0777), 0);
    assert_int_equal(read_it(&web, p, false), MISTAKE);
    if (!strstr(web.mistake.text, "can be written by more than its owner (mode 0777)"))
        fail_msg("%s", web.mistake.text);
    assert_int_equal(chmod(p->directory, 0700), 0);
    assert_false(web.known);
}

static void test_no_plain_file(void **state)
{
    const struct place *p = *state;
    struct web_in_force web = { .known = false };

    (void)unlink(p->file);
    assert_int_equal(symlink("/dev/null", p->file), 0);
    assert_int_equal(read_it(&web, p, false), MISTAKE);
    assert_mistake(&web, "is a symbolic link");
    (void)unlink(p->file);
    assert_int_equal(mkfifo(p->file, 0600), 0);
    assert_int_equal(read_it(&web, p, false), MISTAKE);
    assert_mistake(&web, "is not a regular file");
    assert_int_equal(read_it(&web, p, true), MISTAKE);
    assert_false(web.known);
}

static void test_too_large(void **state)
{
    static char text[WEB_SETTINGS_SIZE_MAX + 2] = "[Web]\n";
    struct web_in_force web = { .known = false };

    memset(text + 6, '\n', sizeof(text) - 7);
    write_file(*state, text);
    assert_int_equal(read_it(&web, *state, false), MISTAKE);
    assert_mistake(&web, "is larger than 16 KiB");
    assert_int_equal(read_it(&web, *state, true), MISTAKE);
    assert_mistake(&web, "has more than 16384 bytes");
}

/* One that an earlier process went by, and that was replaced since, does not come back. */
static void test_cannot_be_kept(void **state)
{
    const struct place *p = *state;
    struct web_in_force web = { .known = false }, next = { .known = false };
    char fresh[160];

    write_file(p, "[Web]\nLogin=none\n");
    assert_int_equal(read_it(&web, p, false), 0);
    (void)snprintf(fresh, sizeof(fresh), "%s/webfront.conf.new", p->kept);
    assert_int_equal(mkdir(fresh, 0700), 0);
    write_file(p, "[Web]\nLogin=password\n");
    assert_int_equal(read_it(&web, p, false), 0);
    assert_int_equal(web.settings.login, WEB_LOGIN_PASSWORD);
    write_file(p, "");
    assert_int_equal(read_it(&next, p, false), MISTAKE);
    assert_false(next.known);
}

/* Started by hand, it has no directory to keep it in, and goes by it all the same. */
static void test_no_directory(void **state)
{
    struct web_in_force web = { .known = false }, next = { .known = false };

    assert_int_equal(unsetenv("RUNTIME_DIRECTORY"), 0);
    write_file(*state, "[Web]\nLogin=none\n");
    assert_int_equal(read_it(&web, *state, false), 0);
    write_file(*state, "");
    assert_int_equal(read_it(&web, *state, false), MISTAKE);
    assert_true(web.known);
    assert_int_equal(read_it(&next, *state, false), MISTAKE);
    assert_false(next.known);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_life, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_cut, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_nothing_good, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_no_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_others_could_write, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_no_plain_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_too_large, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_cannot_be_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_no_directory, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
