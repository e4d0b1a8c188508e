/* restarter.outcome, and the press out of the address. */
#include "webfront/api/restarts.h"

#include <stdio.h>
#include <string.h>

#include "common/refusal.h"
#include "webfront/api/reading.h"
#include "webfront/calls/answer.h"
#include "webfront/requests/accept.h"
#include "webfront/requests/form.h"
#include "webfront/requests/path.h"

void api_restarts_accept(const struct parts *parts, struct http_request *request, const char *press)
{
    static const struct wire_answer UNDER_WAY = {
        .kind = WIRE_RESTART,
        .restart = { .message =
                         "It is under way. What becomes of it is told at the address in Location, for ten "
                         "minutes.",
                     .verdict = "under-way" },
    };
    struct MHD_Response *response = answer_new_json(&UNDER_WAY);
    char address[sizeof(PATH_MACHINES) + MACHINE_NAME_SIZE + sizeof(API_RESTARTS) + WIRE_PRESS_MAX];

    (void)snprintf(address, sizeof(address), "%s%s" API_RESTARTS "%s", parts->machine ? PATH_MACHINES : "",
                   parts->machine ? parts->machine : "", press);
    (void)answer_add_header(&response, "Location", address);
    (void)answer_add_header(&response, "Preference-Applied", "respond-async");
    answer_add_retry_after(&response, 1);
    http_reply(request, MHD_HTTP_ACCEPTED, response);
}

void api_restarts_get(struct parts *parts, struct http_request *request,
                      const struct rpc_client_caller *caller)
{
    struct wire_call what = { .method = &WIRE_METHODS[WIRE_METHOD_OUTCOME] };
    char press[PATH_STAR_SIZE] = "";
    struct outcome outcome;

    if (path_star(path_here(http_request_path(request)), API_RESTARTS "*", press) &&
        wire_press_valid(press)) {
        (void)stpcpy(what.press, press);
        api_read(parts, request, caller, &what);
        return;
    }
    outcome = outcome_refused_http(MHD_HTTP_BAD_REQUEST, form_text(FORM_E_PRESS));
    answer_fixed(parts->answers, request, accept_of(request, FORMAT_JSON), &outcome);
}
