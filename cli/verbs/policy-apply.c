/* restartctl policy apply: installs what is rendered from the policy file, and waits until the polkitd that
 * runs answers by it. Nothing is touched unless everything can be. */
#include "cli/verbs/policy.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/shared/live.h"
#include "cli/verbs/diff.h"
#include "cli/verbs/policy-wait.h"
#include "common/cleanup.h"
#include "common/clock.h"
#include "policy/paths.h"
#include "polkit/ask/matrix.h"
#include "polkit/locks/files.h"
#include "polkit/locks/in-force.h"
#include "polkit/locks/policy-read.h"
#include "polkit/rules/rendered.h"
#include "polkit/rules/rule.h"

enum {
    PATIENCE_SEC = 20, /* for polkitd to read its rules again: a stall of 15 seconds is known */
    SETTLE_SEC = 3,    /* after it did, until its answers have to be right */
    ROUND_USEC = 500000,
};

/* A file that is to have a certain text, or not to be (NULL). */
struct target {
    const char *path;
    char *present, *wanted;
};

static void target_done(struct target *target)
{
    free(target->present);
    free(target->wanted);
}

static bool target_changes(const struct target *target)
{
    if (!target->present || !target->wanted)
        return target->present != target->wanted;
    return strcmp(target->present, target->wanted) != 0;
}

/* --- before: may it be done? --- */

static const char *why_not_ours(const struct target *target, int r)
{
    if (r == -ELOOP)
        return "is a symbolic link";
    if (r < 0)
        return "is no text file that was rendered";
    switch (target->present ? rendered_judge(target->present) : RENDERED_AS_IS) {
    case RENDERED_EDITED:
        return "was edited by hand: its checksum does not fit";
    case RENDERED_FOREIGN:
        return "was not rendered by this program";
    default:
        return NULL;
    }
}

static int look_at(struct target *target, const struct policy_options *options)
{
    int r = file_read(target->path, &target->present);
    const char *why = why_not_ours(target, r);

    if (!target_changes(target) || !why)
        return r == -ENOMEM ? policy_failed(target->path, r) : CLI_EXIT_OK;
    if (options->force) {
        (void)printf("%s %s; --force replaces it.\n", target->path, why);
        return CLI_EXIT_OK;
    }
    file_print_difference(target->path, target->present, target->wanted);
    return fail(
        CLI_EXIT_REFUSED,
        "%s %s. Nothing was changed. Take over into the policy file what the hand-made one has to say, or "
        "replace it with 'restartctl policy apply --force'.",
        target->path, why);
}

static int render(const struct policy_options *options, const struct policy *policy, struct target *rule,
                  struct target *bus)
{
    int r = rendered_rule(policy, options->source, &rule->wanted);

    if (r >= 0)
        r = rendered_bus(policy, options->source, &bus->wanted);
    return r < 0 ? policy_failed("the rule cannot be rendered", r) : CLI_EXIT_OK;
}

/* --- doing it --- */

static int install(const struct target *target)
{
    int r;

    if (!target_changes(target))
        return CLI_EXIT_OK;
    r = target->wanted ? file_replace(target->path, 0644, target->wanted) : file_remove(target->path);
    if (r < 0)
        return policy_failed(target->path, r);
    (void)printf("%s %s.\n", target->wanted ? "Installed" : "Removed", target->path);
    return CLI_EXIT_OK;
}

static int reload_bus(sd_bus *bus)
{
    _cleanup_(sd_bus_error_free) sd_bus_error error = SD_BUS_ERROR_NULL;
    int r = sd_bus_call_method(bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                               "ReloadConfig", &error, NULL, NULL);

    if (r >= 0)
        return CLI_EXIT_OK;
    return fail_self(CLI_EXIT_UNAVAILABLE, "the bus did not read its configuration again: %s",
                     error.message ? error.message : strerror(-r));
}

/* --- after: is it so? --- */

