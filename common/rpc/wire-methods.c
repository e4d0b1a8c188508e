/* The table of methods: names, what each takes and gives, and what is told of it. */
#include <assert.h>
#include <string.h>

#include "common/rpc/wire-call.h"

#define METHOD(name, params, answer, verb, usage, help)                                                      \
    {                                                                                                        \
        name, params, answer, verb, name " takes " usage, help                                               \
    }
#define MACHINE "machine (string, of machines.conf; for POST /RPC2)"
#define WHERE ", and perhaps a struct of " MACHINE "."
#define VERB_METHOD(name, verb, help)                                                                        \
    METHOD(name, WIRE_PARAMS_OPTIONS, WIRE_RESTART, verb,                                                    \
           "one string, a unit's name or an id like 1234, and perhaps a struct of settle "                   \
           "(int, seconds from 0 to 60), press (string, 8 to 64 of A-Z a-z 0-9 _ -), reason "                \
           "(string, at most 200 bytes) and " MACHINE ".",                                                   \
           help)

#define ABOUT "one string: the name of a method, as system.listMethods has it."

const struct wire_method WIRE_METHODS[WIRE_METHODS_COUNT] = {
    [WIRE_METHOD_RESTART_UNIT] =
        METHOD("restart_unit", WIRE_PARAMS_ID, WIRE_PLAIN, VERB_RESTART,
               "one string, an id like 1234 or a unit's name, or an int, an id.",
               "Restarts a unit, and answers with whether that went well and a sentence on it."),
    [WIRE_METHOD_ALLOWED] = METHOD("restarter.allowed", WIRE_PARAMS_NONE, WIRE_ALLOWED, 0, "no parameters.",
                                   "Who the caller is, and what he may do to which units."),
    [WIRE_METHOD_CHANGES] = METHOD(
        "restarter.changes", WIRE_PARAMS_CHANGES, WIRE_CHANGES, 0,
        "a cursor (string, empty or as it was answered before, at most 64 of A-Z a-z 0-9 _ -) and how "
        "long to wait (int, seconds from 0 to 60).",
        "Waits until something changed that the caller may see, and says what: an empty cursor to begin "
        "with, then the one that was answered last."),
    [WIRE_METHOD_DAY] =
        METHOD("restarter.day", WIRE_PARAMS_UNIT, WIRE_PAST, 0,
               "one string: a day, as 2026-11-22, or nothing in it for today" WHERE,
               "The restarts of a day, of all units, as the journal has them; for root and Admins= alone."),
    [WIRE_METHOD_HISTORY] = METHOD("restarter.history", WIRE_PARAMS_UNIT, WIRE_PAST, 0,
                                   "one string: a unit's name, or an id like 1234" WHERE,
                                   "The last restarts of a unit from here, as the journal has them."),
    [WIRE_METHOD_LIST] =
        METHOD("restarter.list", WIRE_PARAMS_LIST, WIRE_LIST, 0,
               "nothing, or a struct of filter (string, at most 100 bytes), state (string: "
               "failed, restarting, running, stopped), offset (int, from 0), limit "
               "(int, from 1 to 500) and " MACHINE ".",
               "The units that the caller sees, with their states, and how many there are in each."),
    [WIRE_METHOD_LOGS] = METHOD("restarter.logs", WIRE_PARAMS_UNIT, WIRE_LINES, 0,
                                "one string: a unit's name, or an id like 1234" WHERE,
                                "The last lines that a unit logged, where the grant says Logs=yes."),
    [WIRE_METHOD_METRICS] = METHOD("restarter.metrics", WIRE_PARAMS_NONE, WIRE_METRICS, 0, "no parameters.",
                                   "Counters of this service, for root and Admins=."),
    [WIRE_METHOD_OUTCOME] = METHOD("restarter.outcome", WIRE_PARAMS_PRESS, WIRE_RESTART, 0,
                                   "one string: a press, 8 to 64 of A-Z a-z 0-9 _ -" WHERE,
                                   "What became of a press, or how far it is."),
    [WIRE_METHOD_RELOAD] = VERB_METHOD(
        "restarter.reload", VERB_RELOAD,
        "Has a unit that runs read its configuration anew, and answers with all that was learned."),
    [WIRE_METHOD_RELOAD_OR_RESTART] = VERB_METHOD(
        "restarter.reload_or_restart", VERB_RELOAD_OR_RESTART,
        "Reloads a unit where it can be reloaded, restarts it where not, and answers with all that was "
        "learned."),
    [WIRE_METHOD_RENEW] = METHOD("restarter.renew", WIRE_PARAMS_NONE, WIRE_TEXT, 0, "no parameters.",
                                 "A ticket for the same login, which lasts longer."),
    [WIRE_METHOD_RESTART] = VERB_METHOD("restarter.restart", VERB_RESTART,
                                        "Restarts a unit, and answers with all that was learned."),
    [WIRE_METHOD_SIGN_OUT] = METHOD("restarter.sign_out", WIRE_PARAMS_NONE, WIRE_DONE, 0, "no parameters.",
                                    "Ends the login that the call came with."),
    [WIRE_METHOD_SIGN_OUT_EVERYWHERE] = METHOD("restarter.sign_out_everywhere", WIRE_PARAMS_NONE, WIRE_DONE,
                                               0, "no parameters.", "Ends all logins of the caller's."),
    [WIRE_METHOD_STATUS] = METHOD("restarter.status", WIRE_PARAMS_UNIT, WIRE_STATUS, 0,
                                  "one string: a unit's name, or an id like 1234" WHERE,
                                  "The state of a unit, and what the caller may do to it."),
    [WIRE_METHOD_TRY_RESTART] =
        VERB_METHOD("restarter.try_restart", VERB_TRY_RESTART,
                    "Restarts a unit if it runs, and answers with all that was learned."),
    [WIRE_METHOD_GET_CAPABILITIES] = METHOD("system.getCapabilities", WIRE_PARAMS_NONE, WIRE_CAPABILITIES, 0,
                                            "no parameters.", "The specifications that are kept to."),
    [WIRE_METHOD_LIST_METHODS] = METHOD("system.listMethods", WIRE_PARAMS_NONE, WIRE_NAMES, 0,
                                        "no parameters.", "The names of all methods."),
    [WIRE_METHOD_HELP] = METHOD("system.methodHelp", WIRE_PARAMS_METHOD, WIRE_TEXT, 0, ABOUT,
                                "What a method does and takes, in words."),
    [WIRE_METHOD_SIGNATURE] =
        METHOD("system.methodSignature", WIRE_PARAMS_METHOD, WIRE_SIGNATURES, 0, ABOUT,
               "What a method takes, in types: for each way to call it, its answer's type, then those of its "
               "parameters."),
    [WIRE_METHOD_MULTICALL] = METHOD(
        "system.multicall", WIRE_PARAMS_PARTS, WIRE_GATHERED, 0,
        "one array of at most 32 structs of methodName (string) and params (array).",
        "Begins several calls in their order, none of which waits for another one's end, and answers when all "
        "have ended: an array of arrays of one answer each, and of structs of faultCode (int) and faultString "
        "(string) for faults."),
};

const struct wire_method *wire_method_find(const char *name)
{
    for (size_t i = 0; i < WIRE_METHODS_COUNT; i++)
        if (strcmp(WIRE_METHODS[i].name, name) == 0)
            return &WIRE_METHODS[i];
    return NULL;
}

const struct wire_method *wire_method_of_verb(unsigned verb)
{
    const struct wire_method *method = WIRE_METHODS;

    while (method->verb != verb || method->answer != WIRE_RESTART) {
        method++;
        assert(method < WIRE_METHODS + WIRE_METHODS_COUNT);
    }
    return method;
}
