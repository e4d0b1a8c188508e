/* The sentences of login/attempt.c: what stands before the name, and what behind it. */
#include "log/login-line.h"

#include <stdio.h>
#include <string.h>

static const struct sentence {
    const char *before, *after;
    const char *decision;
} SENTENCES[] = {
    /* What stands behind it may be a module's own words. */
    { "", " was not let in: ", "refused" },
    { "", " has logged in ", "allowed" },
    { "A wrong password for ", ".", "refused" },
    { "A login of ", " was not looked at,", "refused" },
};

/* Names have dots in them, and no blanks: theirs is the last word before the end, or the first one. */
static bool take_user(const struct sentence *sentence, const char *message, char ret[static PERSON_NAME_SIZE])
{
    size_t before = strlen(sentence->before), length;
    const char *after;

    if (strncmp(message, sentence->before, before) != 0)
        return false;
    message += before;
    after = strstr(message, sentence->after);
    for (const char *later = after; later && *later == '.'; later = strstr(later + 1, sentence->after))
        after = later;
    length = after ? (size_t)(after - message) : 0;
    if (length == 0)
        return false;
    *ret = '\0';
    if (length < PERSON_NAME_SIZE) {
        memcpy(ret, message, length);
        ret[length] = '\0';
    }
    if (!person_name_valid(ret))
        *ret = '\0';
    return true;
}

void login_line_read(const char *message, struct login_line *ret)
{
    *ret = (struct login_line){ .user = "" };
    for (size_t i = 0; i < sizeof(SENTENCES) / sizeof(*SENTENCES); i++)
        if (take_user(&SENTENCES[i], message, ret->user)) {
            (void)snprintf(ret->decision, sizeof(ret->decision), "%s", SENTENCES[i].decision);
            return;
        }
}
