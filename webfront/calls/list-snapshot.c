/* An answer is a list, a fault, or nothing of the kind. */
#include "webfront/calls/list-snapshot.h"

#include <stdlib.h>
#include <string.h>

#include "common/refusal.h"

void list_snapshot_done(struct list_snapshot *snapshot)
{
    for (size_t i = 0; i < LIST_VIEWS_MAX; i++)
        http_shared_unref(snapshot->views[i]);
    outcome_done(&snapshot->problem);
    wire_answer_done(&snapshot->answer);
}

struct list_snapshot *list_snapshot_free(struct list_snapshot *snapshot)
{
    if (!snapshot)
        return NULL;
    list_snapshot_done(snapshot);
    free(snapshot);
    return NULL;
}

static struct outcome read_answer(const struct rpc_client_answer *answer, struct list_snapshot *snapshot)
{
    struct wire_answer *wire = &snapshot->answer;
    struct outcome problem = { 0 };

    snapshot->fault = RPC_FAULT_TRANSPORT;
    if (answer->result != RPC_CLIENT_ANSWERED)
        return outcome_of_transport(answer, true);
    if (wire_answer_parse(WIRE_LIST, answer->body, answer->size, wire) != 0)
        return outcome_refused(REFUSAL_UNAVAILABLE, "The broker's list makes no sense.");
    if (wire->kind == WIRE_FAULT) {
        snapshot->fault = wire->fault.code;
        problem = outcome_refused(wire->fault.code, wire->fault.message);
        problem.retry_after = answer->retry_after;
    }
    return problem;
}

static bool call_it(const char **machine, const char *name)
{
    if (strcmp(*machine, name) == 0)
        return true;
    free((char *)*machine);
    *machine = strdup(name);
    return *machine;
}

/* Another machine is what it is called here, whatever it calls itself. Of this one the broker says the host
 * name, and its units are of the machine that was asked, whatever else it says of them. */
static bool name_machine(struct wire_list *list, const char *machine)
{
    bool good = !machine || call_it(&list->machine, machine);

    for (size_t i = 0; i < list->n_instances; i++)
        good = good && call_it(&list->instances[i].machine, machine ? machine : "");
    return good;
}

struct list_snapshot *list_snapshot_new(const char *machine, const struct rpc_client_caller *caller,
                                        const struct wire_list_options *part,
                                        const struct rpc_client_answer *answer)
{
    struct list_snapshot *snapshot = calloc(1, sizeof(*snapshot));

    if (!snapshot)
        return NULL;
    snapshot->caller = caller;
    snapshot->part = part;
    snapshot->problem = read_answer(answer, snapshot);
    if (snapshot->answer.kind == WIRE_LIST && !name_machine(&snapshot->answer.list, machine))
        return list_snapshot_free(snapshot);
    return snapshot;
}
