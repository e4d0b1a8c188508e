/* Unit names: what is taken apart can be put together again and is the same. */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "common/unit-name.h"

bool fuzz_passes(const uint8_t *data, size_t size)
{
    char *text = strndup((const char *)data, size);
    bool passes = text && unit_id_check(text) == 0;

    free(text);
    return passes;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct unit_name name, again;
    char *text = malloc(size + 1);

    FUZZ_ASSERT(text);
    memcpy(text, data, size);
    text[size] = '\0';
    (void)unit_id_check(text);
    if (unit_name_parse(text, &name) == 0) {
        FUZZ_ASSERT(unit_template_check(name.template) == 0 && unit_instance_valid(name.instance));
        FUZZ_ASSERT(unit_name_build(name.template, name.instance, &again) == 0 &&
                    strcmp(again.unit, text) == 0);
        FUZZ_ASSERT(
            text[strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789:_.-@")] ==
            '\0');
    }
    free(text);
    return 0;
}
