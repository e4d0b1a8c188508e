/* restartctl policy check: whether all that the policy file promises, and nothing else, is so on this system.
 */
#include "cli/verbs/policy.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/check/check.h"
#include "cli/shared/json.h"
#include "common/cleanup.h"
#include "policy/load.h"
#include "policy/paths.h"
#include "polkit/locks/policy-read.h"
#include "polkit/rules/rendered.h"
#include "polkit/rules/rule.h"

DEFINE_CLEANUP(xmlrpc_value *, xmlrpc_DECREF);

static const struct policy NO_POLICY = { 0 };

void check_done(struct check *check)
{
    matrix_done(&check->matrix);
    policy_free(check->policy);
    rule_files_done(&check->files);
    polkit_log_done(&check->log);
    live_done(&check->live);
    findings_done(&check->findings);
}

/* A broken policy file grants nothing; the rest is looked at all the same. */
static int load_policy(struct check *check)
{
    _cleanup_(policy_error_done) struct policy_error error = { 0 };
    int r = policy_load(check->options->path, &check->policy, &error);

    if (r == POLICY_E_INVALID)
        finding_add(&check->findings, FINDING, error.file, error.line,
                    "%s; with a broken policy file nothing is granted", error.message);
    return r < 0 ? r : 0;
}

static int find_origin(const struct check *check, enum rule_origin *ret)
{
    const char *present = check->files.ours ? check->files.ours->text : NULL;
    _cleanup_(freep) char *wanted = NULL;
    int r;

    *ret = check->files.ours ? ORIGIN_HAND : ORIGIN_NONE;
    if (!present || rendered_judge(present) != RENDERED_AS_IS)
        return 0;
    r = rendered_rule(check->policy ? check->policy : &NO_POLICY, check->options->path, &wanted);
    if (r >= 0)
        *ret = rendered_same_body(present, wanted) ? ORIGIN_CURRENT : ORIGIN_STALE;
    return r;
}

static int look_at_polkitd(struct check *check)
{
    pid_t pid = 0;
    uid_t uid;
    int r;

    if (asker_polkitd(check->live.asker, &uid, &pid) >= 0)
        check->polkitd_known = account_by_uid(uid, &check->polkitd) >= 0;
    r = polkit_log_read(pid, &check->log);
    return r < 0 ? r : rule_files_read(&check->log, &check->files);
}

/* An exit status. */
static int ask(struct check *check)
{
    int status = live_open(&check->live);

    if (check->options->skip_polkit)
        return status;
    if (status == CLI_EXIT_OK)
        status = live_build(&check->live, check->policy ? check->policy : &NO_POLICY, true, &check->matrix);
    if (status == CLI_EXIT_OK && check->options->verb)
        check->matrix.verbs = UINT32_C(1) << ask_verb_find(check->options->verb);
    if (status == CLI_EXIT_OK)
        status = live_ask(&check->live, &check->matrix);
    return status == CLI_EXIT_OK ? live_ask_stranger(&check->live, &check->matrix) : status;
}

static int look_around(struct check *check)
{
    int r = account_by_name(RULE_USER, &check->broker);

    if (r >= 0)
        r = look_at_polkitd(check);
    return r >= 0 ? find_origin(check, &check->origin) : r;
}

static int collect(struct check *check)
{
    int status = ask(check), r;

    if (status != CLI_EXIT_OK)
        return status;
    r = look_around(check);
    return r < 0 ? policy_failed("the system cannot be looked at", r) : CLI_EXIT_OK;
}

static xmlrpc_value *finding_value(const struct finding *finding)
{
    struct rpc_struct s = rpc_struct_begin();

    rpc_struct_string(&s, "level", finding->level == FINDING ? "finding" : "note");
    rpc_struct_string(&s, "file", finding->file);
    rpc_struct_clamped(&s, "line", finding->line);
    rpc_struct_string(&s, "message", finding->message);
    return rpc_struct_end(&s);
}

