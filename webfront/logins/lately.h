/* Who was answered a moment ago, so that whoever comes for the first time is told from those who ask on and
 * on. Askers have no names here, but numbers that nobody foresees: hardly ever do two have the same, and
 * nobody can choose whom he is taken for. Of very many the first ones are forgotten. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { LATELY_SETS = 1024, LATELY_EACH = 4 };

struct lately {
    uint64_t key;
    struct lately_asker {
        uint64_t who, until_usec;
    } sets[LATELY_SETS][LATELY_EACH]; /* each asker has his place in one of them */
};

/* 0 or a negative errno. */
int lately_begin(struct lately *ret);

/* From `now_usec` on this asker is one of them, for so long. */
void lately_note(struct lately *lately, const char *asker, uint64_t now_usec, uint64_t for_usec);
bool lately_has(const struct lately *lately, const char *asker, uint64_t now_usec);
