/* The settings of units/, once more: what is loaded is compared with this, since what is in a file may have
 * been changed where the file is. tests/unit/test-shipped.c holds the two together. */
#include "cli/check/shipped.h"

#include <string.h>

#include "common/doors.h"
#include "common/web-settings.h"

#define BROKER "restarter-broker.service"
#define WEBFRONT "restarter-webfront.service"
#define WEBFRONT_PROXY "restarter-webfront-proxy.service"
#define LOGIN "restarter-login@.service"
#define LOGIN_PAM "restarter-login-pam@.service"
#define LOG "restarter-log@.service"
#define LOG_BROKER "restarter-log-broker@.service"
#define FAR "restarter-far@.service"
#define FAR_SOCKET "restarter-far@.socket"
#define LOGIN_SOCKET "restarter-login.socket"
#define LOGIN_PAM_SOCKET "restarter-login-pam.socket"
#define HTTP_SOCKET "restarter-webfront.socket"
#define PROGRAM(name) "/usr/libexec/restarter/" name " /usr/libexec/restarter/" name " no "
#define ASKED_BY_BROKER                                                                                      \
    "/usr/libexec/restarter/restarter-log /usr/libexec/restarter/restarter-log --broker no "
#define TO_MACHINE "/usr/libexec/restarter/restarter-far /usr/libexec/restarter/restarter-far check no "
/* IPv6's and IPv4's all, in either order. */
#define ANY6 "10 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0"
#define ANY4 "2 0 0 0 0 0"
/* Ways to other processes, other privileges and the rest of the kernel. */
#define NEVER                                                                                                \
    "clone clone3 fork vfork execveat ptrace process_vm_readv process_vm_writev pidfd_getfd mount umount2 "  \
    "pivot_root chroot unshare setns open_tree move_mount fsopen bpf perf_event_open userfaultfd "           \
    "io_uring_setup keyctl add_key request_key init_module finit_module kexec_load reboot swapon "           \
    "settimeofday clock_settime iopl ioperm setuid setgid setreuid setresuid capset"

/* The same of modules of PAM, which run programs, and ask for what differs from site to site. */
#define NEVER_PAM                                                                                            \
    "ptrace process_vm_readv process_vm_writev mount umount2 pivot_root chroot bpf perf_event_open "         \
    "keyctl add_key request_key init_module finit_module kexec_load reboot swapon settimeofday "             \
    "clock_settime iopl ioperm"
/* The same of ssh, which is another program. */
#define NEVER_FAR                                                                                            \
    NEVER_PAM " pidfd_getfd fsopen open_tree move_mount io_uring_setup setuid setreuid setresuid capset"
/* A question about the record, whoever asks it. */
#define LOG_ROWS(unit)                                                                                            \
    { unit, "Service", "User", SHIPPED_SAME, SANDBOX, "restarter-log" },                                          \
        { unit, "Service", "Group", SHIPPED_SAME, SANDBOX, "systemd-journal" },                                   \
        { unit, "Service", "NotifyAccess", SHIPPED_SAME, SANDBOX, "none" },                                       \
        { unit,                                                                                                   \
          "Service",                                                                                              \
          "BindReadOnlyPaths",                                                                                    \
          SHIPPED_PATHS,                                                                                          \
          SANDBOX,                                                                                                \
          "/usr/lib /etc/restarter /etc/passwd /run/etc/passwd /etc/group /run/etc/group /etc/machine-id "        \
          "/run/etc/machine-id /run/log/journal /var/log/journal" },                                              \
        { unit, "Service", "TemporaryFileSystem", SHIPPED_SAME, SANDBOX, "/run ro,mode=0755 /var ro,mode=0755" }, \
        { unit, "Service", "InaccessiblePaths", SHIPPED_HAS, SANDBOX, "+/dev +/proc +/sys +/tmp" },               \
        { unit, "Service", "LoadCredential", SHIPPED_SAME, SANDBOX, "" },                                         \
        { unit, "Service", "SetCredential", SHIPPED_SAME, SANDBOX, "" },                                          \
        { unit, "Service", "RestrictAddressFamilies", SHIPPED_SAME, SANDBOX, "yes" },
