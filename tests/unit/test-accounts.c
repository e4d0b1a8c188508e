/* The files of users and of groups: one mistake anywhere, and nobody is in, with the file, the line and the
 * reason; and never with what stands there. */
#include "common/accounts/groups.h"

#include <stdio.h>
#include <string.h>

#include "common/cleanup.h"
#include "tests/unit/test.h"

#define HASH43 "abcdefghijABCDEFGHIJ./0123456789abcdefghijk"
#define HASH "$y$j9T$abcdefghijABCDEFGHIJ./$" HASH43
#define ANNA "anna:" HASH "\n"
#define BERT "bert:" HASH "\n"
#define X60 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

static int read_users(const char *text, struct users *ret, struct mistake *mistake)
{
    return users_read("users", text, strlen(text), ret, mistake);
}

static void test_users(_unused_ void **state)
{
    static const char *const FILES[] = {
        ANNA BERT,
        "anna:" HASH "\nbert:" HASH,
        "# who\n\n" ANNA "#bert:" HASH "\n\n" BERT "\n#",
    };
    struct mistake mistake;

    for (size_t i = 0; i < sizeof(FILES) / sizeof(*FILES); i++) {
        _cleanup_(users_done) struct users users = { .list = NULL };

        if (read_users(FILES[i], &users, &mistake) != 0)
            fail_msg("%s", mistake.text);
        assert_int_equal(users.n, 2);
        assert_string_equal(users_find(&users, "anna")->hash, HASH);
        assert_non_null(users_find(&users, "bert"));
        assert_null(users_find(&users, "ann"));
        assert_null(users_find(&users, ""));
    }
}

static void test_nobody(_unused_ void **state)
{
    static const char *const FILES[] = { "", "\n", "#", "# anna:" HASH "\n" };
    struct mistake mistake;

    for (size_t i = 0; i < sizeof(FILES) / sizeof(*FILES); i++) {
        _cleanup_(users_done) struct users users = { .list = NULL };

        assert_int_equal(read_users(FILES[i], &users, &mistake), 0);
        assert_int_equal(users.n, 0);
        assert_null(users_find(&users, "anna"));
    }
}

static void test_wrong_users(_unused_ void **state)
{
    static const struct {
        const char *text, *words;
    } CASES[] = {
        { ANNA ANNA, "users:2: user anna is already in line 1" },
        { "# x\n" ANNA BERT "\n" ANNA, "users:5: user anna is already in line 2" },
        { ANNA "bert\n", "users:2: there is no ':'" },
        { ANNA "bert", "users:2: there is no ':'" },
        { "bert:\n", "users:1: user bert: the hash is not there" },
        { "bert:secret\n", "users:1: user bert: the hash is none" },
        { "bert:$2y$31$abcdefghijABCDEFGHIJ./0123456789abcdefghijABCDEFGHIJK\n", "no login would end" },
        { "bert:" HASH ":1:2\n", "users:1: user bert: the hash is none" },
        { "bert :" HASH "\n", "users:1: what stands before the ':' is no name" },
        { " bert:" HASH "\n", "is no name" },
        { ":" HASH "\n", "is no name" },
        { "-bert:" HASH "\n", "is no name" },
        { "<b>:" HASH "\n", "is no name" },
        { "b\xe2\x80\xaert:" HASH "\n", "is no name" },
        { "bert:" HASH "\r\n", "control character" },
        { "be\trt:" HASH "\n", "control character" },
        { "bert: " HASH "\n", "the hash is none" },
        { "bert:" HASH " \n", "the hash is none" },
        { " # indented\n", "there is no ':'" },
        { X60 "xxxxx:" HASH "\n", "too long" },
        { X60 X60 X60 X60 X60 ":" HASH "\n", "too long" },
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        struct users users = { .n = 77 };
        struct mistake mistake = { "" };

        assert_int_equal(read_users(CASES[i].text, &users, &mistake), MISTAKE);
        assert_int_equal(users.n, 77);
        assert_null(users.list);
        if (!strstr(mistake.text, CASES[i].words))
            fail_msg("\"%s\" is told as \"%s\"", CASES[i].text, mistake.text);
        assert_null(strstr(mistake.text, "secret"));
        assert_null(strstr(mistake.text, "$y$"));
    }
}

/* A comment may say anything but this: what comes behind it would be lost at the next change. */
static void test_nul_in_a_comment(_unused_ void **state)
{
    static const char TEXT[] = ANNA "# until\0here\n" BERT;
    struct users users = { .n = 77 };
    struct mistake mistake = { "" };

    assert_int_equal(users_read("users", TEXT, sizeof(TEXT) - 1, &users, &mistake), MISTAKE);
    assert_int_equal(users.n, 77);
    assert_non_null(strstr(mistake.text, "users:2: there is a control character, NUL"));
}

