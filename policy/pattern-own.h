/* A pattern in which "%u" stands for the name of whoever asks. It stands by itself, not in a group, a class
 * or an alternative and not repeated: so what is before it and what is behind it are patterns, and matching
 * is looking for the name between them. */
#pragma once

#include <stdbool.h>

#include "policy/pattern.h"

#define OWN_NAME "%u"

/* What polkit is told in its place, since it does not know who asks: whatever such a name may be. */
#define OWN_NAME_PATTERN "[A-Za-z0-9_][A-Za-z0-9_.]{0,63}"

enum { OWN_WIDE_SIZE = PATTERN_LENGTH_MAX + sizeof(OWN_NAME_PATTERN) };

struct own_pattern;

bool own_pattern_is(const char *text);

/* 0 with the pattern, and in ret_wide the text in which OWN_NAME_PATTERN stands for it; PATTERN_E_INVALID or
 * -ENOMEM. */
int own_pattern_new(const char *text, struct own_pattern **ret, char ret_wide[static OWN_WIDE_SIZE],
                    struct pattern_error *ret_error);
void own_pattern_free(struct own_pattern *own);
DEFINE_CLEANUP(struct own_pattern *, own_pattern_free);

/* A name that can be a part of an instance as it is. */
bool own_name_fits(const char *name);
/* False for a name that cannot be a part of an instance as it is: systemd would escape a '-' and an '@'. */
bool own_pattern_match(const struct own_pattern *own, const char *instance, const char *name);
