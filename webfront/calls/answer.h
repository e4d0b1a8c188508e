/* Answers to the browser or program: the security headers that each of them carries, and one outcome as page,
 * JSON or plain text. */
#pragma once

#include "webfront/calls/app.h"
#include "webfront/pages/outcome.h"
#include "webfront/requests/accept.h"

struct answers *answers_new(void);
struct answers *answers_free(struct answers *answers);

/* Adds a content type and the security headers; NULL in, or out of memory: NULL out. */
struct MHD_Response *answer_finish(struct MHD_Response *response, const char *content_type);
/* A response with both, copying the body; NULL when out of memory or without a body. */
struct MHD_Response *answer_new(const void *body, size_t size, const char *content_type);
/* An XML-RPC answer; NULL when out of memory. */
struct MHD_Response *answer_new_rpc(const struct wire_answer *answer, unsigned retry_after);
/* The content type a format goes by. */
const char *answer_type(enum format format);

/* Tells the client what happened, with the outcome's status. `asked` is the unit or the id that was asked
 * for, or NULL. Frees nothing of the outcome. */
void answer_outcome(struct app *app, struct http_request *request, enum format format,
                    const struct outcome *outcome, const char *asked);

/* The same for an outcome with a static sentence and nothing particular in it: made once for each format,
 * then kept, so that what strangers can ask for without end costs next to nothing. */
void answer_fixed(struct app *app, struct http_request *request, enum format format,
                  const struct outcome *outcome);
