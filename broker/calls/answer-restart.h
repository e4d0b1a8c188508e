/* The answer to restarter.restart and the other verbs, and to restarter.outcome, which tells the same. */
#pragma once

struct outcome;
struct request;

/* Not for a refusal. Answers the call. */
void answer_restart(struct request *request, const struct outcome *outcome);
