/* The way to know somebody by a password of their own. */
#pragma once

#include <stdbool.h>

#include "common/accounts/users.h"
#include "common/ticket.h"
#include "login/question.h"

/* Has the user of that name, among these, of whom there is one at least, this password? An unknown user takes
 * as long as one of the known ones: the password is compared with the hash of that one, and wrong whatever
 * comes of it. 0, MISTAKE when a hash cannot be computed, or -ENOMEM. */
int password_check(const struct users *users, const struct ticket_key *key, const struct question *question,
                   bool *ret_good, struct mistake *mistake);
