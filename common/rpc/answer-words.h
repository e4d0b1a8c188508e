/* What came in place of an answer, in words for people. At the other end of a socket there may be anything:
 * a broker, or a proxy before one on another machine, or what was put there by mistake. */
#pragma once

#include <stddef.h>

#include "common/rpc/rpc-client.h"

enum { ANSWER_WORDS_SIZE = 512 };

/* What somebody did whose name stands before it: "refused the call (HTTP 503): web1 cannot be reached". One
 * line without a full stop of its own, except for one that was sent; not cleaned (common/text.h). Of an
 * answer of status 200 it is said that it makes no sense: whoever asks could not read it. */
void answer_words(const struct rpc_client_answer *answer, char ret[static ANSWER_WORDS_SIZE]);
