/* One at a time has the terminal, and what a terminal sends. */
#include "cli/shared/in-turn.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cli/shared/fail.h"

static volatile sig_atomic_t at_work; /* the process; 0: none */

static void hand_on(int signal)
{
    if (signal != SIGINT && at_work > 0)
        (void)kill(at_work, signal);
}

/* What a terminal sends comes to each of its processes: the one at work decides what is to be done then. With
 * a handler, and not ignored: that would be handed down to it. */
static void leave_signals_to_it(void)
{
    static const int SIGNALS[] = { SIGINT, SIGTERM, SIGHUP };

    for (size_t i = 0; i < sizeof(SIGNALS) / sizeof(*SIGNALS); i++)
        if (signal(SIGNALS[i], hand_on) == SIG_IGN)
            (void)signal(SIGNALS[i], SIG_IGN); /* NOLINT(cert-err33-c): it cannot fail */
}

/* It speaks for itself, and may ask whoever sits there. */
static struct child *run_in_view(struct several *several, const struct host *host)
{
    struct child *child;
    int r;

    if (!several->no_legend)
        (void)printf("%s:\n", host->name);
    (void)fflush(stdout);
    r = children_begin_in_view(&several->children, host, several->words, &child);
    if (r < 0)
        child->exit_status = fail_self(CLI_EXIT_UNAVAILABLE, "%s", strerror(-r));
    at_work = child->pid;
    child_wait(child);
    at_work = 0;
    return child;
}

static struct child *run_gathered(struct several *several, const struct host *host)
{
    struct child *child = children_begin(&several->children, host, several->words);

    at_work = child->pid;
    while (children_listen(&several->children, -1))
        continue;
    at_work = 0;
    return child;
}

static void say_not_begun(const struct several *several)
{
    const struct children *children = &several->children;
    const struct hosts *hosts = several->hosts;

    if (children->n == hosts->n)
        return;
    (void)fprintf(stderr, "It stopped at %s. Not begun:", children->list[children->n - 1].name);
    for (size_t i = children->n; i < hosts->n; i++)
        (void)fprintf(stderr, " %s%s", hosts->list[i].name, i + 1 < hosts->n ? "," : ".\n");
}

int in_turn(struct several *several)
{
    int status = CLI_EXIT_OK;

    leave_signals_to_it();
    for (size_t i = 0; i < several->hosts->n && status == CLI_EXIT_OK; i++) {
        const struct host *host = &several->hosts->list[i];

        status = (several->layout ? run_gathered(several, host) : run_in_view(several, host))->exit_status;
    }
    if (!several->layout)
        say_not_begun(several);
    return status;
}
