/* The order in which people look for units: a template's instances stay together, and web-eu-2 comes before
 * web-eu-10. */
#pragma once

/* Less than, equal to or greater than 0, as strcmp(): by what stands before the "@", then by what stands
 * behind it; digits count as the number that they make. 0 for equal names only. */
int natural_compare(const char *unit, const char *other);
