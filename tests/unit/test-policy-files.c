/* The policy file as a file: who may own it, what else may lie in its place, and its drop-ins. Runs as root
 * and as anybody else; where only root can make a file belong to somebody else, the roles are turned round.
 */
#include "policy/load.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "tests/unit/test.h"

#define GRANT(unit) "[Grant]\nUnit=" unit "@.service\nInstances=x\nVerbs=restart\n"
#define MAIN "%s/policy.conf"
#define DROP_IN "%s/policy.conf.d/"

static char directory[] = "/tmp/restarter-test-XXXXXX";

static const char *path(const char *format)
{
    static char buffers[4][256];
    static unsigned next;
    char *buffer = buffers[next++ % 4];

    /* the formats are the ones above, with a name behind */
    assert_int_equal(strncmp(format, "%s", 2), 0);
    assert_true(snprintf(buffer, sizeof(buffers[0]), "%s%s", directory, format + 2) < 256);
    return buffer;
}

static void write_file(const char *format, const char *text, size_t size)
{
    int fd = open(path(format), O_WRONLY | O_CREAT | O_TRUNC, 0644);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, size), size);
    assert_int_equal(fchmod(fd, 0644), 0);
    assert_int_equal(close(fd), 0);
}

static void write_text(const char *format, const char *text)
{
    write_file(format, text, strlen(text));
}

/* The units of the grants in order, each with a space behind it, or the error without the directory's name.
 */
static const char *load(uid_t owner)
{
    static char result[1024];
    _cleanup_(policy_freep) struct policy *policy = NULL;
    _cleanup_(policy_error_done) struct policy_error error = { 0 };
    _cleanup_(freep) char *text = NULL;
    int r = policy_load_owned(path(MAIN), owner, &policy, &error);

    result[0] = '\0';
    assert_in_range(r, 0, POLICY_E_INVALID);
    if (r) {
        assert_null(policy);
        text = policy_error_format(&error);
        assert_int_equal(strncmp(text, directory, strlen(directory)), 0);
        snprintf(result, sizeof(result), "%s", text + strlen(directory));
    } else
        for (size_t i = 0; i < policy->n_grants; i++)
            strcat(strcat(result, policy->grants[i].unit), " ");
    return result;
}

static void assert_error(const char *result, const char *begins)
{
    if (strncmp(result, begins, strlen(begins)) != 0)
        fail_msg("%s", result);
}

static int remove_entry(const char *name, _unused_ const struct stat *st, _unused_ int type,
                        _unused_ struct FTW *ftw)
{
    return remove(name);
}

static int set_up(_unused_ void **state)
{
    strcpy(directory, "/tmp/restarter-test-XXXXXX");
    umask(022);
    return mkdtemp(directory) && mkdir(path(DROP_IN), 0755) == 0 ? 0 : -1;
}

