#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# The kind lsm_cgroup: hooks of security modules, in a cgroup of the test's own.
# Such links have been the same since they came.
# bats file_tags=cgroup,ends
# shellcheck disable=SC2154

load helpers
load cgroup

# on_group NAME [PROGRAM]
on_group() {
    probe "lsm_cgroup/$1"
    put "$PROBE/path" "$CGROUP"
    [ -z "${2-}" ] || put "$PROBE/attach" "$2"
}

@test "count counts what processes of the cgroup ask" {
    needs lsm_cgroup
    on_group socket_bind count
    "$PACKETS" udp 3
    in_group "$PACKETS" udp 2
    in_group "$PACKETS" udp 2
    same hits 2 "$(hits "$PROBE")"
    same link_type cgroup "$(info "$PROBE" link_type)"
    same attach_type lsm_cgroup "$(info "$PROBE" attach_type)"
    same cgroup "$GROUP" "$(info "$PROBE" cgroup)"
    same sites $'-\tsocket_bind\tlink '"$(info "$PROBE" link_id)" "$(<"$PROBE/sites")"
    grep -qx socket_bind "$DIR/lsm_cgroup/available"
}

@test "programs change in place, refuse, and a pin is adopted" {
    local id

    needs lsm_cgroup
    program lsm_cgroup_bind section first
    program lsm_cgroup_deny section second
    on_group socket_bind "$BPF/first"
    id=$(info "$PROBE" link_id)
    put "$PROBE/pin" "$BPF/link"
    in_group "$PACKETS" udp 2
    put "$PROBE/attach" "$BPF/second"
    same "link id" "$id" "$(info "$PROBE" link_id)"
    ! in_group "$PACKETS" udp 2 || return 1
    "$PACKETS" udp 2
    same "hits of the first" 1 "$(value first)"
    same "hits of the second" 1 "$(value second)"
    rmdir "$PROBE"
    on_group socket_listen
    refused "$PROBE/attach" "$BPF/link" EINVAL "is for vmlinux:bpf_lsm_socket_bind, this probe is for the hook 'socket_listen'"
    on_group socket_bind@again "$BPF/link"
    same "link id, adopted" "$id" "$(info "$PROBE" link_id)"
    put "$PROBE/attach" "$BPF/first"
    same "link id, again" "$id" "$(info "$PROBE" link_id)"
    in_group "$PACKETS" udp 2
    same "hits of the first, again" 2 "$(value first)"
    rm "$BPF/link"
}

@test "a cgroup is needed, and the probe is gone with it" {
    needs lsm_cgroup
    probe lsm_cgroup/socket_bind
    refused "$PROBE/attach" count EINVAL "the field 'path' is empty"
    put "$PROBE/enabled" 0
    refused "$PROBE/attach" count EINVAL "the fields that say where come first"
    put "$PROBE/path" "$CGROUP"
    put "$PROBE/attach" count
    put "$PROBE/enabled" 1
    in_group "$PACKETS" udp 2
    same hits 1 "$(hits "$PROBE")"
    eventually group_is_empty
    rmdir "$GROUP"
    eventually gone
    contains gone "the cgroup was removed" "$(info "$PROBE" gone)"
}

gone() { [ "$(info "$PROBE" state)" = gone ]; }

@test "a program for something else is refused" {
    needs lsm_cgroup
    program lsm_cgroup_more section more
    program lsm_cgroup_none section none
    program plain
    on_group socket_bind
    refused "$PROBE/attach" "$BPF/more" EINVAL "is for vmlinux:bpf_lsm_socket_listen, this probe is for the hook 'socket_bind'"
    refused "$PROBE/attach" "$BPF/none" EINVAL "as libbpf does those of the section 'lsm_cgroup/socket_bind'"
    refused "$PROBE/attach" "$BPF/plain" EINVAL "a lsm_cgroup takes type lsm"
    put "$PROBE/attach" count
    # An update, too.
    refused "$PROBE/attach" "$BPF/more" EINVAL "is for vmlinux:bpf_lsm_socket_listen"
    on_group no_such_hook
    refused "$PROBE/attach" count ENOENT "no_such_hook"
    on_group socket_bind@other
    put "$PROBE/path" none/of/that
    refused "$PROBE/attach" count ENOENT "no such file"
}

@test "a kernel without LSM hooks of cgroups says so" {
    lacks lsm_cgroup
    [[ $(feature_line lsm_cgroup) != *"not allowed"* ]] || skip "not allowed here"
    on_group socket_bind
    refused "$PROBE/attach" count EOPNOTSUPP "a program cannot be on LSM hooks of a cgroup here"
}
