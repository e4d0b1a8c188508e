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
#include "common/rpc/wire-names.h"
#include "common/rpc/wire-signatures.h"

enum wire_kind {
    WIRE_NONE,
    WIRE_FAULT,
    WIRE_PLAIN,        /* restart_unit */
    WIRE_RESTART,      /* restarter.restart and the other verbs, restarter.outcome */
    WIRE_STATUS,       /* restarter.status */
    WIRE_LIST,         /* restarter.list */
    WIRE_NAMES,        /* system.listMethods */
    WIRE_ALLOWED,      /* restarter.allowed */
    WIRE_CHANGES,      /* restarter.changes */
    WIRE_TEXT,         /* restarter.renew, system.methodHelp: a string */
    WIRE_SIGNATURES,   /* system.methodSignature */
    WIRE_CAPABILITIES, /* system.getCapabilities */
    WIRE_DONE,         /* restarter.sign_out: true */
    WIRE_GATHERED, /* system.multicall: an array of others, which wire-gathered.h makes and nobody reads */
    WIRE_PAST,     /* restarter.history, restarter.day */
    WIRE_LINES,    /* restarter.logs */
    WIRE_REFUSAL,  /* what a fault is in JSON */
    WIRE_HEALTH,   /* GET /healthz, in JSON */
    WIRE_METRICS,  /* restarter.metrics */
    WIRE_PROBLEM,  /* what a fault is at /api, in JSON: RFC 9457 */
};

enum {
    WIRE_INSTANCES_MAX = 600, /* more than the broker sends; the rest is left out, and truncated says so */
    WIRE_NAMES_MAX = 64,
    WIRE_GRANTS_MAX = 64,
    WIRE_CURSOR_MAX = 64,   /* bytes of a cursor, of [A-Za-z0-9_-] */
    WIRE_CHANGED_MAX = 100, /* units; more is told as `whole` */
    WIRE_PAST_MAX = 500,
    WIRE_LINES_MAX = 20,
    WIRE_COUNTERS_MAX = 256,
};

/* Strings: NULL is sent as "" (but for a member of which its row says otherwise), and never received. They
 * are at most RPC_STRING_MAX bytes; received ones have no control characters but tabs and newlines, and are
 * nobody's promise otherwise (common/text.h). */
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
                                         * not-running, not-reloaded; under-way, of restarter.outcome */
    uint64_t settle_milliseconds;       /* it was watched for, after its job */
    uint64_t failed_after_milliseconds; /* from the job's end to the fall; 0: none */
    uint64_t held_milliseconds;         /* before systemd was called */
    bool repeated;                      /* the same press was answered before */
    bool covered;                       /* somebody else's press had begun it */
    const char *began_by;               /* whose; "": nobody in particular */
    bool need_daemon_reload;            /* a unit file changed on disk */
    uint64_t usual_milliseconds;        /* that a restart takes; 0: unknown, or it is a reload */
};

struct wire_status {
    const char *unit, *load_state, *active_state, *sub_state, *service_result;
    int exec_main_status;
    uint64_t main_pid; /* 0: none */
    const char *invocation_id;
    uint64_t since;          /* seconds since 1970 */
    const char *enabled;     /* systemd's word */
    bool need_daemon_reload; /* a unit file changed on disk */
    const char *description;
    unsigned verbs; /* that are granted to who asks, as in a wire_instance; so are the next four */
    bool can_reload, confirm, logs;
    const char *reason;
    const char *status_text;      /* what the service said of itself last, anybody's words */
    const char *exec_main_code;   /* how its main process ended: exited, killed, dumped; "": it did not */
    uint64_t start_limit_seconds; /* until one more start is within the unit's own limit; 0: now */
    uint64_t restarted_at;        /* as in a wire_instance */
    const char *restarted_by, *restarted_verdict;
    uint64_t usual_milliseconds;
};

struct wire_instance {
    const char *unit, *description, *load_state, *active_state, *sub_state;
    const char *machine;        /* another one of machines.conf, as a web front says it; "": the one that was
                                 * asked; NULL: nobody says (a broker does not, which knows no others) */
    const char *reason;         /* "required": for some of them one has to be given; "": for none */
    const char *group;          /* common/unit-group.h */
    uint64_t since;             /* it is as it is: seconds since 1970; 0: unknown */
    const char *service_result; /* of a service, systemd's word; "": unknown */
    uint64_t restarted_at;      /* from here, the last time: seconds since 1970; 0: never, or unknown */
    const char *restarted_by;   /* "": nobody in particular */
    const char *restarted_verdict;
    uint64_t usual_milliseconds; /* that a restart takes; 0: unknown */
    unsigned verbs;              /* that are granted, flags of common/verb.h */
    bool enabled;
    bool can_reload; /* it runs, reload is granted, and it has a way to */
    bool confirm;    /* a press is to be asked about once more before anything is done */
    bool logs;       /* its last journal lines may be read */
};

