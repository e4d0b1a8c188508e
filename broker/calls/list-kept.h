/* Answers to restarter.list that are kept for others who ask the same: until something in the table is
 * another way. */
#pragma once

#include "broker/live/feed.h"
#include "common/http/http.h"
#include "common/rpc/wire-list-options.h"
#include "policy/policy.h"

enum { LIST_KEPT_ANSWERS = 8 };

/* What is asked for, by whom: with the same question everybody gets the same answer. */
struct list_question {
    struct policy_view view;
    struct wire_list_options options;
    bool is_front;     /* whose cursors are others */
    unsigned revision; /* of what is known of restarts */
};

/* All zero: none is kept. */
struct list_kept {
    struct {
        struct list_question question;
        struct http_shared *response;
    } answers[LIST_KEPT_ANSWERS];
    size_t n, next; /* to make room */
};

/* The policy may be NULL. */
void list_question_make(const struct policy *policy, const struct feed_reader *reader,
                        const struct wire_list_options *options, struct list_question *ret);

/* NULL when there is none; the table's still. */
struct http_shared *list_kept_find(const struct list_kept *kept, const struct list_question *question);
/* The oldest one makes room. The response stays the caller's as well. */
void list_kept_add(struct list_kept *kept, const struct list_question *question,
                   struct http_shared *response);
void list_kept_forget(struct list_kept *kept);
