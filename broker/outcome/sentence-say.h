/* How a refusal is put into words, for those who know the words. */
#pragma once

#include "broker/outcome/outcome.h"

/* The whole sentence, nothing of it for admins alone. */
void __attribute__((format(printf, 3, 4)))
sentence_say(struct outcome *o, int refusal, const char *format, ...);

/* Goes on with what is for admins alone. */
void __attribute__((format(printf, 2, 3))) sentence_tell_admins(struct outcome *o, const char *format, ...);
