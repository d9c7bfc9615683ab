#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Programs on hooks of the network change under packets, and none is missed.
# bats file_tags=host,net
# shellcheck disable=SC2154

load helpers
load net

# Through 10,000 changes of the program each packet was seen by one of the two.
misses_none() {
    local name=$1 program=$2 swaps=${3-10000} sent

    program "$program" section first
    program "$program" section second
    on "$name" "$BPF/first"
    sent=$(within "$SENDER" swaps "$PROBE/attach" "$BPF/second" "$BPF/first" "$swaps" 100000)
    [ "$sent" -ge 100000 ]
    same "packets of $name" "$sent" $(($(value first) + $(value second)))
    [ "$(value first)" -gt 0 ] && [ "$(value second)" -gt 0 ]
}

@test "no packet is missed by sk_lookup while programs change" {
    needs sk_lookup
    misses_none netns/sk_lookup net_lookup
}

@test "no packet is missed by tcx while programs change" {
    needs tcx
    misses_none tcx/lo:egress net_tcx
}
