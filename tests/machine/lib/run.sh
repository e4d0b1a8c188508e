# `make run`: builds, boots, installs, and serves until Ctrl-C. Also `machine with` and `machine boot`, which boot
# the same machines for something else. Sourced by ../machine; the inside_ half runs in a cage.

PORT=${PORT:-8080}
LOGIN=${LOGIN:-none}
MACHINES=${MACHINES:-1}

verb_run() {
    RELEASE=${RELEASE:-$(host_release)}
    need_release "$RELEASE"
    [[ $PORT =~ ^[0-9]+$ ]] && ((PORT >= 1 && PORT <= 65535)) || die "PORT=$PORT is not a port"
    [[ $LOGIN == none || $LOGIN == password ]] || die "LOGIN=$LOGIN: the demonstration has none and password"
    [[ $MACHINES =~ ^([1-9]|10)$ ]] || die "MACHINES=$MACHINES: the demonstration has 1 to 10"
    cage "${NAME:-run}" run "$RELEASE"
}

inside_run() {
    local release=$1 begin=$EPOCHREALTIME log=$TOP/build/log/run-$CAGE.log kind=plain
    run_port_is_free || die "port $PORT of 127.0.0.1 is in use; choose another one: make run PORT=…"
    rm -f "$log"
    say "restarter: a throwaway Debian ($release) with the package of this tree"
    ((MACHINES == 1)) || kind=sshinst
    image_prepare "$release" "$kind" "$log"
    machine_prepare "$release" "$kind"
    run_set_port "$ROOT"
    [[ $LOGIN == none ]] || run_set_login "$ROOT"
    MACHINE_OPTIONS=(--capability=CAP_NET_ADMIN)
    ((MACHINES == 1)) || run_machines_prepare "$release" "$log"
    step "boot" "$log" machine_start_demo "${MACHINE_OPTIONS[@]}"
    machine_leader_now
    ((MACHINES == 1)) || run_machines_begin "$log"
    [[ $LOGIN == none ]] || step "restartctl policy apply" "$log" machine_run restartctl policy apply
    step "first answer on port $PORT" "$log" run_wait_for_answer
    run_say_ready "$begin"
    run_until_the_machine_ends
}

run_say_ready() {
    say
    say "Ready after $(seconds_since "$1") s. $(run_what_to_do)"
    say
    ((MACHINES == 1)) || say "The page shows the others too, a section each, by ssh: ${MACHINES_ALL[*]}"
    say "A shell in the machine: sudo make shell   (journalctl -f -t restarter-broker shows what it decides)"
    say "Ctrl-C ends it and leaves nothing behind."
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

# machine_prepare RELEASE KIND [DIR]: shows the image at $ROOT. What the machine writes stays in memory.
machine_prepare() {
    local dir=${3:-$WORK/machine}
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

# Who may log in, what they may do, and an instance for each of them.
run_set_login() {
    local login=$TOP/tests/machine/demo/login etc=$1/etc/restarter wants=$1/etc/systemd/system name
    install -m 600 "$login/users" "$etc/users"
    install -m 644 "$login/groups" "$login/webfront.conf" "$login/policy.conf" "$etc/"
    mkdir -p "$wants/sockets.target.wants"
    ln -sf /usr/lib/systemd/system/restarter-login.socket "$wants/sockets.target.wants/"
    for name in $(run_accounts | cut -d ' ' -f 1); do
        ln -sf ../example@.service "$wants/multi-user.target.wants/example@$name.service"
    done
}

# "NAME PASSWORD", a line each.
run_accounts() {
    sed -n 's/^# \([a-z]*\) \([a-z-]*\)$/\1 \2/p' "$TOP/tests/machine/demo/login/users"
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

run_what_to_do() {
    if [[ $LOGIN == none ]]; then
        say "Click, or type:"
        run_examples "$PORT" "" 1234
        return
    fi
    say "Log in as one of these, and click; each has a page of their own:"
    say
    run_accounts | sed 's/ /, password /; s/^/  /'
    say
    say "Or type:"
    run_examples "$PORT" "$(run_accounts | head -n 1)" anna
}

# run_examples PORT "NAME PASSWORD" ID: without a name nobody logs in.
run_examples() {
    local at=127.0.0.1:$1 who=${2/ /:}
    cat <<END

  http://$at/
  curl ${who:+-u $who }-d service_id=$3 http://$at/restart
  python3 -c 'import xmlrpc.client; print(xmlrpc.client.ServerProxy("http://${who:+$who@}$at/RPC2").restart_unit("$3"))'
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
    *-far) KIND=farinst ;;
    *-clients) KIND=clientsinst ;;
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

# A machine for tests: no network but its own loopback, and the wire where there are several (machines.sh), the source tree at /usr/src/restarter with the package in it where
# `make deb` leaves it, and /var/tmp/out is
# build/out/NAME here.
machine_up() {
    local release=$1 kind=$2 log=$3 out=${MACHINE_OUT:-$TOP/build/out/$CAGE}
    image_prepare "$release" "$kind" "$log"
    machine_prepare "$release" "$kind"
    machine_mask_generators "$ROOT"
    tree_export "$ROOT/usr/src/restarter"
    install -D -m 644 -t "$ROOT/usr/src/restarter/build/$release" "$(deb_file "$release")"
    mkdir -p "$out"
    owner_as_tree "$TOP/build"
    MACHINE_LOG=${log%.log}-console.log
    MACHINE_OPTIONS=(--private-network)
    ! machine_is_several "$kind" || machines_prepare "$release" "$kind" "$log"
    step "boot" "$log" machine_start_demo "${MACHINE_OPTIONS[@]}" --bind="$out:/var/tmp/out"
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
