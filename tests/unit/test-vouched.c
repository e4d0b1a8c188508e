/* Whom a reverse proxy vouches for: exactly one header, exactly one name, however somebody tries to add one.
 */
#include "webfront/requests/vouched.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "tests/unit/http-fixture.h"
#include "tests/unit/test.h"

static struct vouched_names names = { "Remote-User", "Remote-Groups", true };
static const struct http_limits LIMITS = { .connections = 8,
                                           .body = 64,
                                           .headers = 8192,
                                           .read_usec = 10000000,
                                           .write_usec = 10000000,
                                           .pending_max = 4 };

/* What was read, as text: "anna", "anna: staff ops", or the error's number; with "!" before it when somebody
 * is claimed at all. */
static void handle(struct http_request *request, _unused_ void *userdata)
{
    struct person person = { .door = "proxy.sock" };
    int r = vouched_read(request, &names, &person);
    char text[8192], *end = text;

    if (vouched_is_claimed(request, &names))
        *end++ = '!';
    if (r == 0) {
        assert_int_equal(person.known, PERSON_PROXY);
        end = stpcpy(stpcpy(end, person.name), person.n_groups > 0 ? ":" : "");
        for (size_t i = 0; i < person.n_groups; i++)
            end = stpcpy(stpcpy(end, " "), person.groups[i]);
    } else {
        (void)sprintf(end, "%d", r);
        assert_true(person.name[0] == '\0' && person.known == PERSON_NOBODY && person.n_groups == 0);
        assert_non_null(strstr(vouched_text(r), "Nothing was done"));
    }
    assert_string_equal(person.door, "proxy.sock");
    person_done(&person);
    http_reply_text(request, 200, text);
}

static int setup(void **state)
{
    return http_setup(state, AF_UNIX, &LIMITS, 0, handle);
}

/* What the handler says to a request with those headers. Valid until the next call. */
static const char *ask(struct http_world *world, const char *headers)
{
    char request[8192], *answer;
    int fd = dial(world);

    (void)snprintf(request, sizeof(request), "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%s\r\n",
                   headers);
    transmit(fd, request);
    answer = receive(world, fd, NULL);
    (void)close(fd);
    assert_non_null(strstr(answer, "\r\n\r\n"));
    answer = strstr(answer, "\r\n\r\n") + 4;
    answer[strcspn(answer, "\n")] = '\0';
    return answer;
}

#define N64 "a234567890123456789012345678901234567890123456789012345678901234"

