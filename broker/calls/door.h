/* The way in: who asks, is it a call at all, which method. Each refuses what it can, so that the next one
 * sees less. */
#pragma once

#include "common/http/http.h"

/* The callbacks of both HTTP servers; userdata is the struct broker_gate. */
void door_handle(struct http_request *http, void *userdata);
void door_refuse(struct http_request *http, unsigned status, const char *reason, void *userdata);
