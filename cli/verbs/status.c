/* restartctl status: what systemd says of one unit. */
#include "cli/shared/cli.h"

#include <inttypes.h>
#include <stdio.h>

#include "cli/shared/call.h"
#include "cli/shared/columns.h"
#include "cli/shared/json.h"
#include "common/cleanup.h"
#include "common/text.h"

/* Whatever the broker says is cleaned before a terminal sees it. */
static void print_word(const char *name, const char *word)
{
    if (!*word)
        return;
    (void)printf("%22s: ", name);
    text_print(stdout, word);
    (void)putchar('\n');
}

static void print_state(const char *name, const char *word)
{
    if (!*word)
        return;
    (void)printf("%22s: ", name);
    cli_print_state(word, 0);
    (void)putchar('\n');
}

static void print_status(const struct wire_status *status)
{
    print_word("unit", status->unit);
    print_word("description", status->description);
    print_word("load_state", status->load_state);
    print_state("active_state", status->active_state);
    print_state("sub_state", status->sub_state);
    print_word("service_result", status->service_result);
    print_word("exec_main_code", status->exec_main_code);
    (void)printf("%22s: %d\n", "exec_main_status", status->exec_main_status);
    (void)printf("%22s: %" PRIu64 "\n", "main_pid", status->main_pid);
    print_word("invocation_id", status->invocation_id);
    print_word("status_text", status->status_text);
    if (status->need_daemon_reload)
        print_word("need_daemon_reload",
                   "yes; systemd goes by the old files until 'systemctl daemon-reload'");
}

int cli_status(const struct cli_options *options, int argc, char *argv[])
{
    _cleanup_(wire_answer_done) struct wire_answer answer = { 0 };
    int r;

    if (argc != 1)
        return cli_usage_error("one unit, or the id of an instance, is needed");
    r = call_read(options->place,
                  &(struct wire_call){ .method = &WIRE_METHODS[WIRE_METHOD_STATUS], .unit = argv[0] },
                  &answer);
    if (r != CLI_EXIT_OK)
        return r;
    if (options->json)
        json_print_answer(&answer, options->json);
    else
        print_status(&answer.status);
    return CLI_EXIT_OK;
}
