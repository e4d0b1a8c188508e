/* The page where one logs in. It works without JavaScript, and has none. */
#pragma once

#include "webfront/pages/page.h"

struct page_login {
    const char *user;  /* as it was typed before, or "" */
    const char *next;  /* where to go then */
    const char *said;  /* a sentence that is no error; NULL: none */
    const char *wrong; /* what became of the attempt, and what to do; NULL: there was none */
    bool english;      /* that is `wrong`, whatever the page is */
    bool forget;       /* it comes after pages that Back must not show any more */
    bool closed;       /* no password may be typed here; `wrong` says why */
};

/* Loaded by a page that says `forget`, when those before it are behind it: its answer has the browser forget
 * them. */
#define PAGE_LOGIN_FORGET "/signed-out.css"

/* Both are the caller's to free, and NULL when out of memory. */
char *page_login(const struct page_site *site, const struct page_login *login, size_t *ret_size);
/* Leads on to `next`, a path of ours, for whom its answer does not take there at once. */
char *page_on_the_way(const struct page_site *site, const char *next, size_t *ret_size);
