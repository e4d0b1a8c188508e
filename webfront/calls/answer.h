/* Answers to the browser or program: the security headers that each of them carries, one outcome as page,
 * JSON or plain text, and what a page may say of the place it comes from. */
#pragma once

#include "common/http/http.h"
#include "webfront/pages/assets.h"
#include "webfront/pages/outcome.h"
#include "webfront/pages/page.h"
#include "webfront/requests/accept.h"
#include "webfront/requests/etag.h"

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
const struct page_site *answer_own_site(const struct answers *answers, enum language language);
/* In which language pages speak to who asks. */
enum language answer_language(const struct http_request *request);

/* Adds a content type and the security headers; NULL in, or out of memory: NULL out. */
struct MHD_Response *answer_finish(struct MHD_Response *response, const char *content_type);
/* A response with both, copying the body; NULL when out of memory or without a body. */
struct MHD_Response *answer_new(const void *body, size_t size, const char *content_type);
/* Adds a header; false, and NULL there, when out of memory or without a response. */
bool answer_add_header(struct MHD_Response **response, const char *name, const char *value);
/* A file that a page loads, compressed for who takes that. `kept`: it was asked for by the address of these
 * bytes, and a browser may keep it for good. NULL when out of memory. */
struct MHD_Response *answer_new_asset(const struct http_request *request, const struct asset *asset,
                                      bool kept);
/* What an answer stands for, for who asks for it again (etag.h). */
void answer_add_tag(struct MHD_Response **response, const char *tag);
/* For a status of 304, to who has what the tag stands for. NULL when out of memory. */
struct MHD_Response *answer_new_unchanged(const char *tag);
/* Says when to come back, unless `seconds` is 0. */
void answer_add_retry_after(struct MHD_Response **response, unsigned seconds);
/* One that leads to a page of ours, for a status of 303. NULL when out of memory. */
struct MHD_Response *answer_new_redirect(const char *location);
/* One as JSON; a line of text, cleaned. Both end with a newline, which is kinder to whoever reads them in a
 * terminal. NULL when out of memory. */
struct MHD_Response *answer_new_json(const struct wire_answer *answer);
/* The same, with a tag of its bytes. */
struct MHD_Response *answer_new_json_tagged(const struct wire_answer *answer, char ret_tag[static ETAG_SIZE]);
/* An outcome that is no answer, as RFC 9457 has it. */
struct MHD_Response *answer_new_problem(const struct outcome *outcome);
struct MHD_Response *answer_new_text(const char *message);
/* An XML-RPC answer; where there is no memory for it, the fault that says so, or NULL. */
struct MHD_Response *answer_new_rpc(const struct wire_answer *answer, unsigned retry_after);
/* The same of one that is encoded, which it takes over; NULL: there was no memory. */
struct MHD_Response *answer_new_rpc_block(xmlrpc_mem_block *block);
#define ANSWER_HTML "text/html; charset=utf-8"

/* An answer that tells what happened, as answer_outcome() does; NULL when out of memory. */
struct MHD_Response *answer_new_outcome(const struct answers *answers, const struct http_request *request,
                                        enum format format, const struct outcome *outcome, const char *asked);

/* Tells the client what happened, with the outcome's status. `asked` is the unit or the id that was asked
 * for, or NULL. Frees nothing of the outcome. */
void answer_outcome(struct answers *answers, struct http_request *request, enum format format,
                    const struct outcome *outcome, const char *asked);

/* The same for an outcome with a static sentence and nothing particular in it: made once for each format,
 * then kept, so that what strangers can ask for without end costs next to nothing. */
void answer_fixed(struct answers *answers, struct http_request *request, enum format format,
                  const struct outcome *outcome);
