/* What stands in an address, behind a path or in a query: every byte that might mean something there is
 * percent-encoded (RFC 3986, 3.3 and 3.4). */
#pragma once

enum { ADDRESS_BYTE_SIZE = sizeof("%00") };

/* One byte, as it stands there. Returns its end, a NUL. */
char *address_encode(char byte, char ret[static ADDRESS_BYTE_SIZE]);
