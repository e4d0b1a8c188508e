/* HTTP Basic (RFC 7617), as programs send it: "Authorization: Basic base64(USER:PASSWORD)". One text, one
 * header, read strictly: whatever is not exactly that is refused, and never taken for nobody. */
#pragma once

#include <stdbool.h>

#include "common/http/http.h"

enum { BASIC_USER_SIZE = 256, BASIC_PASSWORD_SIZE = 512 }; /* with their NULs, as the login takes them */

enum basic_outcome {
    BASIC_GIVEN = 0,
    BASIC_ABSENT,    /* there is no such header, or it speaks of another scheme */
    BASIC_TWICE,     /* two headers: whose words count would be a guess */
    BASIC_MALFORMED, /* no base64, no colon, no user, too long, or a control character in it */
};

/* Somebody's password: to be wiped. */
struct basic {
    char user[BASIC_USER_SIZE], password[BASIC_PASSWORD_SIZE];
};
void basic_wipe(struct basic *basic);

/* Of the header's value, or NULL. *ret is written for BASIC_GIVEN alone. */
enum basic_outcome basic_parse(const char *value, struct basic *ret);
/* The same, asked of a request. */
enum basic_outcome basic_read(const struct http_request *request, struct basic *ret);
