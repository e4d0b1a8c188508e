/* libmicrohttpd on the event loop. */
#pragma once

#include "common/http/http-parts.h"

/* Runs the library from now on whenever something is readable. 0 or a negative errno. */
int http_pump_start(struct http_server *server);
/* The library is to be run soon, although nothing may be readable: after a resume, or a close. */
void http_pump_arm(struct http_server *server);
