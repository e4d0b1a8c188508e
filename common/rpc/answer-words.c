/* By the kind of the end, and of what HTTP says by the status. */
#include "common/rpc/answer-words.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "common/refusal.h"
#include "common/rpc/meaning.h"

enum { LINE_MAX_SHOWN = 300 };

/* A broker, and our own configurations of proxies, say in one line why. Others send pages. */
static int line_length(const struct rpc_client_answer *answer)
{
    size_t length = strcspn(answer->body, "\r\n");

    if (*answer->body == '<')
        return 0;
    return (int)(length < LINE_MAX_SHOWN ? length : LINE_MAX_SHOWN);
}

/* Only a broker refuses a call, or who stands before it and has not handed it on. */
static void http_words(const struct rpc_client_answer *answer, char ret[static ANSWER_WORDS_SIZE])
{
    bool refused = meaning_code_of_transport(answer, true) != REFUSAL_UNKNOWN;
    int length = line_length(answer);

    (void)snprintf(ret, ANSWER_WORDS_SIZE, "%s%u%s%s%.*s",
                   refused ? "refused the call (HTTP " : "answered with HTTP ", answer->status,
                   refused ? ")" : "", length > 0 ? ": " : "", length, answer->body);
}

static const char *unknown_words(const struct rpc_client_answer *answer)
{
    if (answer->error == EMSGSIZE)
        return "took the call, and answered without end";
    if (answer->error == EBADMSG)
        return "took the call, and what came back is no HTTP";
    return "took the call and did not answer";
}

void answer_words(const struct rpc_client_answer *answer, char ret[static ANSWER_WORDS_SIZE])
{
    switch (answer->result) {
    case RPC_CLIENT_ANSWERED:
        (void)snprintf(ret, ANSWER_WORDS_SIZE, "gave an answer that makes no sense");
        return;
    case RPC_CLIENT_REFUSED:
        http_words(answer, ret);
        return;
    case RPC_CLIENT_NOT_SENT:
        (void)snprintf(ret, ANSWER_WORDS_SIZE, "cannot be reached: %s", strerror(answer->error));
        return;
    case RPC_CLIENT_TIMEOUT:
        (void)snprintf(ret, ANSWER_WORDS_SIZE, "took the call and did not answer in time");
        return;
    case RPC_CLIENT_UNKNOWN:
        (void)snprintf(ret, ANSWER_WORDS_SIZE, "%s", unknown_words(answer));
    }
}
