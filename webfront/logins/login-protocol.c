/* Two netstrings out, one line in. */
#include "webfront/logins/login-protocol.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { UNAVAILABLE_SEC = 5 };

size_t login_question_write(const char *user, const char *password, char ret[static LOGIN_QUESTION_SIZE])
{
    size_t user_length = strlen(user), password_length = strlen(password);

    if (user_length == 0 || user_length > LOGIN_USER_MAX || password_length > LOGIN_PASSWORD_MAX)
        return 0;
    return (size_t)snprintf(ret, LOGIN_QUESTION_SIZE, "%zu:%s,%zu:%s,", user_length, user, password_length,
                            password);
}

/* What stands behind that word. */
static bool step_word(const char **at, const char *end, const char *word)
{
    size_t length = strlen(word);

    if ((size_t)(end - *at) < length || memcmp(*at, word, length) != 0)
        return false;
    *at += length;
    return true;
}

static bool is_ticket_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
}

static bool read_ticket(const char *at, const char *end, char ret[static LOGIN_TICKET_SIZE])
{
    size_t length = (size_t)(end - at);

    if (length == 0 || length >= LOGIN_TICKET_SIZE)
        return false;
    for (size_t i = 0; i < length; i++)
        if (!is_ticket_byte(at[i]))
            return false;
    memcpy(ret, at, length);
    ret[length] = '\0';
    return true;
}

/* A number as it would be printed, from 1 on. */
static bool read_seconds(const char *at, const char *end, unsigned *ret)
{
    unsigned seconds = 0;

    if (at == end || *at == '0')
        return false;
    for (; at < end; at++) {
        if (*at < '0' || *at > '9')
            return false;
        seconds = seconds * 10 + (unsigned)(*at - '0');
        if (seconds > LOGIN_LATER_MAX)
            return false;
    }
    *ret = seconds;
    return true;
}

static enum login_outcome read_line(const char *at, const char *end, struct login_result *ret)
{
    if (step_word(&at, end, "ticket "))
        return read_ticket(at, end, ret->ticket) ? LOGIN_PASSED : LOGIN_UNAVAILABLE;
    if (step_word(&at, end, "later "))
        return read_seconds(at, end, &ret->seconds) ? LOGIN_LATER : LOGIN_UNAVAILABLE;
    return step_word(&at, end, "wrong") && at == end ? LOGIN_WRONG : LOGIN_UNAVAILABLE;
}

void login_answer_read(const char *bytes, size_t size, struct login_result *ret)
{
    *ret = (struct login_result){ .outcome = LOGIN_UNAVAILABLE };
    if (size > 0 && bytes[size - 1] == '\n')
        ret->outcome = read_line(bytes, bytes + size - 1, ret);
    if (ret->outcome == LOGIN_UNAVAILABLE)
        ret->seconds = UNAVAILABLE_SEC;
}
