# `make run`: builds, boots, installs, and serves until Ctrl-C. Also `machine with` and `machine boot`, which boot
# the same machines for something else. Sourced by ../machine; the inside_ half runs in a cage.

PORT=${PORT:-8080}

verb_run() {
    RELEASE=${RELEASE:-$(host_release)}
    need_release "$RELEASE"
    [[ $PORT =~ ^[0-9]+$ ]] && ((PORT >= 1 && PORT <= 65535)) || die "PORT=$PORT is not a port"
    cage "${NAME:-run}" run "$RELEASE"
}

inside_run() {
    local release=$1 begin=$EPOCHREALTIME log=$TOP/build/log/run-$CAGE.log
    run_port_is_free || die "port $PORT of 127.0.0.1 is in use; choose another one: make run PORT=…"
    rm -f "$log"
    say "restarter: a throwaway Debian ($release) with the package of this tree"
    image_prepare "$release" plain "$log"
    machine_prepare "$release" plain
    run_set_port "$ROOT"
    step "boot" "$log" machine_start_demo --capability=CAP_NET_ADMIN
    machine_leader_now
    step "first answer on port $PORT" "$log" run_wait_for_answer
    run_announce "$begin"
    run_until_the_machine_ends
}

run_port_is_free() {
    ! (exec 3<>"/dev/tcp/127.0.0.1/$PORT") 2>/dev/null
}

# image_prepare RELEASE KIND LOG: has the package built and the image made, one line a step.
image_prepare() {
    local release=$1 kind=$2 log=$3
    deb_make "$release"
    layer_ready "$release" "$kind" && return
    layer_ready "$release" "$(layer_parent "$kind")" ||
        step "machine image, $release (once; then cached)" "$log" layer_ensure "$release" "$(layer_parent "$kind")"
    step "apt-get install ./restarter.deb on it" "$log" layer_ensure "$release" "$kind"
}

# machine_prepare RELEASE KIND: shows the image at $ROOT. What the machine writes stays in memory.
machine_prepare() {
    local dir=$WORK/machine
    ROOT=$dir/root
    mkdir -p "$dir/upper" "$dir/work" "$ROOT"
    overlay "$1" "$2" "$dir" "$ROOT"
    image_resolver "$ROOT"
    demo_install "$ROOT"
}

demo_install() {
    local demo=$TOP/tests/machine/demo wants=$1/etc/systemd/system/multi-user.target.wants instance
    install -D -m 755 "$demo/example" "$1/usr/local/libexec/example"
    install -D -m 644 "$demo/example@.service" "$1/etc/systemd/system/example@.service"
    mkdir -p "$wants"
    while read -r instance; do
        ln -sf ../example@.service "$wants/example@$instance.service"
    done <"$demo/instances"
}

run_set_port() {
    local dropin=$1/etc/systemd/system/restarter-webfront.socket.d/port.conf
    mkdir -p "${dropin%/*}"
    printf '[Socket]\nListenStream=\nListenStream=127.0.0.1:%s\n' "$PORT" >"$dropin"
}

# In a subshell of step(), so its variables are lost: machine_leader_now finds the machine again.
machine_start_demo() {
    machine_start "$ROOT" "$@"
}

machine_leader_now() {
    MACHINE_LEADER=$(machine_leader "$CAGE_CGROUP") || die "the machine is gone"
}

run_wait_for_answer() {
    local answer
    exec 3<>"/dev/tcp/127.0.0.1/$PORT"
    printf 'GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:%s\r\nConnection: close\r\n\r\n' "$PORT" >&3
    read -r -t 60 answer <&3
    printf 'GET /healthz: %s\n' "$answer"
    [[ $answer == *" 200 "* ]]
}

run_announce() {
    cat <<END

Ready after $(seconds_since "$1") s. Click, or type:

  http://127.0.0.1:$PORT/
  curl -d service_id=1234 http://127.0.0.1:$PORT/restart
  python3 -c 'import xmlrpc.client; print(xmlrpc.client.ServerProxy("http://127.0.0.1:$PORT/RPC2").restart_unit("1234"))'

A shell in the machine: sudo make shell   (journalctl -f -t restarter-broker shows what it decides)
Ctrl-C ends it and leaves nothing behind.
END
}

run_until_the_machine_ends() {
    while kill -0 "$MACHINE_LEADER" 2>/dev/null; do sleep 0.5; done
    say "restarter: the machine has ended"
}

# machine_kind RELEASE[-VARIANT]: sets RELEASE and KIND.
machine_kind() {
    RELEASE=${1%%-*}
    need_release "$RELEASE"
    case $1 in
    *-plain) KIND=plain ;;
    *-dbusbroker) KIND=dbusbrokerinst ;;
    *-browser) KIND=browserinst ;;
    *-tools | "$RELEASE") KIND=toolsinst ;;
    *) die "no such machine: $1" ;;
    esac
}

verb_boot() {
    machine_kind "${1:-}"
    cage "${NAME:-$1}" boot "$RELEASE" "$KIND"
}

inside_boot() {
    machine_up "$1" "$2" "$TOP/build/log/$CAGE.log"
    say "machine '$CAGE' runs: tests/machine/machine exec $CAGE …; Ctrl-C ends it"
    run_until_the_machine_ends
}

verb_with() {
    (($# > 1)) || die "usage: machine with RELEASE[-VARIANT] CMD…"
    machine_kind "$1"
    local name=${NAME:-$1-$$}
    shift
    cage "$name" with "$RELEASE" "$KIND" "$@"
}

inside_with() {
    local release=$1 kind=$2
    shift 2
    machine_up "$release" "$kind" "$TOP/build/log/$CAGE.log" >&2
    machine_in_tree "$@"
}

# A machine for tests: no network but its own loopback, the source tree at /usr/src/restarter, and /var/tmp/out is
# build/out/NAME here.
machine_up() {
    local release=$1 kind=$2 log=$3 out=${MACHINE_OUT:-$TOP/build/out/$CAGE}
    image_prepare "$release" "$kind" "$log"
    machine_prepare "$release" "$kind"
    machine_mask_generators "$ROOT"
    tree_export "$ROOT/usr/src/restarter"
    mkdir -p "$out"
    owner_as_tree "$TOP/build"
    MACHINE_LOG=${log%.log}-console.log
    step "boot" "$log" machine_start_demo --private-network --bind="$out:/var/tmp/out"
    machine_leader_now
}

# They make units of fstab, consoles and init scripts, none of which a machine for tests has, and at each daemon-reload
# they take longer than all the rest of it.
machine_mask_generators() {
    local generator masks=$1/etc/systemd/system-generators
    mkdir -p "$masks"
    for generator in "$1"/usr/lib/systemd/system-generators/*; do
        ln -s /dev/null "$masks/${generator##*/}"
    done
}

machine_in_tree() {
    machine_run env --chdir=/usr/src/restarter "$@"
}

# A command with the test tools and this host's network, for a client of `make run`.
verb_client() {
    cage "client-$$" client "$@"
}

inside_client() {
    local release dir
    release=$(host_release)
    layer_ensure "$release" tools >&2
    dir=$WORK/client
    mkdir -p "$dir/upper" "$dir/work" "$dir/root"
    overlay "$release" tools "$dir" "$dir/root"
    image_run "$dir/root" sh -c "$1"
}
