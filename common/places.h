/* How places in which somebody waits are shared, so that those who want the same thing cannot take them all.
 */
#pragma once

#include <stdbool.h>

/* True when one more would be too many: of `places`, `taken` are taken, `own` of them by those who want the
 * very same. Those may have half as many as are still free, whoever comes first: one crowd gets a third of
 * all places, several crowds get less each, and somebody who wants something else always finds one. */
static inline bool places_full(unsigned places, unsigned taken, unsigned own)
{
    return taken >= places || own >= (places - taken + 1) / 2;
}
