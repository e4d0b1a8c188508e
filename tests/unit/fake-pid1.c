#include "tests/unit/fake-pid1.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "tests/unit/test.h"

static const char *fake_word(const struct fake *f, const char *property)
{
    const struct {
        const char *property, *word;
    } words[] = {
        { "LoadState", f->load_state },
        { "ActiveState", f->active_state },
        { "SubState", f->sub_state ? f->sub_state : "running" },
        { "UnitFileState", f->file_state },
        { "Type", f->type },
        { "Result", f->result },
    };

    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
        if (strcmp(words[i].property, property) == 0)
            return words[i].word;
    return NULL;
}

static void fake_append(const struct fake *f, sd_bus_message *m, const char *property)
{
    const char *word = fake_word(f, property);

    if (word)
        assert_true(sd_bus_message_append(m, "v", "s", word) >= 0);
    else if (strcmp(property, "InvocationID") == 0)
        assert_true((f->invocation > 0 ? sd_bus_message_append(m, "v", "ay", 2, f->invocation, 0xff)
                                       : sd_bus_message_append(m, "v", "ay", 0)) >= 0);
    else if (strcmp(property, "StartLimitBurst") == 0)
        assert_true(sd_bus_message_append(m, "v", "u", f->limit_burst) >= 0);
    else if (strcmp(property, "StartLimitIntervalUSec") == 0)
        assert_true(sd_bus_message_append(m, "v", "t", f->limit_interval_usec) >= 0);
    else if (strcmp(property, "InactiveExitTimestampMonotonic") == 0)
        assert_true(sd_bus_message_append(m, "v", "t", f->last_start_usec) >= 0);
    else if (strcmp(property, "StateChangeTimestamp") == 0)
        assert_true(sd_bus_message_append(m, "v", "t", UINT64_C(1700000000000000)) >= 0);
    else if (strcmp(property, "MainPID") == 0)
        assert_true(sd_bus_message_append(m, "v", "u", 4711U) >= 0);
    else if (strcmp(property, "NRestarts") == 0)
        assert_true(sd_bus_message_append(m, "v", "u", f->restarts_told) >= 0);
    else if (strcmp(property, "CanReload") == 0)
        assert_true(sd_bus_message_append(m, "v", "b", f->can_reload) >= 0);
    else if (strcmp(property, "NeedDaemonReload") == 0)
        assert_true(sd_bus_message_append(m, "v", "b", f->need_daemon_reload) >= 0);
    else if (strcmp(property, "StatusText") == 0 || strcmp(property, "Description") == 0)
        assert_true(sd_bus_message_append(m, "v", "s", f->text ? f->text : "") >= 0);
    else if (strcmp(property, "ExecMainCode") == 0)
        assert_true(sd_bus_message_append(m, "v", "i", f->exec_main_code) >= 0);
    else if (strcmp(property, "ExecMainStatus") == 0)
        assert_true(sd_bus_message_append(m, "v", "i", 3) >= 0);
    else
        fail_msg("asked for %s", property);
}

static void fake_send(sd_bus_message *m, const char *sender)
{
    assert_true(sd_bus_message_set_sender(m, sender) >= 0);
    assert_true(sd_bus_send(NULL, m, NULL) >= 0);
    sd_bus_message_unref(m);
}

static void fake_error(sd_bus_message *call, const char *name, const char *sender)
{
    sd_bus_error error = SD_BUS_ERROR_MAKE_CONST(name, "as the test says");
    sd_bus_message *m = NULL;

    assert_true(sd_bus_message_new_method_error(call, &m, &error) >= 0);
    fake_send(m, sender);
}

static void fake_reply(sd_bus_message *call, const char *sender, const char *types, ...)
{
    sd_bus_message *m = NULL;
    va_list ap;

    assert_true(sd_bus_message_new_method_return(call, &m) >= 0);
    va_start(ap, types);
    assert_true(sd_bus_message_appendv(m, types, ap) >= 0);
    va_end(ap);
    fake_send(m, sender);
}

void fake_job_removed_by(struct fake *f, const char *sender, unsigned job, const char *result)
{
    sd_bus_message *m = NULL;
    char path[64];

    (void)snprintf(path, sizeof(path), "/org/freedesktop/systemd1/job/%u", job);
    assert_true(sd_bus_message_new_signal(f->client, &m, "/org/freedesktop/systemd1",
                                          "org.freedesktop.systemd1.Manager", "JobRemoved") >= 0);
    assert_true(sd_bus_message_append(m, "uoss", job, path, "a@1.service", result) >= 0);
    fake_send(m, sender);
}

