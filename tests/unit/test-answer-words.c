/* What came in place of an answer is told apart in words, in one line of bounded length. */
#include "common/rpc/answer-words.h"

#include <errno.h>
#include <string.h>

#include "common/cleanup.h"
#include "tests/unit/test.h"

#define PAGE "<html><body><h1>502 Bad Gateway</h1>\nThe server returned an invalid answer.\n</body></html>\n"

static void test_each_end(_unused_ void **state)
{
    static const struct {
        struct rpc_client_answer answer;
        const char *words;
    } CASES[] = {
        { { .result = RPC_CLIENT_REFUSED, .status = 503, .body = "web1 cannot be reached.\n" },
          "refused the call (HTTP 503): web1 cannot be reached." },
        { { .result = RPC_CLIENT_REFUSED, .status = 403, .body = "No.\r\nNever.\n" },
          "refused the call (HTTP 403): No." },
        { { .result = RPC_CLIENT_REFUSED, .status = 429, .body = "" }, "refused the call (HTTP 429)" },
        { { .result = RPC_CLIENT_REFUSED, .status = 503, .body = PAGE }, "refused the call (HTTP 503)" },
        { { .result = RPC_CLIENT_REFUSED, .status = 502, .body = PAGE }, "answered with HTTP 502" },
        { { .result = RPC_CLIENT_REFUSED, .status = 504, .body = "Too late." },
          "answered with HTTP 504: Too late." },
        { { .result = RPC_CLIENT_REFUSED, .status = 302, .body = "" }, "answered with HTTP 302" },
        { { .result = RPC_CLIENT_REFUSED, .status = 500, .body = "\n" }, "answered with HTTP 500" },
        { { .result = RPC_CLIENT_ANSWERED, .status = 200, .body = PAGE },
          "gave an answer that makes no sense" },
        { { .result = RPC_CLIENT_NOT_SENT, .error = ECONNREFUSED }, "cannot be reached: Connection refused" },
        { { .result = RPC_CLIENT_UNKNOWN, .error = ECONNRESET }, "took the call and did not answer" },
        { { .result = RPC_CLIENT_UNKNOWN, .error = EMSGSIZE }, "took the call, and answered without end" },
        { { .result = RPC_CLIENT_UNKNOWN, .error = EBADMSG },
          "took the call, and what came back is no HTTP" },
        { { .result = RPC_CLIENT_TIMEOUT, .error = ETIMEDOUT }, "took the call and did not answer in time" },
    };
    char words[ANSWER_WORDS_SIZE];

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        answer_words(&CASES[i].answer, words);
        assert_string_equal(words, CASES[i].words);
    }
}

static void test_one_that_is_long(_unused_ void **state)
{
    struct rpc_client_answer answer = { .result = RPC_CLIENT_REFUSED, .status = 503 };
    char body[1025], words[ANSWER_WORDS_SIZE];

    memset(body, 'x', sizeof(body) - 1);
    body[sizeof(body) - 1] = '\0';
    answer.body = body;
    answer_words(&answer, words);
    assert_int_equal(strlen(words), strlen("refused the call (HTTP 503): ") + 300);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_end),
        cmocka_unit_test(test_one_that_is_long),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
