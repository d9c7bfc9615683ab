#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Pins that change behind the daemon's back.  The sanitizers speak when it ends.
# bpffs is the same on all; links of one probe came with 5.15.
# bats file_tags=bpf,root,ends,later

load helpers

setup() {
    prepare
    start attach_mode=link
    needs uprobe_pmu perf_link cookie
}

# settled: what was left at the pin's name is cleared away, and the probe is one
# like any other.
settled() {
    rm -rf "$BPF/other" "$BPF/pin" "$BPF/pin_beside" "$BPF/pin_mine" "$BPF"/probefs_*
    put "$PROBE/pin" ""
    put "$PROBE/pin" "$BPF/pin"
    put "$PROBE/cookie" 77
    same state attached "$(info "$PROBE" state)"
    same pinned "$BPF/pin" "$(info "$PROBE" pinned)"
    put "$PROBE/attach" ""
    [ ! -e "$BPF/pin" ]
    same entries "record" "$(cd "$BPF" && printf "%s\n" * | grep -v "[.]debug$" | xargs)"
}

# exchanges: bpffs exchanges two names (5.16), so that none is missing.
exchanges() {
    mkdir "$BPF/one" "$BPF/two"
    [ "$("$PROGRAMS/vfs" exchange "$BPF/one" "$BPF/two")" = ok ] ||
        skip "this bpffs does not exchange names"
    rmdir "$BPF/one" "$BPF/two"
}

@test "eight threads at a pin, readers and a writer harm nobody" {
    local taken

    program record
    program plain none other
    probe "uprobe/$NAME:target_one"
    put "$PROBE/pin" "$BPF/pin"
    put "$PROBE/attach" "$BPF/record"
    taken=$("$PROGRAMS/pin_stress" behind "$PROBE" "$BPF/pin" 60 "$BPF/other")
    [ "$taken" -gt 0 ]
    settled
    hit target_one 1
    same "hits when detached" 0 "$(value record)"
}

@test "who reads while a pin is replaced or moved finds it" {
    local target rows=0

    exchanges
    program record
    for target in target_one 'target_glob_*'; do
        echo "row: $target"
        probe "uprobe/$NAME:$target"
        put "$PROBE/pin" "$BPF/pin"
        put "$PROBE/attach" "$BPF/record"
        same "cookies taken" 20 "$("$PROGRAMS/pin_stress" remake "$PROBE" "$BPF/pin" 20)"
        same "moves taken" 200 "$("$PROGRAMS/pin_stress" move "$PROBE" "$BPF/pin" 200)"
        holds "$PROBE/pin" "$BPF/pin"
        settled
        rows=$((rows + 1))
    done
    [ "$rows" -eq 2 ]
}
