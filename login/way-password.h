/* The way to know somebody by a password of their own, in /etc/restarter/users. */
#pragma once

#include "login/way.h"

extern const struct way WAY_PASSWORD;
