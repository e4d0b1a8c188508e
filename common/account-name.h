/* An account of this machine by its number. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "common/person.h"

/* Of whom the kernel has no number for here, because he has none in this user namespace (an account of the
 * host, at a socket of a container), it says this one, for users and for groups. It is many, and so nobody,
 * and a group without members. */
enum { ACCOUNT_UNMAPPED = 65534 };

/* As it is in /etc/passwd, and there alone: what the name service asks beyond it may take seconds. False when
 * it is not there, longer than a person's name, or ACCOUNT_UNMAPPED. Whether it is one is the caller's to
 * see. */
bool account_name(uid_t uid, char ret[static PERSON_NAME_SIZE]);
