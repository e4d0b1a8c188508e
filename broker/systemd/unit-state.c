/* One table of properties for both ways in which they arrive. */
#include "broker/systemd/unit-state.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "common/text.h"
#include "policy/carrier.h"

#define UNIT_INTERFACE "org.freedesktop.systemd1.Unit"
#define SERVICE_INTERFACE "org.freedesktop.systemd1.Service"

#define ROW(interface, name, type, member)                                                                   \
    {                                                                                                        \
        interface, name, type, offsetof(struct unit_state, member)                                           \
    }

const struct unit_property UNIT_PROPERTY_TABLE[UNIT_PROPERTIES] = {
    ROW(UNIT_INTERFACE, "Id", 'n', own_name),
    ROW(UNIT_INTERFACE, "Names", 'N', carrier),
    ROW(UNIT_INTERFACE, "LoadState", 's', load_state),
    ROW(UNIT_INTERFACE, "ActiveState", 's', active_state),
    ROW(UNIT_INTERFACE, "UnitFileState", 's', file_state),
    ROW(UNIT_INTERFACE, "SubState", 's', sub_state),
    ROW(UNIT_INTERFACE, "InvocationID", 'y', invocation_id),
    ROW(UNIT_INTERFACE, "StartLimitIntervalUSec", 't', start_limit.interval_usec),
    ROW(UNIT_INTERFACE, "StartLimitBurst", 'u', start_limit.burst),
    ROW(UNIT_INTERFACE, "InactiveExitTimestampMonotonic", 't', last_start_usec),
    ROW(UNIT_INTERFACE, "StateChangeTimestamp", 't', state_change_usec),
    ROW(UNIT_INTERFACE, "NeedDaemonReload", 'b', need_daemon_reload),
    ROW(UNIT_INTERFACE, "CanReload", 'b', can_reload),
    ROW(SERVICE_INTERFACE, "Type", 's', type),
    ROW(SERVICE_INTERFACE, "Result", 's', result),
    ROW(SERVICE_INTERFACE, "ExecMainStatus", 'i', exec_main_status),
    ROW(SERVICE_INTERFACE, "MainPID", 'u', main_pid),
    ROW(SERVICE_INTERFACE, "NRestarts", 'u', n_restarts),
    ROW(SERVICE_INTERFACE, "ExecMainCode", 'i', exec_main_code),
    ROW(SERVICE_INTERFACE, "StatusText", 'x', status_text),
    ROW(UNIT_INTERFACE, "Description", 'x', description),
};

static int read_word(sd_bus_message *m, char *ret, size_t size)
{
    const char *word = NULL;
    int r = sd_bus_message_read(m, "v", "s", &word);

    if (r >= 0)
        (void)snprintf(ret, size, "%s", word ? word : "");
    return r;
}

static int read_text(sd_bus_message *m, char ret[static UNIT_TEXT_SIZE])
{
    const char *text = NULL;
    int r = sd_bus_message_read(m, "v", "s", &text);

    if (r >= 0)
        (void)text_clean(text, ret, UNIT_TEXT_SIZE);
    return r;
}

/* systemd tells the own name first. */
static int read_names(sd_bus_message *m, char ret_carrier[static UNIT_NAME_SIZE])
{
    const char *name;
    int r;

    r = sd_bus_message_enter_container(m, SD_BUS_TYPE_VARIANT, "as");
    if (r >= 0)
        r = sd_bus_message_enter_container(m, SD_BUS_TYPE_ARRAY, "s");
    if (r < 0)
        return r;
    ret_carrier[0] = '\0';
    while ((r = sd_bus_message_read(m, "s", &name)) > 0)
        if (ret_carrier[0] == '\0' && carrier_find(name))
            (void)snprintf(ret_carrier, UNIT_NAME_SIZE, "%s", name);
    if (r >= 0)
        r = sd_bus_message_exit_container(m);
    return r < 0 ? r : sd_bus_message_exit_container(m);
}

/* No bytes at all: the unit was never started. */
static int read_id(sd_bus_message *m, char ret[static INVOCATION_ID_SIZE])
{
    const void *bytes = NULL;
    size_t size = 0;
    int r;

    r = sd_bus_message_enter_container(m, SD_BUS_TYPE_VARIANT, "ay");
    if (r >= 0)
        r = sd_bus_message_read_array(m, 'y', &bytes, &size);
    if (r >= 0)
        r = sd_bus_message_exit_container(m);
    if (r < 0)
        return r;
    ret[0] = '\0';
    for (size_t i = 0; i < size && 2 * i + 2 < INVOCATION_ID_SIZE; i++)
        (void)snprintf(ret + 2 * i, 3, "%02x", ((const unsigned char *)bytes)[i]);
    return 0;
}

