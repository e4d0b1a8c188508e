/* Who has signed out: tickets by their numbers, and of a person everything up to a moment. Remembered beyond
 * the broker's end until the boot is over, with which every ticket ends (common/ticket-key.h). What there is
 * no room for, and what is spoilt, signs out more than was asked for, and never less. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "broker/memory/memory.h"
#include "common/ticket.h"

enum {
    SIGNED_OUT_MAX = 1024,       /* people */
    SIGNED_OUT_NUMBERS_MAX = 64, /* tickets of one of them; with one more, all of that person that are as old
                                    as the eldest of these, or older */
};

struct signed_out;
/* Reads what there is in the memory, which stays the caller's and has SIGNED_OUT_MAX slots. Where it cannot
 * be read, everything that was issued up to `now` is signed out. Times are as in tickets. 0 or -ENOMEM. */
int signed_out_new(struct memory *memory, uint64_t now, struct signed_out **ret);
struct signed_out *signed_out_free(struct signed_out *signed_out);

bool signed_out_has(const struct signed_out *signed_out, const struct person *person, uint64_t issued,
                    const uint8_t number[static TICKET_NUMBER_SIZE]);

enum { SIGNED_OUT_E_LOST = 1 /* it holds until the broker's end, and could not be written down */ };
/* One ticket; all of a person that were issued up to `until`. 0, SIGNED_OUT_E_LOST or -ENOMEM. */
int signed_out_note(struct signed_out *signed_out, const struct person *person, uint64_t issued,
                    const uint8_t number[static TICKET_NUMBER_SIZE]);
int signed_out_note_all(struct signed_out *signed_out, const struct person *person, uint64_t until);

/* As bytes: one person. */
struct signed_out_record {
    enum person_known known; /* PERSON_NOBODY, without a name: of everybody */
    char name[PERSON_NAME_SIZE];
    uint64_t until; /* all that were issued then or earlier; 0: none */
    unsigned n;
    struct signed_out_number {
        uint64_t issued;
        uint8_t number[TICKET_NUMBER_SIZE];
    } numbers[SIGNED_OUT_NUMBERS_MAX];
};
/* The record points into `bytes`. */
bool signed_out_record_write(const struct signed_out_record *signed_out,
                             uint8_t bytes[static MEMORY_RECORD_MAX], struct memory_record *ret);
/* Never fails: of whom nothing is known it is everybody, and what is not known of somebody is everything up
 * to `now`. */
void signed_out_record_read(const struct memory_record *record, uint64_t now, struct signed_out_record *ret);
