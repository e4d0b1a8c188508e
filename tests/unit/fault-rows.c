/* As bytes, since most of them no client would send. */
#include "tests/unit/fault-rows.h"

#include <stdio.h>
#include <string.h>

#include "common/rpc/rpc.h"
#include "tests/unit/test.h"

#define LIST FAULT_PART("restarter.list", "")

const struct fault_row FAULT_ROWS[] = {
    { "restarter.list", FAULT_PARAM("<double>1</double>"), RPC_FAULT_PARSE, FAULT_ALWAYS },
    { "restarter.list", FAULT_PARAM("<nil/>"), RPC_FAULT_PARSE, FAULT_ALWAYS },
    { "restarter.list", "<!-- -->", RPC_FAULT_PARSE, FAULT_ALWAYS },
    { "restarter.list", FAULT_PARAM("\xc3\xa9"), RPC_FAULT_PARSE, FAULT_ALWAYS },
    { "restarter.list", "<param>", RPC_FAULT_PARSE, FAULT_ALWAYS },
    { "system.multicall", FAULT_PARTS("<value>x</value>"), RPC_FAULT_REQUEST, FAULT_ALWAYS },
    { "system.multicall", FAULT_PARTS(FAULT_PART("system.multicall", "")), RPC_FAULT_REQUEST, FAULT_ALWAYS },
    { "system.multicall", FAULT_PARTS(FAULT_PART("restarter.changes", "")), RPC_FAULT_REQUEST, FAULT_ALWAYS },
    { "system.shutdown", "", RPC_FAULT_METHOD, FAULT_ALWAYS },
    { "Restarter.list", "", RPC_FAULT_METHOD, FAULT_ALWAYS },
    { "system.multicall", FAULT_PARTS(FAULT_PART("system.shutdown", "")), RPC_FAULT_METHOD, FAULT_ALWAYS },
    { "restarter.status", "", RPC_FAULT_PARAMS, FAULT_ALWAYS },
    { "restarter.status", FAULT_PARAM("<int>1</int>"), RPC_FAULT_PARAMS, FAULT_ALWAYS },
    { "restarter.list", FAULT_PARAM("<struct>" FAULT_MEMBER("odd", "") "</struct>"), RPC_FAULT_PARAMS,
      FAULT_ALWAYS },
    { "restarter.list", FAULT_PARAM("<struct>" FAULT_MEMBER("machine", "elsewhere") "</struct>"),
      RPC_FAULT_PARAMS, FAULT_ALWAYS },
    { "system.methodHelp", FAULT_PARAM("system.shutdown"), RPC_FAULT_PARAMS, FAULT_ALWAYS },
    { "system.multicall", FAULT_PARAM("<int>1</int>"), RPC_FAULT_PARAMS, FAULT_ALWAYS },
    { "system.multicall", FAULT_PARTS(FAULT_PART("restarter.status", "")), RPC_FAULT_PARAMS, FAULT_ALWAYS },
    { "system.multicall", FAULT_PARTS(LIST LIST LIST LIST), RPC_FAULT_APPLICATION, FAULT_LONG_LIST },
    { "restarter.status", FAULT_PARAM("1234"), RPC_FAULT_INTERNAL, FAULT_NO_MEMORY },
    { "system.multicall", FAULT_PARTS(FAULT_PART("restarter.status", "<value>1234</value>")),
      RPC_FAULT_INTERNAL, FAULT_NO_MEMORY },
};

const size_t N_FAULT_ROWS = sizeof(FAULT_ROWS) / sizeof(*FAULT_ROWS);

bool has_fault_code(const char *answer, int code)
{
    char number[32];

    (void)snprintf(number, sizeof(number), "<i4>%d</i4>", code);
    return strstr(answer, "<name>faultCode</name>") && strstr(answer, number);
}

const int FAULT_CODES[] = { RPC_FAULT_PARSE,
                            RPC_FAULT_REQUEST,
                            RPC_FAULT_METHOD,
                            RPC_FAULT_PARAMS,
                            RPC_FAULT_INTERNAL,
                            RPC_FAULT_APPLICATION,
                            0 };

static bool has_row(int code)
{
    for (size_t i = 0; i < N_FAULT_ROWS; i++)
        if (FAULT_ROWS[i].code == code)
            return true;
    return false;
}

void assert_fault_rows_are_whole(void)
{
    for (const int *code = FAULT_CODES; *code; code++)
        if (!has_row(*code))
            fail_msg("no row for %d", *code);
}
