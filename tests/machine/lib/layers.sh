# Images, kept in the cache as overlay layers: each is what one step added to the layer below. A layer is named by a
# hash of all that it was made from, so it is made again when, and only when, something of that changed.
#
#   base ── build ── check                  minimal Debian; + what the package needs to be built; + to be checked
#     └──── boot ─┬─ plain                  + systemd as PID 1; + the package, put in by apt on the running machine
#                 ├─ ssh ── sshinst         + ssh, for several machines of `make run`; + the package
#                 ├─ host                   + make, and the downloaded packages of a host of `make run`
#                 └─ tools ── toolsinst     + what tests need; + the package
#                     ├─ dbusbroker ── dbusbrokerinst
#                     ├─ far ── farinst     + ssh, for several machines
#                     ├─ clients ── clientsinst   + what others call XML-RPC with
#                     └─ browser ── browserinst
#
# Sourced by ../machine; needs a cage.

LAYER_FORMAT=1
TEST_TOOLS=(python3-minimal python3-pytest curl strace procps psmisc socat iproute2 less dbus polkitd libnss-systemd
    nginx haproxy openssl python3-jsonschema)
SSH_TOOLS=(openssh-client openssh-server)
CLIENT_TOOLS=(libxmlrpc-core-c3-dev librpc-xml-perl ruby ruby-xmlrpc nodejs)

layer_parent() {
    case $1 in
    base) ;;
    build | boot) echo base ;;
    check) echo build ;;
    plain | host | ssh | tools) echo boot ;;
    dbusbroker | browser | far | clients) echo tools ;;
    toolsinst) echo tools ;;
    *inst) echo "${1%inst}" ;;
    *) die "no such image: $1" ;;
    esac
}

# What a layer is made from, beside its parent: printed, and hashed into its name.
layer_inputs() {
    local release=$1 kind=$2
    case $kind in
    base) echo "${MIRROR:-}" ;;
    build | check) build_depends ;;
    host) echo "${HOST_TOOLS[*]}" ;;
    tools) echo "${TEST_TOOLS[*]}" ;;
    far | ssh) echo "${SSH_TOOLS[*]}" ;;
    clients) echo "${CLIENT_TOOLS[*]} $NODE_CLIENT" && declare -f layer_fetch_npm ;;
    browser) echo "$AXE_SHA512" && declare -f layer_add_axe ;;
    plain | *inst) sha256sum <"$(deb_file "$release")" ;;
    esac
    declare -f "layer_make_$(layer_recipe "$kind")"
}

layer_recipe() {
    case $1 in
    plain | *inst) echo installed ;;
    *) echo "$1" ;;
    esac
}

layer_key() {
    local release=$1 kind=$2 parent
    parent=$(layer_parent "$kind")
    {
        echo "$LAYER_FORMAT $release $kind"
        [[ -z $parent ]] || layer_key "$release" "$parent"
        layer_inputs "$release" "$kind"
    } | sha256sum | cut -c1-12
}

layer_dir() {
    echo "$CACHE/$1/$2-$(layer_key "$1" "$2")"
}

# Prints the lowerdir= of an overlay that shows KIND, topmost first.
layer_stack() {
    local kind=$2 stack
    stack=$(layer_dir "$1" "$kind")
    while kind=$(layer_parent "$kind") && [[ -n $kind ]]; do
        stack+=:$(layer_dir "$1" "$kind")
    done
    echo "$stack"
}

layer_ready() {
    [[ -d $(layer_dir "$1" "$2") ]]
}

# Makes KIND and everything below it, unless it is there. Several may ask for the same one at once.
layer_ensure() {
    local release=$1 kind=$2 parent dir lock
    dir=$(layer_dir "$release" "$kind")
    [[ -d $dir ]] && return
    parent=$(layer_parent "$kind")
    [[ -z $parent ]] || layer_ensure "$release" "$parent"
    mkdir -p "$CACHE/lock" "$CACHE/$release"
    exec {lock}>"$CACHE/lock/$release-$kind"
    flock "$lock"
    [[ -d $dir ]] || layer_make "$release" "$kind" "$dir"
    exec {lock}>&-
}

