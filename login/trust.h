/* Whose the files are that systemd has read for us. It reads as root and tells nothing of it, so whoever else
 * may write one of them, or read hashes out of one, would go unnoticed. */
#pragma once

#include "common/mistake.h"

/* 0, also where there is no such file, or MISTAKE. */
int trust_check(const char *users, const char *groups, struct mistake *mistake);
