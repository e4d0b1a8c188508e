/* The signals stay blocked when the loop is over: what is left then is to say where it stopped. */
#include "cli/rolling/stop.h"

#include <signal.h>
#include <stddef.h>
#include <sys/signalfd.h>

#include "common/cleanup.h"

static int on_signal(_unused_ sd_event_source *source, const struct signalfd_siginfo *info, void *userdata)
{
    struct rolling_stop *stop = userdata;

    stop->is_asked = true;
    /* When a terminal goes, the kernel's SIGHUP and the shell's come together: two of them are not two
     * wishes. */
    if (info->ssi_signo != SIGHUP)
        stop->by_hand++;
    stop->is_cut = stop->by_hand > 1;
    return 0;
}

static const int SIGNALS[] = { SIGINT, SIGTERM, SIGHUP };
enum { N_SIGNALS = sizeof(SIGNALS) / sizeof(*SIGNALS) };

static void mask(int how)
{
    sigset_t set;

    (void)sigemptyset(&set);
    for (size_t i = 0; i < N_SIGNALS; i++)
        (void)sigaddset(&set, SIGNALS[i]);
    (void)sigprocmask(how, &set, NULL);
}

void rolling_stop_let_go(void)
{
    mask(SIG_UNBLOCK);
}

void rolling_stop_hold(void)
{
    mask(SIG_BLOCK);
}

int rolling_stop_watch(struct rolling_stop *stop, sd_event *event)
{
    int r = 0;

    /* Who reads the progress may leave: that is no reason to stop between two units. */
    (void)signal(SIGPIPE, SIG_IGN); /* NOLINT(cert-err33-c): it cannot fail */
    rolling_stop_hold();
    for (size_t i = 0; r >= 0 && i < N_SIGNALS; i++)
        r = sd_event_add_signal(event, NULL, SIGNALS[i], on_signal, stop);
    return r < 0 ? r : 0;
}
