#include "tests/unit/web-watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "tests/unit/test.h"

static void reply_block(struct http_request *request, xmlrpc_mem_block *block)
{
    struct MHD_Response *response = http_response_new(XMLRPC_MEMBLOCK_CONTENTS(char, block),
                                                      XMLRPC_MEMBLOCK_SIZE(char, block), "text/xml");

    rpc_block_free(block);
    http_reply(request, 200, response);
}

static void answer(const struct web_watch *watch, struct http_request *request, bool whole)
{
    struct rpc_struct s = rpc_struct_begin();
    xmlrpc_value *value;
    char cursor[16];

    (void)snprintf(cursor, sizeof(cursor), "c-%u", watch->cursor);
    rpc_struct_string(&s, "cursor", cursor);
    rpc_struct_bool(&s, "whole", whole);
    rpc_struct_value(&s, "units", rpc_array_new());
    value = rpc_struct_end(&s);
    reply_block(request, rpc_response_serialize(value));
    xmlrpc_DECREF(value);
}

static char *read_cursor(const struct rpc_call *call)
{
    xmlrpc_value *value = rpc_array_item(call->params, 0);
    char *cursor = value ? rpc_read_any_string(value) : NULL;

    assert_non_null(cursor);
    xmlrpc_DECREF(value);
    return cursor;
}

void web_watch_take(struct web_watch *watch, struct http_request *request, const struct rpc_call *call)
{
    _cleanup_(freep) char *cursor = read_cursor(call);
    char now[16];

    watch->calls++;
    (void)snprintf(now, sizeof(now), "c-%u", watch->cursor);
    if (watch->refuses) {
        reply_block(request, rpc_fault_serialize(10, "No bus."));
    } else if (strcmp(cursor, now) != 0) {
        answer(watch, request, !*cursor);
    } else {
        assert_true(watch->n < WEB_WATCH_MAX);
        watch->waiting[watch->n++] = request;
    }
}

void web_watch_change(struct web_watch *watch)
{
    watch->cursor++;
    while (watch->n > 0)
        answer(watch, watch->waiting[--watch->n], false);
}

void web_watch_drop(struct web_watch *watch)
{
    while (watch->n > 0)
        http_reply(watch->waiting[--watch->n], 0, NULL);
}
