/* Host, allowed hosts, Origin and Sec-Fetch-Site, one a line. An origin that is let in names the very host it
 * asks. */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "webfront/origin.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1), *rest = text;
    const char *host, *allowed, *origin, *site;

    FUZZ_ASSERT(text);
    memcpy(text, data, size);
    text[size] = '\0';
    host = strsep(&rest, "\n");
    allowed = strsep(&rest, "\n");
    origin = strsep(&rest, "\n");
    site = strsep(&rest, "\n");
    (void)origin_host_allowed(host, allowed);
    if (origin_post_allowed(host, origin, site)) {
        FUZZ_ASSERT(!site || strcmp(site, "same-origin") == 0 || strcmp(site, "none") == 0);
        FUZZ_ASSERT(!origin || strncmp(origin, "http", 4) == 0);
        FUZZ_ASSERT(!origin || strcspn(strstr(origin, "://") + 3, ":") == strcspn(host, ":") || *host == '[');
    }
    free(text);
    return 0;
}
