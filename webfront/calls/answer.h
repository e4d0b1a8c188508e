/* Answers to the browser or program: the security headers that each of them carries, one outcome as page,
 * JSON or plain text, and what a page may say of the place it comes from. */
#pragma once

#include "common/http/http.h"
#include "webfront/pages/outcome.h"
#include "webfront/pages/page.h"
#include "webfront/requests/accept.h"

struct answers;

/* `ours` is what pages say of this machine; `allowed_hosts` are its names (origin.h). Both are read for as
 * long as the answers live. 0 or -ENOMEM. */
int answers_new(const struct page_site *ours, const char *allowed_hosts, struct answers **ret);
struct answers *answers_free(struct answers *answers);

/* What a page that answers the request may say of the place it comes from. Who comes by a foreign name, a
 * page that had its own name point here for instance, is told nothing of this machine, whatever else is wrong
 * with the request. */
const struct page_site *answer_site(const struct answers *answers, const struct http_request *request);
/* The same for those who came by a name of ours. */
const struct page_site *answer_own_site(const struct answers *answers);

/* Adds a content type and the security headers; NULL in, or out of memory: NULL out. */
struct MHD_Response *answer_finish(struct MHD_Response *response, const char *content_type);
/* A response with both, copying the body; NULL when out of memory or without a body. */
struct MHD_Response *answer_new(const void *body, size_t size, const char *content_type);
/* One as JSON; a line of text, cleaned. Both end with a newline, which is kinder to whoever reads them in a
 * terminal. NULL when out of memory. */
struct MHD_Response *answer_new_json(const struct wire_answer *answer);
struct MHD_Response *answer_new_text(const char *message);
/* An XML-RPC answer; NULL when out of memory. */
struct MHD_Response *answer_new_rpc(const struct wire_answer *answer, unsigned retry_after);
#define ANSWER_HTML "text/html; charset=utf-8"

/* Tells the client what happened, with the outcome's status. `asked` is the unit or the id that was asked
 * for, or NULL. Frees nothing of the outcome. */
void answer_outcome(struct answers *answers, struct http_request *request, enum format format,
                    const struct outcome *outcome, const char *asked);

/* The same for an outcome with a static sentence and nothing particular in it: made once for each format,
 * then kept, so that what strangers can ask for without end costs next to nothing. */
void answer_fixed(struct answers *answers, struct http_request *request, enum format format,
                  const struct outcome *outcome);
