/* The form: a value that was read has no NUL, and the same bytes in it say the same again. */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "common/unit-name.h"
#include "webfront/form.h"

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
    char value[FORM_VALUE_SIZE], *body = copy(data, size);
    bool passes = form_read(body, size, value) == 0;

    free(body);
    return passes;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char value[FORM_VALUE_SIZE];
    char *body = copy(data, size);

    if (form_read(body, size, value) == 0) {
        FUZZ_ASSERT(strlen(value) + strlen(FORM_FIELD "=") <= size);
        if (unit_id_check(value) == 0)
            FUZZ_ASSERT(strlen(value) < UNIT_NAME_SIZE);
    }
    free(body);
    return 0;
}
