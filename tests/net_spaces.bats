#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Network namespaces: that of whoever writes, or one that the writer may name.
# Namespaces are the same on all.
# bats file_tags=net,ends
# shellcheck disable=SC2030,SC2031,SC2154

load helpers
load users
load net

# inode PID: of its network namespace.
inode() { stat -Lc %i "/proc/$1/ns/net"; }

# as_uid UID CAPS COMMAND...: in the namespace, as that user, with capabilities.
as_uid() {
    within setpriv --reuid="$1" --regid="$1" --clear-groups \
        --inh-caps="$2" --ambient-caps="$2" "${@:3}"
}

# theirs UID KIND PROGRAM: the user may make probes of the kind, and has loaded a
# program.
theirs() {
    remount "allow=$2"
    others
    chown "$1" "$DIR/$2" "$BPF"
    cp "$(object "$3")" "$BATS_FILE_TMPDIR/object"
    chmod o+r "$BATS_FILE_TMPDIR/object"
    setpriv --reuid="$1" --regid="$1" --clear-groups \
        --inh-caps=+bpf,+net_admin,+perfmon --ambient-caps=+bpf,+net_admin,+perfmon \
        "$TOOL" load "$BATS_FILE_TMPDIR/object" "$3" "$BPF/mine" section
    loaded+=" $("$TOOL" id "$BPF/mine")"
}

# named PID: $named is a path of its namespace that all may open.
named() {
    named=$BATS_TEST_TMPDIR/space-$1
    : >"$named"
    mount --bind "/proc/$1/ns/net" "$named"
    mounts+=" $named"
}

teardown() {
    # shellcheck disable=SC2086
    [ -z "${mounts-}" ] || umount $mounts
    end_spaces
    finish
}

@test "an interface is the one of the writer's namespace" {
    local pid first=$NET

    needs xdp_link
    network
    # Before 6.2 an interface that is up keeps its name.
    for pid in "$NET" "$first"; do
        nsenter --net="/proc/$pid/ns/net" ip link set v1 down
        nsenter --net="/proc/$pid/ns/net" ip link set v1 name eth0 up
    done
    on xdp/eth0
    same namespace "$(inode "$NET")" "$(info "$PROBE" netns_ino)"
    within "$SENDER" frames v0 40
    nsenter --net="/proc/$first/ns/net" "$SENDER" frames v0 50
    eventually counted "$PROBE" 40
    never contains "the other" xdp "$(nsenter --net="/proc/$first/ns/net" ip link show eth0)"
    within ip link show eth0 | grep -q "prog/xdp id $(info "$PROBE" prog_id) "
    # Another writer's is another, though its number is the same.
    id=$(info "$PROBE" link_id)
    NET=$first
    program net_xdp section mine
    there "$PROBE/attach" "$BPF/mine"
    same namespace "$(inode "$first")" "$(info "$PROBE" netns_ino)"
    [ "$id" != "$(info "$PROBE" link_id)" ]
}

@test "the root of a container attaches to its own eth0" {
    local inside

    needs xdp_link
    unshare --user true || skip "no user namespaces here"
    theirs 100000 xdp net_xdp
    named "$NET"
    unshare --user --net --mount sleep 600 3>&- &
    inside=$!
    spaces+=" $inside"
    eventually differs "/proc/$inside/ns/mnt" /proc/self/ns/mnt
    echo 0 100000 65536 >"/proc/$inside/uid_map"
    echo 0 100000 65536 >"/proc/$inside/gid_map"
    in_container() {
        nsenter --user --net --mount --setuid 0 --setgid 0 --target "$inside" "$@"
    }
    quiet in_container || true
    in_container ip link add eth0 type veth peer name other
    in_container ip link set eth0 up
    in_container ip link set other up
    PROBE=$DIR/xdp/eth0
    in_container mkdir "$PROBE"
    same attach ok "$(in_container "$TOOL" write "$PROBE/attach" "$BPF/mine")"
    same namespace "$(inode "$inside")" "$(info "$PROBE" netns_ino)"
    in_container ip link show eth0 | grep -q "prog/xdp id $(info "$PROBE" prog_id) "
    # Another's is not, even where it has the path.
    same detach ok "$(in_container "$TOOL" write "$PROBE/attach" $'\n')"
    same netns ok "$(in_container "$TOOL" write "$PROBE/netns" "$named")"
    same attach EPERM "$(in_container "$TOOL" write "$PROBE/attach" "$BPF/mine")"
    contains error "'$named' is not your network namespace" "$(<"$PROBE/error")"
}

