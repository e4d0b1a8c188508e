# What the tool needs of the host it runs on, and what it takes over from it: resolver, proxy, mirror.
# Sourced by ../machine.

RELEASES=(bookworm trixie)
HOST_TOOLS=(mmdebstrap systemd-container)

host_need_root() {
    ((EUID == 0)) || die "this needs root: sudo make …"
}

# A Debian with nothing but make and git lacks two packages; they are named before they are installed.
host_need_tools() {
    local missing=()
    command -v mmdebstrap >/dev/null || missing+=(mmdebstrap)
    command -v systemd-nspawn >/dev/null || missing+=(systemd-container)
    ((${#missing[@]})) || return 0
    command -v apt-get >/dev/null || die "please install: ${missing[*]}"
    say "restarter: installing on this host, for the throwaway machines: ${missing[*]}"
    step "apt-get install ${missing[*]}" "$TOP/build/log/host.log" host_install "${missing[@]}"
}

host_install() {
    export DEBIAN_FRONTEND=noninteractive
    apt-get -qy --no-install-recommends install "$@" && return
    apt-get -q update
    apt-get -qy --no-install-recommends install "$@"
}

host_release() {
    local codename
    codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
    release_known "$codename" && echo "$codename" || echo bookworm
}

release_known() {
    local release
    for release in "${RELEASES[@]}"; do
        [[ $release == "$1" ]] && return
    done
    return 1
}

need_release() {
    release_known "${1:-}" || die "no such release: ${1:-(none given)}; known: ${RELEASES[*]}"
}

# Prints apt.conf lines that make a machine fetch packages the way this host does.
host_apt_proxy() {
    local line key
    apt-config dump 2>/dev/null | grep -Ei '^Acquire::(http|https|ftp)::Proxy(::[^ ]+)? ' || true
    for key in http https; do
        line=${key}_proxy
        [[ -z ${!line:-} ]] || printf 'Acquire::%s::Proxy "%s";\n' "$key" "${!line}"
    done
}

host_is_systemd() {
    [[ -d /run/systemd/system && $(cat /proc/1/comm) == systemd ]]
}
