/* XML-RPC as bytes (http://xmlrpc.com/spec.md), encoded and decoded by xmlrpc-c behind a screen of our own.
 * The expat inside xmlrpc-c knows no limit on entities and nests on the stack, so on both sides nothing
 * reaches it but ASCII text made of the specification's own tags without attributes, nested at most
 * RPC_DEPTH_MAX deep, of bounded length. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <xmlrpc-c/base.h>

enum {
    RPC_CALL_MAX = 16 * 1024,      /* bytes of a call */
    RPC_RESPONSE_MAX = 512 * 1024, /* bytes of a response: xmlrpc-c's own limit, which is not to be raised */
    RPC_DEPTH_MAX = 48,            /* elements within elements */
    RPC_METHOD_MAX = 64,           /* bytes of a method's name */
};

/* Fault codes for what is wrong with the call itself, by the interop specification
 * (http://xmlrpc-epi.sourceforge.net/specs/rfc.fault_codes.php). Refusals have small positive ones:
 * refusal.h. */
enum rpc_fault_code {
    RPC_FAULT_PARSE = -32700,
    RPC_FAULT_REQUEST = -32600,
    RPC_FAULT_METHOD = -32601,
    RPC_FAULT_PARAMS = -32602,
    RPC_FAULT_INTERNAL = -32603,
    RPC_FAULT_TRANSPORT = -32300,
};

/* Outcomes of parsing; both are answered with RPC_FAULT_PARSE. */
enum {
    RPC_E_SCREEN = 1, /* bytes that are not let near the parser */
    RPC_E_PARSE,      /* not well-formed, or not an XML-RPC message */
};

/* True when the bytes may be handed to the parser; otherwise *ret_reason says in a few words what is in them.
 */
bool rpc_screen(const char *xml, size_t size, const char **ret_reason);

struct rpc_call {
    char *method;         /* [A-Za-z0-9_.:/], 1 to RPC_METHOD_MAX bytes */
    xmlrpc_value *params; /* an array */
};
void rpc_call_done(struct rpc_call *call); /* frees what is inside */

/* 0, RPC_E_… with *ret_reason (a static string), or -ENOMEM. */
int rpc_call_parse(const char *xml, size_t size, struct rpc_call *ret, const char **ret_reason);

struct rpc_response {
    xmlrpc_value *value; /* NULL for a fault */
    int fault_code;
    char *fault_string; /* NULL for a value */
};
void rpc_response_done(struct rpc_response *response);
int rpc_response_parse(const char *xml, size_t size, struct rpc_response *ret, const char **ret_reason);

/* Encoders. The block is the caller's (XMLRPC_MEMBLOCK_FREE(char, b) or rpc_block_free()); NULL: out of
 * memory. */
xmlrpc_mem_block *rpc_call_serialize(const char *method, xmlrpc_value *params);
xmlrpc_mem_block *rpc_response_serialize(xmlrpc_value *value);
xmlrpc_mem_block *rpc_fault_serialize(int code, const char *message);
void rpc_block_free(xmlrpc_mem_block *block);

/* Values. Builders return NULL when out of memory; setters do nothing on a NULL struct, so that one check at
 * the end is enough: a struct that lost a member is freed by rpc_struct_end(), which then returns NULL. */
struct rpc_struct {
    xmlrpc_value *value;
    bool failed;
};
struct rpc_struct rpc_struct_begin(void);
void rpc_struct_string(struct rpc_struct *s, const char *key, const char *value);
void rpc_struct_int(struct rpc_struct *s, const char *key, int value);
void rpc_struct_bool(struct rpc_struct *s, const char *key, bool value);
/* The milliseconds and counters that may pass 2^31 are clamped: XML-RPC's int has 32 bits. */
void rpc_struct_clamped(struct rpc_struct *s, const char *key, uint64_t value);
/* Takes `value` over; NULL makes the struct fail. */
void rpc_struct_value(struct rpc_struct *s, const char *key, xmlrpc_value *value);
xmlrpc_value *rpc_struct_end(struct rpc_struct *s);

/* What XML or xmlrpc-c cannot carry (control characters, bytes that are no UTF-8, beyond U+FFFF) becomes '?'.
 */
xmlrpc_value *rpc_string_new(const char *text);
xmlrpc_value *rpc_array_new(void);
/* Takes `item` over. False when out of memory, or when either is NULL. */
bool rpc_array_append(xmlrpc_value *array, xmlrpc_value *item);
unsigned rpc_array_size(xmlrpc_value *array);                  /* 0 for what is no array */
xmlrpc_value *rpc_array_item(xmlrpc_value *array, unsigned i); /* a reference of the caller's, or NULL */

/* The array of one string that most calls take as parameters. */
xmlrpc_value *rpc_params_string(const char *value);
xmlrpc_value *rpc_params_none(void);

/* Reads exactly `n` string parameters of at most `max` bytes without NUL or control characters. False
 * otherwise. The strings are the caller's to free. */
bool rpc_params_strings(xmlrpc_value *params, unsigned n, size_t max, char *ret[]);

/* The same for one of them, whatever else there is. */
bool rpc_params_string_at(xmlrpc_value *params, unsigned i, size_t max, char **ret);

/* Members of a struct; false when missing or of another type. The string is the caller's; it has no control
 * characters but tabs and newlines, which a unit's description may have. */
bool rpc_get_string(xmlrpc_value *s, const char *key, char **ret);
xmlrpc_value *rpc_get(xmlrpc_value *s, const char *key); /* a reference of the caller's, or NULL */
bool rpc_get_int(xmlrpc_value *s, const char *key, int *ret);
bool rpc_get_bool(xmlrpc_value *s, const char *key, bool *ret);

/* The value as JSON (RFC 8259), the caller's to free; NULL when out of memory or not expressible. */
char *rpc_value_to_json(xmlrpc_value *value);
