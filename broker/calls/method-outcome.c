/* restarter.outcome: what became of a press, or how far it is, for whoever may see its unit; for anybody else
 * it is as if there were none. A unit that does not exist is looked up in the policy where there is no press,
 * so that both take as long. */
#include "broker/calls/method-outcome.h"

#include "broker/calls/answer-restart.h"
#include "broker/calls/request.h"
#include "broker/jobs/pressed.h"
#include "broker/outcome/sentence-press.h"

#define NO_UNIT "there-is-no-press.service"

static bool may_see(struct request *request, const char *unit)
{
    struct outcome ignored = { 0 };
    struct target target;

    return target_resolve(request->services->policy, &request->person, unit, 0, &target, &ignored);
}

void method_outcome(struct request *request, const struct wire_call *call)
{
    struct outcome outcome = { .unit = NO_UNIT };
    struct press_key key = { 0 };
    bool known;

    request_press(request, call, &key);
    known = pressed_recall(request->services->jobs, &key, &outcome);
    if (!may_see(request, outcome.unit) || !known)
        sentence_no_press(&outcome);
    if (outcome.refusal != 0)
        request_refuse(request, &outcome);
    else
        answer_restart(request, &outcome);
}
