/* One after the other, in the order in which they began to listen. */
#include "broker/systemd/listeners.h"

#include <stddef.h>

bool listeners_want_units(const struct systemd_listeners *listeners)
{
    const struct systemd_listener *l;

    TAILQ_FOREACH(l, listeners, link)
        if (l->unit_changed)
            return true;
    return false;
}

void listeners_job_removed(const struct systemd_listeners *listeners, const char *path, const char *result)
{
    const struct systemd_listener *l;

    TAILQ_FOREACH(l, listeners, link)
        if (l->job_removed)
            l->job_removed(path, result, l->userdata);
}

void listeners_reloaded(const struct systemd_listeners *listeners, bool settled)
{
    const struct systemd_listener *l;

    TAILQ_FOREACH(l, listeners, link)
        if (l->reloaded)
            l->reloaded(settled, l->userdata);
}

void listeners_unit_files_changed(const struct systemd_listeners *listeners)
{
    const struct systemd_listener *l;

    TAILQ_FOREACH(l, listeners, link)
        if (l->unit_files_changed)
            l->unit_files_changed(l->userdata);
}

void listeners_unit_changed(const struct systemd_listeners *listeners, const char *unit,
                            const struct unit_change *change)
{
    const struct systemd_listener *l;

    TAILQ_FOREACH(l, listeners, link)
        if (l->unit_changed)
            l->unit_changed(unit, change, l->userdata);
}

void listeners_units_heard(const struct systemd_listeners *listeners, bool heard)
{
    const struct systemd_listener *l;

    TAILQ_FOREACH(l, listeners, link)
        if (l->units_heard)
            l->units_heard(heard, l->userdata);
}

void listeners_lost(const struct systemd_listeners *listeners)
{
    const struct systemd_listener *l;

    TAILQ_FOREACH(l, listeners, link)
        if (l->lost)
            l->lost(l->userdata);
}
