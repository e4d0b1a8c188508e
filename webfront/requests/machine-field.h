/* Which machine a form, a JSON body (json-form.h) or a query is about: the field or member `machine` among
 * whatever else there is. */
#pragma once

#include "common/http/http.h"
#include "common/machines/machines.h"

/* Its value where there is one such field with a name in it as machines have them; "" otherwise, and whoever
 * reads all of the fields then says what is wrong. */
void machine_field_read(const struct http_request *request, char ret[static MACHINE_NAME_SIZE]);
