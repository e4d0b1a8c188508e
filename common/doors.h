/* The broker's doors: each has a socket, a unit of systemd's that holds it, and a group whose members may
 * open it (root always may). */
#pragma once

#define DOORS_DIRECTORY "/run/restarter/"

/* No doors of the broker's, but beside them: where a login is asked (restarter-login(8)). */
#define LOGIN_SOCKET_PATH DOORS_DIRECTORY "login.sock"
#define LOGIN_PAM_SOCKET_PATH DOORS_DIRECTORY "login-pam.sock"

/* The web front's: it carries others' tickets, and cannot make one. */
#define DOOR_WEB "web.sock"
#define DOOR_WEB_PATH DOORS_DIRECTORY DOOR_WEB
#define DOOR_WEB_UNIT "restarter-broker-web.socket"
#define DOOR_WEB_GROUP "restarter-web"

/* That of the web front behind a reverse proxy: it says who asks, as the proxy has found out. It need not be
 * there. */
#define DOOR_WEB_PROXY "web-proxy.sock"
#define DOOR_WEB_PROXY_PATH DOORS_DIRECTORY DOOR_WEB_PROXY
#define DOOR_WEB_PROXY_UNIT "restarter-broker-web-proxy.socket"
#define DOOR_WEB_PROXY_GROUP "restarter-web-proxy"

/* That of scripts and of restartctl: who opens it, is who the kernel says. */
#define DOOR_CLIENTS "broker.sock"
#define DOOR_CLIENTS_PATH DOORS_DIRECTORY DOOR_CLIENTS
#define DOOR_CLIENTS_UNIT "restarter-broker.socket"
#define DOOR_CLIENTS_GROUP "restarter-clients"

/* No door of the broker's, but the web front's for a reverse proxy: whoever may open it says who everybody
 * is. */
#define PROXY_UNIT "restarter-webfront-proxy.socket"
#define METRICS_UNIT "restarter-webfront-metrics.socket"
#define PROXY_GROUP "restarter-proxy"

/* No doors of the broker's: where another machine's is reached, a socket for each, NAME.sock. Web fronts see
 * it at another place. */
#define FAR_DIRECTORY DOORS_DIRECTORY "far/"
#define FAR_DIRECTORY_OF_FRONTS "/run/restarter-far/"

/* The record's, which is not the broker's. */
#define DOOR_LOG_PATH DOORS_DIRECTORY "log.sock"
#define DOOR_LOG_UNIT "restarter-log.socket"

/* And where the broker asks for it, which is the broker's alone. In its sandbox it is at the same place. */
#define DOOR_LOG_BROKER_PATH DOORS_DIRECTORY "log-broker.sock"
#define DOOR_LOG_BROKER_FILE DOORS_DIRECTORY "log-broker/log-broker.sock" /* where it really is */
#define DOOR_LOG_BROKER_UNIT "restarter-log-broker.socket"
#define DOOR_LOG_BROKER_USER "restarter"
