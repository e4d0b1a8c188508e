/* Clients of the web front under test: requests as text, one at a time or a crowd of them. */
#pragma once

#include "tests/unit/web-fixture.h"

#define WEB_HOST "Host: 127.0.0.1\r\nConnection: close\r\n"
#define WEB_GET(path) "GET " path " HTTP/1.1\r\n" WEB_HOST "\r\n"
#define WEB_POST_BODY(headers, length, body)                                                                 \
    "POST /restart HTTP/1.1\r\n" WEB_HOST headers "Content-Type: application/x-www-form-urlencoded\r\n"      \
    "Content-Length: " length "\r\n\r\n" body
#define WEB_POST(headers) WEB_POST_BODY(headers, "15", "service_id=1234")
#define WEB_ID_PARAM "<param><value><string>&#49;234</string></value></param>"

/* A connection, not blocking; the caller's to close. */
int web_dial(struct web *web);

/* A new connection with that request on it. */
int web_send(struct web *web, const char *request);

/* The whole answer, until the connection closes (requests say Connection: close) or some seconds are over.
 * Closes `fd`. Valid until the next call. */
char *web_receive(struct web *web, int fd);

/* Both. */
char *web_ask(struct web *web, const char *request);

/* It has that status, and that part in it. */
void assert_answer(const char *answer, unsigned status, const char *part);

/* A click on that instance, of four digits. Valid until the next call. */
const char *web_format_click(unsigned id);

/* An XML-RPC call with parameters such as WEB_ID_PARAM. Valid until the next call. */
const char *web_format_call(const char *method, const char *params);

/* Sends it, and waits for the answer. */
char *web_call(struct web *web, const char *method, const char *params);

/* A crowd that asks for the same. */
void web_send_all(struct web *web, int fds[], size_t n, const char *request);

/* A crowd of clicks, each on another instance. */
void web_send_clicks(struct web *web, int fds[], unsigned n, unsigned first_id);

/* Each of them is told 200, and that part. */
void web_receive_all(struct web *web, const int fds[], size_t n, const char *part);
