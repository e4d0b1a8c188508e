/* What a unit is set to, and where that is written. */
#pragma once

#include <systemd/sd-bus.h>

/* A property of a unit as text, whatever its type: its parts with a space between two, in their order; yes
 * and no for booleans. `interface` is the last word of it: "Unit", "Service", "Socket". Returns 0 or a
 * negative errno. */
int property_text(sd_bus *bus, const char *unit, const char *interface, const char *property, char **ret);

/* The same of many of them: all that it says of that interface is asked for at once, since systemd reads a
 * unit that nobody uses anew for each question. The message is the caller's to free. -ENOENT: it does not say
 * that. */
int properties_read(sd_bus *bus, const char *unit, const char *interface, sd_bus_message **ret);
int properties_text(sd_bus_message *all, const char *property, char **ret);

/* Where a unit's file or one of its drop-ins has that key: the place that counts last. Without one it is the
 * unit's file, and line 0; *ret_file is NULL when there is no such file either. The caller frees *ret_file.
 * Returns the line. */
unsigned setting_find(sd_bus *bus, const char *unit, const char *key, char **ret_file);

/* For tests: the last line of the text that sets the key, from 1; 0: none does. */
unsigned setting_line(const char *text, const char *key);