@test "a namespace is named by a path, as the writer" {
    local path

    needs tcx
    named "$NET"
    path=$named
    probe tcx/v0:egress
    put "$PROBE/netns" "$path"
    put "$PROBE/attach" count
    same namespace "$(inode "$NET")" "$(info "$PROBE" netns_ino)"
    same interface v0 "$(info "$PROBE" ifname)"
    within "$SENDER" frames v0 20
    eventually counted "$PROBE" 20
    # By a process, too.
    put "$PROBE/netns" "/proc/$NET/ns/net"
    same namespace "$(inode "$NET")" "$(info "$PROBE" netns_ino)"
    # As it is called now.
    within ip link set v0 down
    within ip link set v0 name renamed
    same interface renamed "$(info "$PROBE" ifname)"
}

@test "another's namespace takes the capability for it" {
    local path who caps answer rows=0

    needs sk_lookup
    theirs "$ALICE" netns net_lookup
    named "$NET"
    path=$named
    space
    PROBE=$DIR/netns/sk_lookup
    as "$ALICE" mkdir "$PROBE"
    as "$ALICE" "$TOOL" write "$PROBE/netns" "$path"
    while IFS='|' read -r who caps answer; do
        same "by $who with $caps" "$answer" "$(nsenter --net="/proc/$space/ns/net" \
            setpriv --reuid="$who" --regid="$who" --clear-groups --inh-caps="$caps" \
            --ambient-caps="$caps" "$TOOL" write "$PROBE/attach" "$BPF/mine")"
        [ "$answer" = ok ] ||
            contains error "'$path' is not your network namespace" "$(<"$PROBE/error")"
        put "$PROBE/attach" ""
        rows=$((rows + 1))
    done <<ROWS
$ALICE|-all|EPERM
$ALICE|+sys_admin|EPERM
$ALICE|+net_admin|ok
0|-all|ok
ROWS
    [ "$rows" -eq 4 ]
    # Her own, by whatever name.
    same "her own" ok "$(as_uid "$ALICE" -all "$TOOL" write "$PROBE/attach" "$BPF/mine")"
    same "her own" "$(inode "$NET")" "$(info "$PROBE" netns_ino)"
}

# asked_of UID: of a namespace that is owned by a user namespace that alice has made,
# the user asks for a hook, by a program that the same user has loaded.
asked_of() {
    local hers

    needs sk_lookup
    as "$ALICE" unshare --user true || skip "no user namespaces here"
    theirs "$1" netns net_lookup
    setpriv --reuid="$ALICE" --regid="$ALICE" --clear-groups \
        unshare --user --net sleep 600 3>&- &
    hers=$!
    spaces+=" $hers"
    eventually differs "/proc/$hers/ns/net" /proc/self/ns/net
    named "$hers"
    PROBE=$DIR/netns/sk_lookup
    as "$1" mkdir "$PROBE"
    as "$1" "$TOOL" write "$PROBE/netns" "$named"
    asks "$1" "$PROBE/attach" "$BPF/mine" "$2" "${3-}"
}

@test "who has made a user namespace may do what is possible in it" {
    asked_of "$ALICE" ok
    same hers "$(stat -Lc %i "$named")" "$(info "$PROBE" netns_ino)"
}

@test "nobody else may, who knows the namespace" {
    asked_of "$BOB" EPERM "'$BATS_TEST_TMPDIR/space-"
}

@test "a namespace is not kept by what is attached in it" {
    local probe has
    local -a probes=(netns/sk_lookup)

    needs sk_lookup
    has=$(feature_line xdp_link)
    [[ $has != *$'\t'yes$'\t'* ]] || probes+=(xdp/v1)
    has=$(feature_line tcx)
    [[ $has != *$'\t'yes$'\t'* ]] || probes+=(tcx/v0:egress)
    for probe in "${probes[@]}"; do
        on "$probe"
    done
    end_spaces
    for probe in "${probes[@]}"; do
        eventually grep -qxP 'state:\tgone' "$DIR/$probe/info"
        grep -qP '^gone:\t.* has gone, or another tool has detached the program$' \
            "$DIR/$probe/info"
        same attach "" "$(<"$DIR/$probe/attach")"
    done
}

