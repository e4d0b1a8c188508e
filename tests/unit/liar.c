/* A file in a directory of this process's own. */
#include "tests/unit/liar.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char directory[] = "/tmp/liar-XXXXXX", path[64];

static void remove_it(void)
{
    (void)unlink(path);
    (void)rmdir(directory);
}

const char *liar(const char *script)
{
    FILE *file;

    if (!*path) {
        assert(mkdtemp(directory));
        (void)snprintf(path, sizeof(path), "%s/ssh", directory);
        (void)atexit(remove_it);
    }
    (void)unlink(path);
    file = fopen(path, "we");
    assert(file);
    (void)fprintf(file, "#!/bin/sh\n%s\n", script);
    (void)fclose(file);
    (void)chmod(path, 0755);
    return path;
}
