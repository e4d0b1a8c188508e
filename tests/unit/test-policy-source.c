/* A policy is told from another one by a checksum of its files, and can be kept as one piece and read again.
 */
#include "policy/load.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/random.h"
#include "tests/unit/test.h"

#define GRANT(name) "[Grant]\nUnit=" name "@.service\nInstances=[0-9]{4}\nVerbs=restart\n"

struct files {
    char directory[64], path[128], drop_in[160];
};

static void write_file(const char *path, const char *text)
{
    FILE *out = fopen(path, "w");

    assert_non_null(out);
    assert_true(fputs(text, out) >= 0);
    assert_int_equal(fclose(out), 0);
}

static int set_up(void **state)
{
    struct files *f = calloc(1, sizeof(*f));

    assert_non_null(f);
    strcpy(f->directory, "/tmp/test-policy-source.XXXXXX");
    assert_non_null(mkdtemp(f->directory));
    (void)snprintf(f->path, sizeof(f->path), "%s/policy.conf", f->directory);
    (void)snprintf(f->drop_in, sizeof(f->drop_in), "%s.d", f->path);
    assert_int_equal(mkdir(f->drop_in, 0755), 0);
    (void)snprintf(f->drop_in, sizeof(f->drop_in), "%s.d/10-more.conf", f->path);
    write_file(f->path, "# first\n" GRANT("example"));
    write_file(f->drop_in, GRANT("worker"));
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct files *f = *state;

    (void)unlink(f->drop_in);
    *strrchr(f->drop_in, '/') = '\0';
    (void)rmdir(f->drop_in);
    (void)unlink(f->path);
    (void)rmdir(f->directory);
    free(f);
    return 0;
}

static struct policy *load(const struct files *f)
{
    struct policy_error error = { 0 };
    struct policy *policy = NULL;

    assert_int_equal(policy_load_owned(f->path, POLICY_ANY_OWNER, &policy, &error), 0);
    return policy;
}

static void test_kept_and_read_again(void **state)
{
    struct files *f = *state;
    struct policy *policy = load(f), *again = NULL;
    struct policy_error error = { 0 };

    assert_int_equal(policy_load_source("kept", policy->source, policy->source_size, &again, &error), 0);
    assert_string_equal(again->checksum, policy->checksum);
    assert_int_equal(again->n_grants, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_string_equal(again->grants[i].unit, policy->grants[i].unit);
        assert_string_equal(again->grants[i].file, policy->grants[i].file);
        assert_int_equal(again->grants[i].line, policy->grants[i].line);
    }
    policy_free(policy);
    policy_free(again);
}

/* Every change of a file, of its place, or of where one ends and the next begins. */
static void test_checksum_tells_files_apart(void **state)
{
    struct files *f = *state;
    struct policy *before = load(f), *after = load(f);

    assert_int_equal(strlen(before->checksum), POLICY_CHECKSUM_SIZE - 1);
    assert_string_equal(before->checksum, after->checksum);
    policy_free(after);
    write_file(f->path, "# First\n" GRANT("example"));
    after = load(f);
    assert_string_not_equal(before->checksum, after->checksum);
    policy_free(after);
    write_file(f->path, "# first\n" GRANT("example") GRANT("worker"));
    write_file(f->drop_in, "");
    after = load(f);
    assert_string_not_equal(before->checksum, after->checksum);
    policy_free(after);
    policy_free(before);
}

/* Cut at every byte, and with any byte changed: the same policy, another whole one, or none. */
static void test_broken_source(void **state)
{
    struct files *f = *state;
    struct random random = { .state = 7 };
    struct policy *policy = load(f), *again;

    for (size_t size = 0; size < policy->source_size; size++) {
        struct policy_error error = { 0 };

        again = NULL;
        if (policy_load_source("kept", policy->source, size, &again, &error) == 0)
            assert_string_not_equal(again->checksum, policy->checksum);
        policy_free(again);
        policy_error_done(&error);
    }
    for (unsigned i = 0; i < 5000; i++) {
        struct policy_error error = { 0 };
        size_t place = random_below(&random, (unsigned)policy->source_size);
        char kept = policy->source[place];

        again = NULL;
        policy->source[place] = (char)random_below(&random, 256);
        if (policy_load_source("kept", policy->source, policy->source_size, &again, &error) == 0 &&
            policy->source[place] != kept)
            assert_string_not_equal(again->checksum, policy->checksum);
        policy->source[place] = kept;
        policy_free(again);
        policy_error_done(&error);
    }
    policy_free(policy);
}

static void test_missing_is_told_from_broken(void **state)
{
    struct files *f = *state;
    struct policy_error error = { 0 };
    struct policy *policy = NULL;

    write_file(f->path, "nonsense\n");
    assert_int_equal(policy_load_owned(f->path, POLICY_ANY_OWNER, &policy, &error), POLICY_E_INVALID);
    assert_false(error.missing);
    policy_error_done(&error);
    assert_int_equal(unlink(f->path), 0);
    assert_int_equal(policy_load_owned(f->path, POLICY_ANY_OWNER, &policy, &error), POLICY_E_INVALID);
    assert_true(error.missing);
    policy_error_done(&error);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_kept_and_read_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_checksum_tells_files_apart, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_broken_source, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_missing_is_told_from_broken, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