layer_make() {
    local release=$1 kind=$2 dir=$3 stage
    stage=$(mktemp -d "$CACHE/staging/$CAGE.XXXXXX")
    echo "== $release $kind"
    unshare --mount --propagation private "$SELF" inlayer "$CAGE" "$CAGE_CGROUP" "$WORK" "$release" "$kind" "$stage"
    layer_forget_old "$release" "$kind"
    mv "$stage/upper" "$dir"
    rm -rf "$stage"
}

# Runs in a mount namespace of its own, so that the next one does not find this one's mounts.
layer_make_mounted() {
    local release=$1 kind=$2 stage=$3 parent root
    parent=$(layer_parent "$kind")
    if [[ -z $parent ]]; then
        layer_make_base "$release" "$stage/upper"
        return
    fi
    root=$stage/root
    mkdir "$stage/upper" "$stage/work" "$root"
    overlay "$release" "$parent" "$stage" "$root"
    "layer_make_$(layer_recipe "$kind")" "$release" "$kind" "$root"
    umount "$root"
}

# overlay RELEASE KIND DIR ROOT: shows KIND at ROOT; what is written goes to DIR/upper.
overlay() {
    local stack
    stack=$(layer_stack "$1" "$2")
    mount -t overlay overlay -o "lowerdir=$stack,upperdir=$3/upper,workdir=$3/work,index=off,redirect_dir=off,metacopy=off" "$4"
    # A layer is in use as long as somebody holds this lock, see layer_forget_old.
    exec {LAYER_IN_USE}<"$(layer_dir "$1" "$2")"
    flock -s "$LAYER_IN_USE"
}

# Of each kind one old layer is kept, for whoever goes back and forth; those that a machine shows are left alone.
layer_forget_old() {
    local dir
    for dir in $(ls -dt "$CACHE/$1/$2"-* 2>/dev/null | tail -n +2); do
        flock -n "$dir" rm -rf "$dir" || true
    done
}

layer_make_base() {
    local release=$1 root=$2 conf=$WORK/$1.apt.conf
    host_apt_proxy >"$conf"
    local include=()
    [[ ${MIRROR:-} != *https:* ]] || include=(--include=ca-certificates)
    mmdebstrap --variant=minbase --mode=root --skip=cleanup/apt/lists "${include[@]}" \
        --dpkgopt=force-unsafe-io \
        --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/restarter*' \
        --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/man/*/man*' \
        --aptopt='Acquire::Languages "none"' --aptopt='APT::Install-Recommends "false"' \
        --aptopt='APT::Get::Assume-Yes "true"' --aptopt='Binary::apt-get::APT::Keep-Downloaded-Packages "true"' \
        --aptopt="$conf" "$release" "$root" ${MIRROR:+"$MIRROR"}
    printf '127.0.0.1 localhost\n::1 localhost\n127.0.1.1 restarter\n' >"$root/etc/hosts"
    # Nothing is to start while packages are put in from outside; the running machine goes without this file.
    printf '#!/bin/sh\n# Nothing starts in an image that is being made.\n[ -d /run/systemd/system ] || exit 101\n' \
        >"$root/usr/sbin/policy-rc.d"
    chmod 755 "$root/usr/sbin/policy-rc.d"
}

layer_make_build() {
    local root=$3
    mkdir -p "$root/var/tmp/restarter/debian"
    build_depends >"$root/var/tmp/restarter/debian/control"
    image_apt "$1" "$2" "$root" install build-essential ccache fakeroot
    image_apt "$1" "$2" "$root" --build-profiles=nocheck build-dep /var/tmp/restarter/
    image_run "$root" useradd --create-home --home-dir /home/builder --shell /bin/bash builder
}

layer_make_check() {
    image_apt "$1" "$2" "$3" --build-profiles="$(check_profiles "$1")" build-dep /var/tmp/restarter/
}

layer_make_boot() {
    local root=$3 unit
    image_apt "$1" "$2" "$root" install systemd-sysv
    for unit in apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer \
        systemd-tmpfiles-clean.timer systemd-networkd-wait-online.service; do
        ln -sf /dev/null "$root/etc/systemd/system/$unit"
    done
}

