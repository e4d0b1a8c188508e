# Booting a machine, and speaking to one that runs. A machine needs no bookkeeping: it is found by its cgroup,
# restarter-NAME, and its first process there. Sourced by ../machine.

MACHINE_PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
NSPAWN=(--quiet --register=no --keep-unit --settings=no --link-journal=no --resolv-conf=off --timezone=off)

# Each nspawn wants a cgroup that it shares with nobody; several machines share a network of their own.
nspawn() {
    local group
    group=$CAGE_CGROUP/m.$BASHPID
    mkdir "$group"
    echo "$BASHPID" >"$group/cgroup.procs"
    exec setpriv --pdeathsig KILL ${NSPAWN_NETWORK:+nsenter --net="$NSPAWN_NETWORK"} \
        systemd-nspawn "${NSPAWN[@]}" "$@"
}

# machine_start ROOT NSPAWN-OPTION…: boots it and waits until it has come up.
machine_start() {
    local root=$1
    shift
    MACHINE_LOG=${MACHINE_LOG:-$WORK/console.log}
    (nspawn --directory="$root" --boot --console=pipe --hostname="${MACHINE_HOSTNAME:-restarter}" "$@" \
        </dev/null >"$MACHINE_LOG" 2>&1) &
    MACHINE_NSPAWN=$!
    machine_wait_until_up
}

machine_wait_until_up() {
    local tries state
    for ((tries = 0; tries < 600; tries++)); do
        if ! kill -0 "$MACHINE_NSPAWN" 2>/dev/null; then
            show_tail "$MACHINE_LOG"
            die "the machine did not boot"
        fi
        state=
        MACHINE_LEADER=$(machine_leader "$CAGE_CGROUP") && state=$(machine_run systemctl is-system-running 2>&1) || true
        case $state in
        running) return ;;
        degraded)
            machine_run systemctl --failed --no-legend --plain
            return
            ;;
        esac
        sleep 0.05
    done
    show_tail "$MACHINE_LOG"
    die "the machine is not up after 30 seconds: $state"
}

# Its first process is, seen from here, any number; seen from itself, 1. A machine in the machine is deeper down.
machine_leader() {
    local pid
    while read -r pid; do
        [[ $(sed -n 's/^NSpid:.*\t//p' "/proc/$pid/status" 2>/dev/null) == 1 ]] || continue
        echo "$pid"
        return
    done < <(find "$1" -maxdepth 4 -path '*/payload/init.scope/cgroup.procs' -exec cat {} + 2>/dev/null)
    return 1
}

machine_run() {
    machine_enter "$MACHINE_LEADER" "$@"
}

# machine_enter LEADER CMD…: in all namespaces and in the cgroup of PID 1, with nothing of our environment.
machine_enter() {
    local leader=$1
    shift
    nsenter --target "$leader" --mount --uts --ipc --net --pid --cgroup --root -- \
        env -i --chdir=/ PATH="$MACHINE_PATH" HOME=/root USER=root LOGNAME=root SHELL=/bin/bash LANG=C.UTF-8 \
        TERM="${TERM:-dumb}" DEBIAN_FRONTEND=noninteractive "$@"
}

machine_power_off() {
    machine_run systemctl poweroff
    timeout 20 tail --pid="$MACHINE_NSPAWN" -f /dev/null || kill -KILL "$MACHINE_NSPAWN"
    wait "$MACHINE_NSPAWN" || true
}

# From outside of the cage: sets MACHINE_LEADER to that of NAME, or of one of the others on its wire: NAME:web1.
machine_find() {
    local name=${1%%:*} other=${1#"${1%%:*}"} groups
    cgroup_view
    groups=$(find /sys/fs/cgroup -type d -name "restarter-$name" -prune 2>/dev/null | head -n 1)
    [[ -n $groups ]] && MACHINE_LEADER=$(machine_leader "$groups${other:+/others.${other#:}}") && return
    die "no machine '$name' runs; there is: $(machine_names | tr '\n' ' ')"
}

machine_names() {
    find /sys/fs/cgroup -path '*/payload/init.scope' 2>/dev/null |
        sed -n 's,.*/restarter-\([^/]*\)/m\.[0-9]*/payload/init.scope$,\1,p'
}

machine_join_cgroup() {
    local group
    group=$(sed -n 's/^0:://p' "/proc/$MACHINE_LEADER/cgroup")
    echo $$ >"/sys/fs/cgroup$group/cgroup.procs" 2>/dev/null || true
}

# Verbs from outside run in a mount namespace of their own, for its view of the cgroups.
outside() {
    host_need_root
    [[ -n ${RESTARTER_OUTSIDE:-} ]] || exec env RESTARTER_OUTSIDE=1 unshare --mount "$SELF" "${MACHINE_ARGS[@]}"
}

verb_exec() {
    (($# > 1)) || die "usage: machine exec NAME CMD…"
    outside
    machine_find "$1"
    machine_join_cgroup
    shift
    machine_run "$@"
}

verb_shell() {
    outside
    machine_find "${1:-run}"
    machine_join_cgroup
    machine_run script --quiet --command 'cd; exec bash -l' /dev/null
}

verb_push() {
    (($# == 3)) || die "usage: machine push NAME FILE DIR"
    outside
    machine_find "$1"
    tar -C "$(dirname "$2")" -cf - "$(basename "$2")" | machine_run tar -C "$3" --no-same-owner -xf -
}

verb_pull() {
    (($# == 3)) || die "usage: machine pull NAME FILE DIR"
    outside
    machine_find "$1"
    machine_run tar -C "$(dirname "$2")" -cf - "$(basename "$2")" | tar -C "$3" --no-same-owner -xf -
}

verb_list() {
    outside
    cgroup_view
    machine_names
}
