/* PAM, asked about an account: is that its password, and may it be used just now? */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/mistake.h"

#define PAM_SERVICE_FILE "/etc/pam.d/restarter"

struct pam_verdict {
    bool good;
    char user[256];   /* whom PAM says it is: a module may have changed the name */
    char why_not[96]; /* a clause; "" where it was the password */
};

/* 0 and a verdict; MISTAKE for a configuration or a module that fails, in PAM's own words. */
int pam_ask(const char *user, const char *password, struct pam_verdict *ret, struct mistake *mistake);
