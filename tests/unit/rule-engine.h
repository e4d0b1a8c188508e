/* A JavaScript engine that believes it is polkitd: runs a rule file and answers questions by it. It is
 * duktape, the one inside Debian's polkitd. */
#pragma once

#include <stdbool.h>
#include <duktape.h>

#include "policy/policy.h"

#define MANAGE_UNITS "org.freedesktop.systemd1.manage-units"

/* An engine that has run this rule file; ends with duk_destroy_heap(). Fails the test when the text does not
 * run. */
duk_context *engine_new(const char *rule);

/* What polkitd knows of whoever asks besides the user: JavaScript, such as "{ system_unit: null }". At first
 * it knows nothing more, as that of Debian 12. */
void engine_subject(duk_context *engine, const char *subject);

/* "yes", "no", "not handled", another answer, or the text of what was thrown. Valid until the next question.
 */
const char *engine_ask(duk_context *engine, const char *user, const char *action, const char *unit,
                       const char *verb);

/* The same, asked by the broker's user; fails the test on any answer but "yes" and "no". */
bool engine_says_yes(duk_context *engine, const char *unit, const char *verb);

/* The rule for that policy; the caller's to free. */
char *rule_text(const struct policy *policy);
