"""Being somebody else: a function of ours, or a command, as another user of the machine."""
import grp
import os
import pickle
import pwd
import traceback

from . import rpc
from .system import BROKER, run, show, wait_for


def _become(user, group, groups):
    os.setgroups([grp.getgrnam(g).gr_gid for g in groups])
    os.setresgid(*[grp.getgrnam(group).gr_gid] * 3)
    uid = user if isinstance(user, int) else pwd.getpwnam(user).pw_uid
    os.setresuid(uid, uid, uid)


def _child(write_end, prepare, function, arguments):
    try:
        prepare()
        result = (True, function(*arguments))
    except BaseException as error:  # whatever it was, the parent is to see it
        result = (False, error)
    try:
        data = pickle.dumps(result)
        pickle.loads(data)
    except Exception:
        data = pickle.dumps((False, AssertionError(f"{result!r}\n{traceback.format_exc()}")))
    with os.fdopen(write_end, "wb") as pipe:
        pipe.write(data)


def in_child(prepare, function, *arguments):
    """Calls prepare() and then the function in a child; returns what it returned, or raises what it raised."""
    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read_end)
        try:
            _child(write_end, prepare, function, arguments)
        finally:
            os._exit(0)
    os.close(write_end)
    with os.fdopen(read_end, "rb") as pipe:
        data = pipe.read()
    os.waitpid(pid, 0)
    good, result = pickle.loads(data)
    if not good:
        raise result
    return result


def as_user(user, function, *arguments, group="nogroup", groups=()):
    """Calls a function as another user; what it returns has to be picklable."""
    return in_child(lambda: _become(user, group, groups), function, *arguments)


# A number that no user has: the web front's, which is made up for as long as it runs, is of this kind.
MADE_UP_UID = 64999


def as_webfront(function, *arguments):
    """Calls a function as a web front that somebody has taken over could: with its group."""
    return as_user(MADE_UP_UID, function, *arguments, group="restarter-web")


BROKERS_CGROUP = "/sys/fs/cgroup/system.slice/restarter-broker.service/cgroup.procs"


def in_the_broker(function, *arguments):
    """Calls a function as code could that runs in the broker: as its user, in its service. A connection wakes it and
    keeps it awake. Two tasks more fit into it."""
    with rpc.open_socket(rpc.CLIENTS):
        wait_for(lambda: show(BROKER, "ActiveState") == "active", "the broker runs")

        def move():
            with open(BROKERS_CGROUP, "w", encoding="ascii") as file:
                file.write(str(os.getpid()))
            _become("restarter", "restarter", ())

        return in_child(move, function, *arguments)


def broker_does(*command, **options):
    """Runs a command as a broker that somebody has taken over could. What it may do to files and namespaces is not
    what this shows."""
    return in_the_broker(lambda: run(*command, check=False, **options))


def user_does(*command, **options):
    """Runs a command as the broker's user, in a process that is not of its service."""
    return run(
        "setpriv",
        "--reuid=restarter",
        "--regid=restarter",
        "--clear-groups",
        "--inh-caps=-all",
        *command,
        check=False,
        **options,
    )