# What `make run` installs on its host is only fetched here.
layer_make_host() {
    image_apt "$1" "$2" "$3" install make
    image_apt "$1" "$2" "$3" --download-only install "${HOST_TOOLS[@]}"
}

layer_make_tools() {
    image_apt "$1" "$2" "$3" install "${TEST_TOOLS[@]}"
    # Of Prometheus what checks texts for it (from Debian 13 on a package of its own), and not the server with all that it
    # brings along.
    image_run "$3" sh -c 'cd /tmp && package=prometheus && { ! apt-cache show promtool >/dev/null 2>&1 || package=promtool; } &&
        apt-get -q download $package && dpkg-deb --fsys-tarfile ${package}_*.deb | tar -x -C / ./usr/bin/promtool &&
        rm ${package}_*.deb'
    # Whoever tests with one of them starts it.
    image_run "$3" systemctl --quiet disable nginx.service haproxy.service
}

layer_make_dbusbroker() {
    image_apt "$1" "$2" "$3" install dbus-broker
    image_run "$3" systemctl enable dbus-broker.service
}

layer_make_far() {
    image_apt "$1" "$2" "$3" install "${SSH_TOOLS[@]}"
}

layer_make_ssh() {
    image_apt "$1" "$2" "$3" install "${SSH_TOOLS[@]}" iproute2
}

# Node's xmlrpc, and what it is made of, are in npm's registry only.
NODE_CLIENT='8d07f981bacfeb0bf337bd5f82470f3e41786c5fd6ca8bdded775f7fc77afe28716268044d0612b9373e1e5fadb21fe39a03cbae8fc0ae8e3c2cc16523210a29  xmlrpc-1.3.2.tgz
36a543bfd4e900d523166d0df2e3391b12f7e9480a8bdfdab59c3ec7b6059d0f1c9301462ab978c57e325adadecb75099b99cfd6451b9d880ba29a963524615b  sax-1.2.4.tgz
78a440173d388e0868a32f26b9e92ace8f2e09254d7b245e75bb89ae9d1fa2f6cb222ef096c62d7549f7bc10003ead98dffd31333d96304510f3285554ef52b7  xmlbuilder-8.2.2.tgz'

# layer_fetch_npm RELEASE KIND ROOT PACKAGE@VERSION…: leaves them in ROOT/var/tmp, and npm for the caller to purge.
layer_fetch_npm() {
    local root=$3 certificates=/etc/ssl/certs/ca-certificates.crt options=()
    [[ ! -e $certificates ]] || options=(--bind-ro="$certificates:/mnt/certificates")
    image_apt "$1" "$2" "$3" install npm ca-certificates
    image_run "$root" "${options[@]}" --setenv=NODE_EXTRA_CA_CERTS=/mnt/certificates -- \
        npm pack --silent --pack-destination /var/tmp "${@:4}"
}

