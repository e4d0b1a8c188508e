/* How JSON is laid out: what stands between its strings, numbers and words. For JSON that a library wrote;
 * what it says stays the same, and what is no JSON is passed on as whatever it is. */
#pragma once

#include <stdbool.h>

enum json_layout {
    JSON_OFF,    /* none is wanted; laid out it would be short */
    JSON_PRETTY, /* a member a line, two spaces for each level, as jq writes it */
    JSON_SHORT,  /* one line without spaces */
};

/* "off", "pretty" or "short", as systemctl and busctl know them. */
bool json_layout_from_string(const char *word, enum json_layout *ret);

/* The caller's to free, without a newline at its end; NULL when out of memory. */
char *json_layout(const char *json, enum json_layout layout);
