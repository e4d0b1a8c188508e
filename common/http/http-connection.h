/* Connections, from their beginning to their end, and how long each may take for what. */
#pragma once

#include <stdbool.h>

#include "common/http/http-parts.h"

int http_connections_add_sources(struct http_server *server);
/* The connection, or NULL when out of memory. The longest idle one may be cut for it. */
struct http_connection *http_connection_new(struct http_server *server, struct MHD_Connection *mhd);
/* Takes NULL. Returns NULL. */
struct http_connection *http_connection_free(struct http_connection *connection);
void http_connection_begin(struct http_connection *connection, enum http_phase phase);
/* After the quiesce, a connection that has been answered and asks nothing more is in the way of the end. */
void http_connection_retire(struct http_connection *connection);
/* True when the client has not taken its last answer yet: then the connection is suspended until it has, and
 * its next request is to be looked at only after that. */
bool http_connection_drain(struct http_connection *connection);
/* Goes on with one that was suspended. */
void http_connection_resume(struct http_connection *connection);
/* Ends one from outside the library, which notices at its next run and frees it. */
void http_connection_end(struct http_connection *connection);
/* Ends one that took too long, or is in the way of others. */
void http_connection_cut(struct http_connection *connection);
/* Ends all that drain; the library must be run once more. */
void http_connections_cut_draining(struct http_server *server);
