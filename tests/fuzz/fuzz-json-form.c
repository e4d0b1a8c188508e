/* The same as a JSON object: what was read fits its place and is what its field may hold; nothing is read
 * beyond the body, which no NUL ends; and a body that is refused says why. */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "common/machines/machines.h"
#include "common/reason.h"
#include "webfront/requests/json-form.h"

/* To the byte as long as it is, for the sanitizer to see the first one after it. */
static int read_body(const uint8_t *data, size_t size, struct form *form)
{
    char *body = malloc(size > 0 ? size : 1);
    int r;

    FUZZ_ASSERT(body);
    memcpy(body, data, size);
    *form = (struct form){ .settle = -1 };
    r = json_form_read(body, size, form);
    free(body);
    return r;
}

bool fuzz_passes(const uint8_t *data, size_t size)
{
    struct form form;

    return read_body(data, size, &form) == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char again[REASON_SIZE];
    struct form form;
    int r = read_body(data, size, &form);

    if (r != 0) {
        FUZZ_ASSERT(form_text(r));
        return 0;
    }
    FUZZ_ASSERT(form.settle >= -1 && form.settle <= WIRE_SETTLE_MAX);
    FUZZ_ASSERT(!*form.press || wire_press_valid(form.press));
    FUZZ_ASSERT(!*form.machine || machine_name_valid(form.machine));
    FUZZ_ASSERT(reason_clean(form.reason, again) == 0 && strcmp(form.reason, again) == 0);
    FUZZ_ASSERT(!*form.service_id && form.verb == 0);
    return 0;
}
