/* The same as a form's options (form.h), as a JSON object: {"reason": "stuck", "settle": 5}. It is flat, so
 * that nothing nests and nothing is looked for: four members are known, each at most once, and any other
 * makes the whole refused. By hand, as the form is, since xmlrpc-c's reader of JSON is for texts of our own.
 */
#pragma once

#include <stddef.h>

#include "webfront/requests/form.h"

/* 0 or an outcome of form.h, and then the form counts for nothing. At most FORM_BODY_MAX bytes are taken. */
int json_form_read(const char *body, size_t size, struct form *form);
