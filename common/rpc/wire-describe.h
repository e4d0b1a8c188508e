/* What is told of a method to who asks for its signature, or for help. */
#pragma once

#include "common/rpc/wire-call.h"

enum {
    WIRE_FORMS_MAX = 2, /* ways to call a method */
    WIRE_HELP_SIZE = 640,
};

/* What the signatures are made of, which point into it. */
struct wire_forms {
    struct wire_names items[WIRE_FORMS_MAX];
    const char *types[WIRE_FORMS_MAX][WIRE_TYPES_MAX];
};

struct wire_signatures wire_describe(const struct wire_method *method, struct wire_forms *forms);

void wire_describe_in_words(const struct wire_method *method, char ret[static WIRE_HELP_SIZE]);