static const struct headers_case {
    const char *headers, *said;
} CASES[] = {
    { "", "1" },
    { "Remote-User: anna\r\n", "!anna" },
    { "remote-user: anna\r\n", "!anna" },
    { "REMOTE-USER:    anna\r\n", "!anna" },
    { "Remote-User: " N64 "\r\n", "!" N64 },
    { "Remote-User: anna@example.org\r\n", "!anna@example.org" },
    /* twice, in whatever spelling, before or behind, the same name or another one */
    { "Remote-User: anna\r\nRemote-User: bob\r\n", "!2" },
    { "Remote-User: anna\r\nRemote-User: anna\r\n", "!2" },
    { "Remote-User: anna\r\nremote-user: bob\r\n", "!2" },
    { "Remote-User: anna\r\nRemote_User: bob\r\n", "!2" },
    { "Remote_User: bob\r\nRemote-User: anna\r\n", "!2" },
    { "Remote-User: anna\r\nREMOTE_USER: bob\r\n", "!2" },
    { "Remote-User: anna\r\nremote_user:\r\n", "!2" },
    { "Remote-User:\r\nRemote-User: anna\r\n", "!2" },
    { "Remote_User: anna\r\n", "!2" },
    /* other headers are others */
    { "X-Remote-User: bob\r\nRemote-Users: bob\r\nRemote: bob\r\nRemoteUser: bob\r\n", "1" },
    { "Remote-User: anna\r\nRemote.User: bob\r\nRestarter-User: bob\r\n", "!anna" },
    /* not a name */
    { "Remote-User:\r\n", "!3" },
    { "Remote-User: anna bob\r\n", "!3" },
    { "Remote-User: anna,bob\r\n", "!3" },
    { "Remote-User: -anna\r\n", "!3" },
    { "Remote-User: an\tna\r\n", "!3" },
    { "Remote-User: an\xc3\xa9\r\n", "!3" },
    { "Remote-User: ../anna\r\n", "!3" },
    { "Remote-User: anna;id\r\n", "!3" },
    { "Remote-User: \"anna\"\r\n", "!3" },
    { "Remote-User: (null)\r\n", "!3" },
    { "Remote-User: CN=anna,O=Team\r\n", "!3" },
    { "Remote-User: " N64 "5\r\n", "!3" },
    /* groups */
    { "Remote-User: anna\r\nRemote-Groups: staff\r\n", "!anna: staff" },
    { "Remote-User: anna\r\nRemote-Groups: staff,ops, x ,y\r\n", "!anna: staff ops x y" },
    { "Remote-User: anna\r\nRemote-Groups: staff,staff\r\n", "!anna: staff" },
    { "Remote-User: anna\r\nRemote-Groups:\r\n", "!anna" },
    { "Remote-Groups: staff\r\n", "!1" },
    { "Remote-User: anna\r\nRemote-Groups: staff,\r\n", "!4" },
    { "Remote-User: anna\r\nRemote-Groups: ,staff\r\n", "!4" },
    { "Remote-User: anna\r\nRemote-Groups: a,,b\r\n", "!4" },
    { "Remote-User: anna\r\nRemote-Groups: ,\r\n", "!4" },
    { "Remote-User: anna\r\nRemote-Groups: two words\r\n", "!4" },
    { "Remote-User: anna\r\nRemote-Groups: " N64 "5\r\n", "!4" },
    { "Remote-User: anna\r\nRemote-Groups: a\r\nRemote-Groups: b\r\n", "!2" },
    { "Remote-User: anna\r\nRemote-Groups: a\r\nRemote_Groups: b\r\n", "!2" },
    { "Remote-User: anna\r\nRemote_Groups: b\r\n", "!2" },
    { "Remote_Groups: b\r\n", "!2" },
};

static void test_headers(void **state)
{
    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        const char *said = ask(*state, CASES[i].headers);

        if (strcmp(said, CASES[i].said) != 0)
            fail_msg("%s said: %s, wanted: %s", CASES[i].headers, said, CASES[i].said);
    }
}

/* A proxy that writes one header lets the other one through, whoever sent it. */
static void test_groups_that_nobody_asked_for(void **state)
{
    static const char *const HEADERS[] = {
        "Remote-User: anna\r\nRemote-Groups: admins\r\n",
        "Remote-User: anna\r\nremote_groups: admins\r\n",
        "Remote-Groups:\r\nRemote-User: anna\r\n",
        "Remote-Groups: admins\r\n",
        "Remote-User: anna\r\nRemote-Groups: a\r\nREMOTE-GROUPS: b\r\n",
    };

    names.has_groups = false;
    for (size_t i = 0; i < sizeof(HEADERS) / sizeof(*HEADERS); i++)
        assert_string_equal(ask(*state, HEADERS[i]), "!5");
    assert_string_equal(ask(*state, "Remote-User: anna\r\nRemote-Group: admins\r\n"), "!anna");
    names.has_groups = true;
}

static void test_so_many_groups(void **state)
{
    char headers[2048];

    for (unsigned n = PERSON_GROUPS_MAX; n <= PERSON_GROUPS_MAX + 1; n++) {
        char *end = stpcpy(headers, "Remote-User: anna\r\nRemote-Groups: g0");

        for (unsigned i = 1; i < n; i++)
            end += sprintf(end, ",g%u", i);
        (void)stpcpy(end, "\r\n");
        if (n <= PERSON_GROUPS_MAX)
            assert_non_null(strstr(ask(*state, headers), "anna: g0 g1 "));
        else
            assert_string_equal(ask(*state, headers), "!4");
    }
}

static void test_three_hundred_letters(void **state)
{
    char headers[512];

    (void)snprintf(headers, sizeof(headers), "Remote-User: %0300d\r\n", 0);
    assert_string_equal(ask(*state, headers), "!3");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_headers, setup, http_teardown),
        cmocka_unit_test_setup_teardown(test_groups_that_nobody_asked_for, setup, http_teardown),
        cmocka_unit_test_setup_teardown(test_so_many_groups, setup, http_teardown),
        cmocka_unit_test_setup_teardown(test_three_hundred_letters, setup, http_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
