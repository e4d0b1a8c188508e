/* What is said of hosts and origins that do not fit. */
#include "webfront/requests/misfit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"
#include "webfront/requests/origin.h"

/* As much of each as is quoted. */
enum { QUOTED_SIZE = 128 };

#define PROXY                                                                                                \
    "If a reverse proxy is in between, it has to pass the Host header on as the browser sent it, with its "  \
    "port."
#define ADDRESS "Open it by the address that you were given for it. " PROXY
#define LIST                                                                                                 \
    " If this should be one of its names, its administrator can add it to AllowedHosts= in "                 \
    "/etc/restarter/webfront.conf."
#define BUTTONS "Open this machine's own page and use its buttons. " PROXY

const char MISFIT_HOST[] = "This machine does not answer to that host name. " ADDRESS LIST;
const char MISFIT_ORIGIN[] = "Nothing was done: the request came from a page of another site. " BUTTONS;

static const char *quote(const struct http_request *request, const char *name,
                         char buffer[static QUOTED_SIZE])
{
    const char *value = http_request_header(request, name);

    return text_clean(value, buffer, QUOTED_SIZE);
}

char *misfit_host(const struct http_request *request)
{
    char host[QUOTED_SIZE], *text = NULL;
    int r = asprintf(&text, "This machine does not answer to the host name \"%s\". " ADDRESS LIST,
                     quote(request, "Host", host));

    return r < 0 ? NULL : text;
}

/* Where the Origin fits, another header says where the request comes from. */
static bool has_misfit(const struct http_request *request)
{
    const char *origin = http_request_header(request, "Origin");

    return origin && http_request_header_count(request, "Origin") == 1 &&
           !origin_post_allowed(http_request_header(request, "Host"), origin, NULL);
}

char *misfit_origin(const struct http_request *request)
{
    char origin[QUOTED_SIZE], host[QUOTED_SIZE], *text = NULL;
    int r;

    if (!has_misfit(request))
        return strdup(MISFIT_ORIGIN);
    r = asprintf(
        &text,
        "Nothing was done: the request came from a page of another site. Its Origin is \"%s\", and its "
        "Host, which has to fit that, is \"%s\". " BUTTONS,
        quote(request, "Origin", origin), quote(request, "Host", host));
    return r < 0 ? NULL : text;
}
