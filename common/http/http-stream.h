/* Answers whose bytes come later, and to many clients the same: a stream is fed piece by piece, and waits,
 * suspended, while there is none. A piece is made once and shared; a stream holds one at a time, so that a
 * client that does not read holds nothing but that. Who has not taken a piece within write_usec is cut, and
 * who has left is noticed at once. A stream is no pending request, and does not take the place of another
 * connection: it has a limit of its own. */
#pragma once

#include "common/http/http.h"

/* Bytes that many streams send: made once, freed when nobody needs them any more. */
struct http_piece;
/* Takes `bytes`, from malloc(), over, even when it fails. NULL without any, and when out of memory. */
struct http_piece *http_piece_new(char *bytes, size_t size);
struct http_piece *http_piece_ref(struct http_piece *piece);
/* Takes NULL. Returns NULL. */
struct http_piece *http_piece_unref(struct http_piece *piece);
size_t http_piece_size(const struct http_piece *piece);
const char *http_piece_bytes(const struct http_piece *piece); /* not terminated */
/* Of all pieces of this process that somebody still needs. */
size_t http_pieces_bytes(void);

struct http_stream;

struct http_feed {
    /* What comes next: a reference for the stream to keep. NULL: nothing for now; http_stream_wake() says
     * when. Called when all before it was handed to the kernel. */
    struct http_piece *(*next)(void *userdata);
    /* The stream is over, whoever ended it: the last call, exactly one. */
    void (*ended)(void *userdata);
    void *userdata;
};

enum {
    HTTP_STREAM_E_FULL = 1, /* limits.streams are open */
};

/* A response to that request, to which headers may be added before it goes to http_reply(). The stream lives
 * as long as the response does, and `ended` comes with its end. 0, HTTP_STREAM_E_FULL or -ENOMEM; `ended` is
 * not called unless 0. */
int http_stream_new(struct http_request *request, const struct http_feed *feed, struct http_stream **ret,
                    struct MHD_Response **ret_response);

/* There is something to send. Not from within the feed's functions. */
void http_stream_wake(struct http_stream *stream);
/* Nothing comes after what the feed has now: the stream is closed behind that. */
void http_stream_end(struct http_stream *stream);

/* Those that are open. */
unsigned http_server_streams(const struct http_server *server);
/* Ends all of them: those that wait as they should, those whose clients are behind at once. */
void http_server_end_streams(struct http_server *server);
/* For the server alone: the request that it answers is over. */
void http_stream_left(struct http_stream *stream);
