/* Who is not logged in, where one has to be: a browser's page is led to the login and back, a press is told
 * that nothing was done, a program is asked for its password in the way of programs. */
#pragma once

#include "common/http/http.h"
#include "webfront/calls/parts.h"
#include "webfront/pages/outcome.h"
#include "webfront/requests/accept.h"

/* Answers the request of whom nobody knows, without asking the broker. `verb` is what was asked for; 0: to
 * read. */
void gate_turn_away(struct parts *parts, struct http_request *request, enum format format, unsigned verb);

/* Answers the request with a refusal of code REFUSAL_LOGIN. */
void gate_refuse(struct parts *parts, struct http_request *request, enum format format,
                 const struct outcome *outcome);
/* What such an answer says to a program, beside its status of 401; NULL stays. */
void gate_ask(struct MHD_Response **response, const struct http_request *request);
