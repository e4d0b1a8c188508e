/* The library asks for bytes until a connection is suspended, and again when it is resumed. It looks at
 * nothing of a suspended one: that its client has left is asked of the event loop. */
#include "common/http/http-stream.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "common/cleanup.h"
#include "common/http/http-connection.h"
#include "common/http/http-parts.h"

enum { BLOCK_SIZE = 1024 };

/* --- pieces --- */

struct http_piece {
    char *bytes;
    size_t size;
    unsigned references;
};

static size_t pieces_bytes;

struct http_piece *http_piece_new(char *bytes, size_t size)
{
    struct http_piece *piece = bytes ? calloc(1, sizeof(*piece)) : NULL;

    if (!piece) {
        free(bytes);
        return NULL;
    }
    *piece = (struct http_piece){ .bytes = bytes, .size = size, .references = 1 };
    pieces_bytes += size;
    return piece;
}

struct http_piece *http_piece_ref(struct http_piece *piece)
{
    piece->references++;
    return piece;
}

struct http_piece *http_piece_unref(struct http_piece *piece)
{
    if (!piece || --piece->references > 0)
        return NULL;
    pieces_bytes -= piece->size;
    free(piece->bytes);
    free(piece);
    return NULL;
}

size_t http_piece_size(const struct http_piece *piece)
{
    return piece->size;
}

const char *http_piece_bytes(const struct http_piece *piece)
{
    return piece->bytes;
}

size_t http_pieces_bytes(void)
{
    return pieces_bytes;
}

/* --- streams --- */

struct http_stream {
    struct http_feed feed;
    struct http_connection *connection; /* NULL: it has gone, and the response is about to */
    struct http_piece *piece;           /* that is being taken */
    size_t sent;                        /* of it */
    bool over;
};

static bool take_next(struct http_stream *stream)
{
    stream->piece = stream->feed.next(stream->feed.userdata);
    stream->sent = 0;
    if (!stream->piece)
        return false;
    http_connection_begin(stream->connection, HTTP_PHASE_STREAMING);
    stream->connection->unsure = true;
    return true;
}

static size_t copy_piece(struct http_stream *stream, char *buffer, size_t room)
{
    size_t left = stream->piece->size - stream->sent, n = left < room ? left : room;

    memcpy(buffer, stream->piece->bytes + stream->sent, n);
    stream->sent += n;
    if (n == left)
        stream->piece = http_piece_unref(stream->piece);
    return n;
}

static void wait_for_more(struct http_connection *connection)
{
    connection->waiting = true;
    MHD_suspend_connection(connection->mhd);
}

/* Called by the library when all before it was handed to the kernel. */
static ssize_t on_read(void *userdata, _unused_ uint64_t position, char *buffer, size_t room)
{
    struct http_stream *stream = userdata;

    if (!stream->connection || stream->connection->cut)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    if (stream->piece || take_next(stream))
        return (ssize_t)copy_piece(stream, buffer, room);
    if (stream->over)
        return MHD_CONTENT_READER_END_OF_STREAM;
    wait_for_more(stream->connection);
    return 0;
}

void http_stream_left(struct http_stream *stream)
{
    struct http_connection *connection = stream->connection;

    if (!connection)
        return;
    stream->connection = NULL;
    connection->waiting = connection->unsure = false;
    connection->left = sd_event_source_disable_unref(connection->left);
    connection->server->n_streams--;
}

static void on_free(void *userdata)
{
    struct http_stream *stream = userdata;

    if (stream->connection)
        stream->connection->request->stream = NULL;
    http_stream_left(stream);
    http_piece_unref(stream->piece);
    stream->feed.ended(stream->feed.userdata);
    free(stream);
}

void http_stream_wake(struct http_stream *stream)
{
    if (stream->connection && stream->connection->waiting)
        http_connection_resume(stream->connection);
}

void http_stream_end(struct http_stream *stream)
{
    stream->over = true;
    http_stream_wake(stream);
}

/* --- who left --- */

static int on_left(_unused_ sd_event_source *source, _unused_ int fd, _unused_ uint32_t revents,
                   void *userdata)
{
    struct http_connection *connection = userdata;

    (void)sd_event_source_set_enabled(source, SD_EVENT_OFF);
    http_connection_end(connection);
    return 0;
}

/* As for requests that wait: over TCP who sends no more looks like one who has left. */
static int watch(struct http_connection *connection)
{
    uint32_t events = EPOLLHUP | EPOLLERR | (connection->server->is_unix ? 0 : EPOLLRDHUP);

    return sd_event_add_io(connection->server->event, &connection->left, connection->fd, events, on_left,
                           connection);
}

/* --- life --- */

int http_stream_new(struct http_request *request, const struct http_feed *feed, struct http_stream **ret,
                    struct MHD_Response **ret_response)
{
    _cleanup_(freep) struct http_stream *stream = NULL;
    struct http_server *server = request->server;
    struct MHD_Response *response;

    if (server->n_streams >= server->limits.streams)
        return HTTP_STREAM_E_FULL;
    stream = calloc(1, sizeof(*stream));
    if (!stream || watch(request->connection) < 0)
        return -ENOMEM;
    /* Without a size it is sent in chunks, each in the connection's own buffer; the block is for HTTP/1.0. */
    response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK_SIZE, on_read, stream, on_free);
    if (!response) {
        request->connection->left = sd_event_source_disable_unref(request->connection->left);
        return -ENOMEM;
    }
    stream->feed = *feed;
    stream->connection = request->connection;
    request->stream = stream;
    server->n_streams++;
    *ret_response = response;
    *ret = TAKE_PTR(stream);
    return 0;
}

unsigned http_server_streams(const struct http_server *server)
{
    return server->n_streams;
}

void http_server_end_streams(struct http_server *server)
{
    struct http_connection *connection = NULL;

    for (connection = TAILQ_FIRST(&server->connections); connection;
         connection = TAILQ_NEXT(connection, link)) {
        if (!connection->request || !connection->request->stream)
            continue;
        if (connection->waiting && !server->ended)
            http_stream_end(connection->request->stream);
        else
            http_connection_cut(connection);
    }
}
