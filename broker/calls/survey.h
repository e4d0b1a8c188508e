/* One look at all the units there are, as far as the policy covers them: two lists from systemd, and of those
 * not seen before whether they are enabled and can reload, which is kept until it may be wrong. */
#pragma once

#include "broker/calls/instance.h"
#include "broker/systemd/bus-fault.h"

struct policy_in_force;
struct survey;
struct systemd;

/* `instances` are settled, and the survey's own; NULL for a fault, whose `text` is as in struct
 * systemd_answer. */
typedef void (*survey_done)(const struct instances *instances, enum bus_fault fault, const char *text,
                            void *userdata);

/* Both handles are borrowed. */
int survey_new(struct systemd *systemd, const struct policy_in_force *policy, survey_done done,
               void *userdata, struct survey **ret);
/* Takes NULL. Returns NULL. */
struct survey *survey_free(struct survey *survey);

/* None may be under way. `done` is called exactly once, perhaps at once, unless it is ended first. */
void survey_begin(struct survey *survey);
/* Gives up on it. */
void survey_end(struct survey *survey);

/* What is kept may be wrong now. */
void survey_forget(struct survey *survey);
