/* Every sentence the broker tells a person, in one place: what happened, which lock said no, and what would
 * open it. The same words are the fault, the message of restart_unit and the journal's. All of it is ASCII;
 * units' names are from the closed grammar, and systemd's words come cleaned. */
#pragma once

#include "broker/outcome/outcome.h"
#include "broker/systemd/bus-fault.h"
#include "policy/policy.h"

#define SENTENCE_LOOK_FIRST " Look at its state before trying again."

/* Each writes the refusal, its sentence and, where there is something to wait for, the seconds. */
void sentence_name(struct outcome *outcome, int name_outcome);
void sentence_policy_file(struct outcome *outcome, const char *error);
void sentence_no_default(struct outcome *outcome, const char *policy_path);
/* `miss` and `nearest` as policy_permits() gives them. */
void sentence_no_grant(struct outcome *outcome, int miss, const struct grant *nearest,
                       const struct unit_name *name, const char *policy_path);
void sentence_load_state(struct outcome *outcome, const char *load_state);
/* `also` is another name of the unit, and one of policy/carrier.h's. */
void sentence_carrier(struct outcome *outcome, const char *also);
void sentence_alias(struct outcome *outcome, const char *own_name);
/* `grant` is its "FILE:LINE". */
void sentence_stopped(struct outcome *outcome, const char *grant);
void sentence_start_limit(struct outcome *outcome, const struct start_limit *limit, uint64_t wait_usec);
/* `wait_usec` is left of `cooldown_usec`. */
void sentence_cooldown(struct outcome *outcome, uint64_t cooldown_usec, uint64_t wait_usec,
                       const char *grant);
/* Nobody said why, which is wanted by the grant at that "FILE:LINE". */
void sentence_reason(struct outcome *outcome, const char *grant);
/* The unit, whose job is under way, is just having that verb done. */
void sentence_other_verb(struct outcome *outcome, const char *unit, unsigned verb);
/* Of a reload: it is not up, or has no way to reload. */
void sentence_not_running(struct outcome *outcome, const char *active_state);
void sentence_no_reload(struct outcome *outcome);
/* The press was made for another unit, or another verb. */
void sentence_press(struct outcome *outcome);
void sentence_busy(struct outcome *outcome, const char *what);
/* So many others wait for that very unit. */
void sentence_crowded(struct outcome *outcome, unsigned others);
/* So many calls of the same person wait. */
void sentence_own_share(struct outcome *outcome, unsigned own);
void sentence_too_many_readers(struct outcome *outcome);
/* The same two for a whole system.multicall, in which there may be restarts. */
void sentence_too_many_multicalls(struct outcome *outcome);
void sentence_own_multicalls(struct outcome *outcome, unsigned own);
/* Its caller hung up before it was known what became of the unit. */
void sentence_left(struct outcome *outcome);
void sentence_no_memory(struct outcome *outcome);
/* There is no bus, or nobody of systemd's on it; nothing was done. */
void sentence_unreachable(struct outcome *outcome);
/* A read before anything was done failed. */
void sentence_not_read(struct outcome *outcome, enum bus_fault fault, const char *text);
/* The verb's method failed after `usec`. */
void sentence_not_done(struct outcome *outcome, enum bus_fault fault, const char *text, uint64_t usec);

/* Nobody knows, or nobody waits any longer. */
void sentence_bus_lost(struct outcome *outcome);
void sentence_still_running(struct outcome *outcome, uint64_t usec);
void sentence_job_vanished(struct outcome *outcome);
void sentence_not_read_after(struct outcome *outcome);
/* The broker ends: before the call was sent, and after. */
void sentence_stopping_before(struct outcome *outcome);
void sentence_stopping_during(struct outcome *outcome);

/* A press was being carried out when the broker ended. */
void sentence_press_lost(struct outcome *outcome);
