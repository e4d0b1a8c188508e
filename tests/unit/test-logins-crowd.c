/* Many questions at a time: a few are asked at once, the others wait, from one place not all can come;
 * whoever leaves takes nothing along but the answer; and no password is left behind. */
#include "webfront/logins/logins.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/fake-login.h"
#include "tests/unit/held-clock.h"
#include "tests/unit/test.h"

enum {
    PATIENCE_USEC = 5000000,
    SHORT_USEC = 50000,
    PLACES = LOGINS_AT_A_TIME + LOGINS_WAITING,
    SEEN = 3 * PLACES
};

struct seen {
    unsigned calls;
    enum login_outcome outcome;
    unsigned seconds;
};

struct world {
    struct fake_login login;
    struct logins *logins;
    struct seen seen[SEEN];
};

static int setup_for(void **state, uint64_t patience_usec)
{
    struct world *world = calloc(1, sizeof(*world));

    assert_true(sd_event_new(&world->login.event) >= 0);
    fake_login_start(&world->login);
    assert_int_equal(logins_new(world->login.event, world->login.path, patience_usec, &world->logins), 0);
    *state = world;
    return 0;
}

static int setup(void **state)
{
    return setup_for(state, PATIENCE_USEC);
}

static int setup_impatient(void **state)
{
    return setup_for(state, SHORT_USEC);
}

static int teardown(void **state)
{
    struct world *world = *state;

    logins_stop(world->logins);
    logins_free(world->logins);
    fake_login_stop(&world->login);
    sd_event_unref(world->login.event);
    free(world);
    return 0;
}

static void on_done(const struct login_result *result, void *userdata)
{
    struct seen *seen = userdata;

    seen->calls++;
    seen->outcome = result->outcome;
    seen->seconds = result->seconds;
}

static struct login *start(struct world *world, unsigned i, const char *asker)
{
    const struct login_question question = { .user = "anna", .password = "secret", .asker = asker };
    struct login *login = NULL;

    assert_int_equal(logins_ask(world->logins, &question, on_done, &world->seen[i], &login), 0);
    return login;
}

static void start_many(struct world *world, unsigned first, unsigned n)
{
    char asker[32];

    for (unsigned i = first; i < first + n; i++) {
        (void)snprintf(asker, sizeof(asker), "192.0.2.%u", i);
        (void)start(world, i, asker);
    }
}

static unsigned count(const struct world *world, enum login_outcome outcome)
{
    unsigned n = 0;

    for (unsigned i = 0; i < SEEN; i++) {
        assert_in_range(world->seen[i].calls, 0, 1);
        n += world->seen[i].calls == 1 && world->seen[i].outcome == outcome;
    }
    return n;
}

static void wait_for(struct world *world, enum login_outcome outcome, unsigned n)
{
    for (int i = 0; i < 20000 && count(world, outcome) < n; i++)
        fake_login_run(&world->login, 1);
    fake_login_run(&world->login, 5);
    assert_int_equal(count(world, outcome), n);
}

/* Whoever holds the connection open holds the place: systemd counts it until then. */
static void test_a_few_at_a_time(void **state)
{
    struct world *world = *state;

    world->login.answer = "wrong\n";
    world->login.hangs = true;
    start_many(world, 0, 2 * PLACES);
    wait_for(world, LOGIN_BUSY, PLACES);
    for (unsigned i = 0; i < 2 * PLACES; i++)
        assert_int_equal(world->seen[i].seconds, i < PLACES ? 0 : LOGINS_BUSY_SEC);
    for (unsigned done = LOGINS_AT_A_TIME; done <= PLACES; done += LOGINS_AT_A_TIME) {
        fake_login_run(&world->login, 20);
        assert_int_equal(world->login.asked, done);
        fake_login_hang_up(&world->login);
    }
    wait_for(world, LOGIN_WRONG, PLACES);
    assert_int_equal(world->login.open_max, LOGINS_AT_A_TIME);
}

/* In the order in which they came, so that nobody waits for ever. */
static void test_in_their_order(void **state)
{
    struct world *world = *state;

    world->login.answer = "wrong\n";
    world->login.hangs = true;
    start_many(world, 0, 12);
    for (unsigned done = 4; done <= 12; done += 4) {
        fake_login_run(&world->login, 20);
        fake_login_hang_up(&world->login);
        wait_for(world, LOGIN_WRONG, done);
        for (unsigned i = 0; i < 12; i++)
            assert_int_equal(world->seen[i].calls, i < done);
    }
}

static void test_one_place_leaves_room(void **state)
{
    struct world *world = *state;

    world->login.hangs = true;
    for (unsigned i = 0; i < PLACES; i++)
        (void)start(world, i, "192.0.2.1");
    wait_for(world, LOGIN_BUSY, PLACES - PLACES / 3);
    start_many(world, PLACES, 10);
    fake_login_run(&world->login, 20);
    assert_int_equal(count(world, LOGIN_BUSY), PLACES - PLACES / 3);
}

