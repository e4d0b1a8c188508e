# `make run MACHINES=3`: the machine whose page is shown, and others on a wire with it, which it reaches by ssh as
# restarter-far(8) says. They boot with it. The page is brought from the wire to this host's loopback through a Unix socket.
# Sourced by ../machine; the rest is machines.sh.

# run_machines_prepare RELEASE LOG: everything but power.
run_machines_prepare() {
    local name
    MACHINES_ALL=("${MACHINES_ALL[@]:0:MACHINES-1}")
    machines_prepare "$1" sshinst "$2"
    install -d -m 700 "$ROOT/etc/restarter/far"
    for name in "${MACHINES_ALL[@]}"; do run_machines_introduce "$name" "$WORK/machine-$name/root"; done
    run_machines_page
}

# run_machines_introduce NAME ITS-ROOT: a key for it here, its host key, and the account there that the key is for.
run_machines_introduce() {
    local name=$1 there=$2 far=/etc/restarter/far home=/home/restarter-page/.ssh wants=$ROOT/etc/systemd/system/sockets.target.wants
    chroot "$ROOT" ssh-keygen -q -t ed25519 -N "" -f "$far/$name.key"
    chroot "$there" ssh-keygen -q -t ed25519 -N "" -f /etc/ssh/ssh_host_ed25519_key
    echo "$name $(<"$there/etc/ssh/ssh_host_ed25519_key.pub")" >"$ROOT$far/$name.known_hosts"
    chroot "$there" useradd --system --create-home --shell /bin/sh --groups restarter-clients restarter-page
    chroot "$there" install -d -m 700 -o restarter-page "$home"
    chroot "$there" restartctl bridge --authorized-key <"$ROOT$far/$name.key.pub" >"$there$home/authorized_keys"
    printf '\n[Policy]\nFronts=restarter-page\n' >>"$there/etc/restarter/policy.conf"
    printf '[Machine %s]\nVia=ssh\nHost=restarter-page@%s\n' "$name" "$name" >>"$ROOT/etc/restarter/machines.conf"
    mkdir -p "$wants"
    ln -sf "/lib/systemd/system/restarter-far@.socket" "$wants/restarter-far@$name.socket"
}

run_machines_page() {
    local units=$ROOT/etc/systemd/system page=$TOP/tests/machine/demo/machines/run
    install -m 644 "$page/page.socket" "$units/"
    sed "s/PORT/$PORT/" "$page/page.service" >"$units/page.service"
    ln -sf ../page.socket "$units/sockets.target.wants/"
    mkdir -p "$ROOT/srv/machines"
    mount --bind "$WORK/machines" "$ROOT/srv/machines"
}

# After the first has come up. systemd's own programs are those of the image: the host need not have any.
run_machines_begin() {
    local name tries
    for name in "${MACHINES_ALL[@]}"; do echo on >"$WORK/machines/$name.power"; done
    setpriv --pdeathsig KILL chroot "$ROOT" systemd-socket-activate --listen="127.0.0.1:$PORT" \
        /lib/systemd/systemd-socket-proxyd /srv/machines/page.sock >>"$1" 2>&1 &
    for ((tries = 0; tries < 600; tries++)); do
        run_port_is_free || return 0
        sleep 0.05
    done
    die "nothing listens on port $PORT after 30 seconds"
}
