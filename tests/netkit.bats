#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# The kind netkit: what the two devices of a pair send.
# bats file_tags=net,later
# shellcheck disable=SC2154

load helpers
load net

# pair: a netkit pair, nk0 and the peer eth0, which is in the namespace of the
# process $space, as that of a container.  Of a pair that iproute2 before 6.7 can
# make, the peer comes first.
pair() {
    needs netkit
    within ip link add type netkit
    within ip link set nk0 name eth0
    within ip link set nk1 name nk0
    space
    quiet nsenter --net="/proc/$space/ns/net"
    within ip link set eth0 netns "$space"
    within ip addr add 10.99.0.1/24 dev nk0
    within ip link set nk0 up
    nsenter --net="/proc/$space/ns/net" ip addr add 10.99.0.2/24 dev eth0
    nsenter --net="/proc/$space/ns/net" ip link set eth0 up
}

# from PID COUNT ADDRESS: packets over the pair, to nobody, so that none comes
# back.
from() { nsenter --net="/proc/$1/ns/net" "$SENDER" send "$3" "$2"; }

@test "count counts what each device of a pair sends" {
    pair
    on netkit/nk0:primary
    on netkit/nk0:peer
    from "$NET" 30 10.99.0.77
    from "$space" 40 10.99.0.77
    eventually counted "$DIR/netkit/nk0:primary" 30
    eventually counted "$DIR/netkit/nk0:peer" 40
    same available "nk0:peer nk0:primary" \
        "$(within cat "$DIR/netkit/available" | LC_ALL=C sort | xargs)"
}

@test "a program takes the place of another, and the link stays" {
    local id

    pair
    program net_tcx section first
    program net_tcx section second
    on netkit/nk0:primary "$BPF/first"
    id=$(info "$PROBE" link_id)
    from "$NET" 30 10.99.0.77
    there "$PROBE/attach" "$BPF/second"
    from "$NET" 20 10.99.0.77
    same "link id" "$id" "$(info "$PROBE" link_id)"
    same first 30 "$(value first)"
    same second 20 "$(value second)"
    probe netkit/nk0:primary@two
    put "$PROBE/order" "before link:$id"
    there "$PROBE/attach" "$BPF/first"
    same order "1 2" "$(cut -f 1 "$PROBE/sites" | xargs)"
    same own "this" "$(sed -n '1s/.*\t//p' "$PROBE/sites")"
}

@test "the peer takes no program, and goes with the pair" {
    pair
    probe netkit/eth0:peer
    same attach EACCES "$(nsenter --net="/proc/$space/ns/net" "$TOOL" write "$PROBE/attach" count)"
    contains error "'eth0' is the peer of a netkit pair" "$(<"$PROBE/error")"
    on netkit/nk0:peer
    within ip link del nk0
    eventually grep -qxP 'state:\tgone' "$PROBE/info"
}

@test "a program of the peer changes in place, and its pin is adopted and told" {
    local id

    pair
    program net_tcx section first
    program net_tcx section second
    on netkit/nk0:peer "$BPF/first"
    put "$PROBE/pin" "$BPF/link"
    id=$(info "$PROBE" link_id)
    from "$space" 30 10.99.0.77
    there "$PROBE/attach" "$BPF/second"
    same "link id" "$id" "$(info "$PROBE" link_id)"
    from "$space" 20 10.99.0.77
    eventually valued first 30
    eventually valued second 20
    serve_within
    # The number is the peer's, which is in another namespace.
    same ifname nk0 "$(info "$DIR/link/$id" ifname)"
    probe netkit/nk0:primary
    not_there "$PROBE/attach" "$BPF/link" EINVAL "is on another target than this probe"
    probe netkit/nk0:peer
    there "$PROBE/attach" "$BPF/link"
    same "link id, adopted" "$id" "$(info "$PROBE" link_id)"
    rm "$BPF/link"
}
