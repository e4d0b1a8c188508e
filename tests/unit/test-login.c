/* A whole attempt, with real hashes: who gets a ticket, and that nothing which is wrong ends in one. */
#include "login/attempt.h"

#include <crypt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/ticket-key.h"
#include "login/brake.h"
#include "login/way-password.h"
#include "tests/unit/test.h"

static const struct ticket_key KEY = { "the key of this machine, 32 byte" };
static char directory[] = "/tmp/test-login.XXXXXX";
static char anna[256], bert[256]; /* lines of the users' file */

static void put(const char *name, const void *data, size_t size)
{
    char path[128];
    FILE *file;

    (void)snprintf(path, sizeof(path), "%s/%s", directory, name);
    file = fopen(path, "we");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static void put_text(const char *name, const char *text)
{
    put(name, text, strlen(text));
}

static void take_away(const char *name)
{
    char path[128];

    (void)snprintf(path, sizeof(path), "%s/%s", directory, name);
    (void)remove(path);
}

/* At the least cost there is. */
static void make_line(const char *name, const char *password, const char *prefix, unsigned long cost,
                      char ret[static 256])
{
    char setting[CRYPT_GENSALT_OUTPUT_SIZE];
    struct crypt_data data = { .initialized = 0 };

    assert_non_null(crypt_gensalt_rn(prefix, cost, NULL, 0, setting, sizeof(setting)));
    (void)snprintf(ret, 256, "%s:%s\n", name, crypt_r(password, setting, &data));
}

static int set_up(_unused_ void **state)
{
    make_line("anna", "secret", "$y$", 1, anna);
    make_line("bert", "geheim", "$2y$", 4, bert);
    assert_non_null(mkdtemp(directory));
    (void)setenv("CREDENTIALS_DIRECTORY", directory, 1);
    (void)setenv("RESTARTER_BOOT", "00112233445566778899aabbccddeeff", 1);
    return setenv("RUNTIME_DIRECTORY", directory, 1);
}

static int as_it_should_be(_unused_ void **state)
{
    char users[1024];

    (void)snprintf(users, sizeof(users), "# who\n%s%s", anna, bert);
    put("ticket.key", KEY.bytes, sizeof(KEY.bytes));
    put_text("users", users);
    put_text("groups", "ops:anna,bert\nadmins:anna\n");
    put_text("webfront.conf", "[Web]\nLogin=password\n");
    take_away("brakes");
    return unsetenv("TICKET_LIFETIME_SEC");
}

static int tear_down(_unused_ void **state)
{
    static const char *const NAMES[] = { "ticket.key", "users", "groups", "webfront.conf", "brakes" };

    for (size_t i = 0; i < sizeof(NAMES) / sizeof(*NAMES); i++)
        take_away(NAMES[i]);
    return rmdir(directory);
}

/* What is answered to these bytes, without its line end. */
static const char *answer_to(const char *bytes)
{
    static char answer[2 * TICKET_SIZE];
    ssize_t length;
    int pair[2];

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
    assert_int_equal(write(pair[0], bytes, strlen(bytes)), strlen(bytes));
    assert_int_equal(shutdown(pair[0], SHUT_WR), 0);
    assert_int_equal(attempt_run(&WAY_PASSWORD, pair[1], pair[1]), EXIT_SUCCESS);
    (void)close(pair[1]);
    length = read(pair[0], answer, sizeof(answer) - 1);
    (void)close(pair[0]);
    assert_true(length > 1 && answer[length - 1] == '\n');
    answer[length - 1] = '\0';
    assert_null(strchr(answer, '\n'));
    return answer;
}

static const char *log_in(const char *user, const char *password)
{
    char question[1024];

    (void)snprintf(question, sizeof(question), "%zu:%s,%zu:%s,", strlen(user), user, strlen(password),
                   password);
    return answer_to(question);
}

static void read_ticket(const char *answer, struct ticket *ret)
{
    struct ticket_key key;
    struct mistake mistake;

    assert_int_equal(ticket_key_read(&key, &mistake), 0);
    assert_int_equal(strncmp(answer, "ticket ", strlen("ticket ")), 0);
    assert_int_equal(ticket_read(&key, answer + strlen("ticket "), (uint64_t)time(NULL), ret), TICKET_GOOD);
}

static void test_good(_unused_ void **state)
{
    _cleanup_(ticket_done) struct ticket first = { .issued = 0 }, second = { .issued = 0 };

    read_ticket(log_in("anna", "secret"), &first);
    assert_string_equal(first.person.name, "anna");
    assert_int_equal(first.person.known, PERSON_PASSWORD);
    assert_int_equal(first.person.n_groups, 2);
    assert_int_equal(first.expires - first.issued, 2 * 3600);
    read_ticket(log_in("bert", "geheim"), &second);
    assert_string_equal(second.person.name, "bert");
    assert_int_equal(second.person.n_groups, 1);
    assert_true(person_in_group(&second.person, "ops"));
    assert_memory_not_equal(first.number, second.number, sizeof(first.number));
}

static void test_lifetime(_unused_ void **state)
{
    static const char *const WRONG[] = {
        "", "0", "59", "2592001", "-60", "1h", "60 ", "99999999999999999999"
    };
    _cleanup_(ticket_done) struct ticket ticket = { .issued = 0 };

    assert_int_equal(setenv("TICKET_LIFETIME_SEC", "60", 1), 0);
    read_ticket(log_in("anna", "secret"), &ticket);
    assert_int_equal(ticket.expires - ticket.issued, 60);
    for (size_t i = 0; i < sizeof(WRONG) / sizeof(*WRONG); i++) {
        assert_int_equal(setenv("TICKET_LIFETIME_SEC", WRONG[i], 1), 0);
        assert_string_equal(log_in("anna", "secret"), "unavailable");
    }
}

static void test_wrong(_unused_ void **state)
{
    static const struct {
        const char *user, *password;
    } CASES[] = {
        { "anna", "Secret" }, { "anna", "secret " }, { "anna", "geheim" },   { "anna", "" },
        { "bert", "secret" }, { "bert", "" },        { "Anna", "secret" },   { "ann", "secret" },
        { "root", "secret" }, { "anna:", "secret" }, { "anna\n", "secret" }, { "# who", "" },
        { "<b>", "secret" },  { "ops", "secret" },
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++)
        if (strcmp(log_in(CASES[i].user, CASES[i].password), "wrong") != 0)
            fail_msg("%s, %s", CASES[i].user, CASES[i].password);
}

/* Whoever is taken in place of an unknown user: that one's password lets nobody in. */
static void test_nobody_elses_password(_unused_ void **state)
{
    char name[16];

    put_text("users", anna);
    put_text("groups", "");
    for (unsigned i = 0; i < 20; i++) {
        (void)snprintf(name, sizeof(name), "nobody%u", i);
        assert_string_equal(log_in(name, "secret"), "wrong");
    }
}

/* Not even one whose hash is that of nothing. */
static void test_empty_password(_unused_ void **state)
{
    char line[256];

    make_line("carl", "", "$y$", 1, line);
    put_text("users", line);
    put_text("groups", "");
    assert_string_equal(log_in("carl", ""), "wrong");
}

static void test_malformed(_unused_ void **state)
{
    static const char *const QUESTIONS[] = { "", "anna", "4:anna,", "4:anna,6:secret,x", "0:,6:secret," };

    for (size_t i = 0; i < sizeof(QUESTIONS) / sizeof(*QUESTIONS); i++)
        assert_string_equal(answer_to(QUESTIONS[i]), "malformed");
}

static unsigned long seconds_of(const char *answer)
{
    assert_int_equal(strncmp(answer, "later ", strlen("later ")), 0);
    return strtoul(answer + strlen("later "), NULL, 10);
}

static void test_later(_unused_ void **state)
{
    for (unsigned i = 0; i < BRAKE_USER_BURST; i++)
        assert_string_equal(log_in("anna", "guess"), "wrong");
    assert_in_range(seconds_of(log_in("anna", "secret")), 1, BRAKE_USER_SEC);
    assert_int_equal(strncmp(log_in("bert", "geheim"), "ticket ", 7), 0);
    /* One that is not there is held back as one that is. */
    for (unsigned i = 0; i < BRAKE_USER_BURST; i++)
        assert_string_equal(log_in("nobody", "guess"), "wrong");
    assert_in_range(seconds_of(log_in("nobody", "guess")), 1, BRAKE_USER_SEC);
}

/* Each file, in each way that it can be wrong: nobody is in, with whatever password. */
static void test_bad_files(_unused_ void **state)
{
    char twice[1024], cut[256];
    const struct {
        const char *name, *text;
    } CASES[] = {
        { "ticket.key", NULL },
        { "ticket.key", "" },
        { "ticket.key", "#" },
        { "ticket.key", "short" },
        { "users", NULL },
        { "users", "" },
        { "users", "#" },
        { "users", "anna:\n" },
        { "users", "anna:secret\n" },
        { "users", "anna\n" },
        { "users", twice },
        { "users", cut },
        { "groups", NULL },
        { "groups", "ops:nobody\n" },
        { "groups", "ops:anna\nops:bert\n" },
        { "groups", "o ps:anna\n" },
        { "groups", "ops" },
    };

    (void)snprintf(twice, sizeof(twice), "%s%s%s", anna, bert, anna);
    (void)snprintf(cut, sizeof(cut), "%.*s", (int)strlen(anna) - 3, anna);
    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        assert_int_equal(as_it_should_be(state), 0);
        if (CASES[i].text)
            put_text(CASES[i].name, CASES[i].text);
        else
            take_away(CASES[i].name);
        assert_string_equal(log_in("anna", "secret"), "unavailable");
        assert_string_equal(log_in("anna", ""), "unavailable");
        assert_string_equal(log_in("nobody", ""), "unavailable");
    }
}

static void test_no_brakes(_unused_ void **state)
{
    assert_int_equal(setenv("RUNTIME_DIRECTORY", "/nonexistent", 1), 0);
    assert_string_equal(log_in("anna", "secret"), "unavailable");
    assert_int_equal(setenv("RUNTIME_DIRECTORY", directory, 1), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_good, as_it_should_be),
        cmocka_unit_test_setup(test_lifetime, as_it_should_be),
        cmocka_unit_test_setup(test_wrong, as_it_should_be),
        cmocka_unit_test_setup(test_nobody_elses_password, as_it_should_be),
        cmocka_unit_test_setup(test_empty_password, as_it_should_be),
        cmocka_unit_test_setup(test_malformed, as_it_should_be),
        cmocka_unit_test_setup(test_later, as_it_should_be),
        cmocka_unit_test_setup(test_bad_files, as_it_should_be),
        cmocka_unit_test_setup(test_no_brakes, as_it_should_be),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
