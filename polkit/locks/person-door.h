/* Lock 2 for one person: by which door can the broker know who that is? */
#pragma once

#include "polkit/locks/locks.h"

/* For a question about somebody who has a name. Open: a door knows them, or it lets them in as nobody in
 * particular, and as such they may; the sentence says which. */
void person_door(const struct question *question, struct lock *lock);
