/* What goes over the wire between our programs: one struct for each kind of answer, one table of its fields,
 * and from there to XML-RPC, to JSON and back. A new field is a member here and a row in wire.c.
 *
 * Nobody writes anew what somebody else chose: an answer that was received is read into one of these structs,
 * types and lengths checked, and what goes on is made from the struct. A member that is not known here is
 * left out; one that is missing is "", 0 or false, unless the answer makes no sense without it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/rpc/rpc.h"

enum wire_kind {
    WIRE_NONE,
    WIRE_FAULT,
    WIRE_PLAIN,   /* restart_unit */
    WIRE_RESTART, /* restarter.restart, and the other verbs */
    WIRE_STATUS,  /* restarter.status */
    WIRE_LIST,    /* restarter.list */
    WIRE_NAMES,   /* system.listMethods */
    WIRE_ALLOWED, /* restarter.allowed */
    WIRE_REFUSAL, /* what a fault is in JSON */
    WIRE_HEALTH,  /* GET /healthz, in JSON */
};

enum {
    WIRE_INSTANCES_MAX = 600, /* more than the broker sends; the rest is left out, and truncated says so */
    WIRE_NAMES_MAX = 64,
    WIRE_GRANTS_MAX = 64,
};

/* Strings: NULL is sent as "", and never received. They are at most RPC_STRING_MAX bytes; received ones have
 * no control characters but tabs and newlines, and are nobody's promise otherwise (common/text.h). */
struct wire_fault {
    int code; /* enum refusal, or enum rpc_fault_code */
    const char *message;
};

struct wire_plain {
    bool success;
    const char *message;
};

struct wire_restart {
    bool success; /* the job is done, and the unit is well as far as it was watched */
    const char *message;
    const char *unit;
    const char *verb;   /* that was asked for: restart, try-restart, … */
    const char *done;   /* by the job: restart, reload, or "" for nothing that is known of */
    const char *result; /* of the job, systemd's word */
    const char *active_state, *sub_state; /* after it */
    const char *service_result;
    int exec_main_status;
    uint64_t main_pid; /* 0: none */
    const char *invocation_id_before, *invocation_id_after;
    uint64_t milliseconds;              /* of the job */
    uint64_t callers;                   /* who shared it */
    const char *verdict;                /* up, failed, ended, restarting, well-ended, down, watching,
                                         * not-running, not-reloaded */
    uint64_t settle_milliseconds;       /* it was watched for, after its job */
    uint64_t failed_after_milliseconds; /* from the job's end to the fall; 0: none */
    uint64_t held_milliseconds;         /* before systemd was called */
    bool repeated;                      /* the same press was answered before */
    bool need_daemon_reload;            /* a unit file changed on disk */
};

struct wire_status {
    const char *unit, *load_state, *active_state, *sub_state, *service_result;
    int exec_main_status;
    uint64_t main_pid; /* 0: none */
    const char *invocation_id;
    uint64_t since;          /* seconds since 1970 */
    const char *enabled;     /* systemd's word */
    bool need_daemon_reload; /* a unit file changed on disk */
};

struct wire_instance {
    const char *unit, *description, *load_state, *active_state, *sub_state;
    bool enabled;
    bool can_reload; /* it runs, reload is granted, and it has a way to */
    unsigned verbs;  /* that are granted, flags of common/verb.h */
};

struct wire_list {
    bool policy_ok;
    const char *policy_error; /* "" when policy_ok */
    bool policy_in_force;     /* also when it is not ok: then the last good one is */
    bool truncated;           /* the broker knows more than it tells */
    struct wire_instance *instances;
    size_t n_instances;
};

struct wire_names {
    const char **items;
    size_t n;
};

struct wire_grant {
    const char *unit;      /* a plain one, or a template */
    const char *instances; /* of a template: patterns, spaces between them */
    unsigned verbs;        /* flags of common/verb.h */
};

struct wire_allowed {
    const char *user; /* who asks; "" when that is not known */
    bool admin;       /* sees more than that, and is told why */
    struct wire_grant *grants;
    size_t n_grants;
};

struct wire_refusal {
    bool success; /* false */
    const char *message;
    int code;
    const char *refusal, *lock;
    uint64_t retry_after; /* seconds; 0: left out */
};

struct wire_health {
    bool ok;
    const char *message;
    const char *covers, *not_covered; /* by "ok" */
};

struct wire_answer {
    enum wire_kind kind;
    union {
        struct wire_fault fault;
        struct wire_plain plain;
        struct wire_restart restart;
        struct wire_status status;
        struct wire_list list;
        struct wire_names names;
        struct wire_allowed allowed;
        struct wire_refusal refusal;
        struct wire_health health;
    };
};
/* Frees what wire_answer_parse() allocated. Not for answers that were put together by hand. */
void wire_answer_done(struct wire_answer *answer);

enum {
    WIRE_E_SENSELESS = 1, /* no XML-RPC response, or not one of that kind */
};

/* Reads a response that is a fault or of that kind. 0 or WIRE_E_SENSELESS (also when memory ran out on it);
 * on 0 the caller ends it with wire_answer_done(). */
int wire_answer_parse(enum wire_kind kind, const char *xml, size_t size, struct wire_answer *ret);

/* The response as bytes, the caller's (rpc_block_free()); NULL when out of memory. Not for WIRE_REFUSAL and
 * WIRE_HEALTH. */
xmlrpc_mem_block *wire_answer_encode(const struct wire_answer *answer);

/* The value as JSON without a newline at its end, the caller's to free; NULL when out of memory. Not for
 * WIRE_FAULT. */
char *wire_answer_to_json(const struct wire_answer *answer, enum json_layout layout);
