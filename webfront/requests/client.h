/* Where somebody sits who sent a request, for the record and for those brakes that count addresses. It is
 * what the nearest one says who is trusted with it; it proves nothing. */
#pragma once

#include "common/http/http.h"

/* From whoever is on this machine (http_request_is_near()), which a reverse proxy is, and every local
 * account, the last address in X-Forwarded-For ("192.0.2.7", "[2001:db8::1]"), which the proxy has written;
 * when there is none, or it is no address, and from everybody else the sender's own, with its port
 * (http_request_address()). Returns `buffer`. */
const char *client_address(const struct http_request *request, char buffer[static HTTP_ADDRESS_SIZE]);