#define TICKET_KEY "ticket.key /var/lib/restarter/ticket.key "
#define WEB_SETTINGS "webfront.conf " WEB_SETTINGS_PATH
#define MACHINES "machines.conf /etc/restarter/machines.conf "
#define FAR_SOCKETS "/run/restarter/far /run/restarter-far"

enum { SANDBOX = 6, SOCKETS = 2 };

const char *const SHIPPED_UNITS[] = {
    BROKER,      WEBFRONT,   WEBFRONT_PROXY, DOOR_CLIENTS_UNIT, DOOR_WEB_UNIT,        DOOR_WEB_PROXY_UNIT,
    HTTP_SOCKET, PROXY_UNIT, METRICS_UNIT,   DOOR_LOG_UNIT,     DOOR_LOG_BROKER_UNIT, NULL,
};
const char *const SHIPPED_DAEMONS[] = { BROKER, WEBFRONT, WEBFRONT_PROXY, NULL };
const char *const SHIPPED_SERVICES[] = { BROKER, WEBFRONT, WEBFRONT_PROXY, LOGIN, LOGIN_PAM, LOG, LOG_BROKER,
                                         FAR,    NULL };

/* A table: one line each. */
// clang-format off
const struct shipped SHIPPED[] = {
    /* who they are */
    { BROKER, "Service", "User", SHIPPED_SAME, SANDBOX, "restarter" },
    { BROKER, "Service", "Group", SHIPPED_WITHIN, SANDBOX, "restarter" },
    { WEBFRONT, "Service", "User", SHIPPED_SAME, SANDBOX, "restarter-webfront" },
    { WEBFRONT_PROXY, "Service", "User", SHIPPED_SAME, SANDBOX, "restarter-webfront-proxy" },
    { WEBFRONT, "Service", "Group", SHIPPED_SAME, SANDBOX, DOOR_WEB_GROUP },
    { WEBFRONT_PROXY, "Service", "Group", SHIPPED_SAME, SANDBOX, DOOR_WEB_PROXY_GROUP },
    { NULL, "Service", "DynamicUser", SHIPPED_SAME, SANDBOX, "yes" },
    { NULL, "Service", "SupplementaryGroups", SHIPPED_SAME, SANDBOX, "" },
    { NULL, "Service", "PAMName", SHIPPED_SAME, SANDBOX, "" },
    /* what runs */
    { BROKER, "Service", "ExecStart", SHIPPED_BEGINS, SANDBOX, PROGRAM("restarter-broker") },
    { WEBFRONT, "Service", "ExecStart", SHIPPED_BEGINS, SANDBOX, PROGRAM("restarter-webfront") },
    { WEBFRONT_PROXY, "Service", "ExecStart", SHIPPED_BEGINS, SANDBOX, PROGRAM("restarter-webfront") },
    { NULL, "Service", "ExecCondition", SHIPPED_SAME, SANDBOX, "" },
    { NULL, "Service", "ExecStartPre", SHIPPED_SAME, SANDBOX, "" },
    { NULL, "Service", "ExecStartPost", SHIPPED_SAME, SANDBOX, "" },
    { NULL, "Service", "ExecStop", SHIPPED_SAME, SANDBOX, "" },
    { NULL, "Service", "ExecStopPost", SHIPPED_SAME, SANDBOX, "" },
    { NULL, "Service", "Environment", SHIPPED_LACKS, SANDBOX, "LD_" },
    { NULL, "Service", "NotifyAccess", SHIPPED_SAME, SANDBOX, "main" },
    /* what is left of it: nothing, or polkit would take it for the broker */
    { NULL, "Service", "KillMode", SHIPPED_SAME, SANDBOX, "control-group" },
    { NULL, "Service", "SendSIGKILL", SHIPPED_SAME, SANDBOX, "yes" },
    { NULL, "Service", "Delegate", SHIPPED_SAME, SANDBOX, "no" },
    /* what it sees */
    { NULL, "Service", "RootDirectory", SHIPPED_SAME, SANDBOX, "/usr/libexec/restarter/root" },
    { NULL, "Service", "RootImage", SHIPPED_SAME, SANDBOX, "" },
    { BROKER, "Service", "BindReadOnlyPaths", SHIPPED_PATHS, SANDBOX,
      "/usr/lib /etc/restarter /etc /run/etc /run/dbus "
      "/run/systemd/journal/socket /run/restarter/log-broker /run/restarter" },
    { WEBFRONT, "Service", "BindReadOnlyPaths", SHIPPED_PATHS, SANDBOX,
      "/usr/lib /run/restarter/web /run/restarter /run/systemd/journal/socket " FAR_SOCKETS },
    { WEBFRONT_PROXY, "Service", "BindReadOnlyPaths", SHIPPED_PATHS, SANDBOX,
      "/usr/lib /run/restarter/web-proxy /run/restarter /run/systemd/journal/socket " FAR_SOCKETS },
    { NULL, "Service", "BindPaths", SHIPPED_SAME, SANDBOX, "" },
    { NULL, "Service", "ReadWritePaths", SHIPPED_SAME, SANDBOX, "" },
    { NULL, "Service", "TemporaryFileSystem", SHIPPED_SAME, SANDBOX, "/run ro,mode=0755" },
    { BROKER, "Service", "InaccessiblePaths", SHIPPED_HAS, SANDBOX, "+/dev +/proc +/sys +/tmp +/var" },
    { WEBFRONT, "Service", "InaccessiblePaths", SHIPPED_HAS, SANDBOX, "+/dev +/sys +/tmp +/var" },
    { WEBFRONT_PROXY, "Service", "InaccessiblePaths", SHIPPED_HAS, SANDBOX, "+/dev +/sys +/tmp +/var" },
    { BROKER, "Service", "LoadCredential", SHIPPED_WITHIN, SANDBOX, TICKET_KEY },
    { BROKER, "Service", "SetCredential", SHIPPED_WITHIN, SANDBOX, "ticket.key 35" },
    { WEBFRONT, "Service", "LoadCredential", SHIPPED_WITHIN, SANDBOX, MACHINES WEB_SETTINGS },
    { WEBFRONT, "Service", "SetCredential", SHIPPED_WITHIN, SANDBOX, "machines.conf webfront.conf 35" },
    { WEBFRONT_PROXY, "Service", "LoadCredential", SHIPPED_WITHIN, SANDBOX, MACHINES WEB_SETTINGS },
    { WEBFRONT_PROXY, "Service", "SetCredential", SHIPPED_WITHIN, SANDBOX, "machines.conf webfront.conf 35" },
    { NULL, "Service", "UMask", SHIPPED_SAME, SANDBOX, "63" },
    /* whom it talks to */
    { NULL, "Service", "PrivateNetwork", SHIPPED_SAME, SANDBOX, "yes" },
    { NULL, "Service", "NetworkNamespacePath", SHIPPED_SAME, SANDBOX, "" },
    { NULL, "Service", "IPAddressDeny", SHIPPED_EITHER, SANDBOX,
      ANY6 " " ANY4 "|" ANY4 " " ANY6 },
    { NULL, "Service", "IPAddressAllow", SHIPPED_SAME, SANDBOX, "" },
    { NULL, "Service", "RestrictAddressFamilies", SHIPPED_SAME, SANDBOX, "yes AF_UNIX" },
    /* what it may ask of the kernel */
    { NULL, "Service", "CapabilityBoundingSet", SHIPPED_SAME, SANDBOX, "0" },
    { NULL, "Service", "AmbientCapabilities", SHIPPED_SAME, SANDBOX, "0" },
    { NULL, "Service", "NoNewPrivileges", SHIPPED_SAME, SANDBOX, "yes" },
    { NULL, "Service", "PrivateDevices", SHIPPED_SAME, SANDBOX, "yes" },
    { NULL, "Service", "DevicePolicy", SHIPPED_SAME, SANDBOX, "closed" },
    { NULL, "Service", "DeviceAllow", SHIPPED_WITHIN, SANDBOX, "char-rtc r" },
    { NULL, "Service", "PrivateTmp", SHIPPED_SAME, SANDBOX, "yes" },
    { NULL, "Service", "PrivateIPC", SHIPPED_SAME, SANDBOX, "yes" },
    { WEBFRONT, "Service", "PrivateUsers", SHIPPED_SAME, SANDBOX, "yes" },
    { WEBFRONT_PROXY, "Service", "PrivateUsers", SHIPPED_SAME, SANDBOX, "yes" },
    { NULL, "Service", "ProtectSystem", SHIPPED_SAME, SANDBOX, "strict" },
    { NULL, "Service", "ProtectHome", SHIPPED_SAME, SANDBOX, "yes" },
    { NULL, "Service", "ProtectProc", SHIPPED_SAME, SANDBOX, "invisible" },
    { NULL, "Service", "ProcSubset", SHIPPED_SAME, SANDBOX, "pid" },
    { NULL, "Service", "ProtectClock", SHIPPED_SAME, SANDBOX, "yes" },
    { WEBFRONT, "Service", "ProtectHostname", SHIPPED_SAME, SANDBOX, "yes" },
    { WEBFRONT_PROXY, "Service", "ProtectHostname", SHIPPED_SAME, SANDBOX, "yes" },
    { NULL, "Service", "ProtectKernelLogs", SHIPPED_SAME, SANDBOX, "yes" },
    { NULL, "Service", "ProtectKernelModules", SHIPPED_SAME, SANDBOX, "yes" },
    { NULL, "Service", "ProtectKernelTunables", SHIPPED_SAME, SANDBOX, "yes" },
    { NULL, "Service", "ProtectControlGroups", SHIPPED_SAME, SANDBOX, "yes" },
    { NULL, "Service", "RestrictNamespaces", SHIPPED_SAME, SANDBOX, "0" },
    { NULL, "Service", "RestrictRealtime", SHIPPED_SAME, SANDBOX, "yes" },
    { NULL, "Service", "RestrictSUIDSGID", SHIPPED_SAME, SANDBOX, "yes" },
    { NULL, "Service", "LockPersonality", SHIPPED_SAME, SANDBOX, "yes" },
    { NULL, "Service", "MemoryDenyWriteExecute", SHIPPED_SAME, SANDBOX, "yes" },
    { NULL, "Service", "RemoveIPC", SHIPPED_SAME, SANDBOX, "yes" },
    { NULL, "Service", "KeyringMode", SHIPPED_SAME, SANDBOX, "private" },
    { NULL, "Service", "SystemCallArchitectures", SHIPPED_SAME, SANDBOX, "native" },
    { NULL, "Service", "SystemCallFilter", SHIPPED_FILTER, SANDBOX, NEVER },
    { NULL, "Service", "LimitCORE", SHIPPED_SAME, SANDBOX, "0" },

    /* a login, by a password of its own */
    { LOGIN, "Service", "User", SHIPPED_SAME, SANDBOX, "restarter-login" },
    { LOGIN, "Service", "Group", SHIPPED_WITHIN, SANDBOX, "restarter-login" },
    { LOGIN, "Service", "ExecStart", SHIPPED_BEGINS, SANDBOX, PROGRAM("restarter-login") },
    { LOGIN, "Service", "NotifyAccess", SHIPPED_SAME, SANDBOX, "none" },
    { LOGIN, "Service", "BindReadOnlyPaths", SHIPPED_PATHS, SANDBOX, "/usr/lib /etc/restarter" },
    { LOGIN, "Service", "InaccessiblePaths", SHIPPED_HAS, SANDBOX, "+/dev +/sys +/tmp +/var" },
    { LOGIN, "Service", "LoadCredential", SHIPPED_WITHIN, SANDBOX,
      TICKET_KEY "users /etc/restarter/users groups /etc/restarter/groups " WEB_SETTINGS },
    { LOGIN, "Service", "SetCredential", SHIPPED_WITHIN, SANDBOX, "ticket.key users groups webfront.conf 35" },
    { LOGIN, "Service", "RestrictAddressFamilies", SHIPPED_SAME, SANDBOX, "yes" },
    { LOGIN, "Service", "PrivateUsers", SHIPPED_SAME, SANDBOX, "yes" },
    { LOGIN, "Service", "ProtectHostname", SHIPPED_SAME, SANDBOX, "yes" },

    /* and by PAM */
    { LOGIN_PAM, "Service", "User", SHIPPED_SAME, SANDBOX, "restarter-login-pam" },
    { LOGIN_PAM, "Service", "Group", SHIPPED_WITHIN, SANDBOX, "restarter-login-pam" },
    { LOGIN_PAM, "Service", "SupplementaryGroups", SHIPPED_SAME, SANDBOX, "shadow" },
    { LOGIN_PAM, "Service", "ExecStart", SHIPPED_BEGINS, SANDBOX, PROGRAM("restarter-login-pam") },
    { LOGIN_PAM, "Service", "NotifyAccess", SHIPPED_SAME, SANDBOX, "none" },
    { LOGIN_PAM, "Service", "BindReadOnlyPaths", SHIPPED_PATHS, SANDBOX,
      "/usr/lib /etc /usr/sbin/unix_chkpwd /run/systemd/userdb /run/nslcd /run/samba/winbindd /var/lib/sss/mc "
      "/var/lib/sss/pipes" },
    { LOGIN_PAM, "Service", "TemporaryFileSystem", SHIPPED_HAS, SANDBOX, "/run /usr/sbin /var/lib ro,mode=0755" },
    { LOGIN_PAM, "Service", "InaccessiblePaths", SHIPPED_HAS, SANDBOX, "+/dev +/sys +/tmp +/var/tmp" },
    { LOGIN_PAM, "Service", "LoadCredential", SHIPPED_WITHIN, SANDBOX, TICKET_KEY WEB_SETTINGS },
    { LOGIN_PAM, "Service", "SetCredential", SHIPPED_WITHIN, SANDBOX, "ticket.key webfront.conf 35" },
    { LOGIN_PAM, "Service", "PrivateUsers", SHIPPED_SAME, SANDBOX, "yes" },
    { LOGIN_PAM, "Service", "ProtectHostname", SHIPPED_SAME, SANDBOX, "yes" },
    { LOGIN_PAM, "Service", "SystemCallFilter", SHIPPED_FILTER, SANDBOX, NEVER_PAM },

    /* a question about the record */
    LOG_ROWS(LOG)
    { LOG, "Service", "ExecStart", SHIPPED_BEGINS, SANDBOX, PROGRAM("restarter-log") },
    LOG_ROWS(LOG_BROKER)
    { LOG_BROKER, "Service", "ExecStart", SHIPPED_BEGINS, SANDBOX, ASKED_BY_BROKER },

    /* the way to another machine: ssh, which needs the network, and a root that has it in it */
    { FAR, "Service", "User", SHIPPED_SAME, SANDBOX, "restarter-far" },
    { FAR, "Service", "Group", SHIPPED_WITHIN, SANDBOX, "restarter-far" },
    { FAR, "Service", "ExecStart", SHIPPED_BEGINS, SANDBOX, TO_MACHINE },
    { FAR, "Service", "KillMode", SHIPPED_WITHIN, SANDBOX, "mixed control-group" },
    { FAR, "Service", "RootDirectory", SHIPPED_SAME, SANDBOX, "" },
    { FAR, "Service", "BindReadOnlyPaths", SHIPPED_SAME, SANDBOX, "" },
    { FAR, "Service", "BindPaths", SHIPPED_PATHS, SANDBOX, "/run/restarter-far/check" },
    { FAR, "Service", "TemporaryFileSystem", SHIPPED_HAS, SANDBOX,
      "/var /srv /opt /mnt /media /run/restarter-far ro" },
    { FAR, "Service", "InaccessiblePaths", SHIPPED_HAS, SANDBOX,
      "-/boot -/run/dbus -/run/restarter -/etc/restarter/far -/run/systemd/private" },
    { FAR, "Service", "NoExecPaths", SHIPPED_HAS, SANDBOX, "/" },
    { FAR, "Service", "ExecPaths", SHIPPED_WITHIN, SANDBOX,
      "/usr/libexec/restarter/restarter-far -/usr/bin/ssh /usr/lib -/usr/lib64 -/lib64" },
    { FAR, "Service", "LoadCredential", SHIPPED_WITHIN, SANDBOX,
      "key /etc/restarter/far/check.key known_hosts /etc/restarter/far/check.known_hosts" },
    { FAR, "Service", "SetCredential", SHIPPED_WITHIN, SANDBOX, "key known_hosts 35" },
    /* less of the network is an admin's to say */
    { FAR, "Service", "PrivateNetwork", SHIPPED_WITHIN, SANDBOX, "no yes" },
    { FAR, "Service", "IPAddressDeny", SHIPPED_HAS, SANDBOX, "" },
    { FAR, "Service", "IPAddressAllow", SHIPPED_HAS, SANDBOX, "" },
    { FAR, "Service", "RestrictAddressFamilies", SHIPPED_WITHIN, SANDBOX, "yes AF_UNIX AF_INET AF_INET6" },
    { FAR, "Service", "PrivateUsers", SHIPPED_SAME, SANDBOX, "yes" },
    { FAR, "Service", "ProtectHostname", SHIPPED_SAME, SANDBOX, "yes" },
    { FAR, "Service", "SystemCallFilter", SHIPPED_FILTER, SANDBOX, NEVER_FAR },

    /* who may open a door, and which door the broker takes it for */
    { DOOR_CLIENTS_UNIT, "Socket", "SocketUser", SHIPPED_WITHIN, SOCKETS, "root 0" },
    { DOOR_CLIENTS_UNIT, "Socket", "SocketGroup", SHIPPED_SAME, SOCKETS, DOOR_CLIENTS_GROUP },
    { DOOR_CLIENTS_UNIT, "Socket", "SocketMode", SHIPPED_SAME, SOCKETS, "432" },
    { DOOR_CLIENTS_UNIT, "Socket", "DirectoryMode", SHIPPED_SAME, SOCKETS, "457" },
    { DOOR_CLIENTS_UNIT, "Socket", "FileDescriptorName", SHIPPED_SAME, SOCKETS, "clients" },
    { DOOR_CLIENTS_UNIT, "Socket", "Accept", SHIPPED_SAME, SOCKETS, "no" },
    { DOOR_WEB_UNIT, "Socket", "SocketUser", SHIPPED_WITHIN, SOCKETS, "root 0" },
    { DOOR_WEB_UNIT, "Socket", "SocketGroup", SHIPPED_SAME, SOCKETS, DOOR_WEB_GROUP },
    { DOOR_WEB_UNIT, "Socket", "SocketMode", SHIPPED_SAME, SOCKETS, "432" },
    { DOOR_WEB_UNIT, "Socket", "DirectoryMode", SHIPPED_SAME, SOCKETS, "457" },
    { DOOR_WEB_UNIT, "Socket", "FileDescriptorName", SHIPPED_SAME, SOCKETS, "web" },
    { DOOR_WEB_UNIT, "Socket", "Accept", SHIPPED_SAME, SOCKETS, "no" },
    { DOOR_WEB_PROXY_UNIT, "Socket", "SocketUser", SHIPPED_WITHIN, SOCKETS, "root 0" },
    { DOOR_WEB_PROXY_UNIT, "Socket", "SocketGroup", SHIPPED_SAME, SOCKETS, DOOR_WEB_PROXY_GROUP },
    { DOOR_WEB_PROXY_UNIT, "Socket", "SocketMode", SHIPPED_SAME, SOCKETS, "432" },
    { DOOR_WEB_PROXY_UNIT, "Socket", "DirectoryMode", SHIPPED_SAME, SOCKETS, "457" },
    { DOOR_WEB_PROXY_UNIT, "Socket", "FileDescriptorName", SHIPPED_SAME, SOCKETS, "web-proxy" },
    { DOOR_WEB_PROXY_UNIT, "Socket", "Accept", SHIPPED_SAME, SOCKETS, "no" },
    { LOGIN_SOCKET, "Socket", "SocketUser", SHIPPED_WITHIN, SOCKETS, "root 0" },
    { LOGIN_SOCKET, "Socket", "SocketGroup", SHIPPED_SAME, SOCKETS, DOOR_WEB_GROUP },
    { LOGIN_SOCKET, "Socket", "SocketMode", SHIPPED_SAME, SOCKETS, "432" },
    { LOGIN_SOCKET, "Socket", "DirectoryMode", SHIPPED_SAME, SOCKETS, "457" },
    { LOGIN_SOCKET, "Socket", "Accept", SHIPPED_SAME, SOCKETS, "yes" },
    { LOGIN_PAM_SOCKET, "Socket", "SocketUser", SHIPPED_WITHIN, SOCKETS, "root 0" },
    { LOGIN_PAM_SOCKET, "Socket", "SocketGroup", SHIPPED_SAME, SOCKETS, DOOR_WEB_GROUP },
    { LOGIN_PAM_SOCKET, "Socket", "SocketMode", SHIPPED_SAME, SOCKETS, "432" },
    { LOGIN_PAM_SOCKET, "Socket", "DirectoryMode", SHIPPED_SAME, SOCKETS, "457" },
    { LOGIN_PAM_SOCKET, "Socket", "Accept", SHIPPED_SAME, SOCKETS, "yes" },
    { DOOR_LOG_UNIT, "Socket", "SocketUser", SHIPPED_WITHIN, SOCKETS, "root 0" },
    { DOOR_LOG_UNIT, "Socket", "SocketGroup", SHIPPED_SAME, SOCKETS, DOOR_CLIENTS_GROUP },
    { DOOR_LOG_UNIT, "Socket", "SocketMode", SHIPPED_SAME, SOCKETS, "432" },
    { DOOR_LOG_UNIT, "Socket", "DirectoryMode", SHIPPED_SAME, SOCKETS, "457" },
    { DOOR_LOG_UNIT, "Socket", "Accept", SHIPPED_SAME, SOCKETS, "yes" },
    { DOOR_LOG_BROKER_UNIT, "Socket", "SocketUser", SHIPPED_SAME, SOCKETS, DOOR_LOG_BROKER_USER },
    { DOOR_LOG_BROKER_UNIT, "Socket", "SocketGroup", SHIPPED_SAME, SOCKETS, "" },
    { DOOR_LOG_BROKER_UNIT, "Socket", "SocketMode", SHIPPED_SAME, SOCKETS, "384" },
    { DOOR_LOG_BROKER_UNIT, "Socket", "DirectoryMode", SHIPPED_SAME, SOCKETS, "457" },
    { DOOR_LOG_BROKER_UNIT, "Socket", "Accept", SHIPPED_SAME, SOCKETS, "yes" },
    { FAR_SOCKET, "Socket", "SocketUser", SHIPPED_WITHIN, SOCKETS, "root 0" },
    { FAR_SOCKET, "Socket", "SocketGroup", SHIPPED_SAME, SOCKETS, DOOR_WEB_GROUP },
    { FAR_SOCKET, "Socket", "SocketMode", SHIPPED_SAME, SOCKETS, "432" },
    { FAR_SOCKET, "Socket", "FileDescriptorName", SHIPPED_SAME, SOCKETS, "far" },
    { FAR_SOCKET, "Socket", "Accept", SHIPPED_SAME, SOCKETS, "no" },
    { HTTP_SOCKET, "Socket", "FileDescriptorName", SHIPPED_SAME, SOCKETS, "http" },
    { HTTP_SOCKET, "Socket", "Accept", SHIPPED_SAME, SOCKETS, "no" },
    { PROXY_UNIT, "Socket", "SocketUser", SHIPPED_WITHIN, SOCKETS, "root 0" },
    { PROXY_UNIT, "Socket", "SocketGroup", SHIPPED_SAME, SOCKETS, PROXY_GROUP },
    { PROXY_UNIT, "Socket", "SocketMode", SHIPPED_SAME, SOCKETS, "432" },
    { PROXY_UNIT, "Socket", "DirectoryMode", SHIPPED_SAME, SOCKETS, "457" },
    { PROXY_UNIT, "Socket", "FileDescriptorName", SHIPPED_SAME, SOCKETS, "proxy" },
    { PROXY_UNIT, "Socket", "Accept", SHIPPED_SAME, SOCKETS, "no" },
    { METRICS_UNIT, "Socket", "FileDescriptorName", SHIPPED_SAME, SOCKETS, "metrics" },
    { METRICS_UNIT, "Socket", "Accept", SHIPPED_SAME, SOCKETS, "no" },
};
// clang-format on
const size_t N_SHIPPED = sizeof(SHIPPED) / sizeof(*SHIPPED);