static int tear_down(_unused_ void **state)
{
    return nftw(directory, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

static void test_plain(_unused_ void **state)
{
    assert_error(load(geteuid()), "/policy.conf: there is no such file");
    write_text(MAIN, "");
    assert_string_equal(load(geteuid()), "");
    write_text(MAIN, GRANT("a") GRANT("b"));
    assert_string_equal(load(geteuid()), "a@.service b@.service ");
    assert_int_equal(rmdir(path(DROP_IN)), 0);
    assert_string_equal(load(geteuid()), "a@.service b@.service ");
    write_text(MAIN, GRANT("a") "x\n");
    assert_error(load(geteuid()), "/policy.conf:5: is not Key=value");
}

static void test_drop_ins(_unused_ void **state)
{
    write_text(MAIN, GRANT("main"));
    write_text(DROP_IN "20-b.conf", GRANT("b"));
    write_text(DROP_IN "10-c.conf", GRANT("c"));
    write_text(DROP_IN "9-d.conf", GRANT("d"));
    write_text(DROP_IN "A.conf", GRANT("e"));
    write_text(DROP_IN "empty.conf", "");
    write_text(DROP_IN ".hidden.conf", "junk");
    write_text(DROP_IN "x.conf.bak", "junk");
    write_text(DROP_IN "x.conf~", "junk");
    write_text(DROP_IN "README", "junk");
    write_text(DROP_IN ".conf", "junk");
    assert_string_equal(load(geteuid()), "main@.service c@.service b@.service d@.service e@.service ");

    write_text(DROP_IN "20-b.conf", "\n\nFoo=1\n");
    assert_string_equal(load(geteuid()), "/policy.conf.d/20-b.conf:3: Foo= stands before the first [Grant]");
    write_text(DROP_IN "20-b.conf", GRANT("main"));
    assert_error(load(geteuid()),
                 "/policy.conf.d/20-b.conf:1: main@.service with instances x is granted already "
                 "in ");
    /* a section does not go on in the next file */
    write_text(DROP_IN "20-b.conf", "[Grant]\nUnit=x@.service\n");
    assert_error(load(geteuid()), "/policy.conf.d/20-b.conf:1: this [Grant] has no Instances=");
}

static void test_mask(_unused_ void **state)
{
    write_text(MAIN, GRANT("main"));
    write_text(DROP_IN "10-a.conf", GRANT("a"));
    assert_int_equal(symlink("/dev/null", path(DROP_IN "20-b.conf")), 0);
    assert_string_equal(load(geteuid()), "main@.service a@.service ");

    assert_int_equal(symlink("/dev/nullx", path(DROP_IN "30-c.conf")), 0);
    assert_error(load(geteuid()), "/policy.conf.d/30-c.conf: is a symbolic link");
}

static void test_links(_unused_ void **state)
{
    write_text("%s/real", GRANT("a"));
    assert_int_equal(symlink("real", path(MAIN)), 0);
    assert_error(load(geteuid()), "/policy.conf: is a symbolic link");
    assert_error(load(POLICY_ANY_OWNER), "/policy.conf: is a symbolic link");
    assert_int_equal(unlink(path(MAIN)), 0);
    assert_int_equal(symlink("/dev/null", path(MAIN)), 0);
    assert_error(load(geteuid()), "/policy.conf: is a symbolic link");
    assert_int_equal(unlink(path(MAIN)), 0);

    write_text(MAIN, GRANT("main"));
    assert_int_equal(symlink("../real", path(DROP_IN "a.conf")), 0);
    assert_error(load(geteuid()), "/policy.conf.d/a.conf: is a symbolic link");
    assert_int_equal(unlink(path(DROP_IN "a.conf")), 0);

    assert_int_equal(rename(path("%s/policy.conf.d"), path("%s/elsewhere")), 0);
    assert_int_equal(symlink("elsewhere", path("%s/policy.conf.d")), 0);
    assert_error(load(geteuid()), "/policy.conf.d: is not a directory");
    assert_int_equal(unlink(path("%s/policy.conf.d")), 0);
    write_text("%s/policy.conf.d", "");
    assert_error(load(geteuid()), "/policy.conf.d: is not a directory");
}

/* Nothing that could lie there instead makes the reader wait. */
static void test_not_regular(_unused_ void **state)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int fd;

    (void)alarm(20);
    assert_int_equal(mkfifo(path(MAIN), 0644), 0);
    assert_error(load(geteuid()), "/policy.conf: is not a regular file");
    assert_int_equal(unlink(path(MAIN)), 0);

    assert_int_equal(mkdir(path(MAIN), 0755), 0);
    assert_error(load(geteuid()), "/policy.conf: is not a regular file");
    assert_int_equal(rmdir(path(MAIN)), 0);

    fd = socket(AF_UNIX, SOCK_STREAM, 0);
    strcpy(address.sun_path, path(MAIN));
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_error(load(geteuid()), "/policy.conf: cannot be opened");
    assert_int_equal(close(fd), 0);
    assert_int_equal(unlink(path(MAIN)), 0);

    write_text(MAIN, "");
    assert_int_equal(mkfifo(path(DROP_IN "a.conf"), 0644), 0);
    assert_error(load(geteuid()), "/policy.conf.d/a.conf: is not a regular file");
    (void)alarm(0);
}

static void test_size(_unused_ void **state)
{
    static char text[POLICY_SIZE_MAX + 2];

    memset(text, '\n', sizeof(text));
    write_file(MAIN, text, POLICY_SIZE_MAX);
    assert_string_equal(load(geteuid()), "");
    write_file(MAIN, text, POLICY_SIZE_MAX + 1);
    assert_string_equal(load(geteuid()), "/policy.conf: is larger than 64 KiB");

    /* a megabyte of junk, and as much that is only holes */
    write_text(MAIN, "");
    assert_int_equal(truncate(path(MAIN), 1 << 20), 0);
    assert_string_equal(load(geteuid()), "/policy.conf: is larger than 64 KiB");
    assert_int_equal(truncate(path(MAIN), 1024), 0);
    assert_string_equal(load(geteuid()), "/policy.conf:1: has a NUL byte: this is not a text file");
}

static void test_modes(_unused_ void **state)
{
    static const struct {
        const char *format;
        const char *error;
    } CASES[] = {
        { MAIN, "/policy.conf: can be written by more than its owner" },
        { DROP_IN "a.conf", "/policy.conf.d/a.conf: can be written by more than its owner" },
        { "%s/policy.conf.d", "/policy.conf.d: can be written by more than its owner" },
        { "%s", ": can be written by more than its owner" },
    };

    write_text(MAIN, GRANT("main"));
    write_text(DROP_IN "a.conf", GRANT("a"));
    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        assert_int_equal(chmod(path(CASES[i].format), 0775), 0);
        assert_error(load(geteuid()), CASES[i].error);
        assert_int_equal(chmod(path(CASES[i].format), 0757), 0);
        assert_error(load(geteuid()), CASES[i].error);
        assert_string_equal(load(POLICY_ANY_OWNER), "main@.service a@.service ");
        assert_int_equal(chmod(path(CASES[i].format), 0755), 0);
        assert_string_equal(load(geteuid()), "main@.service a@.service ");
    }
}