/* D-Bus' boolean is read into an int. */
static int read_bool(sd_bus_message *m, bool *ret)
{
    int value = 0;
    int r = sd_bus_message_read(m, "v", "b", &value);

    if (r >= 0)
        *ret = value;
    return r;
}

int unit_state_read_variant(struct unit_state *state, const struct unit_property *property, sd_bus_message *m)
{
    void *member = (char *)state + property->offset;
    const char contents[] = { property->type, '\0' };

    switch (property->type) {
    case 's':
        return read_word(m, member, UNIT_WORD_SIZE);
    case 'n':
        return read_word(m, member, UNIT_NAME_SIZE);
    case 'x':
        return read_text(m, member);
    case 'N':
        return read_names(m, member);
    case 'y':
        return read_id(m, member);
    case 'b':
        return read_bool(m, member);
    case 't':
    case 'u':
    case 'i':
        return sd_bus_message_read(m, "v", contents, member);
    default:
        return -EINVAL;
    }
}

static const struct unit_property *find(const char *interface, const char *name)
{
    for (size_t i = 0; i < UNIT_PROPERTIES; i++)
        if (strcmp(UNIT_PROPERTY_TABLE[i].name, name) == 0 &&
            strcmp(UNIT_PROPERTY_TABLE[i].interface, interface) == 0)
            return &UNIT_PROPERTY_TABLE[i];
    return NULL;
}

static int read_entry(struct unit_state *state, const char *interface, sd_bus_message *m)
{
    const struct unit_property *property;
    const char *name = NULL;
    int r;

    r = sd_bus_message_read(m, "s", &name);
    if (r >= 0) {
        property = find(interface, name);
        r = property ? unit_state_read_variant(state, property, m) : sd_bus_message_skip(m, "v");
    }
    return r >= 0 ? sd_bus_message_exit_container(m) : r;
}

int unit_state_read_changes(struct unit_state *state, sd_bus_message *m)
{
    const char *interface = NULL;
    int r;

    r = sd_bus_message_read(m, "s", &interface);
    if (r >= 0)
        r = sd_bus_message_enter_container(m, 'a', "{sv}");
    while (r >= 0) {
        r = sd_bus_message_enter_container(m, 'e', "sv");
        if (r == 0)
            return 0;
        if (r > 0)
            r = read_entry(state, interface, m);
    }
    return r;
}

bool unit_state_is_up(const struct unit_state *state)
{
    return state->active_state[0] != '\0' && strcmp(state->active_state, "inactive") != 0;
}

bool unit_state_is_running(const struct unit_state *state)
{
    return unit_state_is_up(state) && strcmp(state->active_state, "failed") != 0 &&
           strcmp(state->active_state, "deactivating") != 0;
}

bool unit_state_is_active(const struct unit_state *state)
{
    /* "refreshing" is systemd 257's reload of a running service's confinement. */
    return strcmp(state->active_state, "active") == 0 || strcmp(state->active_state, "reloading") == 0 ||
           strcmp(state->active_state, "refreshing") == 0;
}

bool unit_state_is_between_restarts(const struct unit_state *state)
{
    /* From systemd 254 on: dead-before-auto-restart, failed-before-…, auto-restart-queued. */
    return strstr(state->sub_state, "auto-restart") != NULL;
}

const char *unit_state_exec_main_code(const struct unit_state *state)
{
    switch (state->exec_main_code) {
    case CLD_EXITED:
        return "exited";
    case CLD_KILLED:
        return "killed";
    case CLD_DUMPED:
        return "dumped";
    default:
        return "";
    }
}

void unit_state_describe_result(const struct unit_state *state, char *ret, size_t size)
{
    const char *result = state->result;

    if (strcmp(result, "success") == 0)
        ret[0] = '\0';
    else if (strcmp(result, "exit-code") == 0)
        (void)snprintf(ret, size, "%s, exit status %" PRId32, result, state->exec_main_status);
    else if (strcmp(result, "signal") == 0 || strcmp(result, "core-dump") == 0)
        (void)snprintf(ret, size, "%s %" PRId32, result, state->exec_main_status);
    else
        (void)snprintf(ret, size, "%s", result);
}

bool unit_file_state_is_enabled(const char *file_state)
{
    return strcmp(file_state, "enabled") == 0 || strcmp(file_state, "enabled-runtime") == 0;
}

bool unit_state_is_enabled(const struct unit_state *state)
{
    return unit_file_state_is_enabled(state->file_state);
}