static void test_too_much(_unused_ void **state)
{
    static char text[LINES_SIZE_MAX + 1];
    struct users users = { .list = NULL };
    struct mistake mistake = { "" };
    size_t used = 0;

    memset(text, '#', sizeof(text));
    assert_int_equal(users_read("users", text, sizeof(text), &users, &mistake), MISTAKE);
    assert_non_null(strstr(mistake.text, "larger than 256 KiB"));
    memset(text, 'a', sizeof(text) - 1);
    assert_int_equal(users_read("users", text, sizeof(text) - 1, &users, &mistake), MISTAKE);
    memset(text, '\0', sizeof(text) - 1);
    assert_int_equal(users_read("users", text, sizeof(text) - 1, &users, &mistake), MISTAKE);
    assert_non_null(strstr(mistake.text, "users:1: there is a control character"));
    for (unsigned i = 0; i <= USERS_MAX; i++)
        used += (size_t)snprintf(text + used, sizeof(text) - used, "u%u:" HASH "\n", i);
    assert_int_equal(users_read("users", text, used, &users, &mistake), MISTAKE);
    assert_non_null(strstr(mistake.text, "users:1025: these are more than 1024 users"));
}

static void test_groups(_unused_ void **state)
{
    static const char TEXT[] = "# groups\nops:anna,bert\nnone:\n\nadmins:anna\n";
    _cleanup_(users_done) struct users users = { .list = NULL };
    _cleanup_(person_done) struct person anna = { 0 }, bert = { 0 };
    struct mistake mistake;

    assert_int_equal(read_users(ANNA BERT, &users, &mistake), 0);
    assert_int_equal(person_set(&anna, "anna", PERSON_PASSWORD), 0);
    assert_int_equal(person_set(&bert, "bert", PERSON_PASSWORD), 0);
    assert_int_equal(groups_read("groups", TEXT, strlen(TEXT), &users, &anna, &mistake), 0);
    assert_int_equal(groups_read("groups", TEXT, strlen(TEXT), &users, &bert, &mistake), 0);
    assert_int_equal(groups_read("groups", TEXT, strlen(TEXT), &users, NULL, &mistake), 0);
    assert_int_equal(anna.n_groups, 2);
    assert_true(person_in_group(&anna, "ops") && person_in_group(&anna, "admins"));
    assert_int_equal(bert.n_groups, 1);
    assert_true(person_in_group(&bert, "ops"));
}

static void test_wrong_groups(_unused_ void **state)
{
    static const struct {
        const char *text, *words;
    } CASES[] = {
        { "ops:anna\nops:bert\n", "groups:2: group ops is there twice" },
        { "ops:anna,anna\n", "groups:1: group ops: user anna is there twice" },
        { "ops:anna,bert,anna\n", "user anna is there twice" },
        { "ops:anna,carl\n", "groups:1: group ops: there is no user carl" },
        { "ops:ann\n", "there is no user ann" },
        { "ops:anna,\n", "is no list of users" },
        { "ops:,anna\n", "is no list of users" },
        { "ops:anna,,bert\n", "is no list of users" },
        { "ops:,\n", "is no list of users" },
        { "ops:anna, bert\n", "is no list of users" },
        { "ops:anna bert\n", "is no list of users" },
        { "ops:anna:bert\n", "is no list of users" },
        { "ops\n", "there is no ':'" },
        { "o ps:anna\n", "is no name" },
        { ":anna\n", "is no name" },
        { "ops:anna\r\n", "control character" },
        { "ops:" X60 "xxxxx\n", "is no list of users" },
    };
    _cleanup_(users_done) struct users users = { .list = NULL };
    struct mistake mistake;

    assert_int_equal(read_users(ANNA BERT, &users, &mistake), 0);
    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        mistake.text[0] = '\0';
        assert_int_equal(groups_read("groups", CASES[i].text, strlen(CASES[i].text), &users, NULL, &mistake),
                         MISTAKE);
        if (!strstr(mistake.text, CASES[i].words))
            fail_msg("\"%s\" is told as \"%s\"", CASES[i].text, mistake.text);
    }
}

static void test_too_many_groups(_unused_ void **state)
{
    _cleanup_(users_done) struct users users = { .list = NULL };
    _cleanup_(person_done) struct person anna = { 0 };
    struct mistake mistake;
    char text[2048];
    size_t used = 0;

    assert_int_equal(read_users(ANNA, &users, &mistake), 0);
    assert_int_equal(person_set(&anna, "anna", PERSON_PASSWORD), 0);
    for (unsigned i = 0; i <= PERSON_GROUPS_MAX; i++)
        used += (size_t)snprintf(text + used, sizeof(text) - used, "g%u:anna\n", i);
    assert_int_equal(groups_read("groups", text, used, &users, &anna, &mistake), MISTAKE);
    assert_non_null(strstr(mistake.text, "groups:65: user anna is in more than 64 groups"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_users),
        cmocka_unit_test(test_nobody),
        cmocka_unit_test(test_wrong_users),
        cmocka_unit_test(test_too_much),
        cmocka_unit_test(test_nul_in_a_comment),
        cmocka_unit_test(test_groups),
        cmocka_unit_test(test_wrong_groups),
        cmocka_unit_test(test_too_many_groups),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
