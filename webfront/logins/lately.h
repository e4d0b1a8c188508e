/* Who was answered a moment ago, so that whoever comes for the first time is told from those who ask on and
 * on. Askers have no names here, only places, taken by a number that nobody foresees: two who share one are
 * taken for each other, and nobody can choose whom he is taken for. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { LATELY_PLACES = 4096 };

struct lately {
    uint64_t key;
    uint64_t until_usec[LATELY_PLACES];
};

/* 0 or a negative errno. */
int lately_begin(struct lately *ret);

/* From `now_usec` on this asker is one of them, for so long. */
void lately_note(struct lately *lately, const char *asker, uint64_t now_usec, uint64_t for_usec);
bool lately_has(const struct lately *lately, const char *asker, uint64_t now_usec);
