/* Values inside XML-RPC messages: building structs, reading parameters and members with their types checked.
 */
#include "common/rpc.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <xmlrpc-c/json.h>

#include "common/cleanup.h"

struct rpc_struct rpc_struct_begin(void)
{
    struct rpc_struct s = { 0 };
    xmlrpc_env env;

    xmlrpc_env_init(&env);
    s.value = xmlrpc_struct_new(&env);
    s.failed = env.fault_occurred;
    if (s.failed)
        s.value = NULL;
    xmlrpc_env_clean(&env);
    return s;
}

/* Takes `member` over. */
static void struct_set(struct rpc_struct *s, const char *key, xmlrpc_value *member, xmlrpc_env *env)
{
    if (!env->fault_occurred) {
        if (!s->failed)
            xmlrpc_struct_set_value(env, s->value, key, member);
        xmlrpc_DECREF(member);
    }
    s->failed = s->failed || env->fault_occurred;
    xmlrpc_env_clean(env);
}

void rpc_struct_string(struct rpc_struct *s, const char *key, const char *value)
{
    rpc_struct_value(s, key, rpc_string_new(value ? value : ""));
}

void rpc_struct_int(struct rpc_struct *s, const char *key, int value)
{
    xmlrpc_env env;

    xmlrpc_env_init(&env);
    struct_set(s, key, xmlrpc_int_new(&env, value), &env);
}

void rpc_struct_bool(struct rpc_struct *s, const char *key, bool value)
{
    xmlrpc_env env;

    xmlrpc_env_init(&env);
    struct_set(s, key, xmlrpc_bool_new(&env, value), &env);
}

void rpc_struct_value(struct rpc_struct *s, const char *key, xmlrpc_value *value)
{
    xmlrpc_env env;

    if (!value) {
        s->failed = true;
        return;
    }
    xmlrpc_env_init(&env);
    struct_set(s, key, value, &env);
}

void rpc_struct_clamped(struct rpc_struct *s, const char *key, uint64_t value)
{
    rpc_struct_int(s, key, value > INT_MAX ? INT_MAX : (int)value);
}

xmlrpc_value *rpc_struct_end(struct rpc_struct *s)
{
    if (s->failed && s->value) {
        xmlrpc_DECREF(s->value);
        s->value = NULL;
    }
    return TAKE_PTR(s->value);
}

xmlrpc_value *rpc_array_new(void)
{
    xmlrpc_value *array;
    xmlrpc_env env;

    xmlrpc_env_init(&env);
    array = xmlrpc_array_new(&env);
    if (env.fault_occurred)
        array = NULL;
    xmlrpc_env_clean(&env);
    return array;
}

bool rpc_array_append(xmlrpc_value *array, xmlrpc_value *item)
{
    xmlrpc_env env;
    bool done;

    if (!array || !item)
        return false;
    xmlrpc_env_init(&env);
    xmlrpc_array_append_item(&env, array, item);
    done = !env.fault_occurred;
    xmlrpc_env_clean(&env);
    xmlrpc_DECREF(item);
    return done;
}

static bool is_continuation(char c)
{
    return ((unsigned char)c & 0xc0) == 0x80;
}

/* Bytes of the character at `text` that xmlrpc-c and XML 1.0 both take, or 0: xmlrpc-c stops at U+FFFF, XML
 * has no control characters but white space. */
static size_t character_length(const char *text)
{
    unsigned char c = (unsigned char)*text;

    if (c < 0x80)
        return (c >= 0x20 && c != 0x7f) || c == '\t' || c == '\n';
    if (c >= 0xc2 && c < 0xe0)
        return is_continuation(text[1]) ? 2 : 0;
    if (c < 0xe0 || c >= 0xf0 || !is_continuation(text[1]) || !is_continuation(text[2]))
        return 0;
    if ((c == 0xe0 && (unsigned char)text[1] < 0xa0) || (c == 0xed && (unsigned char)text[1] >= 0xa0) ||
        (c == 0xef && (unsigned char)text[1] == 0xbf && (unsigned char)text[2] >= 0xbe))
        return 0;
    return 3;
}

/* A copy in which a question mark stands for each byte that cannot be sent: a unit's description is anybody's
 * text, and one odd byte in it must not cost the whole answer. */
static char *clean_copy(const char *text)
{
    char *copy = strdup(text);

    for (char *c = copy; c && *c;) {
        size_t length = character_length(c);

        if (length == 0)
            *c = '?';
        c += length == 0 ? 1 : length;
    }
    return copy;
}

xmlrpc_value *rpc_string_new(const char *text)
{
    _cleanup_(freep) char *clean = clean_copy(text);
    xmlrpc_value *value;
    xmlrpc_env env;

    if (!clean)
        return NULL;
    xmlrpc_env_init(&env);
    value = xmlrpc_string_new(&env, clean);
    if (env.fault_occurred)
        value = NULL;
    xmlrpc_env_clean(&env);
    return value;
}

xmlrpc_value *rpc_params_none(void)
{
    return rpc_array_new();
}

xmlrpc_value *rpc_params_string(const char *text)
{
    xmlrpc_value *array = rpc_array_new();

    if (array && !rpc_array_append(array, rpc_string_new(text))) {
        xmlrpc_DECREF(array);
        return NULL;
    }
    return array;
}

