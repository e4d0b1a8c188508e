/* Lines, one after the other. */
#include "log/found.h"

void found_done(struct found *found)
{
    texts_done(&found->lines);
    *found = (struct found){ .more = false };
}
