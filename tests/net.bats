#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# The kinds netns, xdp, tcx and netfilter: packets of a namespace of the test's own.
# bats file_tags=net
# shellcheck disable=SC2154

load helpers
load net

# A hook, how packets get there, and the program of the tests for it.
hooks() {
    cat <<'ROWS'
netns/sk_lookup|sk_lookup|udp 500|net_lookup|section
xdp/v1|xdp_link|frames v0 500|net_xdp|section
tcx/v0:egress|tcx|frames v0 500|net_tcx|section
tcx/v1:ingress|tcx|frames v0 500|net_tcx|section
netfilter/ipv4:input:-5|netfilter_link|udp 500|net_filter|netfilter
netfilter/ipv4:output:7|netfilter_link|udp 500|net_filter|netfilter
ROWS
}

# has_feature NAME
has_feature() { [[ $(feature_line "$1") == *$'\t'yes$'\t'* ]]; }

# each FUNCTION: with the columns of each hook that this kernel has.
each() {
    local name feature packets program way rows=0 given=0

    while IFS='|' read -r name feature packets program way; do
        given=$((given + 1))
        has_feature "$feature" || continue
        rows=$((rows + 1))
        "$1" "$name" "$packets" "$program" "$way"
    done < <(hooks)
    [ "$given" -eq 6 ]
    [ "$rows" -gt 0 ] || skip "this kernel has none of these links"
}

# sends PACKETS: in the namespace.
# shellcheck disable=SC2086
sends() { within "$SENDER" $1; }

counts_exactly() {
    on "$1"
    sends "$2"
    eventually counted "$PROBE" 500 || fault "$1: $(<"$PROBE/hits")"
    sends "$2"
    eventually counted "$PROBE" 1000
    rmdir "$PROBE"
    sends "$2"
}

@test "count counts each packet on each hook" {
    each counts_exactly
}

