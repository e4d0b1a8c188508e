/* One connection to a login's socket: the question out, whatever comes back until the other side closes.
 * systemd closes it when the login's process has ended, which is also when the place is free that it took of
 * MaxConnections=: so who waits for the end knows when the next one will be let in. */
#pragma once

#include <stddef.h>
#include <systemd/sd-event.h>

enum login_exchange_end {
    LOGIN_EXCHANGE_ANSWERED, /* something was said, and then closed */
    LOGIN_EXCHANGE_SILENT,   /* closed without a byte */
    LOGIN_EXCHANGE_BROKEN,   /* it did not take the question, or says more than any answer has */
};

struct login_exchange;
/* `bytes` are valid during the callback. */
typedef void (*login_exchange_done)(enum login_exchange_end end, const char *bytes, size_t size,
                                    void *userdata);

/* Connects and sends, without waiting; nothing of the question is kept. `done` is called once, from the event
 * loop, unless the exchange is freed first; it ends by itself after `done`. There is no limit in time here.
 * 0, or a negative errno of what cannot be connected to: -EAGAIN when too many are about to be let in. */
int login_exchange_start(sd_event *event, const char *path, const char *question, size_t size,
                         login_exchange_done done, void *userdata, struct login_exchange **ret);
/* Hangs up. Takes NULL. Returns NULL. */
struct login_exchange *login_exchange_free(struct login_exchange *exchange);
