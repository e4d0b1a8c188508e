/* GET and POST /login: from a user's name and password to the cookie that is the session (requests/cookie.h).
 * Whoever is logged in already gets a new ticket, never one that a browser brought along. */
#pragma once

#include "common/http/http.h"
#include "common/rpc/rpc-client.h"
#include "webfront/calls/parts.h"

void login_page_get(struct parts *parts, struct http_request *request,
                    const struct rpc_client_caller *caller);
/* GET PAGE_LOGIN_FORGET: a style sheet with nothing in it. Browsers keep a page as it was for Back, no-store
 * or not; what was signed out of is to be forgotten, and is kept only once the next page is there. */
void login_page_forget(struct parts *parts, struct http_request *request,
                       const struct rpc_client_caller *caller);
void login_page_post(struct parts *parts, struct http_request *request,
                     const struct rpc_client_caller *caller);
