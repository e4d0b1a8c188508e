/* What means nothing in a segment of a path, nor in a field of a query, is written as it is. */
#include "webfront/pages/address.h"

#include <stdio.h>
#include <string.h>

#define PLAIN "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:@"

char *address_encode(char byte, char ret[static ADDRESS_BYTE_SIZE])
{
    if (!byte || !strchr(PLAIN, byte))
        return ret + sprintf(ret, "%%%02X", (unsigned char)byte);
    ret[0] = byte;
    ret[1] = '\0';
    return ret + 1;
}