layer_make_clients() {
    local root=$3 file modules=$3/usr/local/lib/node_modules
    layer_fetch_npm "$@" xmlrpc@1.3.2 sax@1.2.4 xmlbuilder@8.2.2
    (cd "$root/var/tmp" && sha512sum --check --quiet <<<"$NODE_CLIENT")
    for file in "$root"/var/tmp/*.tgz; do
        mkdir -p "$modules/$(basename "${file%-*}")"
        tar -C "$modules/$(basename "${file%-*}")" --no-same-owner --strip-components=1 -xf "$file"
        rm "$file"
    done
    image_apt "$1" "$2" "$root" purge --auto-remove npm
    image_apt "$1" "$2" "$root" install "${CLIENT_TOOLS[@]}"
}

layer_make_browser() {
    image_apt "$1" "$2" "$3" install chromium chromium-headless-shell chromium-driver python3-selenium fonts-dejavu-core \
        firefox-esr python3-websocket
    layer_add_axe "$@"
}

# axe-core, which looks at a page as somebody does who cannot see it, is in npm's registry only. What fetched it goes again.
AXE_VERSION=4.14.1
AXE_SHA512=1477dafa598d8d065f273d6af302aa203c02e83131707b7fa648cd41bd3d6b734f8c22a0dab86ee6a6f64b8afbe804b214d36db85a2826965edfb3a0b9d546b5

layer_add_axe() {
    local root=$3 certificates=/etc/ssl/certs/ca-certificates.crt options=()
    [[ ! -e $certificates ]] || options=(--bind-ro="$certificates:/mnt/certificates")
    image_apt "$1" "$2" "$3" install npm ca-certificates
    image_run "$root" "${options[@]}" --setenv=NODE_EXTRA_CA_CERTS=/mnt/certificates -- \
        npm pack --silent --pack-destination /var/tmp "axe-core@$AXE_VERSION"
    sha512sum --check --quiet <<<"$AXE_SHA512  $root/var/tmp/axe-core-$AXE_VERSION.tgz"
    tar -C "$root/usr/local/share" --no-same-owner --strip-components=1 \
        -xf "$root/var/tmp/axe-core-$AXE_VERSION.tgz" package/axe.min.js
    rm "$root/var/tmp/axe-core-$AXE_VERSION.tgz"
    image_apt "$1" "$2" "$3" purge --auto-remove npm
}

# The package goes in as it would with its user: by apt, on the running machine. That machine has no network, so
# that a port in use here cannot disturb it; what apt needs is fetched before.
layer_make_installed() {
    local release=$1 kind=$2 root=$3 deb
    deb=$(deb_file "$release")
    cp "$deb" "$root/var/tmp/"
    image_apt "$release" "$kind" "$root" --download-only install "/var/tmp/${deb##*/}"
    machine_start "$root" --private-network --bind="$(apt_archives "$release" "$kind"):/var/cache/apt/archives"
    machine_run apt-get -q install "/var/tmp/${deb##*/}"
    machine_run sh -c 'systemctl is-active restarter-webfront.socket restarter-broker.socket restarter-broker-web.socket'
    machine_power_off
    rm -rf "$root/var/tmp/${deb##*/}" "$root/var/log/journal"/*
}

apt_archives() {
    local dir=$CACHE/$1/apt-$2
    mkdir -p "$dir/partial"
    echo "$dir"
}

# image_apt RELEASE KIND ROOT ARGS…: apt-get in an image, which is not booted. A package list that has grown old
# names packages that are gone: it is read again once.
image_apt() {
    local root=$3 archives
    archives=$(apt_archives "$1" "$2")
    shift 3
    image_run "$root" --bind="$archives:/var/cache/apt/archives" -- apt-get -q "$@" && return
    image_run "$root" --bind="$archives:/var/cache/apt/archives" -- apt-get -q update
    image_run "$root" --bind="$archives:/var/cache/apt/archives" -- apt-get -q "$@"
}

# image_run ROOT [NSPAWN-OPTION… --] CMD…: runs CMD in an image that is not booted, with the host's network.
image_run() {
    local root=$1 options=()
    shift
    if [[ $1 == --* ]]; then
        while [[ $1 != -- ]]; do
            options+=("$1")
            shift
        done
        shift
    fi
    image_resolver "$root"
    (nspawn --directory="$root" --as-pid2 --console=pipe "${options[@]}" --setenv=DEBIAN_FRONTEND=noninteractive \
        --setenv=LC_ALL=C.UTF-8 --setenv=PATH="$MACHINE_PATH" -- "$@" </dev/null)
}

image_resolver() {
    [[ -e /etc/resolv.conf ]] || return 0
    rm -f "$1/etc/resolv.conf"
    cat /etc/resolv.conf >"$1/etc/resolv.conf"
}

verb_images() {
    cage "${NAME:-images}" images "$@"
}

inside_images() {
    local image all=()
    (($#)) || set -- bookworm-build bookworm-browser bookworm-dbusbroker trixie-build trixie-tools
    for image in "$@"; do
        [[ $image != *inst ]] || deb_make "${image%%-*}"
        layer_ensure "${image%%-*}" "${image#*-}" >>"$TOP/build/log/images-$image.log" 2>&1 &
        all+=($!)
    done
    for image in "${all[@]}"; do wait "$image"; done
}

verb_clean() {
    host_need_root
    [[ -d $CACHE ]] || return 0
    rm -rf "${CACHE:?}"/{bookworm,trixie,staging}
}
