/* One pass over pattern and path. */
#include "webfront/requests/path.h"

#include <ctype.h>
#include <string.h>

bool path_matches(const char *path, const char *pattern)
{
    for (; *pattern; pattern++) {
        size_t n = *pattern == '*' ? strcspn(path, "/") : *path == *pattern;

        if (n == 0)
            return false;
        path += n;
    }
    return *path == '\0';
}

const char *path_on_machine(const char *path, char ret_machine[static MACHINE_NAME_SIZE])
{
    const char *name = path + strlen(PATH_MACHINES);
    char machine[MACHINE_NAME_SIZE];
    size_t length;

    *ret_machine = '\0';
    if (strncmp(path, PATH_MACHINES, strlen(PATH_MACHINES)) != 0)
        return path;
    length = strcspn(name, "/");
    if (length >= sizeof(machine) || name[length] != '/')
        return path;
    *(char *)mempcpy(machine, name, length) = '\0';
    if (!machine_name_valid(machine))
        return path;
    (void)stpcpy(ret_machine, machine);
    return name + length;
}

const char *path_here(const char *path)
{
    char machine[MACHINE_NAME_SIZE];

    return path_on_machine(path, machine);
}

static int hex_digit(char c)
{
    static const char DIGITS[] = "0123456789abcdef";
    const char *at = c ? strchr(DIGITS, tolower((unsigned char)c)) : NULL;

    return at ? (int)(at - DIGITS) : -1;
}

/* The byte at *at, behind which it moves; -1 when there is none that may be. */
static int decode(const char **at)
{
    int high, low, byte = (unsigned char)*(*at)++;

    if (byte == '%') {
        high = hex_digit(**at);
        low = high < 0 ? -1 : hex_digit((*at)[1]);
        if (low < 0)
            return -1;
        byte = high * 16 + low;
        *at += 2;
    }
    return byte > ' ' && byte <= '~' ? byte : -1;
}

bool path_star(const char *path, const char *pattern, char ret[static PATH_STAR_SIZE])
{
    const char *star = strchr(pattern, '*'), *at, *end;
    char text[PATH_STAR_SIZE];
    size_t n = 0;

    if (!star || !path_matches(path, pattern))
        return false;
    at = path + (star - pattern);
    end = at + strcspn(at, "/");
    while (at < end) {
        int byte = n < sizeof(text) - 1 ? decode(&at) : -1;

        if (byte < 0)
            return false;
        text[n++] = (char)byte;
    }
    text[n] = '\0';
    memcpy(ret, text, n + 1);
    return true;
}