/* One for each of their places: from those on that many have asked from. */
static void start_from(struct world *world, unsigned first, unsigned n, const char *network, unsigned place)
{
    char asker[32];

    for (unsigned i = 0; i < n; i++) {
        (void)snprintf(asker, sizeof(asker), "%s.%u", network, place + i);
        (void)start(world, first + i, asker);
    }
}

/* Many who ask on and on, each from a place of his own, have taken every place that was free; and somebody
 * who asks for the first time finds one all the same, as often as there is one who gives way. */
static void test_who_asks_again_gives_way(void **state)
{
    enum { NEW = 2 * PLACES + LOGINS_AT_A_TIME, FIRST = PLACES + LOGINS_AT_A_TIME };
    struct world *world = *state;

    world->login.answer = "wrong\n";
    world->login.hangs = true;
    start_from(world, 0, 2 * PLACES, "192.0.2", 0);
    wait_for(world, LOGIN_BUSY, PLACES);
    fake_login_run(&world->login, 20);
    fake_login_hang_up(&world->login);
    wait_for(world, LOGIN_WRONG, LOGINS_AT_A_TIME);
    /* So many of those who were told to come back later come at once. */
    start_from(world, 2 * PLACES, LOGINS_AT_A_TIME, "192.0.2", FIRST);
    fake_login_run(&world->login, 20);
    assert_int_equal(count(world, LOGIN_BUSY), PLACES);

    start_from(world, NEW, 1, "198.51.100", 0);
    wait_for(world, LOGIN_BUSY, PLACES + 1);
    assert_int_equal(world->seen[NEW].calls, 0);
    assert_int_equal(world->seen[2 * PLACES + LOGINS_AT_A_TIME - 1].seconds, LOGINS_BUSY_SEC);
    /* He does not give way to those who go on, nor do those who came once. */
    start_from(world, NEW + 1, 1, "192.0.2", FIRST);
    wait_for(world, LOGIN_BUSY, PLACES + 2);
    start_from(world, NEW + 2, LOGINS_AT_A_TIME, "198.51.100", 1);
    wait_for(world, LOGIN_BUSY, PLACES + 2 + LOGINS_AT_A_TIME);
    assert_int_equal(world->seen[NEW].calls, 0);
    assert_int_equal(world->seen[NEW + 1 + LOGINS_AT_A_TIME].calls, 1);
}

/* Who asks first whether there is a place is told what the question would be. */
static void test_refused_at_once(void **state)
{
    struct world *world = *state;
    struct login_result result;

    world->login.answer = "wrong\n";
    world->login.hangs = true;
    assert_false(logins_refuse(world->logins, "192.0.2.0", &result));
    start_many(world, 0, PLACES);
    assert_true(logins_refuse(world->logins, "192.0.2.0", &result));
    assert_true(logins_refuse(world->logins, "198.51.100.0", &result));
    assert_int_equal(result.outcome, LOGIN_BUSY);
    assert_int_equal(result.seconds, LOGINS_BUSY_SEC);
    assert_int_equal(logins_counted(world->logins, LOGIN_BUSY), 2);
    fake_login_run(&world->login, 20);
    fake_login_hang_up(&world->login);
    fake_login_run(&world->login, 20);
    assert_false(logins_refuse(world->logins, "198.51.100.0", &result));
}

/* Whoever hangs up and comes again is one of them, too. */
static void test_who_leaves_and_comes_again_gives_way(void **state)
{
    struct world *world = *state;

    world->login.hangs = true;
    for (unsigned i = 0; i < PLACES; i++) {
        char asker[32];

        (void)snprintf(asker, sizeof(asker), "192.0.2.%u", i);
        (void)login_cancel(start(world, i, asker));
    }
    start_many(world, 0, PLACES);
    fake_login_run(&world->login, 20);
    assert_int_equal(count(world, LOGIN_BUSY), 0);
    start_from(world, PLACES, 1, "198.51.100", 0);
    wait_for(world, LOGIN_BUSY, 1);
    assert_int_equal(world->seen[PLACES].calls, 0);
}

/* Who comes back when he was told to keeps his place like anybody. */
static void test_who_comes_back_later_keeps_his_place(void **state)
{
    struct world *world = *state;

    world->login.hangs = true;
    start_many(world, 0, PLACES);
    start_from(world, PLACES, 1, "198.51.100", 0);
    wait_for(world, LOGIN_BUSY, 1);
    clock_advance(LOGINS_BUSY_SEC * 1000000 + 1);
    fake_login_hang_up(&world->login);
    fake_login_run(&world->login, 20);
    start_from(world, PLACES + 1, 1, "198.51.100", 0);
    start_from(world, PLACES + 2, PLACES, "203.0.113", 0);
    fake_login_run(&world->login, 20);
    assert_int_equal(world->seen[PLACES + 1].calls, 0);
}

/* A login that says nothing is waited for no longer than the patience, by whoever was asked for as by whoever
 * was not; and then there is room. */
