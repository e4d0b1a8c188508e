/* Where it is kept how far a rolling restart is: for its user alone, at one stroke, under a lock that names
 * who has it; and nothing is obeyed that somebody else could have put there. */
#include "cli/rolling/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "tests/unit/test.h"

#define TEXT "restarter-rolling 1\nverb restart\nplace \nword a@*\nunit waiting - a@1.service\nend\n"

static char base[64];

/* Each test in a directory of its own. */
static int make_base(_unused_ void **state)
{
    (void)snprintf(base, sizeof(base), "/tmp/restarter-rolling-XXXXXX");
    return mkdtemp(base) && setenv("XDG_STATE_HOME", base, 1) == 0 ? 0 : -1;
}

static int remove_base(_unused_ void **state)
{
    char command[128];

    (void)snprintf(command, sizeof(command), "rm -rf '%s'", base);
    return system(command); /* NOLINT(cert-env33-c): the name is ours */
}

static const char *path(const char *name)
{
    static char text[160];

    (void)snprintf(text, sizeof(text), "%s/restarter/%s", base, name);
    return text;
}

static void put(const char *name, const char *text)
{
    FILE *file = fopen(path(name), "w");

    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path(name), 0600), 0);
}

static void open_store(struct rolling_store *ret)
{
    struct store_why why = { .pid = 0 };

    assert_int_equal(rolling_store_open("", ret, &why), 0);
}

