/* Reading files that are to be trusted. */
#pragma once

#include <stddef.h>
#include <sys/types.h>

#include "common/trusted-file.h"
#include "policy/policy.h"

/* An owner: for drafts that will not be obeyed. Owners and modes are then not looked at. */
#define POLICY_ANY_OWNER TRUSTED_ANY_OWNER

/* Takes one file's text. What it returns, unless 0, ends the reading and is returned. */
typedef int (*policy_file_callback)(const char *file, const char *text, size_t size, void *userdata,
                                    struct policy_error *error);

/* Reads path and its drop-ins, each handed to the callback in order. Owners and modes as policy_load_owned()
 * has them. Returns 0, POLICY_E_INVALID or -ENOMEM. */
int policy_read_files(const char *path, uid_t owner, policy_file_callback callback, void *userdata,
                      struct policy_error *error);
