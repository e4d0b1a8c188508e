/* How a unit is, for people, in one of four words: which of the list's parts it is counted in, and shown
 * among. systemd's own words are more, and stay beside it. */
#pragma once

enum unit_group {
    UNIT_GROUP_NONE, /* as a filter: whichever; no unit is in it */
    UNIT_GROUP_FAILED,
    UNIT_GROUP_RESTARTING, /* on its way from one state to another: starting, stopping, about to start again
                            */
    UNIT_GROUP_RUNNING,    /* at work, or what it did still holds */
    UNIT_GROUP_STOPPED,
    UNIT_GROUPS
};

/* The word; "" for UNIT_GROUP_NONE. */
const char *unit_group_to_string(enum unit_group group);
/* UNIT_GROUP_NONE for "" and for any other word. */
enum unit_group unit_group_from_string(const char *word);

/* By systemd's words for ActiveState and SubState. One that is not known here is stopped: no word of theirs
 * is to be read as more than it says. */
enum unit_group unit_group_of(const char *active_state, const char *sub_state);
