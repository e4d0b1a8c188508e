/* Destructors bound to scopes, after systemd's coding style: a variable marked _cleanup_(f) is handed to f by
 * address when it goes out of scope. Destructors take NULL and do nothing with it. */
#pragma once

#include <stdlib.h>
#include <unistd.h>

#define _cleanup_(f) __attribute__((cleanup(f)))
#define _unused_ __attribute__((unused))

/* Makes a cleanup function `func`p out of a destructor that takes the pointer itself. */
#define DEFINE_CLEANUP(type, func)                                                                           \
    static inline void func##p(type *p)                                                                      \
    {                                                                                                        \
        if (*p)                                                                                              \
            func(*p);                                                                                        \
    }                                                                                                        \
    struct cleanup_semicolon

static inline void freep(void *p)
{
    free(*(void **)p);
}

static inline void closep(const int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
}

/* Hands the pointer on: the variable no longer owns it. */
#define TAKE_PTR(p)                                                                                          \
    ({                                                                                                       \
        __typeof__(p) _taken = (p);                                                                          \
        (p) = NULL;                                                                                          \
        _taken;                                                                                              \
    })
#define TAKE_FD(fd)                                                                                          \
    ({                                                                                                       \
        int _taken = (fd);                                                                                   \
        (fd) = -1;                                                                                           \
        _taken;                                                                                              \
    })
