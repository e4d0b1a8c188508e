/* GET /events where there are other machines: one stream tells of all of them, each by a section of its own,
 * and one that goes away takes nothing along but what is said of itself. */
#include "webfront/live/live.h"

#include <string.h>

#include "tests/unit/far-world.h"
#include "tests/unit/live-page.h"
#include "tests/unit/test.h"

static int setup(void **state)
{
    return far_world_set_up(state, 2);
}

static struct live_page *open_and_read(struct far_world *world)
{
    struct live_page *page = live_page_open(world->web, "");

    live_page_wait(world->web, page, "event: whole");
    live_page_wait(world->web, page, "data: </ul>");
    live_page_wait(world->web, page, "data-machine=\"web1\"");
    live_page_wait(world->web, page, "data-machine=\"web2\"");
    return page;
}

static void test_one_changes(void **state)
{
    struct far_world *world = *state;
    struct live_page *page = open_and_read(world);

    assert_int_equal(world->far[0].watch.calls, 1);
    live_page_read(world->web, page, 100);
    live_page_forget(page);
    world->far[0].description = "other";
    web_watch_change(&world->far[0].watch);
    live_page_wait(world->web, page, "<span>other");
    assert_non_null(strstr(page->text, "event: machine"));
    assert_null(strstr(page->text, "data-machine=\"web2\""));
    assert_null(strstr(page->text, "\nid: "));
    live_page_forget(page);
    world->web->description = "here";
    web_watch_change(&world->web->watch);
    live_page_wait(world->web, page, "<span>here");
    assert_null(strstr(page->text, "data-machine="));
    live_page_close(page);
}

static void test_one_goes_and_comes(void **state)
{
    struct far_world *world = *state;
    struct live_page *page = open_and_read(world);

    live_page_forget(page);
    web_stop_broker(&world->far[0]);
    live_page_wait(world->web, page, "data-machine=\"web1\" data-silent=");
    assert_null(strstr(page->text, "event: lost"));
    live_page_forget(page);
    world->far[1].description = "goes on";
    web_watch_change(&world->far[1].watch);
    live_page_wait(world->web, page, "<span>goes on");
    live_page_forget(page);
    world->far[0].description = "again";
    web_start_broker(&world->far[0]);
    live_page_wait(world->web, page, "<span>again");
    live_page_close(page);
}

static void test_this_one_goes(void **state)
{
    struct far_world *world = *state;
    struct live_page *page = open_and_read(world);

    live_page_forget(page);
    web_stop_broker(world->web);
    live_page_wait(world->web, page, "event: lost");
    assert_null(strstr(page->text, "data-silent"));
    web_start_broker(world->web);
    live_page_close(page);
}

static void test_a_problem_is_said(void **state)
{
    struct far_world *world = *state;
    struct live_page *page = open_and_read(world);

    world->far[1].refuse_lists = true;
    web_watch_change(&world->far[1].watch);
    live_page_wait(world->web, page, "No bus.");
    assert_null(strstr(page->text, "data-silent"));
    live_page_close(page);
}

/* A page of its own hears of it as this machine's page does of this one. */
static void test_its_own_page(void **state)
{
    struct far_world *world = *state;
    struct live_page *page = live_page_open_at(world->web, "/machines/web1/events", "");

    live_page_wait(world->web, page, "event: whole");
    live_page_wait(world->web, page, "href=\"/machines/web1/instances/");
    assert_null(strstr(page->text, "event: machine"));
    assert_int_equal(world->web->watch.calls, 0);
    live_page_close(page);
}

/* Nobody looks any more: nobody is asked any more. */
static void test_nobody_looks(void **state)
{
    struct far_world *world = *state;
    struct live_page *page = open_and_read(world);

    live_page_close(page);
    for (int i = 0; i < 2000 && world->far[0].watch.n > 0; i++)
        web_run(world->web, 1);
    web_watch_change(&world->far[0].watch);
    web_run(world->web, 200);
    assert_int_equal(world->far[0].watch.calls, 1);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, far_world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_one_changes),       TEST(test_one_goes_and_comes), TEST(test_this_one_goes),
        TEST(test_a_problem_is_said), TEST(test_its_own_page),       TEST(test_nobody_looks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
