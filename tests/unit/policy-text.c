#include "tests/unit/policy-text.h"

#include <string.h>

#include "common/cleanup.h"
#include "policy/load.h"
#include "tests/unit/test.h"

struct policy *policy_from(const char *text)
{
    struct policy *policy = NULL;
    struct policy_error error = { 0 };
    int r;

    r = policy_load_text("policy.conf", text, strlen(text), &policy, &error);
    if (r)
        fail_msg("%s in:\n%s", error.file ? policy_error_format(&error) : "out of memory", text);
    return policy;
}

char *load_error(const char *text, size_t size)
{
    _cleanup_(policy_freep) struct policy *policy = NULL;
    _cleanup_(policy_error_done) struct policy_error error = { 0 };
    int r = policy_load_text("f", text, size, &policy, &error);

    assert_in_range(r, 0, POLICY_E_INVALID);
    assert_int_equal(policy == NULL, r != 0);
    return r ? policy_error_format(&error) : strdup("");
}