const struct shipped_exposure SHIPPED_EXPOSURE[] = { { BROKER, 3 }, { WEBFRONT, 1 }, { WEBFRONT_PROXY, 1 } };
const size_t N_SHIPPED_EXPOSURE = sizeof(SHIPPED_EXPOSURE) / sizeof(*SHIPPED_EXPOSURE);

/* --- comparing --- */

/* Is the word, of that length, one of the list's? */
static bool has_word(const char *list, const char *word, size_t length)
{
    for (const char *p = list; *p; p += strspn(p, " ")) {
        size_t n = strcspn(p, " ");

        if (n == length && strncmp(p, word, n) == 0)
            return true;
        p += n;
    }
    return false;
}

/* Those of the words that begin with `beginning`: all of them in the list? Or, with `wanted` false, none? */
static bool words_are(const char *words, const char *beginning, const char *list, bool wanted)
{
    for (const char *p = words; *p; p += strspn(p, " ")) {
        size_t n = strcspn(p, " ");

        if (strncmp(p, beginning, strlen(beginning)) == 0 && has_word(list, p, n) != wanted)
            return false;
        p += n;
    }
    return true;
}

static bool begins(const char *text, const char *beginning)
{
    return strncmp(text, beginning, strlen(beginning)) == 0;
}

/* Is the text one of those with '|' between them? */
static bool is_one_of(const char *list, const char *text)
{
    size_t length = strlen(text);

    for (const char *p = list; p; p = strchr(p, '|') ? strchr(p, '|') + 1 : NULL)
        if (strncmp(p, text, length) == 0 && (p[length] == '|' || p[length] == '\0'))
            return true;
    return false;
}

const struct shipped *shipped_own(const char *unit, const char *key)
{
    for (size_t i = 0; i < N_SHIPPED; i++)
        if (SHIPPED[i].unit && strcmp(SHIPPED[i].unit, unit) == 0 && strcmp(SHIPPED[i].key, key) == 0)
            return &SHIPPED[i];
    return NULL;
}

bool shipped_fits(const struct shipped *shipped, const char *text)
{
    switch (shipped->rule) {
    case SHIPPED_EITHER:
        return is_one_of(shipped->value, text);
    case SHIPPED_WITHIN:
        return words_are(text, "", shipped->value, true);
    case SHIPPED_HAS:
        return words_are(shipped->value, "", text, true);
    case SHIPPED_BEGINS:
        return begins(text, shipped->value);
    case SHIPPED_PATHS:
        return words_are(text, "/", shipped->value, true);
    case SHIPPED_FILTER:
        return begins(text, "yes ") && words_are(text, "", shipped->value, false);
    case SHIPPED_LACKS:
        return words_are(text, shipped->value, "", true);
    default:
        return strcmp(text, shipped->value) == 0;
    }
}