@test "an interface that is gone has no program, and gets one again" {
    needs tcx xdp_link
    on xdp/v1
    on tcx/v1:ingress
    within ip link del v0
    eventually grep -qxP 'state:\tgone' "$DIR/xdp/v1/info"
    eventually grep -qxP 'state:\tgone' "$PROBE/info"
    not_there "$PROBE/attach" count ENODEV "there is no interface 'v1'"
    within ip link add v0 type veth peer name v1
    within ip link set v0 up
    within ip link set v1 up
    eventually carries
    there "$PROBE/attach" count
    there "$DIR/xdp/v1/attach" count
    within "$SENDER" frames v0 60
    eventually counted "$PROBE" 60
    eventually counted "$DIR/xdp/v1" 60
}

@test "an interface that is moved to another namespace takes its program along" {
    needs xdp_link
    on xdp/v1
    space
    within ip link set v1 netns "$space"
    same state attached "$(info "$PROBE" state)"
    same warning "the interface was moved to another network namespace" \
        "$(info "$PROBE" warning)"
    nsenter --net="/proc/$space/ns/net" ip link show v1 |
        grep -q "prog/xdp id $(info "$PROBE" prog_id) "
}

@test "a pinned link is not taken for one of another namespace" {
    local kind first=$NET
    local -A directions=([xdp]='' [tcx]=:ingress)

    needs xdp_link
    on xdp/v1
    put "$PROBE/pin" "$BPF/xdp"
    if [[ $(feature_line tcx) == *$'\t'yes$'\t'* ]]; then
        on tcx/v1:ingress
        put "$PROBE/pin" "$BPF/tcx"
    fi
    network
    for kind in xdp tcx; do
        [ -e "$BPF/$kind" ] || continue
        probe "$kind/v1${directions[$kind]}@two"
        not_there "$PROBE/attach" "$BPF/$kind" EINVAL "is on another target than this probe"
        NET=$first there "$PROBE/attach" "$BPF/$kind"
        same state attached "$(info "$PROBE" state)"
        rm "$BPF/$kind"
    done
}

@test "what another tool detaches is gone" {
    local name

    needs tcx xdp_link sk_lookup
    for name in tcx/v0:egress xdp/v0 netns/sk_lookup; do
        on "$name"
        bpftool link detach id "$(info "$PROBE" link_id)"
        same "state of $name" gone "$(info "$PROBE" state)"
        there "$PROBE/attach" count
        same "state of $name" attached "$(info "$PROBE" state)"
    done
    # What a link has put there no other tool takes away without it.
    never within ip link set v0 xdp off
    same state attached "$(info "$DIR/xdp/v0" state)"
}

@test "a program of netfilter is gone that was detached here" {
    local link

    needs netfilter_link
    on netfilter/ipv4:input:1
    put "$PROBE/pin" "$BPF/link"
    link=$DIR/link/$(info "$PROBE" link_id)
    same state "" "$(info "$link" state)"
    put "$link/detach" 1
    same state defunct "$(info "$link" state)"
    same state gone "$(info "$PROBE" state)"
    within "$SENDER" udp 5
    not_there "$PROBE/attach" "$BPF/link" EINVAL "is on another target than this probe"
    there "$PROBE/attach" count
    within "$SENDER" udp 5
    same hits 5 "$(hits "$PROBE")"
}

@test "a link tells the interface that is the daemon's, if that is sure" {
    local link

    needs xdp_link
    serve_within
    program net_xdp section mine
    on xdp/v1 "$BPF/mine"
    link=$DIR/link/$(info "$PROBE" link_id)
    same ifname v1 "$(info "$link" ifname)"
    same netns_ino "$(inode "$NET")" "$(info "$link" netns_ino)"
    network
    on xdp/v1@two "$BPF/mine"
    same ifname "" "$(info "$link" ifname)"
    same ifname "" "$(info "$DIR/link/$(info "$PROBE" link_id)" ifname)"
    there "$PROBE/attach" ""
    same ifname v1 "$(info "$link" ifname)"
}
