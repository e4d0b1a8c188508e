/* restartctl policy explain: one unit, one verb, and all the locks in their order. */
#include "cli/verbs/policy.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/shared/json.h"
#include "cli/shared/live.h"
#include "cli/shared/who.h"
#include "common/cleanup.h"
#include "common/text.h"
#include "policy/load.h"
#include "policy/paths.h"
#include "polkit/locks/locks.h"
#include "polkit/locks/person-door.h"

DEFINE_CLEANUP(xmlrpc_value *, xmlrpc_DECREF);

/* The doors are open; and for this person, if it is about one? */
static void ask_sockets(const struct question *question, struct lock *lock)
{
    lock_sockets(question, lock);
    if (lock->open && question->person.name[0] != '\0' && !question->person.is_root)
        person_door(question, lock);
}

static const struct {
    const char *name;
    void (*ask)(const struct question *question, struct lock *lock);
} ROWS[LOCKS] = {
    { "web front", lock_web_front },   { "broker sockets", ask_sockets }, { "broker", lock_broker },
    { "bus policy", lock_bus_policy }, { "polkit rule", lock_rule },      { "sandbox", lock_sandbox },
};

static void question_done(struct question *question)
{
    person_done(&question->person);
    policy_free(question->policy);
    free(question->policy_error);
}

/* A broken file is an answer here, not the end. */
static int load_policy(struct question *question)
{
    _cleanup_(policy_error_done) struct policy_error error = { 0 };
    int r = policy_load(question->policy_path, &question->policy, &error);

    if (r == POLICY_E_INVALID)
        question->policy_error = policy_error_format(&error);
    return r < 0 || (r == POLICY_E_INVALID && !question->policy_error) ? -ENOMEM : 0;
}

/* One that is shut before one of which nobody knows: that may well be the reason. */
static int first_shut(const struct lock *locks)
{
    int unknown = -1;

    for (int i = LOCKS - 1; i >= 0; i--)
        unknown = locks[i].unknown ? i : unknown;
    for (int i = 0; i < LOCKS; i++)
        if (!locks[i].open && !locks[i].unknown)
            return i;
    return unknown;
}

static void print_text(const struct question *question, const struct lock *locks)
{
    int stopped = first_shut(locks);

    for (int i = 0; i < LOCKS; i++) {
        (void)printf("%d  %-14s  %s  ", i + 1, locks[i].name, locks[i].open ? "open" : "SHUT");
        text_print(stdout, locks[i].text);
        (void)printf("\n");
    }
    if (stopped < 0)
        (void)printf("\nNothing stops %s of %s.\n", verb_to_string(question->verb),
                     question->resolution.name.unit);
    else
        (void)printf("\nLock %d, the %s, stops %s of %s.\n", stopped + 1, locks[stopped].name,
                     verb_to_string(question->verb),
                     *question->resolution.name.unit ? question->resolution.name.unit : "it");
}

static xmlrpc_value *lock_value(int number, const struct lock *lock)
{
    struct rpc_struct s = rpc_struct_begin();

    rpc_struct_int(&s, "lock", number);
    rpc_struct_string(&s, "name", lock->name);
    rpc_struct_bool(&s, "open", lock->open);
    rpc_struct_string(&s, "message", lock->text);
    return rpc_struct_end(&s);
}

static void print_json(const struct question *question, const struct lock *locks, enum json_layout layout)
{
    _cleanup_(xmlrpc_DECREFp) xmlrpc_value *value = NULL;
    xmlrpc_value *list = rpc_array_new();
    struct rpc_struct s = rpc_struct_begin();

    for (int i = 0; i < LOCKS; i++)
        (void)rpc_array_append(list, lock_value(i + 1, &locks[i]));
    rpc_struct_string(&s, "unit", question->resolution.name.unit);
    rpc_struct_string(&s, "verb", verb_to_string(question->verb));
    rpc_struct_bool(&s, "permitted", first_shut(locks) < 0);
    rpc_struct_int(&s, "stopped_by", first_shut(locks) + 1);
    rpc_struct_value(&s, "locks", list);
    value = rpc_struct_end(&s);
    json_print(value, layout);
}

static int explain(struct question *question, enum json_layout json)
{
    struct lock locks[LOCKS];

    question_resolve(question);
    for (int i = 0; i < LOCKS; i++) {
        locks[i] = (struct lock){ .name = ROWS[i].name };
        ROWS[i].ask(question, &locks[i]);
    }
    if (json)
        print_json(question, locks, json);
    else
        print_text(question, locks);
    return first_shut(locks) < 0 ? CLI_EXIT_OK : CLI_EXIT_REFUSED;
}

int policy_explain(const struct policy_options *options, int argc, char *argv[])
{
    _cleanup_(live_done) struct live live = { 0 };
    _cleanup_(question_done) struct question question = { .policy_path = options->path,
                                                          .verb = VERB_RESTART };
    const char *word = argc == 2 ? argv[1] : options->verb;
    int r, status;

    if (argc < 1 || argc > 2)
        return cli_usage_error("explain takes a unit, or the id of an instance, and perhaps a verb");
    question.id = argv[0];
    if (word)
        question.verb = verb_from_string(word);
    if (!question.verb)
        return cli_usage_error("'%s' is never granted; the verbs are restart, try-restart, reload and "
                               "reload-or-restart",
                               word);
    status = who_read(options, &question.person);
    if (status != CLI_EXIT_OK)
        return status;
    r = load_policy(&question);
    if (r < 0)
        return policy_failed(options->path, r);
    status = live_open(&live);
    if (status != CLI_EXIT_OK)
        return status;
    question.bus = live.bus;
    question.asker = live.asker;
    r = account_by_name(RULE_USER, &question.broker);
    return r < 0 ? policy_failed("user " RULE_USER, r) : explain(&question, options->json);
}
