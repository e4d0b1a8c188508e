# Several machines: beside the one in which the tests run, others on the same wire, in the same cage. Each has the package and
# an sshd, a name, an address, and a disk that outlives its power; none has a way out. They are off until somebody asks for one.
#
#   cage
#    ├─ network namespace: the bridge, which nothing but machines is on
#    ├─ restarter   10.11.0.1     pytest, or what `make run` shows
#    ├─ keeper ── web1   10.11.0.2     boots it whenever something is written to /srv/machines/web1.power
#    └─ keeper ── web2 …
#
# /srv/machines is one directory, seen by all of them: each has its control there, a socket at which commands are run as
# root, so that nobody needs the wire to disturb the wire. Sourced by ../machine; needs a cage.

MACHINES_ALL=(web1 web2 web3 web4 web5 web6 web7 web8 web9)

machine_is_several() {
    [[ $1 == far || $1 == farinst || $1 == sshinst ]]
}

# machines_prepare RELEASE KIND LOG: the wire, and everything that the others need but power. Sets MACHINE_OPTIONS for the first.
# For tests they alternate between the releases, the first being of the other one: what speaks to each other was never one build.
machines_prepare() {
    local release=$1 kind=$2 log=$3 number name other
    machines_wire
    mkdir -m 700 "$WORK/machines"
    MACHINE_OPTIONS=(--machine="$CAGE-restarter" --network-bridge=wire --bind="$WORK/machines:/srv/machines")
    machines_install "$ROOT" restarter 10.11.0.1
    [[ $kind == sshinst ]] || image_prepare "$(machines_other_release "$release")" "$kind" "$log"
    for number in "${!MACHINES_ALL[@]}"; do
        name=${MACHINES_ALL[number]}
        other=$release
        [[ $kind == sshinst ]] || ((number % 2)) || other=$(machines_other_release "$release")
        machines_prepare_one "$name" "$other" "$kind" "10.11.0.$((number + 2))"
        machines_keep "$name" "${log%/*}" &
    done
}

# The host need not have ip(8), but the image has.
machines_wire() {
    NSPAWN_NETWORK=$WORK/network
    : >"$NSPAWN_NETWORK"
    unshare --net="$NSPAWN_NETWORK" true
    nsenter --net="$NSPAWN_NETWORK" chroot "$ROOT" ip link add wire type bridge
    nsenter --net="$NSPAWN_NETWORK" chroot "$ROOT" ip link set wire up
}

machines_other_release() {
    local release
    for release in "${RELEASES[@]}"; do [[ $release == "$1" ]] || echo "$release"; done
}

machines_prepare_one() {
    local name=$1 release=$2 kind=$3 address=$4 ROOT
    machine_prepare "$release" "$kind" "$WORK/machine-$name"
    machine_mask_generators "$ROOT"
    machines_install "$ROOT" "$name" "$address"
    mkfifo "$WORK/machines/$name.power"
}

# machines_install ROOT NAME ADDRESS: the address and the names of all, the control, and a host key of its own for sshd.
machines_install() {
    local root=$1 name=$2 address=$3 units=$1/etc/systemd/system number
    echo "$name" >"$root/etc/hostname"
    install -D -m 755 "$TOP/tests/machine/demo/machines/control" "$root/usr/local/libexec/machine-control"
    install -D -m 755 "$TOP/tests/machine/demo/machines/slow-wire" "$root/usr/local/libexec/machine-slow-wire"
    install -D -m 644 -t "$units" "$TOP"/tests/machine/demo/machines/machine-*
    install -D -m 644 "$TOP/tests/machine/demo/machines/ssh.conf" "$units/ssh.service.d/machine.conf"
    printf 'ADDRESS=%s\n' "$address" >"$root/etc/machine-wire"
    mkdir -p "$units/multi-user.target.wants" "$units/sockets.target.wants"
    ln -sf ../machine-wire.service "$units/multi-user.target.wants/"
    ln -sf ../machine-control.socket "$units/sockets.target.wants/"
    rm -f "$root"/etc/ssh/ssh_host_*
    echo "10.11.0.1 restarter" >>"$root/etc/hosts"
    for number in "${!MACHINES_ALL[@]}"; do
        echo "10.11.0.$((number + 2)) ${MACHINES_ALL[number]}"
    done >>"$root/etc/hosts"
}

# machines_keep NAME LOGS: its power supply.
machines_keep() {
    local name=$1 log=$2/$CAGE-$1-console.log status
    CAGE_CGROUP=$CAGE_CGROUP/others.$name
    mkdir "$CAGE_CGROUP"
    while :; do
        read -r _ <"$WORK/machines/$name.power" || continue
        status=$MACHINE_REBOOTS
        while ((status == MACHINE_REBOOTS)); do
            status=0
            machines_boot "$name" "$log" || status=$?
        done
    done
}

# What nspawn ends with when the machine is to boot anew.
MACHINE_REBOOTS=133

machines_boot() (
    nspawn --directory="$WORK/machine-$1/root" --boot --console=pipe --machine="$CAGE-$1" --hostname="$1" \
        --network-bridge=wire --bind="$WORK/machines:/srv/machines" </dev/null >>"$2" 2>&1
)
