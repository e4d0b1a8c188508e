/* Whom a reverse proxy vouches for. At the proxy's door the person is whom its header names: exactly one,
 * whatever else the client may have tried to add to it. At any other door nobody may name a person in a
 * header, and who tries is turned away. */
#pragma once

#include <stdbool.h>

#include "common/http/http.h"
#include "common/person.h"

/* What the headers are called (UserHeader= and GroupsHeader=); the caller's, for as long as they are used. */
struct vouched_names {
    const char *user, *groups;
    /* The admin says that the proxy writes the groups (GroupsHeader= is there). Of one that does not, the
     * client's own would come through, and so none may. */
    bool has_groups;
};

enum {
    VOUCHED_E_ABSENT = 1, /* nobody is named */
    VOUCHED_E_TWICE,     /* one of the headers is there twice, or under another spelling as well or instead */
    VOUCHED_E_NAME,      /* the name is not of common/person.h's grammar */
    VOUCHED_E_GROUPS,    /* the groups are none of that grammar with commas between them, or too many */
    VOUCHED_E_NO_GROUPS, /* groups are said, which nobody has asked for */
};

/* Names somebody, in `ret`, whose door stays as it is; to be freed with person_done(). 0, VOUCHED_E_… or
 * -ENOMEM, and nobody is left then. Groups may be absent or empty. */
int vouched_read(const struct http_request *request, const struct vouched_names *names, struct person *ret);

/* The request has a header that would name a person, or groups, or that some proxies and servers take for
 * one: '_' is as good as '-', as is any case. */
bool vouched_is_claimed(const struct http_request *request, const struct vouched_names *names);

/* A sentence for an error of vouched_read(), and for what is claimed where nobody may; static. */
const char *vouched_text(int error);
extern const char VOUCHED_CLAIMED[];
