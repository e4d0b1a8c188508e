/* Who is told what PID 1 tells, and in which order. */
#include <stdlib.h>
#include <string.h>

#include "broker/systemd/systemd.h"
#include "tests/unit/fake-systemd.h"
#include "tests/unit/test.h"

enum { LISTENERS = 3, HEARD_SIZE = 64 };

struct world {
    struct fake fake;
    struct systemd *systemd;
    char heard[HEARD_SIZE]; /* "0R": the first of them was told of a reload */
    struct ear {
        struct world *world;
        struct systemd_listener listener;
    } ears[LISTENERS];
};

static void note(const struct ear *ear, char what)
{
    struct world *w = ear->world;
    size_t length = strlen(w->heard);

    assert_true(length + 2 < sizeof(w->heard));
    w->heard[length] = (char)('0' + (ear - w->ears));
    w->heard[length + 1] = what;
    w->heard[length + 2] = '\0';
}

static void on_job_removed(const char *path, const char *result, void *userdata)
{
    assert_string_equal(result, "done");
    assert_non_null(strstr(path, "/job/"));
    note(userdata, 'J');
}

static void on_reloaded(bool settled, void *userdata)
{
    note(userdata, settled ? 'R' : 'r');
}

static void on_lost(void *userdata)
{
    note(userdata, 'L');
}

static int set_up(void **state)
{
    struct world *w = calloc(1, sizeof(*w));

    assert_non_null(w);
    fake_start_alone(&w->fake);
    assert_int_equal(systemd_new(w->fake.event, &w->systemd), 0);
    for (size_t i = 0; i < LISTENERS; i++) {
        struct ear *ear = &w->ears[i];

        ear->world = w;
        ear->listener =
            (struct systemd_listener){ .reloaded = on_reloaded, .lost = on_lost, .userdata = ear };
        systemd_listen(w->systemd, &ear->listener);
    }
    /* Not everybody wants to know everything. */
    w->ears[1].listener.job_removed = on_job_removed;
    w->ears[2].listener.job_removed = on_job_removed;
    assert_int_equal(systemd_start(w->systemd), 0);
    fake_settle(&w->fake, 50);
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;

    systemd_free(w->systemd);
    fake_stop(&w->fake);
    free(w);
    return 0;
}

static void assert_heard(struct world *w, const char *expected)
{
    fake_settle(&w->fake, 50);
    assert_string_equal(w->heard, expected);
    w->heard[0] = '\0';
}

static void test_in_the_order_in_which_they_began(void **state)
{
    struct world *w = *state;

    assert_heard(w, "");
    fake_reloading(&w->fake, true);
    assert_heard(w, "0r1r2r");
    fake_reloading(&w->fake, false);
    assert_heard(w, "0R1R2R");
    fake_job_removed_by(&w->fake, FAKE_PID1, 7, "done");
    assert_heard(w, "1J2J");
    fake_hang_up(&w->fake);
    assert_heard(w, "0L1L2L");
}

static void test_who_ended_hears_nothing(void **state)
{
    struct world *w = *state;

    systemd_listen_end(w->systemd, &w->ears[1].listener);
    fake_reloading(&w->fake, false);
    assert_heard(w, "0R2R");
    systemd_listen(w->systemd, &w->ears[1].listener);
    fake_reloading(&w->fake, false);
    assert_heard(w, "0R2R1R");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_in_the_order_in_which_they_began, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_who_ended_hears_nothing, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
