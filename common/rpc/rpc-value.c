/* Values inside XML-RPC messages: building structs, reading what came with its types checked. */
#include "common/rpc/rpc.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/text.h"

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

    if (!array || !item) {
        if (item)
            xmlrpc_DECREF(item);
        return false;
    }
    xmlrpc_env_init(&env);
    xmlrpc_array_append_item(&env, array, item);
    done = !env.fault_occurred;
    xmlrpc_env_clean(&env);
    xmlrpc_DECREF(item);
    return done;
}

/* xmlrpc-c stops at U+FFFF, XML has no control characters but white space. */
static bool is_sendable(uint32_t code)
{
    return ((code >= 0x20 && code != 0x7f) || code == '\t' || code == '\n') && code < 0xfffe;
}

/* A copy of at most `max` bytes in which a question mark stands for each byte that cannot be sent: a unit's
 * description is anybody's text, and one odd byte in it must not cost the whole answer. There is a NUL behind
 * the text. */
static char *sendable_copy(const char *text, size_t length, size_t max)
{
    char *copy = malloc((length < max ? length : max) + 1);
    size_t used = 0, step;
    uint32_t code;

    for (size_t i = 0; copy && i < length; i += step) {
        bool good = (step = text_character(text + i, &code)) > 0 && is_sendable(code);

        step = good ? step : 1;
        if (used + step > max)
            break;
        if (good)
            memcpy(copy + used, text + i, step);
        else
            copy[used] = '?';
        used += step;
    }
    if (copy)
        copy[used] = '\0';
    return copy;
}

char *rpc_sendable_copy(const char *text)
{
    return sendable_copy(text, strlen(text), RPC_STRING_MAX);
}

/* NULL for one that could not be made. */
static xmlrpc_value *made(xmlrpc_env *env, xmlrpc_value *value)
{
    if (env->fault_occurred)
        value = NULL;
    xmlrpc_env_clean(env);
    return value;
}

xmlrpc_value *rpc_int_new(int number)
{
    xmlrpc_value *value;
    xmlrpc_env env;

    xmlrpc_env_init(&env);
    value = xmlrpc_int_new(&env, number);
    return made(&env, value);
}

xmlrpc_value *rpc_true_new(void)
{
    xmlrpc_value *value;
    xmlrpc_env env;

    xmlrpc_env_init(&env);
    value = xmlrpc_bool_new(&env, true);
    return made(&env, value);
}

xmlrpc_value *rpc_string_new(const char *text)
{
    _cleanup_(freep) char *clean = rpc_sendable_copy(text);
    xmlrpc_value *value;
    xmlrpc_env env;

    if (!clean)
        return NULL;
    xmlrpc_env_init(&env);
    value = xmlrpc_string_new(&env, clean);
    return made(&env, value);
}

/* --- reading --- */

/* The bytes of a string, which may have a NUL among them; NULL for other types. */
static char *read_bytes(xmlrpc_value *value, size_t *ret_length)
{
    const char *text = NULL;
    xmlrpc_env env;

    if (xmlrpc_value_type(value) != XMLRPC_TYPE_STRING)
        return NULL;
    xmlrpc_env_init(&env);
    xmlrpc_read_string_lp(&env, value, ret_length, &text);
    if (env.fault_occurred)
        text = NULL;
    xmlrpc_env_clean(&env);
    return (char *)text;
}

bool rpc_read_string(xmlrpc_value *value, char **ret)
{
    size_t length = 0;
    _cleanup_(freep) char *text = read_bytes(value, &length);

    if (!text || length > RPC_STRING_MAX)
        return false;
    for (size_t i = 0; i < length; i++)
        if (((unsigned char)text[i] < 0x20 && text[i] != '\t' && text[i] != '\n') || text[i] == 0x7f)
            return false;
    *ret = TAKE_PTR(text);
    return true;
}

char *rpc_read_any_string(xmlrpc_value *value)
{
    size_t length = 0;
    _cleanup_(freep) char *text = read_bytes(value, &length);

    return text ? sendable_copy(text, length, RPC_ASKED_MAX) : NULL;
}

/* Of 64 bits, as it makes all whole numbers in JSON. (None comes over XML-RPC: see the screen.) */
static bool read_long_int(xmlrpc_value *value, int *ret)
{
    xmlrpc_int64 number = 0;
    xmlrpc_env env;

    xmlrpc_env_init(&env);
    xmlrpc_read_i8(&env, value, &number);
    xmlrpc_env_clean(&env);
    if (number < INT_MIN || number > INT_MAX)
        return false;
    *ret = (int)number;
    return true;
}

bool rpc_read_int(xmlrpc_value *value, int *ret)
{
    xmlrpc_env env;

    if (xmlrpc_value_type(value) == XMLRPC_TYPE_I8)
        return read_long_int(value, ret);
    if (xmlrpc_value_type(value) != XMLRPC_TYPE_INT)
        return false;
    xmlrpc_env_init(&env);
    xmlrpc_read_int(&env, value, ret);
    xmlrpc_env_clean(&env);
    return true;
}

bool rpc_read_bool(xmlrpc_value *value, bool *ret)
{
    xmlrpc_bool flag = 0;
    xmlrpc_env env;

    if (xmlrpc_value_type(value) != XMLRPC_TYPE_BOOL)
        return false;
    xmlrpc_env_init(&env);
    xmlrpc_read_bool(&env, value, &flag);
    xmlrpc_env_clean(&env);
    *ret = flag;
    return true;
}

xmlrpc_value *rpc_get(xmlrpc_value *s, const char *key)
{
    xmlrpc_value *member = NULL;
    xmlrpc_env env;

    if (xmlrpc_value_type(s) != XMLRPC_TYPE_STRUCT)
        return NULL;
    xmlrpc_env_init(&env);
    xmlrpc_struct_find_value(&env, s, key, &member);
    if (env.fault_occurred)
        member = NULL;
    xmlrpc_env_clean(&env);
    return member;
}

unsigned rpc_struct_size(xmlrpc_value *s)
{
    xmlrpc_env env;
    int size;

    if (xmlrpc_value_type(s) != XMLRPC_TYPE_STRUCT)
        return 0;
    xmlrpc_env_init(&env);
    size = xmlrpc_struct_size(&env, s);
    xmlrpc_env_clean(&env);
    return size < 0 ? 0 : (unsigned)size;
}

unsigned rpc_array_size(xmlrpc_value *array)
{
    xmlrpc_env env;
    int size;

    if (xmlrpc_value_type(array) != XMLRPC_TYPE_ARRAY)
        return 0;
    xmlrpc_env_init(&env);
    size = xmlrpc_array_size(&env, array);
    xmlrpc_env_clean(&env);
    return size < 0 ? 0 : (unsigned)size;
}

xmlrpc_value *rpc_array_item(xmlrpc_value *array, unsigned i)
{
    xmlrpc_value *item = NULL;
    xmlrpc_env env;

    if (i >= rpc_array_size(array))
        return NULL;
    xmlrpc_env_init(&env);
    xmlrpc_array_read_item(&env, array, i, &item);
    if (env.fault_occurred)
        item = NULL;
    xmlrpc_env_clean(&env);
    return item;
}
