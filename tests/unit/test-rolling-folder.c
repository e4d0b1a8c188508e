/* On the way to where it is kept how far a rolling restart is nothing is gone through, and nothing made, that
 * somebody else could exchange: root whose HOME is another's writes nowhere that the other one points to. */
#include "cli/rolling/folder.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "tests/unit/test.h"

enum { STRANGER = 4711 };

static char base[64];

static int make_base(_unused_ void **state)
{
    (void)snprintf(base, sizeof(base), "/tmp/restarter-folder-XXXXXX");
    return mkdtemp(base) ? 0 : -1;
}

static int remove_base(_unused_ void **state)
{
    char command[128];

    (void)snprintf(command, sizeof(command), "rm -rf '%s'", base);
    return system(command); /* NOLINT(cert-env33-c): the name is ours */
}

static const char *path(const char *name)
{
    static char text[2][160];
    static unsigned n;
    char *ret = text[n++ % 2];

    (void)snprintf(ret, sizeof(text[0]), "%s/%s", base, name);
    return ret;
}

static void make(const char *name, uid_t owner)
{
    assert_int_equal(mkdir(path(name), 0755), 0);
    assert_int_equal(chown(path(name), owner, (gid_t)-1), 0);
}

static void make_link(const char *to, const char *name, uid_t owner)
{
    assert_int_equal(symlink(to, path(name)), 0);
    assert_int_equal(lchown(path(name), owner, (gid_t)-1), 0);
}

static int open_in(const char *state_home, char why[static FOLDER_WHY_SIZE])
{
    _cleanup_(freep) char *whole = NULL;
    _cleanup_(closep) int fd = -1;
    int r;

    assert_int_equal(setenv("XDG_STATE_HOME", path(state_home), 1), 0);
    r = rolling_folder_open(&fd, &whole, why);
    if (r == 0)
        assert_true(fd >= 0 && strcmp(strrchr(whole, '/'), "/restarter") == 0);
    return r;
}

static void is_open(const char *state_home, const char *made)
{
    char why[FOLDER_WHY_SIZE] = "";
    struct stat st;

    if (open_in(state_home, why) != 0)
        fail_msg("%s: %s", state_home, why);
    assert_int_equal(stat(path(made), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0700);
}

static void is_refused(const char *state_home, const char *not_made, const char *words)
{
    char why[FOLDER_WHY_SIZE] = "";

    assert_int_equal(open_in(state_home, why), FOLDER_E_UNFIT);
    if (!strstr(why, words) || !strstr(why, base))
        fail_msg("'%s' in '%s'", words, why);
    if (access(path(not_made), F_OK) == 0)
        fail_msg("%s was made", not_made);
}

static void test_made(_unused_ void **state)
{
    is_open("a/b", "a/b/restarter");
    is_open("a/b", "a/b/restarter");
    is_open("a//b/./c/", "a/b/c/restarter");
}

static void test_own_links(_unused_ void **state)
{
    make("elsewhere", geteuid());
    make_link("elsewhere", "link", geteuid());
    is_open("link/state", "elsewhere/state/restarter");
    make_link("nowhere", "dangling", geteuid());
    is_refused("dangling/state", "nowhere", "dangling cannot be opened");
}

/* Whoever may enter a directory need not be let read it. */
static void test_closed_to_readers(_unused_ void **state)
{
    make("closed", geteuid());
    make("closed/home", geteuid());
    assert_int_equal(chmod(path("closed"), 0311), 0);
    is_open("closed/home", "closed/home/restarter");
    /* Whoever is not root could not remove it. */
    assert_int_equal(chmod(path("closed"), 0711), 0);
}

static void test_files_in_the_way(_unused_ void **state)
{
    _cleanup_(closep) int fd = creat(path("file"), 0600);

    assert_true(fd >= 0);
    is_refused("file", "file/restarter", "file is not a directory");
    is_refused("file/state", "file/state", "file is not a directory");
    assert_int_equal(mkfifo(path("pipe"), 0600), 0);
    is_refused("pipe/state", "pipe/state", "pipe is not a directory");
}

static void test_of_others(_unused_ void **state)
{
    if (geteuid() != 0)
        return;
    make("theirs", STRANGER);
    is_refused("theirs", "theirs/restarter", "theirs belongs to user 4711");
    make("theirs/ours", 0);
    is_refused("theirs/ours", "theirs/ours/restarter", "theirs belongs to user 4711");
    make("ours", 0);
    make_link("ours", "trap", STRANGER);
    is_refused("trap", "ours/restarter", "trap is a symbolic link of user 4711");
    is_refused("trap/state", "ours/state", "trap is a symbolic link of user 4711");
    make_link("theirs", "out", 0);
    is_refused("out/state", "theirs/state", "out belongs to user 4711");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_made, make_base, remove_base),
        cmocka_unit_test_setup_teardown(test_own_links, make_base, remove_base),
        cmocka_unit_test_setup_teardown(test_closed_to_readers, make_base, remove_base),
        cmocka_unit_test_setup_teardown(test_files_in_the_way, make_base, remove_base),
        cmocka_unit_test_setup_teardown(test_of_others, make_base, remove_base),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
