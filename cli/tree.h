/* Looking at every file below some places, within limits. */
#pragma once

#include <stdbool.h>
#include <sys/stat.h>

struct tree_walk {
    bool one_file_system; /* of each place, what is mounted in it is left out */
    unsigned seconds;     /* for all of it; 0: as long as it takes */
    /* Is told of each file, folder, link and socket once. Links are not followed. */
    void (*look)(const char *path, const struct stat *st, void *userdata);
    void *userdata;
};

/* A place that is not there is fine. Returns 0; 1: the time was up, and *ret_where is where, the caller's to
 * free; or a negative errno. */
int tree_walk(const struct tree_walk *walk, const char *const *places, char **ret_where);