/* The string in `value`, or NULL when it is none, is longer than `max` bytes, or has control characters in it
 * other than those in `spaces` (they arrive as character references, past any screen of bytes). */
static char *read_string(xmlrpc_value *value, size_t max, const char *spaces)
{
    const char *text = NULL;
    size_t length = 0;
    xmlrpc_env env;
    bool good;

    if (xmlrpc_value_type(value) != XMLRPC_TYPE_STRING)
        return NULL;
    xmlrpc_env_init(&env);
    xmlrpc_read_string_lp(&env, value, &length, &text);
    good = !env.fault_occurred && length <= max;
    for (size_t i = 0; good && i < length; i++)
        good = ((unsigned char)text[i] >= 0x20 && text[i] != 0x7f) || (text[i] && strchr(spaces, text[i]));
    if (!good && !env.fault_occurred)
        free((char *)text);
    xmlrpc_env_clean(&env);
    return good ? (char *)text : NULL;
}

static xmlrpc_value *array_item(xmlrpc_value *array, unsigned i)
{
    xmlrpc_value *item = NULL;
    xmlrpc_env env;

    xmlrpc_env_init(&env);
    xmlrpc_array_read_item(&env, array, i, &item);
    if (env.fault_occurred)
        item = NULL;
    xmlrpc_env_clean(&env);
    return item;
}

static int array_size(xmlrpc_value *array)
{
    xmlrpc_env env;
    int size;

    if (xmlrpc_value_type(array) != XMLRPC_TYPE_ARRAY)
        return -1;
    xmlrpc_env_init(&env);
    size = xmlrpc_array_size(&env, array);
    xmlrpc_env_clean(&env);
    return size;
}

bool rpc_params_strings(xmlrpc_value *params, unsigned n, size_t max, char *ret[])
{
    if (array_size(params) != (int)n)
        return false;
    for (unsigned i = 0; i < n; i++) {
        xmlrpc_value *item = array_item(params, i);

        ret[i] = item ? read_string(item, max, "") : NULL;
        if (item)
            xmlrpc_DECREF(item);
        if (!ret[i]) {
            while (i-- > 0)
                free(ret[i]);
            return false;
        }
    }
    return true;
}

bool rpc_params_string_at(xmlrpc_value *params, unsigned i, size_t max, char **ret)
{
    xmlrpc_value *item = rpc_array_item(params, i);
    char *text = item ? read_string(item, max, "") : NULL;

    if (item)
        xmlrpc_DECREF(item);
    if (text)
        *ret = text;
    return text;
}

xmlrpc_value *rpc_get(xmlrpc_value *s, const char *key)
{
    xmlrpc_value *member = NULL;
    xmlrpc_env env;

    if (!s || xmlrpc_value_type(s) != XMLRPC_TYPE_STRUCT)
        return NULL;
    xmlrpc_env_init(&env);
    xmlrpc_struct_find_value(&env, s, key, &member);
    if (env.fault_occurred)
        member = NULL;
    xmlrpc_env_clean(&env);
    return member;
}

bool rpc_get_string(xmlrpc_value *s, const char *key, char **ret)
{
    xmlrpc_value *member = rpc_get(s, key);
    char *text = member ? read_string(member, RPC_RESPONSE_MAX, "\t\n") : NULL;

    if (member)
        xmlrpc_DECREF(member);
    if (text)
        *ret = text;
    return text;
}

bool rpc_get_int(xmlrpc_value *s, const char *key, int *ret)
{
    xmlrpc_value *member = rpc_get(s, key);
    bool good = member && xmlrpc_value_type(member) == XMLRPC_TYPE_INT;
    xmlrpc_env env;

    xmlrpc_env_init(&env);
    if (good)
        xmlrpc_read_int(&env, member, ret);
    xmlrpc_env_clean(&env);
    if (member)
        xmlrpc_DECREF(member);
    return good;
}

bool rpc_get_bool(xmlrpc_value *s, const char *key, bool *ret)
{
    xmlrpc_value *member = rpc_get(s, key);
    bool good = member && xmlrpc_value_type(member) == XMLRPC_TYPE_BOOL;
    xmlrpc_bool value = 0;
    xmlrpc_env env;

    xmlrpc_env_init(&env);
    if (good)
        xmlrpc_read_bool(&env, member, &value);
    xmlrpc_env_clean(&env);
    if (member)
        xmlrpc_DECREF(member);
    if (good)
        *ret = value;
    return good;
}

unsigned rpc_array_size(xmlrpc_value *array)
{
    int size = array ? array_size(array) : -1;

    return size < 0 ? 0 : (unsigned)size;
}

xmlrpc_value *rpc_array_item(xmlrpc_value *array, unsigned i)
{
    return array_item(array, i);
}

char *rpc_value_to_json(xmlrpc_value *value)
{
    xmlrpc_mem_block *block;
    char *text = NULL;
    xmlrpc_env env;

    xmlrpc_env_init(&env);
    block = XMLRPC_MEMBLOCK_NEW(char, &env, 0);
    if (!env.fault_occurred)
        xmlrpc_serialize_json(&env, value, block);
    if (!env.fault_occurred)
        text = strndup(XMLRPC_MEMBLOCK_CONTENTS(char, block), XMLRPC_MEMBLOCK_SIZE(char, block));
    rpc_block_free(block);
    xmlrpc_env_clean(&env);
    return text;
}
