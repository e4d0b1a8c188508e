/* What became of a unit after its job, in words: the other part of sentence.h. */
#pragma once

#include "broker/outcome/outcome.h"

/* Why a watch ended early, for struct outcome's `cut`: the verb is carried out, or was only asked for so far.
 */
const char *sentence_cut(unsigned verb);
const char *sentence_cut_asked(unsigned verb);

/* A job ran to its end: result, state after it, times and verdict are in the outcome. */
void sentence_ended(struct outcome *outcome);

/* The job was done, and what became of the unit then is not known. */
void sentence_settle_lost(struct outcome *outcome, const char *why);