counts_its_own() {
    local id

    program "$3" "$4" first
    program "$3" "$4" second
    on "$1" "$BPF/first"
    id=$(info "$PROBE" link_id)
    sends "$2"
    there "$PROBE/attach" "$BPF/second"
    sends "$2"
    eventually valued first 500
    eventually valued second 500
    # A link that the kernel can update stays.
    [[ $1 == netfilter/* ]] || same "link id of $1" "$id" "$(info "$PROBE" link_id)"
    # The program that is there: nothing happens, whatever the kernel.
    id=$(info "$PROBE" link_id)
    there "$PROBE/attach" "$BPF/second"
    same "link id of $1, again" "$id" "$(info "$PROBE" link_id)"
    same program "$("$TOOL" id "$BPF/second")" "$(info "$PROBE" prog_id)"
    updates_and_detaches "$1" "$2"
    rmdir "$PROBE"
    rm "$BPF/first" "$BPF/second"
}

# By its link, which knows its place: from outside of the namespace.
updates_and_detaches() {
    local link hits=500

    link=$DIR/link/$(info "$PROBE" link_id)
    if [[ $1 == netfilter/* ]]; then
        refused "$link/prog" "$BPF/first" EOPNOTSUPP "keeps its program"
    else
        put "$link/prog" "$BPF/first"
        sends "$2"
        hits=1000
    fi
    eventually valued first "$hits"
    put "$link/detach" 1
    sends "$2"
    same "hits of the first of $1, detached" "$hits" "$(value first)"
    same "hits of the second of $1, detached" 500 "$(value second)"
    same "state of $1" gone "$(info "$PROBE" state)"
}

@test "a program takes the place of another, whose link stays where it can" {
    each counts_its_own
}

is_pinned_and_adopted() {
    local id

    program "$3" "$4" mine
    probe "$1"
    put "$PROBE/pin" "$BPF/link"
    there "$PROBE/attach" "$BPF/mine"
    id=$(info "$PROBE" link_id)
    [ -e "$BPF/link" ]
    kill_daemon
    sends "$2"
    eventually valued mine 500
    start
    probe "$1"
    there "$PROBE/attach" "$BPF/link"
    same "link id of $1" "$id" "$(info "$PROBE" link_id)"
    same adopted yes "$(info "$PROBE" adopted)"
    rm "$BPF/link"
    rmdir "$PROBE"
    sends "$2"
    same "hits after all" 500 "$(value mine)"
    rm "$BPF/mine"
}

@test "a pinned link survives the daemon and is adopted" {
    each is_pinned_and_adopted
}

@test "a pinned link is adopted by no other hook" {
    needs sk_lookup xdp_link
    on netns/sk_lookup
    put "$PROBE/pin" "$BPF/link"
    probe xdp/v1
    not_there "$PROBE/attach" "$BPF/link" EINVAL "is of type netns, not of a xdp"
    probe xdp/v0
    there "$PROBE/attach" count
    put "$PROBE/pin" "$BPF/xdp"
    not_there "$DIR/xdp/v1/attach" "$BPF/xdp" EINVAL "is on another target than this probe"
}

@test "what is not there or not possible is refused with a sentence" {
    local kind name field value text error part feature rows=0

    program net_tcx section mine
    while IFS='|' read -r feature kind name field value error part; do
        rows=$((rows + 1))
        has_feature "$feature" || continue
        probe "$kind/$name"
        [ -z "$field" ] || put "$PROBE/$field" "$value"
        text=count
        [ "$error" != EINVAL ] || text=$BPF/mine
        not_there "$PROBE/attach" "$text" "$error" "$part"
        same state detached "$(info "$PROBE" state)"
        rmdir "$PROBE"
    done <<'ROWS'
xdp_link|xdp|none|||ENODEV|there is no interface 'none' in the network namespace
xdp_link|xdp|lo|mode|drv|EOPNOTSUPP|the driver of 'lo' has no XDP of the mode drv; write skb to 'mode'
xdp_link|xdp|lo|mode|hw|EOPNOTSUPP|the driver of 'lo' has no XDP of the mode hw
xdp_link|xdp|lo|||EINVAL|is of type sched_cls; a xdp takes type xdp
xdp_link|xdp|lo|interface|a/b|EINVAL|the field 'interface' is malformed
xdp_link|xdp|lo|netns|/etc/passwd|EINVAL|'/etc/passwd' is no network namespace
xdp_link|xdp|lo|netns|/proc/self/ns/mnt|EXDEV|leads through a link of /proc
xdp_link|xdp|lo|netns|/none|ENOENT|no such file
tcx|tcx|none:egress|||ENODEV|there is no interface 'none'
tcx|tcx|lo:egress|order|before link:4294967295|ENOENT|the link 4294967295 that 'order' names is not on this hook
tcx|tcx|lo:egress|order|after 4294967295|ENOENT|the program 4294967295 that 'order' names is not on this hook
tcx|tcx|lo:egress|order|after /none|ENOENT|no such file
tcx|tcx|lo:egress|revision|77|ESTALE|the programs on the hook are not of revision 77 any more
netfilter_link|netfilter|ipv4:input:2147483647|||ERANGE|the priority is above -2147483648
netfilter_link|netfilter|ipv4:input:-2147483648|||ERANGE|the priority is above -2147483648
netfilter_link|netfilter|ipv4:input:-400|defrag|1|ERANGE|with 'defrag' the priority is above -400
netkit|netkit|v0:primary|||ENXIO|'v0' is not the interface of a netkit pair
ROWS
    [ "$rows" -eq 17 ]
}

@test "a place that is taken is said to be" {
    needs xdp_link
    on xdp/v0
    probe xdp/v0@two
    not_there "$PROBE/attach" count EBUSY "another program is on 'v0'"
    # Not in another mode, either.
    put "$PROBE/mode" skb
    not_there "$PROBE/attach" count EEXIST "another program is on 'v0' in another mode"
    if has_feature netfilter_link; then
        on netfilter/ipv6:input:3
        probe netfilter/ipv6:input:3@two
        not_there "$PROBE/attach" count EBUSY "another program is on 'ipv6:input:3'"
    fi
    program net_dissector section mine
    on netns/flow_dissector "$BPF/mine"
    probe netns/flow_dissector@two
    not_there "$PROBE/attach" "$BPF/mine" E2BIG "another program is the flow dissector"
}

# full NAME COUNT ERRNO PART: the hook takes so many programs, then none.
full() {
    local probes

    eval "probes=(\"$DIR/$1@\"{1..$2})"
    mkdir "${probes[@]}"
    # shellcheck disable=SC2016  # the inner shell's
    within sh -c 'for probe; do echo count >"$probe/attach" || exit; done' - "${probes[@]}"
    probe "$1"
    not_there "$PROBE/attach" count "$3" "$4"
    rmdir "${probes[0]}"
    there "$PROBE/attach" count
    within "$SENDER" udp 3
    eventually counted "$PROBE" 3
    same hits 3 "$(hits "${probes[-1]}")"
}

@test "a hook that is full says so" {
    [ ! -e /run/vm/share ] || skip "not in a guest, where it takes long"
    needs sk_lookup tcx
    full netns/sk_lookup 64 E2BIG "64 programs are on sk_lookup of the network namespace"
    full tcx/lo:egress 63 ERANGE "63 programs are on 'lo:egress' already"
}

@test "what others have put there without a link is in the way" {
    needs xdp_link netns_link
    program net_xdp section theirs
    within bpftool net attach xdp pinned "$BPF/theirs" dev v0
    probe xdp/v0
    not_there "$PROBE/attach" count EBUSY "and 'ip link show' for one without a link"
    within bpftool net detach xdp dev v0
    there "$PROBE/attach" count
    # It takes no other tool's place, either.
    never within bpftool net attach xdp pinned "$BPF/theirs" dev v0
    never within bpftool net detach xdp dev v0
    program net_dissector section mine
    within bpftool prog attach pinned "$BPF/mine" flow_dissector
    probe netns/flow_dissector
    not_there "$PROBE/attach" "$BPF/mine" EEXIST "of this network namespace without a link"
    within bpftool prog detach pinned "$BPF/mine" flow_dissector
    there "$PROBE/attach" "$BPF/mine"
    never within bpftool prog detach pinned "$BPF/mine" flow_dissector
    same state attached "$(info "$PROBE" state)"
}

@test "what another probe keeps out elsewhere stays where it is" {
    local id

    needs xdp_link
    on xdp/v0
    on xdp/v1
    id=$(info "$PROBE" link_id)
    not_there "$PROBE/interface" v0 EBUSY "another program is on 'v0'"
    same "link id" "$id" "$(info "$PROBE" link_id)"
    same interface v1 "$(<"$PROBE/interface")"
}

@test "the mode of xdp changes where it is attached" {
    needs xdp_link
    on xdp/v1
    within ip link show v1 | grep -q ' xdp '
    there "$PROBE/mode" skb
    within ip link show v1 | grep -q ' xdpgeneric '
    not_there "$PROBE/mode" hw EINVAL "'v1' or its driver does not take the program in the mode hw"
    within ip link show v1 | grep -q ' xdpgeneric '
    sends "frames v0 30"
    eventually counted "$PROBE" 30
}

@test "a flow dissector counts where it may leave packets to the kernel" {
    needs netns_link
    probe netns/flow_dissector
    if has_feature flow_dissector_continue; then
        there "$PROBE/attach" count
        sends "udp 10"
    else
        not_there "$PROBE/attach" count EOPNOTSUPP "came with Linux 6.1"
    fi
}

@test "what can be attached to is what the reader sees" {
    same interfaces "lo v0 v1" "$(within cat "$DIR/xdp/available" | sort | xargs)"
    same directions "lo:egress lo:ingress v0:egress v0:ingress v1:egress v1:ingress" \
        "$(within cat "$DIR/tcx/available" | LC_ALL=C sort | xargs)"
    same "pairs of netkit" "" "$(within cat "$DIR/netkit/available")"
    never grep -qx v0 "$DIR/xdp/available"
    same hooks "flow_dissector sk_lookup" "$(sort "$DIR/netns/available" | xargs)"
    same netfilter 10 "$(grep -cE '^ipv[46]:[a-z]+:0$' "$DIR/netfilter/available")"
}

@test "an interface with any name has its probes" {
    needs xdp_link
    within ip link add 'a@|c' type veth peer name other
    same available 'a%40|c' "$(within cat "$DIR/xdp/available" | grep -F '|c')"
    on 'xdp/a%40|c'
    same interface 'a@|c' "$(<"$PROBE/interface")"
    same ifname 'a@|c' "$(info "$PROBE" ifname)"
}
