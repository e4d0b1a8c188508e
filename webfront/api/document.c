/* Compiled in, as the files of the pages are; webfront/assets/openapi.json is what one reads, and changes. */
#include "webfront/api/document.h"

#include "common/cleanup.h"
#include "webfront/calls/answer.h"
#include "webfront/requests/etag.h"

/* Made by webfront.mk. */
extern const unsigned char API_DOCUMENT[];
extern const size_t API_DOCUMENT_SIZE;

void api_document_get(_unused_ struct parts *parts, struct http_request *request,
                      _unused_ const struct rpc_client_caller *caller)
{
    static char tag[ETAG_SIZE];
    struct MHD_Response *response;

    if (!*tag)
        etag_make(API_DOCUMENT, API_DOCUMENT_SIZE, tag);
    if (etag_is_among(http_request_header(request, "If-None-Match"), tag)) {
        http_reply(request, MHD_HTTP_NOT_MODIFIED, answer_new_unchanged(tag));
        return;
    }
    response = answer_new(API_DOCUMENT, API_DOCUMENT_SIZE, "application/json");
    answer_add_tag(&response, tag);
    http_reply(request, MHD_HTTP_OK, response);
}
