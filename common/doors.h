/* The broker's doors: each has a socket, a unit of systemd's that holds it, and a group whose members may
 * open it (root always may). */
#pragma once

#define DOORS_DIRECTORY "/run/restarter/"

/* The web front's: it speaks for others. */
#define DOOR_WEB "web.sock"
#define DOOR_WEB_PATH DOORS_DIRECTORY DOOR_WEB
#define DOOR_WEB_UNIT "restarter-broker-web.socket"
#define DOOR_WEB_GROUP "restarter-web"

/* That of scripts and of restartctl: who opens it, is who the kernel says. */
#define DOOR_CLIENTS "broker.sock"
#define DOOR_CLIENTS_PATH DOORS_DIRECTORY DOOR_CLIENTS
#define DOOR_CLIENTS_UNIT "restarter-broker.socket"
#define DOOR_CLIENTS_GROUP "restarter-clients"
