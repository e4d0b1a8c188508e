/* The way to know somebody by PAM: accounts, expiry and groups of the system, or of the directory behind it.
 */
#pragma once

#include "login/way.h"

enum {
    PAM_LEVEL_MSEC =
        300, /* longer than modules take for a wrong password; ten a second pass the four places */
};

extern const struct way WAY_PAM;
