/* POST /RPC2: XML-RPC for programs that cannot reach the broker's own socket. */
#pragma once

#include "webfront/calls/app.h"

void relay_post(struct app *app, struct http_request *request);
