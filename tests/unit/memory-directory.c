#include "tests/unit/memory-directory.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/cleanup.h"

static char directory[] = "/tmp/restarter-memory-XXXXXX";

int make_directory(_unused_ void **state)
{
    return mkdtemp(directory) ? 0 : -1;
}

int remove_directory(_unused_ void **state)
{
    forget_all();
    return rmdir(directory);
}

const char *memory_directory(void)
{
    return directory;
}

void memory_path(const char *name, char ret[static MEMORY_PATH_SIZE])
{
    (void)snprintf(ret, MEMORY_PATH_SIZE, "%s/%s", directory, name);
}

void forget_all(void)
{
    static const char *const NAMES[] = { "presses",  "starts", "signed-out",
                                         "counters", "policy", "webfront.conf" };
    char path[MEMORY_PATH_SIZE];

    for (size_t i = 0; i < sizeof(NAMES) / sizeof(*NAMES); i++) {
        memory_path(NAMES[i], path);
        (void)unlink(path);
    }
}
