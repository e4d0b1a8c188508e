/* Cleaned with some room to spare, so that what is too long shows. */
#include "common/reason.h"

#include <string.h>

#include "common/text.h"

enum { ROOM = 2 * REASON_SIZE };

/* Of blanks there are plain ones only, once it is cleaned. */
static const char *trim(char *text)
{
    size_t length = strlen(text);

    while (length > 0 && text[length - 1] == ' ')
        text[--length] = '\0';
    return text + strspn(text, " ");
}

int reason_clean(const char *text, char ret[static REASON_SIZE])
{
    char room[ROOM];
    const char *reason;

    while (*text == ' ' || *text == '\t' || *text == '\n')
        text++;
    reason = trim(text_clean(text, room, sizeof(room)));
    *ret = '\0';
    if (strlen(reason) > REASON_MAX)
        return REASON_E_TOO_LONG;
    (void)stpcpy(ret, reason);
    return 0;
}