void fake_job_ends(struct fake *f, const char *result)
{
    fake_job_removed_by(f, FAKE_PID1, f->last_job, result);
}

void fake_changed_by(struct fake *f, const char *sender, const char *unit, const char *property)
{
    bool is_service = strcmp(property, "Result") == 0 || strcmp(property, "NRestarts") == 0;
    sd_bus_message *m = NULL;
    char *path = NULL;

    assert_true(sd_bus_path_encode("/org/freedesktop/systemd1/unit", unit, &path) >= 0);
    assert_true(sd_bus_message_new_signal(f->client, &m, path, "org.freedesktop.DBus.Properties",
                                          "PropertiesChanged") >= 0);
    assert_true(sd_bus_message_append(m, "s",
                                      is_service ? "org.freedesktop.systemd1.Service"
                                                 : "org.freedesktop.systemd1.Unit") >= 0);
    assert_true(sd_bus_message_open_container(m, 'a', "{sv}") >= 0);
    assert_true(sd_bus_message_open_container(m, 'e', "sv") >= 0);
    assert_true(sd_bus_message_append(m, "s", property) >= 0);
    fake_append(f, m, property);
    assert_true(sd_bus_message_close_container(m) >= 0);
    assert_true(sd_bus_message_close_container(m) >= 0);
    assert_true(sd_bus_message_append(m, "as", 0) >= 0);
    free(path);
    fake_send(m, sender);
}

void fake_moved_by(struct fake *f, const char *sender, const char *unit, const char *active, const char *sub,
                   unsigned job)
{
    sd_bus_message *m = NULL;
    char *path = NULL;

    assert_true(sd_bus_path_encode("/org/freedesktop/systemd1/unit", unit, &path) >= 0);
    assert_true(sd_bus_message_new_signal(f->client, &m, path, "org.freedesktop.DBus.Properties",
                                          "PropertiesChanged") >= 0);
    assert_true(sd_bus_message_append(m, "sa{sv}as", "org.freedesktop.systemd1.Unit", 5, "ActiveState", "s",
                                      active, "SubState", "s", sub, "StateChangeTimestamp", "t",
                                      UINT64_C(1700000000000000), "ConditionResult", "b", 1, "Job", "(uo)",
                                      job, "/", 1, "Conditions") >= 0);
    free(path);
    fake_send(m, sender);
}

void fake_loaded_by(struct fake *f, const char *sender, const char *unit, bool loaded)
{
    sd_bus_message *m = NULL;
    char *path = NULL;

    assert_true(sd_bus_path_encode("/org/freedesktop/systemd1/unit", unit, &path) >= 0);
    assert_true(sd_bus_message_new_signal(f->client, &m, "/org/freedesktop/systemd1",
                                          "org.freedesktop.systemd1.Manager",
                                          loaded ? "UnitNew" : "UnitRemoved") >= 0);
    assert_true(sd_bus_message_append(m, "so", unit, path) >= 0);
    free(path);
    fake_send(m, sender);
}

void fake_reloading(struct fake *f, bool active)
{
    sd_bus_message *m = NULL;

    assert_true(sd_bus_message_new_signal(f->client, &m, "/org/freedesktop/systemd1",
                                          "org.freedesktop.systemd1.Manager", "Reloading") >= 0);
    assert_true(sd_bus_message_append(m, "b", active) >= 0);
    fake_send(m, FAKE_PID1);
}

void fake_unit_files_changed(struct fake *f)
{
    sd_bus_message *m = NULL;

    assert_true(sd_bus_message_new_signal(f->client, &m, "/org/freedesktop/systemd1",
                                          "org.freedesktop.systemd1.Manager", "UnitFilesChanged") >= 0);
    fake_send(m, FAKE_PID1);
}

