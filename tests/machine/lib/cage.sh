# The cage: whatever the tool mounts or starts lives in a mount namespace and a PID namespace of its own, under one
# cgroup, and goes when the tool goes, even by SIGKILL.
#
#   machine VERB          outside: holds the lock and the leash; dies with make (PR_SET_PDEATHSIG)
#    ├─ janitor           a session of its own; when the leash breaks it empties and removes the cgroup
#    └─ unshare           dies with its parent, and takes PID 1 of the cage with it, and that everything else
#        └─ machine inside VERB
#
# The cage sees the unified cgroup hierarchy only, whatever the host mounted, so one way fits every host.
# Sourced by ../machine.

# cage NAME VERB ARGS…: runs inside_VERB ARGS in a cage; returns its status.
cage() {
    local name=$1
    shift
    host_need_root
    host_need_tools
    if host_is_systemd && [[ -z ${RESTARTER_SCOPE:-} ]]; then
        exec env RESTARTER_SCOPE=1 NAME="$name" systemd-run --quiet --scope --collect -p Delegate=yes \
            --unit="restarter-$name-$$" -- "$SELF" "${MACHINE_ARGS[@]}"
    fi
    cage_lock "$name"
    cage_sweep_unshared "$name"
    cage_hold "$name" "$@"
}

# The locks are inherited by the janitor alone, so they are free again when the last trace is gone and not before: one
# for the name, and one that all cages share.
cage_lock() {
    local lock=$CACHE/lock/$1
    mkdir -p "${lock%/*}"
    exec {CAGES_LOCK}<>"$CACHE/lock/.cages"
    export CAGES_LOCK
    flock -s "$CAGES_LOCK"
    exec {CAGE_LOCK}<>"$lock"
    if ! flock -n "$CAGE_LOCK"; then
        cage_refuse_if_running "$1" "$lock"
        flock -w 20 "$CAGE_LOCK" || die "what is left of the last '$1' does not go away; see $lock"
    fi
    echo $$ >"$lock"
}

cage_refuse_if_running() {
    local owner
    read -r owner <"$2" || owner=
    # A killed one may be a zombie for a while: those have no command line.
    grep -qa machine "/proc/${owner:-none}/cmdline" 2>/dev/null || return 0
    die "'$1' runs already (process $owner); end that one first (Ctrl-C there, or kill $owner)"
}

cage_hold() {
    local name=$1 status=0 signal=
    shift
    exec {CAGE_LEASH}> >(exec setsid "$SELF" janitor "$name")
    setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child=KILL --mount-proc \
        "$SELF" inside "$name" "$@" <&0 {CAGE_LEASH}>&- {CAGE_LOCK}>&- {CAGES_LOCK}>&- &
    local child=$!
    trap 'signal=130; kill -KILL $child 2>/dev/null' INT
    trap 'signal=143; kill -KILL $child 2>/dev/null' TERM HUP
    # Its own standard error keeps bash quiet about the end of a killed child.
    { wait "$child" || status=$?; } 2>/dev/null
    trap '' INT TERM HUP
    exec {CAGE_LEASH}>&- {CAGE_LOCK}>&- {CAGES_LOCK}>&-
    cage_wait_for_janitor "$name"
    return "${signal:-$status}"
}

cage_wait_for_janitor() {
    local lock
    exec {lock}<>"$CACHE/lock/$1"
    flock -w 20 "$lock" || die "something of '$1' would not go away"
}

# Shows the unified hierarchy, in this mount namespace; many hosts show it anyway, or are a cage already.
cgroup_view() {
    [[ $(stat -f -c %T /sys/fs/cgroup) == cgroup2fs ]] || mount -t cgroup2 cgroup2 /sys/fs/cgroup
}

# Waits until the last holder of the leash is gone, then sweeps.
cage_janitor() {
    trap '' INT TERM HUP
    cat >/dev/null
    cage_sweep_unshared "$1"
    cage_remove_mount_point
}

cage_sweep_unshared() {
    unshare --mount bash -c '. "$1/cage.sh"; CACHE=$2; cage_sweep "$3"' - "$LIB" "$CACHE" "$1"
}

cage_sweep() {
    local group
    cgroup_view
    while read -r group; do
        cage_empty_cgroup "$group"
    done < <(find /sys/fs/cgroup -depth -type d -name "restarter-$1" 2>/dev/null)
    rm -rf "$CACHE/staging/$1".*
}

# The last cage takes the mount point along that all of them had. Not an earlier one: a directory that is removed takes
# what is mounted on it with it, in every mount namespace.
cage_remove_mount_point() {
    flock -n -x "$CAGES_LOCK" || return 0
    rmdir /run/systemd/nspawn /run/systemd 2>/dev/null || true
}

cage_empty_cgroup() {
    local tries pid
    for ((tries = 0; tries < 200; tries++)); do
        if [[ -e $1/cgroup.kill ]]; then
            echo 1 >"$1/cgroup.kill"
        else
            while read -r pid; do
                kill -KILL "$pid" 2>/dev/null || true
            done < <(find "$1" -name cgroup.procs -exec cat {} + 2>/dev/null)
        fi
        find "$1" -depth -type d -exec rmdir {} + 2>/dev/null || true
        [[ -d $1 ]] || return 0
        sleep 0.05
    done
    printf 'restarter: %s would not go away\n' "$1" >&2
}

# From here on it is PID 1 of the cage that runs. nspawn keeps locks and sockets under /run/systemd/nspawn: a
# tmpfs there takes them along, and the work directory is a tmpfs as well.
cage_inside() {
    local verb=$2
    CAGE=$1
    shift 2
    cgroup_view
    CAGE_CGROUP=/sys/fs/cgroup$(sed -n 's/^0:://p' /proc/self/cgroup)/restarter-$CAGE
    mkdir "$CAGE_CGROUP"
    echo $$ >"$CAGE_CGROUP/cgroup.procs"
    mkdir -p /run/systemd/nspawn
    mount -t tmpfs -o mode=700 tmpfs /run/systemd/nspawn
    WORK=/run/systemd/nspawn/work
    mkdir "$WORK" "$CACHE/staging" 2>/dev/null || true
    "inside_$verb" "$@"
}
