/* The broker that runs, which polkitd is asked about: where it tells rules the service of whoever asks, no
 * other process stands for that. */
#pragma once

#include <stddef.h>
#include <systemd/sd-bus.h>

#include "polkit/ask/subject.h"

struct broker_process {
    struct subject subject;
    int connection; /* keeps it from going to rest while it is asked about; -1: none */
};
#define BROKER_PROCESS_NONE                                                                                  \
    {                                                                                                        \
        .subject = SUBJECT_NONE, .connection = -1                                                            \
    }

/* Finds it. One that rests is woken as any caller wakes it: by a connection to its socket. Waits for at most
 * half a minute. Returns 0, or a negative errno: -ENOTCONN: it does not run, and `ret_why` has a sentence
 * that says why and what to do. */
int broker_process_find(sd_bus *bus, struct broker_process *ret, char *ret_why, size_t size);
/* Takes BROKER_PROCESS_NONE. The broker goes on. */
void broker_process_done(struct broker_process *broker);