void fake_owner_changed(struct fake *f, const char *before, const char *after)
{
    sd_bus_message *m = NULL;

    assert_true(sd_bus_message_new_signal(f->client, &m, "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                          "NameOwnerChanged") >= 0);
    assert_true(sd_bus_message_append(m, "sss", "org.freedesktop.systemd1", before, after) >= 0);
    fake_send(m, "org.freedesktop.DBus");
}

static void fake_hold(struct fake *f, sd_bus_message *call)
{
    assert_true(f->n_held < FAKE_HELD_MAX);
    f->held[f->n_held++] = sd_bus_message_ref(call);
}

static void fake_answer_restart(struct fake *f, sd_bus_message *call)
{
    char path[64];

    f->n_restarts++;
    (void)snprintf(path, sizeof(path), "/org/freedesktop/systemd1/job/%u", ++f->last_job);
    switch (f->restart) {
    case FAKE_OVERTAKES:
        fake_job_ends(f, "done");
        fake_reply(call, FAKE_PID1, "o", path);
        break;
    case FAKE_RESTARTS:
        fake_reply(call, FAKE_PID1, "o", path);
        break;
    case FAKE_HOLDS:
        fake_hold(f, call);
        break;
    case FAKE_REFUSES:
        fake_error(call, "org.freedesktop.DBus.Error.InteractiveAuthorizationRequired", FAKE_PID1);
        break;
    case FAKE_BUS_REFUSES:
        fake_error(call, "org.freedesktop.DBus.Error.AccessDenied", "org.freedesktop.DBus");
        break;
    case FAKE_NO_SUCH_UNIT:
        fake_error(call, "org.freedesktop.systemd1.NoSuchUnit", FAKE_PID1);
        break;
    }
}

static void fake_append_id(const struct fake *f, sd_bus_message *m, const char *path)
{
    _cleanup_(freep) char *name = NULL;

    assert_true(sd_bus_path_decode(path, "/org/freedesktop/systemd1/unit", &name) > 0);
    assert_true(sd_bus_message_append(m, "v", "s", f->id ? f->id : name) >= 0);
}

static void fake_append_names(const struct fake *f, sd_bus_message *m, const char *path)
{
    _cleanup_(freep) char *name = NULL;

    assert_true(sd_bus_path_decode(path, "/org/freedesktop/systemd1/unit", &name) > 0);
    assert_true((f->also ? sd_bus_message_append(m, "v", "as", 2, name, f->also)
                         : sd_bus_message_append(m, "v", "as", 1, name)) >= 0);
}

static void fake_answer_get(struct fake *f, sd_bus_message *call)
{
    const char *interface = NULL, *property = NULL;
    sd_bus_message *m = NULL;

    assert_true(sd_bus_message_read(call, "ss", &interface, &property) >= 0);
    if (strcmp(interface, "org.freedesktop.systemd1.Job") == 0) {
        if (f->job_is_gone)
            fake_error(call, "org.freedesktop.DBus.Error.UnknownObject", FAKE_PID1);
        else
            fake_reply(call, FAKE_PID1, "v", "s", "running");
        return;
    }
    if (strcmp(property, "Version") == 0) {
        f->n_echoes++;
        fake_reply(call, FAKE_PID1, "v", "s", "252");
        return;
    }
    f->n_gets++;
    assert_true(sd_bus_message_new_method_return(call, &m) >= 0);
    if (strcmp(property, "Id") == 0)
        fake_append_id(f, m, sd_bus_message_get_path(call));
    else if (strcmp(property, "Names") == 0)
        fake_append_names(f, m, sd_bus_message_get_path(call));
    else
        fake_append(f, m, property);
    fake_send(m, FAKE_PID1);
}

void fake_answer_held(struct fake *f)
{
    unsigned n = f->n_held;

    f->n_held = 0;
    for (unsigned i = 0; i < n; i++) {
        fake_answer_get(f, f->held[i]);
        sd_bus_message_unref(f->held[i]);
    }
}

static void append_unit(const struct fake *f, sd_bus_message *m, const char *unit, const char *load_state)
{
    const char *active = f->listed_as ? f->listed_as(unit) : "active";

    assert_true(sd_bus_message_append(m, "(ssssssouso)", unit, "Fake \xc3\xa9 \x01", load_state, active,
                                      strcmp(active, "active") == 0 ? "running" : active, "", "/u", 0U, "",
                                      "/") >= 0);
}

/* Three that are loaded, one of them not to be found, and what a policy of a@ and [0-9] does not cover. */
static void fake_answer_list(struct fake *f, sd_bus_message *call)
{
    static const char *const UNITS[][2] = {
        { "a@2.service", "loaded" }, { "a@1.service", "loaded" }, { "a@3.service", "not-found" },
        { "a@x.service", "loaded" }, { "b@1.service", "loaded" }, { "a@\\x2d.service", "loaded" },
    };
    sd_bus_message *m = NULL;

    f->n_lists++;
    assert_true(sd_bus_message_new_method_return(call, &m) >= 0);
    assert_true(sd_bus_message_open_container(m, 'a', "(ssssssouso)") >= 0);
    for (size_t i = 0; i < sizeof(UNITS) / sizeof(*UNITS); i++)
        append_unit(f, m, UNITS[i][0], UNITS[i][1]);
    for (unsigned i = 0; i < f->n_crowd; i++) {
        char unit[32];

        (void)snprintf(unit, sizeof(unit), "a@u%04u.service", i);
        append_unit(f, m, unit, "loaded");
    }
    assert_true(sd_bus_message_close_container(m) >= 0);
    fake_send(m, FAKE_PID1);
}

/* Whether one unit is loaded: only one that is not inactive is, here. */
static void fake_answer_loaded(struct fake *f, sd_bus_message *call, const char *unit)
{
    sd_bus_message *m = NULL;

    f->n_asked_loaded++;
    assert_true(sd_bus_message_new_method_return(call, &m) >= 0);
    assert_true(sd_bus_message_open_container(m, 'a', "(ssssssouso)") >= 0);
    if (strcmp(f->active_state, "inactive") != 0)
        assert_true(sd_bus_message_append(m, "(ssssssouso)", unit, "", f->load_state, f->active_state,
                                          "running", "", "/u", 0U, "", "/") >= 0);
    assert_true(sd_bus_message_close_container(m) >= 0);
    fake_send(m, FAKE_PID1);
}

/* Patterns with a star are the survey's. */
static void fake_answer_patterns(struct fake *f, sd_bus_message *call)
{
    const char *pattern = "*";

    assert_true(sd_bus_message_skip(call, "as") >= 0);
    assert_true(sd_bus_message_enter_container(call, 'a', "s") >= 0);
    assert_true(sd_bus_message_read(call, "s", &pattern) >= 0);
    if (strchr(pattern, '*'))
        fake_answer_list(f, call);
    else
        fake_answer_loaded(f, call, pattern);
}

/* One of the verbs. */
static bool fake_note_member(struct fake *f, const char *member)
{
    static const char *const MEMBERS[] = { "RestartUnit", "TryRestartUnit", "ReloadUnit",
                                           "ReloadOrRestartUnit" };

    for (size_t i = 0; i < sizeof(MEMBERS) / sizeof(*MEMBERS); i++)
        if (strcmp(member, MEMBERS[i]) == 0) {
            f->last_member = MEMBERS[i];
            return true;
        }
    return false;
}

void fake_answer(struct fake *f, sd_bus_message *m)
{
    const char *member = sd_bus_message_get_member(m);

    if (strcmp(member, "Hello") == 0) {
        fake_reply(m, "org.freedesktop.DBus", "s", ":1.7");
    } else if (strcmp(member, "AddMatch") == 0) {
        f->n_matches++;
        if (f->refuse_matches)
            fake_error(m, "org.freedesktop.DBus.Error.LimitsExceeded", "org.freedesktop.DBus");
        else
            fake_reply(m, "org.freedesktop.DBus", "");
    } else if (strcmp(member, "RemoveMatch") == 0) {
        f->n_matches--;
    } else if (strcmp(member, "GetNameOwner") == 0) {
        fake_reply(m, "org.freedesktop.DBus", "s", FAKE_PID1);
    } else if (strcmp(member, "Subscribe") == 0) {
        f->n_subscribes++;
        fake_reply(m, FAKE_PID1, "");
    } else if (fake_note_member(f, member)) {
        fake_answer_restart(f, m);
    } else if (strcmp(member, "ListUnitsByPatterns") == 0) {
        fake_answer_patterns(f, m);
    } else if (strcmp(member, "ListUnitFilesByPatterns") == 0) {
        fake_reply(m, FAKE_PID1, "a(ss)", 3, "/etc/systemd/system/a@7.service", "enabled",
                   "/etc/systemd/system/a@8.service", "disabled", "/etc/systemd/system/a@.service",
                   "enabled");
    } else if (strcmp(member, "Get") == 0 && f->hold_gets) {
        fake_hold(f, m);
    } else if (strcmp(member, "Get") == 0) {
        fake_answer_get(f, m);
    } else {
        fail_msg("called %s", member);
    }
}
