/* What PID 1 tells of units by itself comes to who listens, as a struct, from PID 1 alone; and who listens
 * knows whether anything is missed. */
#include "broker/systemd/unit-signals.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "broker/systemd/systemd.h"
#include "common/cleanup.h"
#include "tests/unit/fake-systemd.h"
#include "tests/unit/test.h"

enum { HEARD_SIZE = 1024, FEW = 50 };

struct world {
    struct fake fake;
    struct systemd *systemd;
    struct systemd_listener listener;
    char heard[HEARD_SIZE];
};

static void note(struct world *w, const char *text)
{
    size_t length = strlen(w->heard);

    (void)snprintf(w->heard + length, sizeof(w->heard) - length, "%s;", text);
}

static void on_changed(const char *unit, const struct unit_change *change, void *userdata)
{
    static const char KINDS[] = { [UNIT_CHANGED] = '~', [UNIT_LOADED] = '+', [UNIT_UNLOADED] = '-' };
    char text[256];

    (void)snprintf(text, sizeof(text), "%c%s %s/%s %s %llu job %d", KINDS[change->kind], unit,
                   change->active_state ? change->active_state : "",
                   change->sub_state ? change->sub_state : "", change->result ? change->result : "",
                   (unsigned long long)change->since_usec, change->has_job ? (int)change->job : -1);
    note(userdata, text);
}

static void on_heard(bool heard, void *userdata)
{
    note(userdata, heard ? "hears" : "deaf");
}

