/* Entry by entry, from the newest one backward. */
#include "log/unit-lines.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/clock.h"
#include "common/record/errand.h"
#include "common/record/line.h"
#include "common/text.h"
#include "log/walk.h"

enum { FIELD_SIZE = 4096 /* that are read of one; cleaning makes no text longer */ };

/* "" for one that is not there; a NUL in it becomes what is not fit to be shown. 0 or a negative errno. */
static int read_text(sd_journal *journal, const char *name, char *ret, size_t size)
{
    size_t begin = strlen(name) + 1, length;
    const void *data;
    int r = sd_journal_get_data(journal, name, &data, &length);

    *ret = '\0';
    if (r == -ENOENT)
        return 0;
    if (r < 0 || length < begin)
        return r < 0 ? r : -EBADMSG;
    length -= begin;
    length = length < size ? length : size - 1;
    for (size_t i = 0; i < length; i++) {
        char c = ((const char *)data)[begin + i];

        ret[i] = c ? c : '\x01';
    }
    ret[length] = '\0';
    return 0;
}

static uint64_t priority_of(const char *text)
{
    return strlen(text) == 1 && *text >= '0' && *text <= '7' ? (uint64_t)(*text - '0') : 6;
}

/* 0 or a negative errno. */
static int keep(sd_journal *journal, struct found *found)
{
    char raw[FIELD_SIZE], text[UNIT_LINES_TEXT_MAX + 1], priority[4], at[24];
    uint64_t usec = 0;
    int r = read_text(journal, "MESSAGE", raw, sizeof(raw));

    if (r >= 0)
        r = read_text(journal, "PRIORITY", priority, sizeof(priority));
    if (r >= 0)
        r = sd_journal_get_realtime_usec(journal, &usec);
    if (r < 0)
        return r;
    (void)snprintf(at, sizeof(at), "%" PRIu64, usec);
    return texts_take(&found->lines, record_line_write(&(struct record_line){
                                         .kind = RECORD_TEXT,
                                         .text = { .text = text_clean(raw, text, sizeof(text)),
                                                   .at_usec = at,
                                                   .priority = priority_of(priority) } }));
}

static int at_entry(sd_journal *journal, void *userdata)
{
    struct found *found = userdata;

    return found->lines.n == ERRAND_LINES_MAX ? WALK_MORE : keep(journal, found);
}

/* Its processes'; or PID 1's own, who is asked for by his number: anybody can write that field. */
static int match(sd_journal *journal, const char *unit)
{
    int r = walk_match(journal, "_SYSTEMD_UNIT", unit);

    if (r >= 0)
        r = sd_journal_add_disjunction(journal);
    if (r >= 0)
        r = walk_match(journal, "UNIT", unit);
    return r < 0 ? r : walk_match(journal, "_PID", "1");
}

int unit_lines_find(const char *unit, struct found *ret)
{
    _cleanup_(sd_journal_closep) sd_journal *journal = NULL;
    struct found found = { .more = false };
    int r = walk_open(FIELD_SIZE, &journal);

    if (r >= 0)
        r = match(journal, unit);
    if (r >= 0)
        r = walk_back(journal, 0, UNIT_LINES_PATIENCE_SEC * USEC_PER_SEC, at_entry, &found, &found.more);
    if (r < 0) {
        found_done(&found);
        return r;
    }
    *ret = found;
    return 0;
}
