/* Whose the files of users and groups are. Both who reads them and who changes them is root (systemd for the
 * login, the admin with restartctl), so whoever else may write one, or read hashes out of one, would go
 * unnoticed. */
#pragma once

#include "common/mistake.h"

/* 0, also where there is no such file, or MISTAKE. */
int trust_users(const char *path, struct mistake *mistake);
/* The same of a file that others may read. */
int trust_groups(const char *path, struct mistake *mistake);