static void print_json(const struct check *check)
{
    _cleanup_(xmlrpc_DECREFp) xmlrpc_value *value = NULL;
    xmlrpc_value *list = rpc_array_new();
    struct rpc_struct s = rpc_struct_begin();

    for (size_t i = 0; i < check->findings.n; i++)
        (void)rpc_array_append(list, finding_value(&check->findings.items[i]));
    rpc_struct_bool(&s, "clean", findings_count(&check->findings, FINDING) == 0);
    rpc_struct_clamped(&s, "questions", check->matrix.questions);
    rpc_struct_bool(&s, "services_known", check->live.asker && asker_knows_services(check->live.asker));
    rpc_struct_value(&s, "findings", list);
    value = rpc_struct_end(&s);
    json_print(value, check->options->json);
}

/* Which of the two it is that the rule's head speaks of. */
static const char *whom_it_lets(const struct check *check)
{
    return asker_knows_services(check->live.asker)
               ? "do that " RULE_UNIT " alone, and no other process of its user"
               : "do that any process of user " RULE_USER ": it does not know which service asks";
}

static void print_clean(const struct check *check, const char *clean)
{
    if (check->options->skip_polkit)
        (void)printf("Clean: %spolkitd was not asked, so it may decide by something else than %s.\n", clean,
                     check->options->path);
    else
        (void)printf(
            "Clean: %s%zu questions to polkitd %s, and all its answers are those of %s. It lets %s.\n", clean,
            check->matrix.questions, asker_version(check->live.asker), check->options->path,
            whom_it_lets(check));
}

static void print_text(const struct check *check, const char *clean)
{
    size_t n = findings_count(&check->findings, FINDING);

    if (check->options->quiet) {
        findings_print_level(&check->findings, FINDING);
        return;
    }
    findings_print(&check->findings);
    if (n > 0)
        (void)printf("%zu finding%s.\n", n, n == 1 ? "" : "s");
    else
        print_clean(check, clean);
}

int check_report(const struct check *check, const char *clean)
{
    if (check->findings.out_of_memory)
        return policy_failed("findings", -ENOMEM);
    if (check->options->json)
        print_json(check);
    else
        print_text(check, clean);
    return findings_count(&check->findings, FINDING) > 0 ? CLI_EXIT_FAILED : CLI_EXIT_OK;
}

static void check_retired(struct check *check)
{
    for (size_t i = 0; check->policy && i < check->policy->n_grants; i++) {
        const struct grant *grant = &check->policy->grants[i];

        if (grant->retired_line > 0)
            finding_add(&check->findings, NOTE, grant->file, grant->retired_line,
                        "reset-failed grants nothing any more, since nobody could ask for it; take it out");
    }
}

/* A file that cannot be read by us either was told as a mistake. */
static void check_readable(struct check *check)
{
    const char *path = check->options->path;

    if (check->policy && strcmp(path, POLICY_PATH) == 0 && !policy_is_readable(&check->broker, path))
        finding_add(
            &check->findings, FINDING, path, 0,
            "user %s, which the broker runs as, may not read it or a drop-in of it: it goes by what it "
            "read before, and by nothing once this system was started anew; use chmod 644, of a directory 755",
            check->broker.name);
}

int check_policy(struct check *check)
{
    int r = load_policy(check), status;

    if (r < 0)
        return policy_failed(check->options->path, r);
    status = collect(check);
    if (status != CLI_EXIT_OK)
        return status;
    check_readable(check);
    check_retired(check);
    check_rules(check);
    if (!check->options->skip_polkit)
        check_answers(check);
    check_units(check);
    if (check->policy) {
        check_people(check);
        check_fronts(check);
    }
    check_bus(check);
    return CLI_EXIT_OK;
}

int policy_check(const struct policy_options *options, int argc, _unused_ char *argv[])
{
    _cleanup_(check_done) struct check check = { .options = options };
    int r;

    if (argc != 0)
        return cli_usage_error("check takes no argument");
    if (!policy_verb_known(options))
        return CLI_EXIT_USAGE;
    r = check_policy(&check);
    return r == CLI_EXIT_OK ? check_report(&check, "") : r;
}
