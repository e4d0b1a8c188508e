/* One look at all the units there are, as far as the policy covers them: what systemd has loaded, and what
 * has a file. */
#pragma once

#include "broker/systemd/bus-fault.h"
#include "broker/table/instance.h"

struct policy_in_force;
struct survey;
struct systemd;

/* `units` and `files` are settled and may be taken away; of those with a file only what is meant to be in the
 * list, as it is told while it is not loaded. With a fault, whose `text` is as in struct systemd_answer,
 * nothing came. */
typedef void (*survey_done)(struct instances *units, struct instances *files, enum bus_fault fault,
                            const char *text, void *userdata);

/* Both handles are borrowed. */
int survey_new(struct systemd *systemd, const struct policy_in_force *policy, survey_done done,
               void *userdata, struct survey **ret);
/* Takes NULL. Returns NULL. */
struct survey *survey_free(struct survey *survey);

/* None may be under way. Without files, of which `done` is told none then, systemd has half the work. `done`
 * is called once, perhaps at once, unless it is ended first. */
void survey_begin(struct survey *survey, bool with_files);
bool survey_is_under_way(const struct survey *survey);
/* Gives up on it. */
void survey_end(struct survey *survey);

/* What systemd has loaded, when it has said so and the rest is waited for: what it says from then on is
 * newer. NULL: it has not. */
struct instances *survey_units(struct survey *survey);

/* What may be done there to an instance of that name, by anybody: 0 is not in the table. */
unsigned survey_verbs(const struct policy_in_force *policy, const char *unit);
