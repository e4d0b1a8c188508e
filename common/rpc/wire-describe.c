/* Types, by what calls are read as and answers are made of. */
#include "common/rpc/wire-describe.h"

#include <stdio.h>

/* A method's answer, as XML-RPC calls it. */
static const char *type_of(enum wire_kind kind)
{
    if (kind == WIRE_NAMES || kind == WIRE_SIGNATURES || kind == WIRE_GATHERED)
        return "array";
    if (kind == WIRE_TEXT)
        return "string";
    return kind == WIRE_DONE ? "boolean" : "struct";
}

struct wire_signatures wire_describe(const struct wire_method *method, struct wire_forms *forms)
{
    /* Each ends with NULL; the second one is there where there are two. */
    static const struct params {
        const char *forms[WIRE_FORMS_MAX][WIRE_TYPES_MAX];
        size_t n;
    } PARAMS[WIRE_PARAMS_COUNT] = {
        [WIRE_PARAMS_NONE] = { { { NULL } }, 1 },
        [WIRE_PARAMS_UNIT] = { { { "string" }, { "string", "struct" } }, 2 },
        [WIRE_PARAMS_ID] = { { { "string" }, { "int" } }, 2 },
        [WIRE_PARAMS_OPTIONS] = { { { "string" }, { "string", "struct" } }, 2 },
        [WIRE_PARAMS_PRESS] = { { { "string" }, { "string", "struct" } }, 2 },
        [WIRE_PARAMS_LIST] = { { { NULL }, { "struct" } }, 2 },
        [WIRE_PARAMS_CHANGES] = { { { "string", "int" } }, 1 },
        [WIRE_PARAMS_METHOD] = { { { "string" } }, 1 },
        [WIRE_PARAMS_PARTS] = { { { "array" } }, 1 },
    };
    const struct params *params = &PARAMS[method->params];

    for (size_t i = 0; i < params->n; i++) {
        struct wire_names *names = &forms->items[i];

        *names = (struct wire_names){ .items = forms->types[i] };
        names->items[names->n++] = type_of(method->answer);
        for (const char *const *type = params->forms[i]; *type; type++)
            names->items[names->n++] = *type;
    }
    return (struct wire_signatures){ .items = forms->items, .n = params->n };
}

void wire_describe_in_words(const struct wire_method *method, char ret[static WIRE_HELP_SIZE])
{
    (void)snprintf(ret, WIRE_HELP_SIZE, "%s %s All of it: restarter-xmlrpc(7).", method->help, method->usage);
}
