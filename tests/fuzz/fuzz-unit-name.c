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

/* Its parts say the same as the whole. */
static void check_parts(const struct unit_name *name)
{
    struct unit_name again;

    if (unit_name_is_plain(name)) {
        FUZZ_ASSERT(!strchr(name->unit, '@') && name->instance[0] == '\0');
        return;
    }
    FUZZ_ASSERT(unit_template_check(name->template) == 0 && unit_instance_valid(name->instance));
    FUZZ_ASSERT(unit_name_build(name->template, name->instance, &again) == 0);
    FUZZ_ASSERT(strcmp(again.unit, name->unit) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct unit_name name;
    char *text = malloc(size + 1);

    FUZZ_ASSERT(text);
    memcpy(text, data, size);
    text[size] = '\0';
    (void)unit_id_check(text);
    if (unit_name_parse(text, &name) == 0) {
        FUZZ_ASSERT(strcmp(name.unit, text) == 0);
        check_parts(&name);
        FUZZ_ASSERT(
            text[strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789:_.-@")] ==
            '\0');
    }
    free(text);
    return 0;
}
