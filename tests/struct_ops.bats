#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# The kind struct_ops: maps of functions that stand in for some of the kernel's.
# shellcheck disable=SC2154

load helpers

ALL=/proc/sys/net/ipv4/tcp_available_congestion_control

# controls: three maps, at $BPF/{one,two,other}; the first two are of one name.
# What can be done to them has ended kernels.
controls() {
    [ -e /run/vm/share ] || skip "not in a guest"
    needs struct_ops_link
    "$TOOL" structops "$PROGRAMS/bpf/cc.bpf.o" 8192 "$BPF"/{one,two,other} ||
        skip "this kernel takes no map for a link of struct_ops"
}

teardown() {
    rm -f "$BPF"/{one,two,other,empty,link,hits}
    finish
}

# map_id PIN
map_id() {
    local info

    info=$("$TOOL" with "$1" 9 cat /proc/self/fdinfo/9)
    info=${info##*map_id:}
    echo $((${info%%[a-z]*}))
}

@test "another map takes the place of a map, in the same link" {
    local link i writers=()

    controls
    probe struct_ops/mine
    put "$PROBE/attach" "$BPF/one"
    contains registered probefs_cc "$(<"$ALL")"
    link=$(info "$PROBE" link_id)
    same type struct_ops "$(info "$PROBE" link_type)"
    same map "$(map_id "$BPF/one") cc_one" "$(info "$PROBE" map_id) $(info "$PROBE" map_name)"
    same sites $'-\tcc_one\tlink '"$link" "$(<"$PROBE/sites")"
    put "$PROBE/pin" "$BPF/link"
    # The same again would end the kernel.
    put "$PROBE/attach" "$BPF/one"
    put "$PROBE/attach" "id:$(map_id "$BPF/one")"
    for ((i = 0; i < 8; i++)); do
        "$TOOL" write "$PROBE/attach" "$BPF/two" >/dev/null &
        writers+=($!)
    done
    wait "${writers[@]}"
    same "link id" "$link" "$(info "$PROBE" link_id)"
    same map "$(map_id "$BPF/two")" "$(info "$PROBE" map_id)"
    refused "$PROBE/attach" "$BPF/one if $BPF/one" EPERM "it is not '$BPF/one' that is attached, but 'cc_two' (id $(map_id "$BPF/two"))"
    put "$PROBE/attach" "$BPF/one if $BPF/two"
    same "link id" "$link" "$(info "$PROBE" link_id)"
    contains registered probefs_cc "$(<"$ALL")"
    [ -e "$BPF/link" ]
}

@test "a link that is pinned, or known by its id, is taken over" {
    local link

    controls
    probe struct_ops/mine
    put "$PROBE/pin" "$BPF/link"
    put "$PROBE/attach" "$BPF/one"
    link=$(info "$PROBE" link_id)
    rmdir "$PROBE"
    contains registered probefs_cc "$(<"$ALL")"
    probe struct_ops/again
    put "$PROBE/attach" "$BPF/link"
    same "link id" "$link" "$(info "$PROBE" link_id)"
    same map "$(map_id "$BPF/one")" "$(info "$PROBE" map_id)"
    put "$PROBE/attach" "$BPF/two"
    same "link id" "$link" "$(info "$PROBE" link_id)"
    # Another tool's map.
    put "$DIR/link/$link/prog" "$BPF/one"
    contains warning "the link was given another map than this probe's" "$(<"$PROBE/info")"
    refused "$PROBE/attach" "$BPF/other" EPERM "the link has another map by now, of the id $(map_id "$BPF/one")"
    put "$PROBE/attach" "$BPF/two if $BPF/one"
    rm "$BPF/link"
    put "$PROBE/attach" "link:$link"
    same "link id" "$link" "$(info "$PROBE" link_id)"
    put "$DIR/link/$link/detach" 1
    same state gone "$(info "$PROBE" state)"
    same gone "another tool has detached the map" "$(info "$PROBE" gone)"
    ! grep -w probefs_cc "$ALL" || return 1
    put "$PROBE/attach" "$BPF/one"
    contains registered probefs_cc "$(<"$ALL")"
}

@test "a map of another name gets another link" {
    controls
    probe struct_ops/mine
    put "$PROBE/attach" "$BPF/one"
    put "$PROBE/attach" "$BPF/other"
    same map "$(map_id "$BPF/other")" "$(info "$PROBE" map_id)"
    contains registered probefs_other "$(<"$ALL")"
    ! grep -w probefs_cc "$ALL" || return 1
    put "$PROBE/enabled" 0
    ! grep -w probefs_other "$ALL" || return 1
    put "$PROBE/enabled" 1
    contains registered probefs_other "$(<"$ALL")"
    put "$PROBE/attach" $'\n'
    ! grep -w probefs_other "$ALL" || return 1
}

@test "what cannot be registered is refused with a sentence" {
    controls
    probe struct_ops/mine
    put "$PROBE/attach" "$BPF/one"
    probe struct_ops/twice
    refused "$PROBE/attach" "$BPF/two" EEXIST "the name in the map is taken"
    refused "$PROBE/attach" "$BPF/one" EEXIST "the name in the map is taken"
    "$TOOL" structops "$PROGRAMS/bpf/cc.bpf.o" 0 "$BPF/empty"
    refused "$PROBE/attach" "$BPF/empty" EINVAL "was made without BPF_F_LINK"
    put "$PROBE/enabled" 0
    refused "$PROBE/attach" "$BPF/empty" EINVAL "was made without BPF_F_LINK"
}

@test "only a map of struct_ops is taken" {
    needs struct_ops_link
    program plain
    "$TOOL" pinmap "$PROGRAMS/bpf/plain.bpf.o" hits "$BPF/hits"
    probe struct_ops/mine
    refused "$PROBE/attach" "$BPF/plain" EINVAL "not a map, but a program"
    refused "$PROBE/attach" name:no_such_map ENOENT "no map has the name 'no_such_map'"
    refused "$PROBE/attach" "$DIR/prog/$("$TOOL" id "$BPF/plain")" EINVAL "not a map, but a program"
    refused "$PROBE/attach" "$BPF/hits" EINVAL "is of another type than struct_ops"
    refused "$PROBE/attach" "id:$(map_id "$BPF/hits")" EINVAL "is of another type than struct_ops"
    refused "$PROBE/attach" id:4294967294 ENOENT "there is no map with the id 4294967294"
    refused "$PROBE/attach" count EINVAL "takes a map, and no program"
    contains available tcp_congestion_ops "$(<"$DIR/struct_ops/available")"
}

@test "a kernel without links of struct_ops says so" {
    lacks struct_ops_link
    "$TOOL" pinmap "$PROGRAMS/bpf/plain.bpf.o" hits "$BPF/hits"
    probe struct_ops/mine
    refused "$PROBE/attach" "$BPF/hits" EOPNOTSUPP "came with Linux 6.4"
}
