/* Of each grant what is this person's. */
#include "broker/calls/method-allowed.h"

#include <stdlib.h>

#include "broker/calls/request.h"
#include "common/cleanup.h"
#include "policy/in-force.h"

static void grants_free(struct wire_grant *grants, size_t n)
{
    for (size_t i = 0; i < n; i++)
        free((char *)grants[i].instances);
}

static size_t collect(const struct policy *policy, const struct person *person,
                      struct wire_grant ret[static WIRE_GRANTS_MAX])
{
    size_t n = 0;

    for (size_t i = 0; i < policy->n_grants; i++) {
        const struct grant *grant = &policy->grants[i];
        char *instances = grant_instances_for(grant, person);

        if (instances)
            ret[n++] = (struct wire_grant){ .unit = grant->unit,
                                            .instances = instances,
                                            .verbs = grant->verbs,
                                            .reason = grant->reason_required ? "required" : NULL,
                                            .confirm = grant->confirm,
                                            .logs = grant->logs };
    }
    return n;
}

void method_allowed(struct request *request, _unused_ const struct wire_call *call)
{
    const struct policy *policy = request->services->policy->policy;
    struct wire_grant grants[WIRE_GRANTS_MAX] = { 0 };
    const struct wire_answer answer = {
        .kind = WIRE_ALLOWED,
        .allowed = { .user = request->person.is_root ? "root" : request->person.name,
                     .admin = policy_is_admin(policy, &request->person),
                     .grants = grants,
                     .n_grants = policy ? collect(policy, &request->person, grants) : 0 },
    };
    size_t n = answer.allowed.n_grants;

    request_answer(request, &answer, 0);
    grants_free(grants, n);
}
