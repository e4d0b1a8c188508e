/* Why somebody wants it done, in that person's own words: bounded, on one line, and fit to be shown. */
#pragma once

enum {
    REASON_MAX = 200, /* bytes of UTF-8 */
    REASON_SIZE = REASON_MAX + 1,
};

enum { REASON_E_TOO_LONG = 1 };

/* Cleans what was sent (common/text.h) and takes the blanks around it away; what is blank is none, "". 0, or
 * REASON_E_TOO_LONG, and "" then: whoever wrote it would want to know that its end is missing. */
int reason_clean(const char *text, char ret[static REASON_SIZE]);
