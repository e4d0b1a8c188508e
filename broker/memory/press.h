/* Presses that were carried out. A press is a random word that the caller makes for each press of his button;
 * asked again with the same one (a page that is loaded again, a double click, a script that lost the answer),
 * he is told the same outcome, and nothing is done twice. Only a press that led to a job, or joined one,
 * takes a place here. */
#pragma once

#include <stdint.h>
#include <sys/types.h>

#include "broker/memory/memory.h"
#include "broker/memory/press-record.h"
#include "broker/outcome/outcome.h"

enum {
    PRESSES_MAX = 512,     /* remembered in total */
    PRESSES_UNIT_MAX = 32, /* and of one unit by one caller */
    PRESSES_REFUSED_MAX = 32,
};
#define PRESS_USEC (UINT64_C(600) * 1000 * 1000) /* remembered for so long */

struct presses;
/* Reads what there is in the memory, which stays the caller's and has PRESSES_MAX slots. */
int presses_new(struct memory *memory, uint64_t now_usec, struct presses **ret);
struct presses *presses_free(struct presses *presses);

/* It was made for that. */
bool press_is_for(const struct press *press, const char *unit, unsigned verb);
/* NULL when it is not known, or not any more. */
const struct press *presses_find(const struct presses *presses, const struct press_key *key,
                                 uint64_t now_usec);
/* The same of whoever made it, for who was given the word: the caller's own, or else the one that was first.
 * Also one that was refused after all, whose caller had left (presses_note_refusal()). Who may know of it is
 * for others to decide. */
const struct press *presses_recall(const struct presses *presses, const struct press_key *key,
                                   uint64_t now_usec);

/* What is done for a press. */
struct press_deed {
    const char *unit;
    unsigned verb;
    uint64_t serial;      /* of its job */
    bool covered;         /* which somebody else's press had begun: */
    const char *began_by; /* NULL or "": nobody's in particular */
};

enum {
    PRESS_E_OTHER = 1, /* it was made for another unit, or for another verb */
    PRESS_E_FULL,      /* every place for him is taken by a press whose job still runs */
};
/* Remembers a press that is carried out now, also beyond the broker's end: asked again after that, its
 * outcome is unknown. The one carried out longest ago makes room: of the same unit and caller when they have
 * their share, else of all; but none whose job still runs. 0, PRESS_E_… or -ENOMEM. */
int presses_note(struct presses *presses, const struct press_key *key, const struct press_deed *deed,
                 uint64_t now_usec);

/* The job is over, and what becomes of the unit is still being watched. */
void presses_note_outcome(struct presses *presses, uint64_t serial, const struct outcome *outcome);
/* What became of all the presses of that job. */
void presses_over(struct presses *presses, uint64_t serial, const struct outcome *outcome);
/* Nothing was done: to ask again is a new question. */
void presses_forget(struct presses *presses, uint64_t serial);
/* The same, and its caller has left without being told: presses_recall() knows it, until PRESSES_REFUSED_MAX
 * later ones; not beyond the broker's end, nor when memory is out. */
void presses_note_refusal(struct presses *presses, const struct press_key *key, const struct outcome *outcome,
                          uint64_t now_usec);