static void test_all_hang(void **state)
{
    struct world *world = *state;

    world->login.hangs = true;
    start_many(world, 0, 12);
    wait_for(world, LOGIN_UNAVAILABLE, LOGINS_AT_A_TIME);
    wait_for(world, LOGIN_BUSY, 12 - LOGINS_AT_A_TIME);
    fake_login_hang_up(&world->login);
    world->login.hangs = false;
    world->login.answer = "wrong\n";
    start_many(world, 12, 1);
    wait_for(world, LOGIN_WRONG, 1);
}

static void test_who_leaves(void **state)
{
    struct world *world = *state;
    struct login *logins[8];

    world->login.hangs = true;
    for (unsigned i = 0; i < 8; i++)
        logins[i] = start(world, i, "192.0.2.1");
    fake_login_run(&world->login, 20);
    for (unsigned i = 0; i < 8; i++)
        assert_null(login_cancel(logins[i]));
    assert_null(login_cancel(NULL));
    /* The login is at four of them still; the other four are never asked. */
    start_many(world, 8, 1);
    fake_login_run(&world->login, 20);
    assert_int_equal(world->login.asked, LOGINS_AT_A_TIME);
    world->login.answer = "wrong\n";
    world->login.hangs = false;
    fake_login_hang_up(&world->login);
    wait_for(world, LOGIN_WRONG, 1);
    assert_int_equal(world->login.asked, LOGINS_AT_A_TIME + 1);
    for (unsigned i = 0; i < 8; i++)
        assert_int_equal(world->seen[i].calls, 0);
}

/* Also before the first turn. */
static void test_who_leaves_at_once(void **state)
{
    struct world *world = *state;

    (void)login_cancel(start(world, 0, "192.0.2.1"));
    fake_login_run(&world->login, 20);
    assert_int_equal(world->login.asked, 0);
}

static void test_stop(void **state)
{
    struct world *world = *state;

    world->login.hangs = true;
    start_many(world, 0, 2 * LOGINS_AT_A_TIME);
    fake_login_run(&world->login, 20);
    start_many(world, 2 * LOGINS_AT_A_TIME, 1);
    logins_stop(world->logins);
    assert_int_equal(count(world, LOGIN_UNAVAILABLE), 2 * LOGINS_AT_A_TIME + 1);
}

/* Everything on the heap, where nothing of the test's own is. What a forked process adds to it, Linux keeps
 * apart from what was there before. */
static bool heap_has(const char *text)
{
    FILE *maps = fopen("/proc/self/maps", "re");
    char line[512];
    bool found = false;
    void *from, *to;

    assert_non_null(maps);
    while (!found && fgets(line, sizeof(line), maps))
        if (strstr(line, "[heap]") && sscanf(line, "%p-%p", &from, &to) == 2)
            found = memmem(from, (size_t)((char *)to - (char *)from), text, strlen(text));
    (void)fclose(maps);
    return found;
}

static void test_no_password_is_left(void **state)
{
    struct world *world = *state;
    char password[32];
    const struct login_question question = { .user = "anna", .password = password, .asker = "" };
    struct login *login;

    for (unsigned i = 0; i < sizeof(password) - 1; i++)
        password[i] = (char)('a' + (i * 7 + 3) % 26);
    password[sizeof(password) - 1] = '\0';
    world->login.hangs = true;
    assert_int_equal(logins_ask(world->logins, &question, on_done, &world->seen[0], &login), 0);
    fake_login_run(&world->login, 20);
    world->login.answer = "wrong\n";
    explicit_bzero(world->login.question, sizeof(world->login.question));
#if !defined(__SANITIZE_ADDRESS__)
    assert_true(!getenv("VALGRIND") == heap_has(password));
#endif
    (void)login_cancel(login);
    assert_false(heap_has(password));
    fake_login_hang_up(&world->login);
    fake_login_run(&world->login, 20);
    world->login.hangs = false;
    assert_int_equal(logins_ask(world->logins, &question, on_done, &world->seen[0], &login), 0);
    wait_for(world, LOGIN_WRONG, 1);
    explicit_bzero(world->login.question, sizeof(world->login.question));
    assert_false(heap_has(password));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_few_at_a_time, setup, teardown),
        cmocka_unit_test_setup_teardown(test_in_their_order, setup, teardown),
        cmocka_unit_test_setup_teardown(test_one_place_leaves_room, setup, teardown),
        cmocka_unit_test_setup_teardown(test_who_asks_again_gives_way, setup, teardown),
        cmocka_unit_test_setup_teardown(test_refused_at_once, setup, teardown),
        cmocka_unit_test_setup_teardown(test_who_leaves_and_comes_again_gives_way, setup, teardown),
        cmocka_unit_test_setup_teardown(test_who_comes_back_later_keeps_his_place, setup, teardown),
        cmocka_unit_test_setup_teardown(test_all_hang, setup_impatient, teardown),
        cmocka_unit_test_setup_teardown(test_who_leaves, setup, teardown),
        cmocka_unit_test_setup_teardown(test_who_leaves_at_once, setup, teardown),
        cmocka_unit_test_setup_teardown(test_stop, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_password_is_left, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
