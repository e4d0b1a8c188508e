#include "tests/unit/changes-calls.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "broker/live/feed.h"
#include "common/clock.h"
#include "tests/unit/rpc-values.h"
#include "tests/unit/test.h"

struct call *begin_changes(struct broker_world *w, size_t gate, size_t i, const char *cursor, int seconds)
{
    xmlrpc_value *params = rpc_array_new();

    assert_true(rpc_array_append(params, rpc_string_new(cursor)));
    assert_true(rpc_array_append(params, rpc_int_new(seconds)));
    return begin_with(w, gate, i, "restarter.changes", params);
}

static const char *units_of(xmlrpc_value *value)
{
    static char text[8192];
    xmlrpc_value *units = rpc_get(value, "units");

    assert_non_null(units);
    text[0] = '\0';
    for (unsigned i = 0; i < rpc_array_size(units); i++) {
        xmlrpc_value *item = rpc_array_item(units, i);
        char *unit = NULL;

        assert_true(rpc_read_string(item, &unit));
        (void)snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s ", unit);
        free(unit);
        xmlrpc_DECREF(item);
    }
    xmlrpc_DECREF(units);
    return text;
}

const char *changes_told(const struct call *call, char ret_cursor[static CHANGES_CURSOR_SIZE])
{
    char *cursor = NULL;
    const char *units;
    bool whole = false;

    assert_true(call->done);
    if (call->response.fault_string)
        fail_msg("a fault: %s", call->response.fault_string);
    assert_non_null(call->response.value);
    assert_true(rpc_get_string(call->response.value, "cursor", &cursor));
    assert_true(rpc_get_bool(call->response.value, "whole", &whole));
    (void)snprintf(ret_cursor, CHANGES_CURSOR_SIZE, "%s", cursor);
    free(cursor);
    units = units_of(call->response.value);
    if (whole)
        assert_string_equal(units, "");
    return whole ? "whole" : units;
}

void assert_changes(struct broker_world *w, size_t gate, char cursor[static CHANGES_CURSOR_SIZE],
                    const char *expected)
{
    /* Who is told to look is told so when the broker hears of changes: at its start that takes a moment. */
    int seconds = strcmp(expected, "whole") == 0 ? 60 : 0;
    struct call *call = begin_changes(w, gate, CALLS - 1, cursor, seconds);

    wait_for(w, call);
    assert_string_equal(changes_told(call, cursor), expected);
}

void assert_waits(struct broker_world *w, const struct call *call)
{
    uint64_t until_usec = clock_usec() + UINT64_C(3) * FEED_TICK_MSEC * USEC_PER_MSEC;

    while (clock_usec() < until_usec)
        turn(w);
    assert_false(call->done);
}

void change_unit(struct broker_world *w, const char *unit)
{
    static unsigned job;

    fake_moved_by(&w->fake, FAKE_PID1, unit, "activating", "start", ++job);
}
