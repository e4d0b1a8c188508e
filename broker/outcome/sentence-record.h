/* What is said to somebody who asks for what the journal has, and does not get it. */
#pragma once

#include "broker/outcome/outcome.h"

/* His grant of that unit does not say Logs=yes; `grant` is its "FILE:LINE". */
void sentence_no_logs(struct outcome *outcome, const char *grant);
/* A day's list is for admins. */
void sentence_no_admin(struct outcome *outcome);
/* That is none; `text` is what is fit to be shown of it. */
void sentence_no_day(struct outcome *outcome, const char *text);
/* Who answers for the journal goes by the policy file as it is just now, and that does not let him. */
void sentence_record_refused(struct outcome *outcome);
/* Nobody answers for the journal, or too many ask. */
void sentence_no_record(struct outcome *outcome);
