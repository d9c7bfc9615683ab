#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Programs of a cgroup change under its packets, and none is missed.
# bats file_tags=fs,cgroup
# shellcheck disable=SC2154

load helpers
load cgroup

@test "no packet of a cgroup is missed while programs change" {
    local sent id swaps=10000 least=100000

    needs cgroup_link
    # A guest emulates each instruction.
    [ ! -e /run/vm/share ] || { swaps=200 && least=2000; }
    program cgroup_egress section first
    program cgroup_egress section second
    probe "cgroup/$CGROUP:egress" "$BPF/first"
    id=$(info "$PROBE" link_id)
    sent=$(in_group "$PACKETS" swaps "$PROBE/attach" "$BPF/second" "$BPF/first" "$swaps" "$least")
    [ "$sent" -ge "$least" ]
    same packets "$sent" $(($(value first) + $(value second)))
    [ "$(value first)" -gt 0 ] && [ "$(value second)" -gt 0 ]
    same "link id" "$id" "$(info "$PROBE" link_id)"
}
