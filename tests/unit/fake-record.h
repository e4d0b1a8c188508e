/* Who answers at the broker's socket for the record, on the test's own loop: as the test says, or not at all.
 */
#pragma once

#include <stddef.h>
#include <systemd/sd-event.h>

#include "common/record/errand.h"

enum fake_record_way {
    FAKE_RECORD_ANSWERS,
    FAKE_RECORD_HANGS_UP, /* without a word */
    FAKE_RECORD_IS_DEAF,  /* takes the connection, and says nothing */
    FAKE_RECORD_FLOODS,   /* `answer` again and again, for ever */
};

struct fake_record {
    sd_event *event; /* borrowed */
    char directory[32], path[128];
    int fd;
    sd_event_source *io;
    enum fake_record_way way;
    unsigned hang_ups; /* so many times it hangs up first, whatever its way */
    const char *answer;
    unsigned n_asked;           /* how often it was asked, hung up on or not */
    char question[ERRAND_SIZE]; /* the last one */
    int held[128];              /* connections that are left open */
    size_t n_held;
    sd_event_source *flood;
};

void fake_record_start(struct fake_record *record, sd_event *event);
/* The same at that path, in a directory that is there. */
void fake_record_start_at(struct fake_record *record, sd_event *event, const char *path);
/* On all that are held. */
void fake_record_hang_up(struct fake_record *record);
void fake_record_stop(struct fake_record *record);

/* Nothing found. */
extern const char FAKE_RECORD_EMPTY[];
