/* Letters, digits, and little else. */
#include "common/machines/machine-host.h"

#include <string.h>

#define HOST_BYTES "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:@%-"

const char MACHINE_HOST_GRAMMAR[] =
    "a host is HOST or USER@HOST, of letters, digits and . _ : % -, and neither of both begins with '-'";

/* As ssh would see it, whose options begin so. */
static bool begins_well(const char *part)
{
    return *part != '\0' && *part != '@' && *part != '-';
}

bool machine_host_valid(const char *text)
{
    const char *at = strrchr(text, '@');
    size_t length = strlen(text);

    if (length > MACHINE_HOST_MAX || strspn(text, HOST_BYTES) != length)
        return false;
    return begins_well(text) && (!at || begins_well(at + 1));
}
