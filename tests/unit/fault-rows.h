/* Calls that end in a fault, and the interop code that each has at every door that takes XML-RPC: mistakes of
 * whoever calls, and what nobody can help. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define FAULT_PARAM(value) "<param><value>" value "</value></param>"
#define FAULT_MEMBER(name, value) "<member><name>" name "</name><value>" value "</value></member>"
#define FAULT_PART(method, params)                                                                           \
    "<value><struct>" FAULT_MEMBER("methodName", method)                                                     \
        FAULT_MEMBER("params", "<array><data>" params "</data></array>") "</struct></value>"
#define FAULT_PARTS(parts) FAULT_PARAM("<array><data>" parts "</data></array>")

/* What else has to be so, which the test of a door sees to. */
enum fault_when {
    FAULT_ALWAYS,
    FAULT_LONG_LIST, /* the list has FAULT_CROWD units in it */
    FAULT_NO_MEMORY, /* the broker has none for an answer */
};

enum { FAULT_CROWD = 300 };

struct fault_row {
    const char *method, *params;
    int code;
    enum fault_when when;
};

extern const struct fault_row FAULT_ROWS[];
extern const size_t N_FAULT_ROWS;

/* An answer, as text, is a fault, or has one in it, of that code. */
bool has_fault_code(const char *answer, int code);

/* The codes that rows are to be found for, ends with 0: all that are published, but for RPC_FAULT_TRANSPORT,
 * which only a web front tells of its broker. */
extern const int FAULT_CODES[];
/* Fails the test for one that has none. */
void assert_fault_rows_are_whole(void);
