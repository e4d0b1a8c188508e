/* What a grant may allow: a closed set. Never start (from systemd 257 on StartTransientUnit asks polkit with
 * that verb and a name of the caller's choice: it would be root) and never stop. */
#pragma once

/* Flags. */
enum verb {
    VERB_RESTART = 1 << 0,
    VERB_TRY_RESTART = 1 << 1,
    VERB_RELOAD = 1 << 2,
    VERB_RELOAD_OR_RESTART = 1 << 3,
    VERB_RESET_FAILED = 1 << 4,
};
#define VERB_ALL 0x1fU

/* The words are the ones PID 1 puts to polkit. 0 for an unknown word; NULL for anything but one flag. */
unsigned verb_from_string(const char *word);
const char *verb_to_string(unsigned verb);

/* The member of org.freedesktop.systemd1.Manager that carries a verb out; NULL for anything but one flag. */
const char *verb_bus_member(unsigned verb);
