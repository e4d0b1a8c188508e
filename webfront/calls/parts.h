/* What a handler is handed. Each part keeps its own state behind its own header; they live as long as the web
 * front, which puts them together (webfront.c). A handler keeps what belongs to one request while it waits in
 * a struct of its own, in its own file. */
#pragma once

struct parts {
    struct answers *answers; /* answer.h: the way back, under the name by which somebody came */
    struct audit *audit;     /* audit.h: the journal, and what STATUS= counts */
    struct calls *calls;     /* calls.h: the broker's socket, and who waits for it */
    struct list_cache *list; /* list-cache.h: what restarter.list said last */
};
