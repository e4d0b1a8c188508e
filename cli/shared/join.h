/* Who may open the broker's sockets, for somebody who may not. */
#pragma once

#include "cli/shared/fail.h"

/* Adds a sentence to one that names that group: how whoever runs this joins the group that may. */
void join_say(struct failure *failure);