struct wire_list {
    bool policy_ok;
    const char *policy_error; /* "" when policy_ok */
    const char *machine;      /* whose they are: its host name, as its broker says it, or, of another one of
                               * machines.conf, that name; "": nobody says */
    bool policy_in_force;     /* also when it is not ok: then the last good one is */
    bool truncated;           /* the broker knows more than it tells, behind these rows */
    /* Units that whoever asks sees: by their groups; and how many of them all are what was asked for. */
    uint64_t failed, restarting, running, stopped, matching;
    uint64_t exited;    /* of the running ones: whose processes have ended well, and are meant to have */
    uint64_t offset;    /* of these, so many stand before the first row */
    const char *cursor; /* for restarter.changes: what changed after this list; "": unknown */
    bool admin;         /* whoever asks may ask for a day, too */
    struct wire_instance *instances;
    size_t n_instances;
};

struct wire_grant {
    const char *unit;      /* a plain one, or a template */
    const char *instances; /* of a template: patterns, spaces between them */
    const char *reason;    /* "required": one has to be given; "": it may be */
    unsigned verbs;        /* flags of common/verb.h */
    bool confirm;          /* a page asks once more */
    bool logs;             /* he may read what the units log */
};

struct wire_allowed {
    const char *user; /* who asks; "" when that is not known */
    bool admin;       /* sees more than that, and is told why */
    struct wire_grant *grants;
    size_t n_grants;
};

struct wire_changes {
    const char *cursor;      /* for the next call */
    bool whole;              /* forget what you knew; `units` is empty */
    struct wire_names units; /* something about them is another thing now */
};

/* One restart that was, as the record has it. */
struct wire_past_entry {
    uint64_t at;              /* when it was answered: seconds since 1970 */
    const char *user, *known; /* "": nobody in particular */
    const char *verb, *unit, *result, *verdict;
    uint64_t milliseconds; /* from the question to its answer; 0: not known */
    const char *reason, *message;
};

struct wire_past {
    struct wire_past_entry *entries; /* the newest one first */
    size_t n_entries;
    bool more; /* there are older ones */
};

struct wire_line {
    uint64_t at;         /* seconds since 1970 */
    const char *at_usec; /* digits: microseconds, more than XML-RPC's int can carry */
    uint64_t priority;   /* 0 to 7, as syslog has them */
    const char *text;
};

struct wire_lines {
    struct wire_line *lines; /* the oldest one first */
    size_t n_lines;
    bool more; /* there are older ones */
};

struct wire_text {
    const char *text;
};

struct wire_capabilities {
    unsigned flags; /* wire-capabilities.h */
};

/* Numbers beyond an int's are in texts, with a blank between two. */
struct wire_counter {
    const char *unit; /* a template, or a plain unit */
    const char *verb;
    const char *results;   /* jobs by what became of them, in the order of the metrics' `results` */
    const char *durations; /* how many took up to each bound and longer than the one before; last: longer */
    const char *milliseconds; /* all of these together */
};

struct wire_metrics {
    const char *results;  /* words: what becomes of a job */
    const char *bounds;   /* milliseconds, ascending */
    const char *refusals; /* how many were refused, in the order of their codes, from 1 */
    bool policy_ok;       /* the policy file is sound */
    bool policy_in_force; /* that, or the last good one is in force */
    uint64_t jobs;        /* under way */
    struct wire_counter *counters;
    size_t n_counters;
};

struct wire_refusal {
    bool success; /* false */
    const char *message;
    int code;
    const char *refusal, *lock;
    uint64_t retry_after; /* seconds; 0: left out */
};

/* What a script finds in a wire_refusal, and what the standard wants. */
struct wire_problem {
    const char *type; /* an address that says which kind of problem it is, and nothing else */
    const char *title;
    int status;         /* HTTP's */
    const char *detail; /* as `message` */
    bool success;       /* false */
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
        struct wire_changes changes;
        struct wire_text text;
        struct wire_signatures signatures;
        struct wire_capabilities capabilities;
        struct wire_past past;
        struct wire_lines lines;
        struct wire_metrics metrics;
        struct wire_refusal refusal;
        struct wire_health health;
        struct wire_problem problem;
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

/* The response as bytes, the caller's (rpc_block_free()); NULL when out of memory. Not for what is
 * only told in JSON. */
xmlrpc_mem_block *wire_answer_encode(const struct wire_answer *answer);

/* Bytes that an instance takes in a WIRE_LIST, at most. */
size_t wire_instance_size(const struct wire_instance *instance);

/* The value itself, the caller's; NULL when out of memory. Not for WIRE_FAULT. */
xmlrpc_value *wire_answer_value(const struct wire_answer *answer);

/* The value as JSON without a newline at its end, the caller's to free; NULL when out of memory. Not for
 * WIRE_FAULT. */
char *wire_answer_to_json(const struct wire_answer *answer, enum json_layout layout);