static int say_first_difference(const struct matrix *matrix)
{
    char verbs[256];

    for (size_t i = 0; i < matrix->n_rows; i++) {
        const struct row *row = &matrix->rows[i];

        if (!row_denied(row) && !row_excess(row))
            continue;
        verbs_print(row_denied(row) ? row_denied(row) : row_excess(row), verbs, sizeof(verbs));
        return fail(
            CLI_EXIT_FAILED,
            "polkitd does not answer by the new rule: it %s %s of %s. 'restartctl policy check' looks for "
            "the reason.",
            row_denied(row) ? "denies" : "permits", verbs, row->own_name);
    }
    return CLI_EXIT_OK;
}

static int ask_again(struct live *live, struct matrix *matrix, bool *ret_agrees)
{
    int r = live_ask(live, matrix);

    *ret_agrees = r == CLI_EXIT_OK && matrix_agrees(matrix);
    if (*ret_agrees)
        (void)printf("polkitd answers by it: %zu questions asked.\n", matrix->questions);
    return r;
}

/* polkitd says that it has read its rules again; what it then answers is what counts. */
static int wait_for_polkitd(struct live *live, struct matrix *matrix, bool changed)
{
    uint64_t end_usec = clock_usec() + (changed ? PATIENCE_SEC : SETTLE_SEC) * USEC_PER_SEC;
    bool read_again = !changed, agrees = false;
    int r = CLI_EXIT_OK;

    while (r == CLI_EXIT_OK && !agrees && clock_usec() <= end_usec) {
        if (read_again)
            r = ask_again(live, matrix, &agrees);
        if (r == CLI_EXIT_OK && !agrees && asker_wait(live->asker, ROUND_USEC) > 0) {
            read_again = true;
            end_usec = clock_usec() + SETTLE_SEC * USEC_PER_SEC;
        }
    }
    if (r != CLI_EXIT_OK || agrees)
        return r;
    if (read_again)
        return say_first_difference(matrix);
    return fail(
        CLI_EXIT_FAILED,
        "polkitd has not read its rules again within %d s, and goes by the old one. 'systemctl restart "
        "polkit.service' makes it.",
        PATIENCE_SEC);
}

/* Listening begins before there is something to hear. That first question also starts a polkitd that does not
 * run. */
static int begin_listening(struct live *live)
{
    int r = asker_watch(live->asker);

    if (r >= 0 && *asker_version(live->asker) == '\0')
        return fail_self(
            CLI_EXIT_UNAVAILABLE,
            "polkitd does not answer; nothing was changed. 'systemctl status polkit.service' may "
            "say why");
    return r < 0 ? policy_failed("polkitd cannot be listened to", r) : CLI_EXIT_OK;
}

/* A draft is nothing that a broker could read. */
static bool is_the_brokers(const struct policy_options *options)
{
    return strcmp(options->path, POLICY_PATH) == 0;
}

static int apply(const struct policy_options *options, const struct policy *policy, struct live *live,
                 struct matrix *matrix, const struct target *rule, const struct target *bus)
{
    int r = begin_listening(live);

    /* What the bus lets pass grants nothing by itself, so it may come first. */
    if (r == CLI_EXIT_OK)
        r = install(bus);
    if (r == CLI_EXIT_OK && target_changes(bus))
        r = reload_bus(live->bus);
    if (r == CLI_EXIT_OK)
        r = install(rule);
    if (r == CLI_EXIT_OK)
        r = wait_for_polkitd(live, matrix, target_changes(rule));
    if (r == CLI_EXIT_OK && is_the_brokers(options))
        r = policy_wait_in_force(live->bus, policy, options->path, true);
    return r;
}

/* Whether the new rule is in force shows in the verbs that some rule grants, and in one that none does. */
static uint32_t verbs_that_tell(const struct policy *policy)
{
    uint32_t verbs = UINT32_C(1) << ask_verb_find("start");

    for (size_t i = 0; i < policy->n_grants; i++)
        for (size_t j = 0; j < ASK_N_VERBS; j++)
            if (policy->grants[i].verbs & verb_from_string(ASK_VERBS[j].word))
                verbs |= UINT32_C(1) << j;
    return verbs;
}

/* live_build() takes names from the old rule, too: they tell it from the new one. */
static int build_matrix(struct live *live, const struct policy *policy, const struct target *rule,
                        struct matrix *ret)
{
    _cleanup_(policy_freep) struct policy *old = NULL;
    int r = live_build(live, policy, false, ret);

