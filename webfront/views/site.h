/* What a page says of the place it comes from, for whoever asks for it: in his language, with his name. */
#pragma once

#include "common/http/http.h"
#include "common/person.h"
#include "common/rpc/rpc-client.h"
#include "webfront/calls/parts.h"
#include "webfront/pages/page.h"

struct view_site {
    struct page_site site; /* points to the name */
    char name[PERSON_NAME_SIZE];
};

/* It stays where it is. */
void view_site_set(struct view_site *ret, const struct parts *parts, const struct http_request *request,
                   const struct rpc_client_caller *caller);
