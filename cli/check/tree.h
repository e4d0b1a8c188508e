/* Looking at every file below some places, within limits. */
#pragma once

#include <stdbool.h>
#include <sys/stat.h>

struct tree_walk {
    bool one_file_system; /* of each place, what is mounted in it is left out */
    unsigned seconds;     /* for each place; 0: as long as it takes */
    /* Is told of each file, folder, link and socket once. Links are not followed. */
    void (*look)(const char *path, const struct stat *st, void *userdata);
    void *userdata;
};

enum tree_end {
    TREE_DONE,     /* or there is no such place */
    TREE_TIME_UP,  /* what comes behind *ret_where was not looked at */
    TREE_TOO_DEEP, /* the same, since a path is longer than fts(3) can follow, 64 kB */
};

/* Returns one of these, or a negative errno. *ret_where, which is set with the second and the third, is the
 * caller's to free. */
int tree_walk(const struct tree_walk *walk, const char *place, char **ret_where);
