/* A last line that has an end is kinder to whoever reads it in a terminal. */
#include "webfront/pages/json.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/cleanup.h"

char *json_text(const struct wire_answer *answer, size_t *ret_size)
{
    _cleanup_(freep) char *json = wire_answer_to_json(answer, JSON_PRETTY);
    char *text = NULL;
    int length = json ? asprintf(&text, "%s\n", json) : -1;

    if (length < 0)
        return NULL;
    *ret_size = (size_t)length;
    return text;
}
