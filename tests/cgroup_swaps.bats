#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Programs of a cgroup change under its packets, and none is missed.
# bats file_tags=host,cgroup
# shellcheck disable=SC2154

load helpers
load cgroup

@test "no packet of a cgroup is missed while programs change" {
    local sent id

    needs cgroup_link
    program cgroup_egress section first
    program cgroup_egress section second
    probe "cgroup/$CGROUP:egress" "$BPF/first"
    id=$(info "$PROBE" link_id)
    sent=$(in_group "$PACKETS" swaps "$PROBE/attach" "$BPF/second" "$BPF/first" 10000 100000)
    [ "$sent" -ge 100000 ]
    same packets "$sent" $(($(value first) + $(value second)))
    [ "$(value first)" -gt 0 ] && [ "$(value second)" -gt 0 ]
    same "link id" "$id" "$(info "$PROBE" link_id)"
}