static int set_up(void **state)
{
    struct world *w = calloc(1, sizeof(*w));

    assert_non_null(w);
    fake_start_alone(&w->fake);
    assert_int_equal(systemd_new(w->fake.event, &w->systemd), 0);
    w->listener =
        (struct systemd_listener){ .unit_changed = on_changed, .units_heard = on_heard, .userdata = w };
    systemd_listen(w->systemd, &w->listener);
    assert_int_equal(systemd_start(w->systemd), 0);
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

/* What comes later is not waited for: each thing that the fake sends is heard before the next one. */
static void assert_heard(struct world *w, const char *expected)
{
    for (unsigned i = 0; i < 100 && strlen(w->heard) < strlen(expected); i++)
        fake_settle(&w->fake, 50);
    assert_string_equal(w->heard, expected);
    w->heard[0] = '\0';
}

static void test_told(void **state)
{
    struct world *w = *state;

    assert_heard(w, "hears;");
    fake_moved_by(&w->fake, FAKE_PID1, "a@x-1.service", "active", "running", 7);
    assert_heard(w, "~a@x-1.service active/running  1700000000000000 job 7;");
    fake_moved_by(&w->fake, FAKE_PID1, "nginx.service", "inactive", "dead", 0);
    assert_heard(w, "~nginx.service inactive/dead  1700000000000000 job 0;");
    w->fake.result = "signal";
    fake_changed_by(&w->fake, FAKE_PID1, "a@1.service", "Result");
    assert_heard(w, "~a@1.service / signal 0 job -1;");
    fake_changed_by(&w->fake, FAKE_PID1, "a@1.service", "NRestarts");
    assert_heard(w, "~a@1.service /  0 job -1;");
    fake_loaded_by(&w->fake, FAKE_PID1, "a@1.service", true);
    fake_loaded_by(&w->fake, FAKE_PID1, "a@1.service", false);
    assert_heard(w, "+a@1.service /  0 job -1;-a@1.service /  0 job -1;");
}

static void send_odd(struct world *w, const char *path, const char *property, const char *type,
                     const char *value)
{
    sd_bus_message *m = NULL;

    assert_true(sd_bus_message_new_signal(w->fake.client, &m, path, "org.freedesktop.DBus.Properties",
                                          "PropertiesChanged") >= 0);
    assert_true(sd_bus_message_append(m, "sa{sv}as", "org.freedesktop.systemd1.Unit", 1, property, type,
                                      value, 0) >= 0);
    assert_true(sd_bus_message_set_sender(m, FAKE_PID1) >= 0);
    assert_true(sd_bus_send(NULL, m, NULL) >= 0);
    sd_bus_message_unref(m);
}

static void test_not_told(void **state)
{
    struct world *w = *state;

    assert_heard(w, "hears;");
    fake_moved_by(&w->fake, FAKE_STRANGER, "a@1.service", "failed", "failed", 0);
    fake_changed_by(&w->fake, FAKE_STRANGER, "a@1.service", "ActiveState");
    fake_loaded_by(&w->fake, FAKE_STRANGER, "a@1.service", true);
    fake_loaded_by(&w->fake, FAKE_STRANGER, "a@1.service", false);
    fake_moved_by(&w->fake, FAKE_PID1, "a@1.socket", "active", "running", 0);
    fake_moved_by(&w->fake, FAKE_PID1, "dev-sda.device", "active", "plugged", 0);
    fake_loaded_by(&w->fake, FAKE_PID1, "a@1.timer", false);
    send_odd(w, "/org/freedesktop/systemd1/unit/a_401_2eservice", "Job", "s", "none");
    send_odd(w, "/org/freedesktop/systemd1/unit/a_401_2eservice", "ActiveState", "o", "/");
    send_odd(w, "/org/freedesktop/systemd1/unit/_2eservice", "SubState", "s", "dead");
    send_odd(w, "/org/freedesktop/systemd1/unit", "SubState", "s", "dead");
    send_odd(w, "/org/freedesktop/systemd1/unit/deeper/a_2eservice", "SubState", "s", "dead");
    fake_loaded_by(&w->fake, FAKE_PID1, "z.service", true);
    assert_heard(w, "+z.service /  0 job -1;");
}

static void test_heard_again(void **state)
{
    struct world *w = *state;

    assert_heard(w, "hears;");
    fake_hang_up(&w->fake);
    assert_heard(w, "deaf;hears;");
    fake_owner_changed(&w->fake, FAKE_PID1, "");
    assert_heard(w, "deaf;");
    fake_owner_changed(&w->fake, "", FAKE_PID1);
    assert_heard(w, "hears;");
    fake_owner_changed(&w->fake, FAKE_PID1, FAKE_PID1);
    assert_heard(w, "deaf;hears;");
}

/* --- the brake --- */

static bool anybody(_unused_ sd_bus_message *m, _unused_ void *userdata)
{
    return true;
}

static sd_bus *client_new(struct world *w)
{
    char address[128];
    sd_bus *bus = NULL;

    (void)snprintf(address, sizeof(address), "unix:path=%s", w->fake.path);
    assert_true(sd_bus_new(&bus) >= 0 && sd_bus_set_address(bus, address) >= 0);
    assert_true(sd_bus_set_bus_client(bus, true) >= 0 && sd_bus_start(bus) >= 0);
    assert_true(sd_bus_attach_event(bus, w->fake.event, 0) >= 0);
    return bus;
}

static void wait_for_matches(struct world *w, unsigned n)
{
    for (unsigned i = 0; i < 200 && w->fake.n_matches != n; i++)
        fake_settle(&w->fake, 50);
    assert_int_equal(w->fake.n_matches, n);
}

static void test_brake(void **state)
{
    struct systemd_listeners listeners = TAILQ_HEAD_INITIALIZER(listeners);
    struct unit_signals signals;
    struct world *w = *state;
    sd_bus *bus;

    w->systemd = systemd_free(w->systemd);
    w->heard[0] = '\0';
    TAILQ_INSERT_TAIL(&listeners, &w->listener, link);
    assert_true(unit_signals_init(&signals, w->fake.event, &listeners, anybody, NULL) >= 0);
    bus = client_new(w);
    unit_signals_begin(&signals, bus);
    unit_signals_set_subscribed(&signals, true);
    assert_heard(w, "hears;");
    signals.max = FEW;
    signals.since_usec = UINT64_MAX / 2; /* one second without an end */
    for (unsigned i = 0; i < FEW; i++)
        fake_loaded_by(&w->fake, FAKE_PID1, "dev-sda.device", true);
    assert_heard(w, "");
    wait_for_matches(w, UNIT_SIGNALS_MATCHES);
    fake_loaded_by(&w->fake, FAKE_PID1, "a@1.service", true);
    assert_heard(w, "deaf;");
    wait_for_matches(w, 0);
    fake_loaded_by(&w->fake, FAKE_PID1, "a@1.service", true);
    wait_for_matches(w, UNIT_SIGNALS_MATCHES);
    assert_heard(w, "hears;");
    unit_signals_end(&signals);
    assert_heard(w, "deaf;");
    unit_signals_done(&signals);
    (void)sd_bus_detach_event(bus);
    sd_bus_close(bus);
    sd_bus_unref(bus);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_not_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_heard_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_brake, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
