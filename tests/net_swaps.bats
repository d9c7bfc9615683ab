#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Programs on hooks of the network change under packets, and none is missed.
# bats file_tags=fs,net
# shellcheck disable=SC2154

load helpers
load net

# Through all changes of the program each packet was seen by one of the two.
misses_none() {
    local name=$1 program=$2 swaps=10000 least=100000 sent

    # A guest emulates each instruction.
    [ ! -e /run/vm/share ] || { swaps=200 && least=2000; }

    program "$program" section first
    program "$program" section second
    on "$name" "$BPF/first"
    sent=$(within "$SENDER" swaps "$PROBE/attach" "$BPF/second" "$BPF/first" "$swaps" "$least")
    [ "$sent" -ge "$least" ]
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
