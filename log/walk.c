/* Opened, narrowed down, and walked through. */
#include "log/walk.h"

#include <errno.h>
#include <stdio.h>

#include "common/cleanup.h"
#include "common/clock.h"

int walk_open(size_t field_size, sd_journal **ret)
{
    _cleanup_(sd_journal_closep) sd_journal *journal = NULL;
    int r = sd_journal_open(&journal, SD_JOURNAL_LOCAL_ONLY | SD_JOURNAL_SYSTEM);

    if (r < 0)
        return r;
    if (sd_journal_has_persistent_files(journal) <= 0 && sd_journal_has_runtime_files(journal) <= 0)
        return -ENOMEDIUM;
    r = sd_journal_set_data_threshold(journal, field_size);
    if (r < 0)
        return r;
    *ret = TAKE_PTR(journal);
    return 0;
}

int walk_match(sd_journal *journal, const char *name, const char *value)
{
    char text[512];
    int length = snprintf(text, sizeof(text), "%s=%s", name, value);

    return length < (int)sizeof(text) ? sd_journal_add_match(journal, text, 0) : -ENAMETOOLONG;
}

int walk_match_any(sd_journal *journal, const char *const texts[], size_t n)
{
    int r = 0;

    for (size_t i = 0; i < n && r >= 0; i++)
        r = sd_journal_add_match(journal, texts[i], 0);
    return r;
}

int walk_back(sd_journal *journal, uint64_t until_usec, uint64_t patience_usec, walk_at at, void *userdata,
              bool *ret_more)
{
    uint64_t deadline_usec = clock_usec() + patience_usec;
    int r =
        until_usec > 0 ? sd_journal_seek_realtime_usec(journal, until_usec) : sd_journal_seek_tail(journal);
    int next = WALK_ON;

    while (r >= 0 && next == WALK_ON && (r = sd_journal_previous(journal)) > 0) {
        next = clock_usec() < deadline_usec ? at(journal, userdata) : WALK_MORE;
        r = next < 0 ? next : r;
    }
    if (r < 0)
        return r;
    *ret_more = next == WALK_MORE;
    return 0;
}
