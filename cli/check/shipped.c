/* The settings of units/, once more: what is loaded is compared with this, since what is in a file may have
 * been changed where the file is. tests/unit/test-shipped.c holds the two together. */
#include "cli/check/shipped.h"

#include <string.h>

#include "common/doors.h"

#define BROKER "restarter-broker.service"
#define WEBFRONT "restarter-webfront.service"
#define HTTP_SOCKET "restarter-webfront.socket"
#define PROGRAM(name) "/usr/libexec/restarter/" name " /usr/libexec/restarter/" name " no "
/* IPv6's and IPv4's all, in either order. */
#define ANY6 "10 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0"
#define ANY4 "2 0 0 0 0 0"
/* Ways to other processes, other privileges and the rest of the kernel. */
#define NEVER                                                                                                \
    "clone clone3 fork vfork execveat ptrace process_vm_readv process_vm_writev pidfd_getfd mount umount2 "  \
    "pivot_root chroot unshare setns open_tree move_mount fsopen bpf perf_event_open userfaultfd "           \
    "io_uring_setup keyctl add_key request_key init_module finit_module kexec_load reboot swapon "           \
    "settimeofday clock_settime iopl ioperm setuid setgid setreuid setresuid capset"

enum { SANDBOX = 6, SOCKETS = 2 };

const char *const SHIPPED_UNITS[] = { BROKER, WEBFRONT, DOOR_CLIENTS_UNIT, DOOR_WEB_UNIT, HTTP_SOCKET, NULL };
const char *const SHIPPED_DAEMONS[] = { BROKER, WEBFRONT, NULL };

/* A table: one line each. */
// clang-format off
const struct shipped SHIPPED[] = {
    /* who they are */
    { BROKER, "Service", "User", SHIPPED_SAME, SANDBOX, "restarter" },
    { BROKER, "Service", "Group", SHIPPED_WITHIN, SANDBOX, "restarter" },
    { WEBFRONT, "Service", "User", SHIPPED_SAME, SANDBOX, "restarter-webfront" },
    { WEBFRONT, "Service", "Group", SHIPPED_SAME, SANDBOX, DOOR_WEB_GROUP },
    { NULL, "Service", "DynamicUser", SHIPPED_SAME, SANDBOX, "yes" },
    { NULL, "Service", "SupplementaryGroups", SHIPPED_SAME, SANDBOX, "" },
    { NULL, "Service", "PAMName", SHIPPED_SAME, SANDBOX, "" },
    /* what runs */
    { BROKER, "Service", "ExecStart", SHIPPED_BEGINS, SANDBOX, PROGRAM("restarter-broker") },
    { WEBFRONT, "Service", "ExecStart", SHIPPED_BEGINS, SANDBOX, PROGRAM("restarter-webfront") },
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
      "/usr/lib /etc/restarter /etc/passwd /run/etc/passwd /etc/group /run/etc/group /run/dbus "
      "/run/systemd/journal/socket" },
    { WEBFRONT, "Service", "BindReadOnlyPaths", SHIPPED_PATHS, SANDBOX,
      "/usr/lib /run/restarter/web /run/restarter /run/systemd/journal/socket" },
    { NULL, "Service", "BindPaths", SHIPPED_SAME, SANDBOX, "" },
    { NULL, "Service", "ReadWritePaths", SHIPPED_SAME, SANDBOX, "" },
    { NULL, "Service", "TemporaryFileSystem", SHIPPED_SAME, SANDBOX, "/run ro,mode=0755" },
    { BROKER, "Service", "InaccessiblePaths", SHIPPED_HAS, SANDBOX, "+/dev +/proc +/sys +/tmp +/var" },
    { WEBFRONT, "Service", "InaccessiblePaths", SHIPPED_HAS, SANDBOX, "+/dev +/sys +/tmp +/var" },
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
    { NULL, "Service", "ProtectSystem", SHIPPED_SAME, SANDBOX, "strict" },
    { NULL, "Service", "ProtectHome", SHIPPED_SAME, SANDBOX, "yes" },
    { NULL, "Service", "ProtectProc", SHIPPED_SAME, SANDBOX, "invisible" },
    { NULL, "Service", "ProcSubset", SHIPPED_SAME, SANDBOX, "pid" },
    { NULL, "Service", "ProtectClock", SHIPPED_SAME, SANDBOX, "yes" },
    { WEBFRONT, "Service", "ProtectHostname", SHIPPED_SAME, SANDBOX, "yes" },
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
    { HTTP_SOCKET, "Socket", "FileDescriptorName", SHIPPED_SAME, SOCKETS, "http" },
    { HTTP_SOCKET, "Socket", "Accept", SHIPPED_SAME, SOCKETS, "no" },
};
// clang-format on
const size_t N_SHIPPED = sizeof(SHIPPED) / sizeof(*SHIPPED);

const struct shipped_exposure SHIPPED_EXPOSURE[] = { { BROKER, 3 }, { WEBFRONT, 1 } };
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
