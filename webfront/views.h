/* What can be read: the page, the list as JSON, the state of health. All three come from the one list cache.
 */
#pragma once

#include "webfront/app.h"

void views_page(struct app *app, struct http_request *request);
void views_instances(struct app *app, struct http_request *request);
void views_health(struct app *app, struct http_request *request);
