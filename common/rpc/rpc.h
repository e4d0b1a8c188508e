/* XML-RPC as bytes (http://xmlrpc.com/spec.md), encoded and decoded by xmlrpc-c behind a screen of our own.
 * The expat inside xmlrpc-c knows no limit on entities and nests on the stack, so on both sides nothing
 * reaches it but ASCII text made of the specification's own tags without attributes, nested at most
 * RPC_DEPTH_MAX deep, of bounded length. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <xmlrpc-c/base.h>

#include "common/rpc/json-layout.h"

enum {
    RPC_CALL_MAX = 16 * 1024,      /* bytes of a call */
    RPC_RESPONSE_MAX = 512 * 1024, /* bytes of a response: xmlrpc-c's own limit, which is not to be raised */
    RPC_REFUSAL_MAX = 1024,        /* bytes that are kept of a refusal by HTTP, which are words for people */
    RPC_DEPTH_MAX = 48,            /* elements within elements */
    RPC_METHOD_MAX = 64,           /* bytes of a method's name */
    RPC_STRING_MAX = 8 * 1024, /* bytes of a string in a response; longer ones are cut before they are sent */
    RPC_ASKED_MAX = 1024,      /* bytes that are kept of a parameter: more than any name has */
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
    RPC_FAULT_APPLICATION = -32500,
    RPC_FAULT_TRANSPORT = -32300,
};

/* Beside an answer that is no fault, and yet a refusal: its code (common/refusal.h). */
#define RPC_REFUSAL_HEADER "Restarter-Refusal"

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
    char *fault_string; /* NULL for a value; fit to be sent on, and cut at RPC_STRING_MAX */
};
void rpc_response_done(struct rpc_response *response);
int rpc_response_parse(const char *xml, size_t size, struct rpc_response *ret, const char **ret_reason);

/* Encoders. The block is the caller's (XMLRPC_MEMBLOCK_FREE(char, b) or rpc_block_free()); NULL: out of
 * memory. */
xmlrpc_mem_block *rpc_call_serialize(const char *method, xmlrpc_value *params);
xmlrpc_mem_block *rpc_response_serialize(xmlrpc_value *value);
xmlrpc_mem_block *rpc_fault_serialize(int code, const char *message);
void rpc_block_free(xmlrpc_mem_block *block);

/* Values: ours, to be sent, and those that a parser made of what came. Builders return NULL when out of
 * memory; setters do nothing on a struct that lost a member, so that one check at the end is enough: such a
 * struct is freed by rpc_struct_end(), which then returns NULL. */
struct rpc_struct {
    xmlrpc_value *value;
    bool failed;
};
struct rpc_struct rpc_struct_begin(void);
void rpc_struct_string(struct rpc_struct *s, const char *key, const char *value); /* NULL: "" */
void rpc_struct_int(struct rpc_struct *s, const char *key, int value);
void rpc_struct_bool(struct rpc_struct *s, const char *key, bool value);
/* The milliseconds and counters that may pass 2^31 are clamped: XML-RPC's int has 32 bits. */
void rpc_struct_clamped(struct rpc_struct *s, const char *key, uint64_t value);
/* Takes `value` over; NULL makes the struct fail. */
void rpc_struct_value(struct rpc_struct *s, const char *key, xmlrpc_value *value);
xmlrpc_value *rpc_struct_end(struct rpc_struct *s);

/* What XML or xmlrpc-c cannot carry (control characters but tabs and newlines, bytes that are no UTF-8,
 * beyond U+FFFF) becomes '?'. */
xmlrpc_value *rpc_string_new(const char *text);
xmlrpc_value *rpc_int_new(int number);
xmlrpc_value *rpc_true_new(void);
/* The text as it would arrive, cut at RPC_STRING_MAX; the caller's. */
char *rpc_sendable_copy(const char *text);
xmlrpc_value *rpc_array_new(void);
/* Takes `item` over, whatever becomes of it. False when out of memory, or when either is NULL. */
bool rpc_array_append(xmlrpc_value *array, xmlrpc_value *item);

/* Reading. References and strings are the caller's. */
unsigned rpc_array_size(xmlrpc_value *array);                  /* 0 for what is no array */
xmlrpc_value *rpc_array_item(xmlrpc_value *array, unsigned i); /* NULL: there is none */
unsigned rpc_struct_size(xmlrpc_value *s);                     /* 0 for what is no struct */
xmlrpc_value *rpc_get(xmlrpc_value *s, const char *key);       /* NULL: there is none */
/* False when the value is of another type, and for a string that is longer than RPC_STRING_MAX or has control
 * characters in it other than tabs and newlines (they arrive as character references, past any screen of
 * bytes). */
bool rpc_read_string(xmlrpc_value *value, char **ret);
bool rpc_read_int(xmlrpc_value *value, int *ret);
bool rpc_read_bool(xmlrpc_value *value, bool *ret);
/* Any string, cut at RPC_ASKED_MAX and with a '?' for each byte that could not be sent on; NULL for other
 * types. */
char *rpc_read_any_string(xmlrpc_value *value);

/* A value of our own as JSON (RFC 8259), the caller's to free; NULL when out of memory. What is not printable
 * (common/text.h) is escaped. */
char *rpc_value_to_json(xmlrpc_value *value, enum json_layout layout);
/* And back: the text of a struct, as one of our programs has written it, at most some kilobytes of it; NULL
 * for anything else. The caller's to unref. */
xmlrpc_value *rpc_value_from_json(const char *json);
