/* restarter.status, and the unit's name out of the address. */
#include "webfront/api/instance.h"

#include "common/unit-name.h"
#include "webfront/api/reading.h"
#include "webfront/requests/path.h"

void api_instance_get(struct parts *parts, struct http_request *request,
                      const struct rpc_client_caller *caller)
{
    char unit[PATH_STAR_SIZE] = "";
    const struct wire_call what = { .method = &WIRE_METHODS[WIRE_METHOD_STATUS], .unit = unit };
    bool is_text = path_star(path_here(http_request_path(request)), API_INSTANCE, unit);
    int r = is_text ? unit_id_check(unit) : 0;

    if (!is_text || r != 0)
        api_refuse_name(parts, request, r);
    else
        api_read(parts, request, caller, &what);
}
