#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Pins that change behind the daemon's back.  The sanitizers speak when it ends.
# bats file_tags=bpf,root

load helpers

setup() {
    prepare
    start attach_mode=link
    needs uprobe_pmu perf_link cookie
}

# settled: what was left at the pin's name is cleared away, and the probe is one
# like any other.
settled() {
    rm -rf "$BPF/pin" "$BPF/pin_beside" "$BPF/pin_mine" "$BPF"/probefs_*
    put "$PROBE/pin" ""
    put "$PROBE/pin" "$BPF/pin"
    put "$PROBE/cookie" 77
    same state attached "$(info "$PROBE" state)"
    same pinned "$BPF/pin" "$(info "$PROBE" pinned)"
    put "$PROBE/attach" ""
    [ ! -e "$BPF/pin" ]
    same entries "other record" "$(cd "$BPF" && printf "%s\n" * | grep -v "[.]debug$" | xargs)"
}

@test "eight threads at a pin, readers and a writer harm nobody" {
    local taken

    program record
    program plain none other
    probe "uprobe/$NAME:target_one"
    put "$PROBE/pin" "$BPF/pin"
    put "$PROBE/attach" "$BPF/record"
    taken=$("$PROGRAMS/pin_stress" "$PROBE" "$BPF/pin" "$BPF/other" 60)
    [ "$taken" -gt 0 ]
    settled
    hit target_one 1
    same "hits when detached" 0 "$(value record)"
}
