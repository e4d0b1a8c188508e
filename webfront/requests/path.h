/* Addresses with a part that varies: in a pattern "/api/instances/" + "*" + "/restart" the star is one
 * segment, of at least one byte and without a slash. A path is raw, as http_request_path() gives it: it is
 * decoded here, once, and nowhere else. */
#pragma once

#include <stdbool.h>

#include "common/machines/machines.h"

enum { PATH_STAR_SIZE = 256 }; /* of what stands for the star, decoded, with its NUL */

/* A pattern without a star is matched by itself alone. */
bool path_matches(const char *path, const char *pattern);

/* What is of another machine stands behind this and its name: "/machines/web1/instances/x.service". */
#define PATH_MACHINES "/machines/"

/* The path as it is on the machine that it is of, which is written to `ret_machine`; "": it is of this one,
 * or of none that could have a name. */
const char *path_on_machine(const char *path, char ret_machine[static MACHINE_NAME_SIZE]);
/* The same where it does not matter which. */
const char *path_here(const char *path);

/* What stands for the first star, percent-decoded. False, and nothing written, when the path does not match,
 * has a broken escape or one of a byte that is not printable ASCII, or is longer than that. */
bool path_star(const char *path, const char *pattern, char ret[static PATH_STAR_SIZE]);
