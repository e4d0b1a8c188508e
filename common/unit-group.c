/* Each word of systemd's is a row. */
#include "common/unit-group.h"

#include <stddef.h>
#include <string.h>

static const char *const WORDS[UNIT_GROUPS] = {
    [UNIT_GROUP_NONE] = "",
    [UNIT_GROUP_FAILED] = "failed",
    [UNIT_GROUP_RESTARTING] = "restarting",
    [UNIT_GROUP_RUNNING] = "running",
    [UNIT_GROUP_STOPPED] = "stopped",
};

static const struct {
    const char *active_state;
    enum unit_group group;
} STATES[] = {
    { "active", UNIT_GROUP_RUNNING },        { "reloading", UNIT_GROUP_RUNNING },
    { "refreshing", UNIT_GROUP_RUNNING },    { "failed", UNIT_GROUP_FAILED },
    { "activating", UNIT_GROUP_RESTARTING }, { "deactivating", UNIT_GROUP_RESTARTING },
};

const char *unit_group_to_string(enum unit_group group)
{
    return group < UNIT_GROUPS ? WORDS[group] : "";
}

enum unit_group unit_group_from_string(const char *word)
{
    for (size_t i = UNIT_GROUP_NONE + 1; i < UNIT_GROUPS; i++)
        if (strcmp(WORDS[i], word) == 0)
            return (enum unit_group)i;
    return UNIT_GROUP_NONE;
}

enum unit_group unit_group_of(const char *active_state, const char *sub_state)
{
    /* From systemd 254 on a unit between two starts may be inactive or failed for a moment:
     * dead-before-auto-restart, failed-before-auto-restart. */
    if (strstr(sub_state, "auto-restart"))
        return UNIT_GROUP_RESTARTING;
    for (size_t i = 0; i < sizeof(STATES) / sizeof(*STATES); i++)
        if (strcmp(STATES[i].active_state, active_state) == 0)
            return STATES[i].group;
    return UNIT_GROUP_STOPPED;
}