static void test_written_and_read(_unused_ void **state)
{
    _cleanup_(rolling_store_close) struct rolling_store store = ROLLING_STORE_CLOSED;
    _cleanup_(rolling_record_done) struct rolling_record record = { .place = NULL };
    struct rolling_record none;
    struct store_why why = { .pid = 0 };
    struct stat st;

    open_store(&store);
    assert_int_equal(rolling_store_read(&store, &none, &why), STORE_E_NONE);
    /* What a run that was killed at it has left. */
    put("rolling.new", "half of it");
    assert_int_equal(rolling_store_write(&store, TEXT, &why), 0);
    assert_int_equal(rolling_store_read(&store, &record, &why), 0);
    assert_string_equal(record.plan.units[0].unit, "a@1.service");
    assert_int_equal(stat(path("rolling"), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(stat(path(""), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0700);
    assert_int_equal(access(path("rolling.new"), F_OK), -1);
    rolling_store_forget(&store);
    assert_int_equal(rolling_store_read(&store, &none, &why), STORE_E_NONE);
}

/* The other one is a process of its own, which is told who has it, and by whose end the lock ends. */
static int try_in_child(const char *place, pid_t holder)
{
    int status;
    pid_t child = fork();

    if (child == 0) {
        struct rolling_store store = ROLLING_STORE_CLOSED;
        struct store_why why = { .pid = -1 };
        int r = rolling_store_open(place, &store, &why);

        _exit(r == STORE_E_LOCKED && (why.pid != holder || store.directory < 0) ? 99 : r);
    }
    assert_true(child > 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void test_lock(_unused_ void **state)
{
    _cleanup_(rolling_store_close) struct rolling_store store = ROLLING_STORE_CLOSED;

    open_store(&store);
    assert_int_equal(try_in_child("", getpid()), STORE_E_LOCKED);
    /* Another place is another one. */
    assert_int_equal(try_in_child("root@web1", 0), 0);
    rolling_store_close(&store);
    assert_int_equal(try_in_child("", 0), 0);
    assert_int_equal(try_in_child("", 0), 0);
}

static void is_unfit(const char *words)
{
    _cleanup_(rolling_store_close) struct rolling_store store = ROLLING_STORE_CLOSED;
    struct rolling_record record;
    struct store_why why = { .pid = 0 };

    open_store(&store);
    assert_int_equal(rolling_store_read(&store, &record, &why), STORE_E_UNFIT);
    if (!strstr(why.text, words) || !strstr(why.text, path("rolling")))
        fail_msg("'%s' in '%s'", words, why.text);
}

/* Once the directory is there. */
static void make_folder(void)
{
    struct rolling_store store;

    open_store(&store);
    rolling_store_close(&store);
}

static void test_file_that_is_none(_unused_ void **state)
{
    make_folder();
    put("elsewhere", TEXT);
    assert_int_equal(symlink("elsewhere", path("rolling")), 0);
    is_unfit("symbolic link");
    assert_int_equal(unlink(path("rolling")), 0);
    assert_int_equal(mkfifo(path("rolling"), 0600), 0);
    is_unfit("not a regular file");
    assert_int_equal(unlink(path("rolling")), 0);
    assert_int_equal(mkdir(path("rolling"), 0700), 0);
    is_unfit("not a regular file");
    assert_int_equal(rmdir(path("rolling")), 0);
}

static void test_file_of_others(_unused_ void **state)
{
    make_folder();
    put("rolling", TEXT);
    assert_int_equal(chmod(path("rolling"), 0620), 0);
    is_unfit("can be written by more");
    if (geteuid() != 0)
        return;
    assert_int_equal(chmod(path("rolling"), 0600), 0);
    assert_int_equal(chown(path("rolling"), 4711, 4711), 0);
    is_unfit("belongs to user 4711");
}

static void test_file_that_is_spoilt(_unused_ void **state)
{
    make_folder();
    put("rolling", "");
    is_unfit("spoilt");
    put("rolling", "restarter-rolling 1\nverb restart\n");
    is_unfit("spoilt");
    put("rolling", "restarter-rolling 0\n");
    is_unfit("another version");
    assert_int_equal(truncate(path("rolling"), ROLLING_RECORD_MAX + 1), 0);
    is_unfit("larger than");
}

static void cannot_be_opened(const char *words)
{
    struct rolling_store store;
    struct store_why why = { .pid = 0 };

    assert_int_equal(rolling_store_open("", &store, &why), STORE_E_UNFIT);
    if (!strstr(why.text, words))
        fail_msg("'%s' in '%s'", words, why.text);
}

static void test_lock_that_is_none(_unused_ void **state)
{
    make_folder();
    put("elsewhere", "");
    assert_int_equal(unlink(path("rolling.lock")), 0);
    assert_int_equal(symlink("elsewhere", path("rolling.lock")), 0);
    cannot_be_opened("rolling.lock");
    assert_int_equal(unlink(path("rolling.lock")), 0);
    assert_int_equal(mkfifo(path("rolling.lock"), 0600), 0);
    cannot_be_opened("rolling.lock");
}

static void test_directory(_unused_ void **state)
{
    char other[96];

    (void)snprintf(other, sizeof(other), "%s/other", base);
    assert_int_equal(mkdir(other, 0700), 0);
    (void)snprintf(other, sizeof(other), "%s/restarter", base);
    assert_int_equal(symlink("other", other), 0);
    cannot_be_opened("not a directory");
    assert_int_equal(unlink(other), 0);
    assert_int_equal(mkdir(other, 0777), 0);
    assert_int_equal(chmod(other, 0777), 0);
    cannot_be_opened("can be written by more");
    assert_int_equal(rmdir(other), 0);
    assert_int_equal(setenv("XDG_STATE_HOME", "/dev/null/nothing", 1), 0);
    cannot_be_opened("/dev/null");
}

/* What is no whole path does not count, nor does an empty one; the home directory is next. */
static void test_where(_unused_ void **state)
{
    static const char *const NONE[] = { "", "relative" };
    char expected[96];

    (void)snprintf(expected, sizeof(expected), "%s/.local/state/restarter", base);
    assert_int_equal(setenv("HOME", base, 1), 0);
    for (size_t i = 0; i < 2; i++) {
        _cleanup_(rolling_store_close) struct rolling_store store = ROLLING_STORE_CLOSED;

        assert_int_equal(setenv("XDG_STATE_HOME", NONE[i], 1), 0);
        open_store(&store);
        assert_string_equal(store.path, expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_written_and_read, make_base, remove_base),
        cmocka_unit_test_setup_teardown(test_lock, make_base, remove_base),
        cmocka_unit_test_setup_teardown(test_file_that_is_none, make_base, remove_base),
        cmocka_unit_test_setup_teardown(test_file_of_others, make_base, remove_base),
        cmocka_unit_test_setup_teardown(test_file_that_is_spoilt, make_base, remove_base),
        cmocka_unit_test_setup_teardown(test_lock_that_is_none, make_base, remove_base),
        cmocka_unit_test_setup_teardown(test_directory, make_base, remove_base),
        cmocka_unit_test_setup_teardown(test_where, make_base, remove_base),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
