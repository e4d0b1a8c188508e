/* A login that does as the test says: on a socket and an event loop of the test's own. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <systemd/sd-event.h>

enum { FAKE_LOGIN_MAX = 64 };

struct fake_login {
    sd_event *event;
    char directory[32], path[64];
    int fd;
    const char *answer; /* NULL: none */
    size_t size;        /* of it; 0: as a string */
    bool trickles;      /* one byte at a time */
    bool floods;        /* the answer again and again, as long as anybody takes it */
    bool hangs;         /* does not close, until fake_login_hang_up() */
    unsigned hangs_up;  /* on so many, at once, without reading anything */
    unsigned asked;     /* how often, all in all */
    unsigned open, open_max;
    int connections[FAKE_LOGIN_MAX];
    char question[1024]; /* the last one */
};

/* *ret listens, on a new event loop. */
void fake_login_start(struct fake_login *login);
void fake_login_stop(struct fake_login *login);

/* Closes all that are open. */
void fake_login_hang_up(struct fake_login *login);

/* Turns of the loop, each of a millisecond at the most. */
void fake_login_run(struct fake_login *login, unsigned turns);
