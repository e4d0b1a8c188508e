/* The id that a call names is looked up in one way, whatever is to be done to the unit. */
#include "broker/calls/method.h"

#include "broker/calls/core.h"
#include "broker/calls/request.h"
#include "common/text.h"

bool method_target(struct request *request, const char *id, struct target *ret, struct outcome *ret_outcome)
{
    const struct broker *broker = request->broker;
    const struct target_rules rules = {
        .policy = broker->policy,
        .error = broker->policy_error,
        .path = broker->policy_path,
    };

    (void)text_clean(id, request->asked, sizeof(request->asked));
    return target_resolve(&rules, id, request->verb, ret, ret_outcome);
}
