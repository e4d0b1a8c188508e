/* A program's own functions come before those of the libraries that it is linked with. */
#include "tests/unit/no-memory.h"

#include <dlfcn.h>
#include <xmlrpc-c/base.h>

#include "tests/unit/test.h"

typedef void (*serializer)(xmlrpc_env *env, xmlrpc_mem_block *out, xmlrpc_value *value,
                           xmlrpc_dialect dialect);

static bool is_out;

void no_memory_for_answers(bool none)
{
    is_out = none;
}

void xmlrpc_serialize_response2(xmlrpc_env *env, xmlrpc_mem_block *out, xmlrpc_value *value,
                                xmlrpc_dialect dialect)
{
    serializer real = NULL;

    if (is_out) {
        xmlrpc_env_set_fault(env, XMLRPC_INTERNAL_ERROR, "Out of memory");
        return;
    }
    *(void **)&real = dlsym(RTLD_NEXT, "xmlrpc_serialize_response2");
    assert_non_null(real);
    real(env, out, value, dialect);
}
