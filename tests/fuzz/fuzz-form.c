/* The form: values that were read fit their places, and a press is always one that is taken again. */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "common/unit-name.h"
#include "webfront/requests/form.h"

/* NUL-terminated, the caller's. */
static char *copy(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);

    FUZZ_ASSERT(text);
    memcpy(text, data, size);
    text[size] = '\0';
    return text;
}

bool fuzz_passes(const uint8_t *data, size_t size)
{
    char *body = copy(data, size);
    struct form form;
    bool passes = form_read(body, size, &form) == 0;

    free(body);
    return passes;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct form form;
    char *body = copy(data, size);

    if (form_read(body, size, &form) == 0) {
        FUZZ_ASSERT(strlen(form.service_id) + strlen("service_id=") <= size);
        FUZZ_ASSERT(form.settle >= -1 && form.settle <= WIRE_SETTLE_MAX);
        FUZZ_ASSERT(!*form.press || wire_press_valid(form.press));
        if (unit_id_check(form.service_id) == 0)
            FUZZ_ASSERT(strlen(form.service_id) < UNIT_NAME_SIZE);
    }
    free(body);
    return 0;
}
