/* The Host header, and what follows from it. */
#include "webfront/calls/host.h"

#include "webfront/requests/origin.h"

static const struct page_site NOWHERE = { .machine = "", .foreign = true };

bool host_is_ours(const struct app *app, const struct http_request *request)
{
    return http_request_header_count(request, "Host") == 1 &&
           origin_host_allowed(http_request_header(request, "Host"), app->allowed_hosts);
}

const struct page_site *host_site(const struct app *app, const struct http_request *request)
{
    return host_is_ours(app, request) ? &app->site : &NOWHERE;
}
