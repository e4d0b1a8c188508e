/* Policies out of the text of a policy file, good and bad. */
#pragma once

#include <stddef.h>

#include "policy/policy.h"

/* To be freed with policy_free(). Fails the test when the text is not a valid policy. */
struct policy *policy_from(const char *text);

/* What is wrong with the text, which may have a NUL in it, as policy_error_format() puts it for a file "f";
 * "" when nothing is. The caller's to free. */
char *load_error(const char *text, size_t size);
