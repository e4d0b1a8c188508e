/* Who shares limits that are for each address: a client's, without its port. Of IPv6 its /64, since whoever
 * has one address there has all of them. */
#pragma once

#include "common/http/http.h"

enum { ASKER_SIZE = HTTP_ADDRESS_SIZE };

/* Of an address as it is written here: "192.0.2.7:40312", "[2001:db8::1]:40312", both also without a port;
 * any other text stands for itself. Returns `ret`. */
const char *asker_of_address(const char *address, char ret[static ASKER_SIZE]);
/* Of a request. */
const char *asker_of(const struct http_request *request, char ret[static ASKER_SIZE]);
