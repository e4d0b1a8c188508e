/* One question to PID 1 and its one answer, without blocking. */
#pragma once

#include "broker/systemd/systemd-queue.h"
#include "broker/systemd/systemd.h"

/* Each starts a call; `answered` and the errors are systemd_queue_send()'s. `member` is RestartUnit or
 * another verb's (common/verb.h). */
int systemd_call_unit(struct systemd *systemd, const char *member, const char *unit,
                      systemd_answered answered, void *userdata, struct systemd_call **ret);
int systemd_call_get(struct systemd *systemd, const char *path, const char *interface, const char *property,
                     systemd_answered answered, void *userdata, struct systemd_call **ret);
/* ListUnitsByPatterns and ListUnitFilesByPatterns, for units in any state; `patterns` is NULL-terminated. */
int systemd_call_list_units(struct systemd *systemd, char **patterns, systemd_answered answered,
                            void *userdata, struct systemd_call **ret);
int systemd_call_list_unit_files(struct systemd *systemd, char **patterns, systemd_answered answered,
                                 void *userdata, struct systemd_call **ret);
