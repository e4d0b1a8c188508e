/* A query of up to three fields, in a fixed order: one address for one part. */
#include "webfront/pages/list-address.h"

#include <stdio.h>
#include <string.h>

#include "webfront/pages/address.h"

static char *add_encoded(char *at, const char *text)
{
    for (; *text; text++)
        at = address_encode(*text, at);
    return at;
}

const char *list_address(const char *machine, const char *filter, enum unit_group state, unsigned page,
                         char ret[static LIST_ADDRESS_SIZE])
{
    const char *mark = "?";
    char *at = ret;

    if (machine)
        at = add_encoded(stpcpy(at, "/machines/"), machine);
    at = stpcpy(at, "/");
    if (*filter) {
        at = add_encoded(stpcpy(at, "?q="), filter);
        mark = "&";
    }
    if (state != UNIT_GROUP_NONE) {
        at = stpcpy(stpcpy(stpcpy(at, mark), "state="), unit_group_to_string(state));
        mark = "&";
    }
    if (page > 1)
        (void)sprintf(at, "%spage=%u", mark, page);
    return ret;
}