    if (rule->present)
        (void)rule_read(rule->present, &old);
    ret->verbs = verbs_that_tell(policy) | (old ? verbs_that_tell(old) : 0);
    return r;
}

/* Before anything is changed: it would be in force in polkit, and not in the broker. */
static int look_as_the_broker(const struct policy_options *options)
{
    struct account broker;
    int r = account_by_name(RULE_USER, &broker);

    if (r < 0)
        return policy_failed("user " RULE_USER, r);
    if (!is_the_brokers(options) || policy_is_readable(&broker, options->path))
        return CLI_EXIT_OK;
    return fail(CLI_EXIT_FAILED,
                "%s, or a drop-in of it, may not be read by user " RULE_USER
                ", which the broker runs as: use chmod 644, of a directory 755. Nothing was changed.",
                options->path);
}

static int apply_to_system(const struct policy_options *options, const struct policy *policy,
                           const struct target *rule, const struct target *bus)
{
    _cleanup_(live_done) struct live live = { 0 };
    _cleanup_(matrix_done) struct matrix matrix = { 0 };
    int r = live_open(&live);

    if (r == CLI_EXIT_OK)
        r = look_as_the_broker(options);
    if (r == CLI_EXIT_OK)
        r = build_matrix(&live, policy, rule, &matrix);
    return r == CLI_EXIT_OK ? apply(options, policy, &live, &matrix, rule, bus) : r;
}

/* For images and for the package's own scripts: polkitd and the bus read the files by themselves, now or when
 * they are started. */
static int apply_offline(const struct target *rule, const struct target *bus)
{
    int r = install(bus);

    return r == CLI_EXIT_OK ? install(rule) : r;
}

static int show_broker(const struct policy_options *options, const struct policy *policy, bool *ret_changes)
{
    _cleanup_(sd_bus_flush_close_unrefp) sd_bus *bus = NULL;
    enum in_force state;
    int r;

    if (!is_the_brokers(options))
        return CLI_EXIT_OK;
    r = sd_bus_open_system(&bus);
    if (r < 0)
        return policy_failed("the system bus cannot be reached", r);
    state = in_force_look(bus, policy);
    *ret_changes = state == IN_FORCE_OTHER || state == IN_FORCE_NOTHING;
    if (*ret_changes)
        (void)printf("restarter-broker.service goes by another policy, and would read %s.\n", options->path);
    return CLI_EXIT_OK;
}

static int dry_run(const struct policy_options *options, const struct policy *policy,
                   const struct target *rule, const struct target *bus)
{
    bool broker = false;
    int r = options->offline ? CLI_EXIT_OK : show_broker(options, policy, &broker);

    if (r != CLI_EXIT_OK)
        return r;
    return target_changes(rule) || target_changes(bus) || broker ? CLI_EXIT_CHANGES : CLI_EXIT_OK;
}

static void show(const struct target *target)
{
    if (target_changes(target))
        file_print_difference(target->path, target->present, target->wanted);
    else if (target->wanted)
        (void)printf("%s is what the policy file asks for.\n", target->path);
}

int policy_apply(const struct policy_options *options, int argc, _unused_ char *argv[])
{
    _cleanup_(policy_freep) struct policy *policy = NULL;
    _cleanup_(target_done) struct target rule = { .path = RULE_PATH }, bus = { .path = BUS_VERBS_PATH };
    int r;

    if (argc != 0)
        return cli_usage_error("apply takes no argument");
    r = policy_load_or_say(options, &policy);
    if (r == CLI_EXIT_OK)
        r = render(options, policy, &rule, &bus);
    if (r == CLI_EXIT_OK)
        r = look_at(&rule, options);
    if (r == CLI_EXIT_OK)
        r = look_at(&bus, options);
    if (r != CLI_EXIT_OK)
        return r;
    show(&rule);
    show(&bus);
    if (options->dry_run)
        return dry_run(options, policy, &rule, &bus);
    return options->offline ? apply_offline(&rule, &bus) : apply_to_system(options, policy, &rule, &bus);
}
