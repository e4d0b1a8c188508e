/* The fields are looked at one by one: most are for others to read. A name has no byte that would be escaped,
 * so that it stands there as it is; in JSON it is what the whole body says. */
#include "webfront/requests/machine-field.h"

#include <string.h>

#include "webfront/requests/accept.h"
#include "webfront/requests/json-form.h"

#define FIELD "machine="

static void read_fields(const char *text, char ret[static MACHINE_NAME_SIZE])
{
    char name[MACHINE_NAME_SIZE];

    for (; text; text = strchr(text, '&')) {
        size_t length;

        text += *text == '&';
        if (strncmp(text, FIELD, strlen(FIELD)) != 0)
            continue;
        length = strcspn(text + strlen(FIELD), "&");
        if (length >= sizeof(name))
            return;
        *(char *)mempcpy(name, text + strlen(FIELD), length) = '\0';
        if (machine_name_valid(name))
            (void)stpcpy(ret, name);
        return;
    }
}

static void read_object(const char *body, size_t size, char ret[static MACHINE_NAME_SIZE])
{
    struct form form = { .settle = -1 };

    if (json_form_read(body, size, &form) == 0)
        (void)stpcpy(ret, form.machine);
}

static void read_body(const struct http_request *request, char ret[static MACHINE_NAME_SIZE])
{
    size_t size;
    const char *body = http_request_body(request, &size);

    if (accept_content_is(request, "application/x-www-form-urlencoded"))
        read_fields(body, ret);
    else if (accept_content_is(request, "application/json"))
        read_object(body, size, ret);
}

void machine_field_read(const struct http_request *request, char ret[static MACHINE_NAME_SIZE])
{
    *ret = '\0';
    if (http_request_method(request) == HTTP_METHOD_GET)
        read_fields(http_request_query(request), ret);
    else
        read_body(request, ret);
}
