/* fts(3), with a clock beside it. */
#include "cli/check/tree.h"

#include <errno.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/cleanup.h"

enum { FILES_PER_LOOK_AT_THE_CLOCK = 256 };

DEFINE_CLEANUP(FTS *, fts_close);

static time_t now_seconds(void)
{
    struct timespec now = { 0 };

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

/* A folder is told of when it is entered, not again when it is left. What cannot be read has no attributes.
 */
static bool is_to_be_looked_at(const FTSENT *entry)
{
    return entry->fts_info != FTS_DP && entry->fts_info != FTS_DNR && entry->fts_info != FTS_NS &&
           entry->fts_info != FTS_ERR;
}

static int end_at(enum tree_end end, const char *path, char **ret_where)
{
    *ret_where = strdup(path);
    return *ret_where ? (int)end : -ENOMEM;
}

/* Into each folder and out of it again, instead of by names from the root on: these can be too long for the
 * kernel, and what is in there would be passed over without a word. */
int tree_walk(const struct tree_walk *walk, const char *place, char **ret_where)
{
    char *const places[] = { (char *)place, NULL };
    int options = FTS_PHYSICAL | (walk->one_file_system ? FTS_XDEV : 0);
    _cleanup_(fts_closep) FTS *fts = fts_open(places, options, NULL);
    time_t end = now_seconds() + (time_t)walk->seconds;
    unsigned n = 0;

    if (!fts)
        return -errno;
    for (FTSENT *entry; (errno = 0, entry = fts_read(fts));) {
        if (walk->seconds > 0 && ++n % FILES_PER_LOOK_AT_THE_CLOCK == 0 && now_seconds() >= end)
            return end_at(TREE_TIME_UP, entry->fts_path, ret_where);
        if (is_to_be_looked_at(entry))
            walk->look(entry->fts_path, entry->fts_statp, walk->userdata);
    }
    if (errno == ENAMETOOLONG)
        return end_at(TREE_TOO_DEEP, place, ret_where);
    return -errno;
}
