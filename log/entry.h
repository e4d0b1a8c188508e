/* An entry of the journal, as far as it is of the record. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-journal.h>

enum { ENTRY_FIELD_SIZE = 1024 }; /* bytes of a field with its name, and a NUL; what is longer is cut */

/* Texts are cleaned; "" where the journal says "-" or nothing. */
struct entry {
    bool is_ours; /* of one of our services, as journald knows it */
    uint64_t realtime_usec, usec;
    char service[ENTRY_FIELD_SIZE];
    char message[ENTRY_FIELD_SIZE];
    char user[ENTRY_FIELD_SIZE], known[ENTRY_FIELD_SIZE], via[ENTRY_FIELD_SIZE], door[ENTRY_FIELD_SIZE],
        from[ENTRY_FIELD_SIZE];
    char reason[ENTRY_FIELD_SIZE], machine[ENTRY_FIELD_SIZE], unit[ENTRY_FIELD_SIZE], verb[ENTRY_FIELD_SIZE];
    char decision[ENTRY_FIELD_SIZE], lock[ENTRY_FIELD_SIZE], result[ENTRY_FIELD_SIZE],
        verdict[ENTRY_FIELD_SIZE];
};

/* The one where the journal stands. 0, or a negative errno when it cannot be read. */
int entry_read(sd_journal *journal, struct entry *ret);
/* As record_line_write(). */
char *entry_to_line(const struct entry *entry);
