/* Host, allowed hosts, Origin and Sec-Fetch-Site, one a line. An origin that is let in names the very host it
 * asks. */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "webfront/requests/origin.h"

/* The four lines. `text` is the caller's to free; those that are missing are NULL. */
struct request {
    char *text;
    const char *host, *allowed, *origin, *site;
};

static struct request read_request(const uint8_t *data, size_t size)
{
    struct request request = { .text = malloc(size + 1) };
    char *rest = request.text;

    FUZZ_ASSERT(request.text);
    memcpy(request.text, data, size);
    request.text[size] = '\0';
    request.host = strsep(&rest, "\n");
    request.allowed = strsep(&rest, "\n");
    request.origin = strsep(&rest, "\n");
    request.site = strsep(&rest, "\n");
    return request;
}

bool fuzz_passes(const uint8_t *data, size_t size)
{
    struct request r = read_request(data, size);
    bool passes = origin_host_allowed(r.host, r.allowed) && origin_post_allowed(r.host, r.origin, r.site);

    free(r.text);
    return passes;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct request r = read_request(data, size);

    (void)origin_host_allowed(r.host, r.allowed);
    if (origin_post_allowed(r.host, r.origin, r.site)) {
        FUZZ_ASSERT(!r.site || strcmp(r.site, "same-origin") == 0 || strcmp(r.site, "none") == 0);
        FUZZ_ASSERT(!r.origin || strncmp(r.origin, "http", 4) == 0);
        FUZZ_ASSERT(!r.origin || strcspn(strstr(r.origin, "://") + 3, ":") == strcspn(r.host, ":") ||
                    *r.host == '[');
    }
    free(r.text);
    return 0;
}
