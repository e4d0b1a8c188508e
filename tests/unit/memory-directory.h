/* A directory for what outlives the broker, as /run/restarter is on a machine: of the whole group of tests.
 */
#pragma once

enum { MEMORY_PATH_SIZE = 128 };

/* For cmocka's groups. */
int make_directory(void **state);
int remove_directory(void **state);

const char *memory_directory(void);

/* Of a file in it: "presses", "starts" or "signed-out". */
void memory_path(const char *name, char ret[static MEMORY_PATH_SIZE]);

/* Removes them, and the last good settings. */
void forget_all(void);
