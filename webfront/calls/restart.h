/* POST /restart: one click. */
#pragma once

#include "webfront/calls/app.h"

void restart_post(struct app *app, struct http_request *request);
