/* Reading the policy: /etc/restarter/policy.conf and its drop-ins, as policy.conf(5) describes them. Whatever
 * in them is odd is an error that names file and line rather than a guess, and there is no policy at all
 * then.
 */
#pragma once

#include <stddef.h>
#include <sys/types.h>

#include "policy/files.h"
#include "policy/policy.h"

/* Reads `path` and, in the order of their names, the files path.d/[!.]*.conf; each adds its grants. A drop-in
 * that is a symlink to /dev/null counts as empty, so that an admin can mask one; any other symlink is
 * refused. Files and the directories they are in must belong to root and not be writable by group or others.
 * Returns 0, POLICY_E_INVALID with *ret_error filled, or -ENOMEM. */
int policy_load(const char *path, struct policy **ret, struct policy_error *ret_error);

/* The same for files that belong to `owner` or root, or to POLICY_ANY_OWNER (files.h). */
int policy_load_owned(const char *path, uid_t owner, struct policy **ret, struct policy_error *ret_error);

/* The same for one file's text that is already in memory; `name` is what errors call it. */
int policy_load_text(const char *name, const char *text, size_t size, struct policy **ret,
                     struct policy_error *ret_error);

/* The same from a source that was kept: the very policy that it was taken from, or POLICY_E_INVALID. `name`
 * is what an error calls it as a whole. */
int policy_load_source(const char *name, const char *source, size_t size, struct policy **ret,
                       struct policy_error *ret_error);
