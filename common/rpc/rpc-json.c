/* JSON by xmlrpc-c, which writes every character beyond ASCII as it is: those that are not fit for a terminal
 * are escaped afterwards. They can be in strings only, so that this needs to know nothing of JSON. Then it is
 * laid out anew (json-layout.h). */
#include "common/rpc/rpc.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xmlrpc-c/json.h>

#include "common/cleanup.h"
#include "common/text.h"

/* Where the next character is that has to be escaped, with its code and length; the end when there is none.
 * Characters beyond U+FFFF are in no string that xmlrpc-c takes. */
static const char *find_unfit(const char *text, uint32_t *ret_code, size_t *ret_length)
{
    for (*ret_length = 0; *text; text += *ret_length > 0 ? *ret_length : 1) {
        *ret_length = text_character(text, ret_code);
        if (*ret_length > 0 && *ret_code > '~' && *ret_code <= 0xffff && !text_is_printable(*ret_code))
            break;
    }
    return text;
}

/* The caller's; NULL when out of memory. */
static char *escape(const char *json)
{
    char *text = NULL;
    size_t size = 0, length;
    FILE *out = open_memstream(&text, &size);
    const char *unfit;
    uint32_t code = 0;

    if (!out)
        return NULL;
    while (*(unfit = find_unfit(json, &code, &length))) {
        (void)fwrite(json, 1, (size_t)(unfit - json), out);
        (void)fprintf(out, "\\u%04" PRIx32, code);
        json = unfit + length;
    }
    (void)fputs(json, out);
    if (fclose(out) == 0)
        return text;
    free(text);
    return NULL;
}

char *rpc_value_to_json(xmlrpc_value *value, enum json_layout layout)
{
    _cleanup_(freep) char *text = NULL, *escaped = NULL;
    xmlrpc_mem_block *block;
    xmlrpc_env env;

    xmlrpc_env_init(&env);
    block = XMLRPC_MEMBLOCK_NEW(char, &env, 0);
    if (!env.fault_occurred)
        xmlrpc_serialize_json(&env, value, block);
    if (!env.fault_occurred)
        text = strndup(XMLRPC_MEMBLOCK_CONTENTS(char, block), XMLRPC_MEMBLOCK_SIZE(char, block));
    rpc_block_free(block);
    xmlrpc_env_clean(&env);
    escaped = text ? escape(text) : NULL;
    return escaped ? json_layout(escaped, layout) : NULL;
}

/* The four digits of a character that escape() may have escaped. */
static bool read_escaped(const char *digits, uint32_t *ret_code)
{
    char copy[5] = "";

    if (strspn(digits, "0123456789abcdefABCDEF") < 4)
        return false;
    memcpy(copy, digits, 4);
    *ret_code = (uint32_t)strtoul(copy, NULL, 16);
    return *ret_code > '~' && (*ret_code < 0xd800 || *ret_code > 0xdfff);
}

/* As UTF-8: two bytes or three. Returns what comes behind them. */
static char *put_character(char *to, uint32_t code)
{
    if (code < 0x800) {
        *to++ = (char)(0xc0 | code >> 6);
    } else {
        *to++ = (char)(0xe0 | code >> 12);
        *to++ = (char)(0x80 | (code >> 6 & 0x3f));
    }
    *to++ = (char)(0x80 | (code & 0x3f));
    return to;
}

/* xmlrpc-c 1.33 reads beyond the digits of a \u, what happens to stand there: none of them gets to it. Those
 * that escape() made are undone, and any other is in nothing that we wrote. The caller's; NULL for such a
 * one, and when out of memory. */
static char *unescape(const char *json)
{
    _cleanup_(freep) char *text = malloc(strlen(json) + 1);
    char *to = text;
    uint32_t code;

    while (text && *json) {
        if (json[0] == '\\' && json[1] == 'u') {
            if (!read_escaped(json + 2, &code))
                return NULL;
            to = put_character(to, code);
            json += 6;
            continue;
        }
        if (json[0] == '\\' && json[1] != '\0')
            *to++ = *json++;
        *to++ = *json++;
    }
    if (text)
        *to = '\0';
    return TAKE_PTR(text);
}

xmlrpc_value *rpc_value_from_json(const char *json)
{
    _cleanup_(freep) char *text = unescape(json);
    xmlrpc_value *value;
    xmlrpc_env env;

    if (!text)
        return NULL;
    xmlrpc_env_init(&env);
    value = xmlrpc_parse_json(&env, text);
    if (env.fault_occurred)
        value = NULL;
    xmlrpc_env_clean(&env);
    if (value && xmlrpc_value_type(value) == XMLRPC_TYPE_STRUCT)
        return value;
    if (value)
        xmlrpc_DECREF(value);
    return NULL;
}
