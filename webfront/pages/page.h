/* The frame of every page, around pure text out of plain data. */
#pragma once

#include <stdbool.h>

#include "webfront/pages/html.h"

/* What every page says of the place it comes from, and in which language. */
struct page_site {
    const char *far;        /* another machine that it is all about; NULL: this one */
    bool section;           /* of which the page shows a section below this one's */
    const char *machine;    /* host name: under stress it matters which machine one is about to touch */
    unsigned patience;      /* seconds that the script waits for an outcome: above the web front's own */
    const char *person;     /* who is signed in; NULL: nobody has said */
    enum language language; /* of whoever asks */
    bool may_sign_out;      /* and came by a login of ours */
    bool foreign; /* asked for under a host name that is none of ours: no links, they would fail again */
};

struct page_body {
    const char *title, *name; /* `name` may be NULL: what it is about */
    unsigned refresh;         /* seconds after which it is loaded again where no script runs; 0: never */
    bool scripted;            /* the script goes with it, and a place for what it says */
    const char *tab;          /* what the browser's tab says; NULL: the title */
    const char *icon;         /* NULL: the usual one */
    bool day;                 /* and leads to what was done today */
    bool live;                /* it is told of changes as they happen */
    struct html_part content; /* of <main>, below its heading */
};

/* The whole of it; the caller's to free, and NULL when out of memory. */
char *page_write(const struct page_site *site, const struct page_body *page, size_t *ret_size);