/* policy_load() wants root, whoever asks: what belongs to the user that the broker runs as is not to be
 * trusted. */
static void test_owner(_unused_ void **state)
{
    static const char *const FORMATS[] = { "%s", "%s/policy.conf.d", MAIN, DROP_IN "a.conf" };
    struct policy *policy = NULL;
    struct policy_error error = { 0 };
    bool root = geteuid() == 0;

    write_text(MAIN, GRANT("main"));
    write_text(DROP_IN "a.conf", GRANT("a"));
    if (!root) {
        assert_int_equal(policy_load(path(MAIN), &policy, &error), POLICY_E_INVALID);
        assert_non_null(strstr(error.message, "it must belong to root"));
        policy_error_done(&error);
        return;
    }

    assert_int_equal(policy_load(path(MAIN), &policy, &error), 0);
    policy_free(policy);
    for (size_t i = 0; i < sizeof(FORMATS) / sizeof(*FORMATS); i++) {
        assert_int_equal(chown(path(FORMATS[i]), 12345, 0), 0);
        policy = NULL;
        assert_int_equal(policy_load(path(MAIN), &policy, &error), POLICY_E_INVALID);
        assert_null(policy);
        assert_string_equal(error.message, "belongs to user 12345; it must belong to root");
        policy_error_done(&error);
        assert_string_equal(load(12345), "main@.service a@.service ");
        assert_error(load(12346), path("%s") + strlen(directory));
        assert_non_null(strstr(load(12346), "belongs to user 12345"));
        assert_int_equal(chown(path(FORMATS[i]), 0, 0), 0);
    }
}

static void test_too_many(_unused_ void **state)
{
    char format[64];

    write_text(MAIN, "");
    for (unsigned i = 0; i < POLICY_FILES_MAX; i++) {
        snprintf(format, sizeof(format), "%%s/policy.conf.d/%u.conf", i);
        write_text(format, "");
    }
    assert_string_equal(load(geteuid()), "");
    write_text(DROP_IN "x.conf", "");
    assert_string_equal(load(geteuid()), "/policy.conf.d: has more than 64 drop-ins");
}

static void test_no_directory(_unused_ void **state)
{
    struct policy *policy = NULL;
    struct policy_error error = { 0 };
    char long_path[8192];
    static const char *const PATHS[] = { "/nonexistent/policy.conf", "", "/", "/dev/null/x",
                                         "policy-nowhere.conf" };

    memset(long_path, 'x', sizeof(long_path));
    long_path[sizeof(long_path) - 1] = '\0';
    for (size_t i = 0; i <= sizeof(PATHS) / sizeof(*PATHS); i++) {
        const char *name = i < sizeof(PATHS) / sizeof(*PATHS) ? PATHS[i] : long_path;

        assert_int_equal(policy_load_owned(name, POLICY_ANY_OWNER, &policy, &error), POLICY_E_INVALID);
        assert_null(policy);
        assert_true(strlen(error.message) > 10);
        policy_error_done(&error);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_plain, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_drop_ins, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_mask, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_links, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_not_regular, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_size, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_modes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_owner, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_too_many, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_no_directory, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
