/* The form: a value that was read has no NUL, and the same bytes in it say the same again. */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "common/unit-name.h"
#include "webfront/form.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char value[FORM_VALUE_SIZE];
    char *body = malloc(size + 1);

    FUZZ_ASSERT(body);
    memcpy(body, data, size);
    body[size] = '\0';
    if (form_read(body, size, value) == 0) {
        FUZZ_ASSERT(strlen(value) + strlen(FORM_FIELD "=") <= size);
        if (unit_id_check(value) == 0)
            FUZZ_ASSERT(strlen(value) < UNIT_NAME_SIZE);
    }
    free(body);
    return 0;
}
