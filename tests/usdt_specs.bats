#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# The specs that tell a program where arguments are: whose they are, and how long.
# bats file_tags=bpf,root

load helpers
load usdt

@test "a new cookie reaches the program, and no spec is lost" {
    local round

    needs cookie
    FILE=$SHAPES/pie
    program usdt_index "$(multi)"
    mine shape regs2 1
    put "$PROBE/attach" "$BPF/usdt_index"
    for round in {2..7}; do
        put "$PROBE/cookie" "$round"
    done
    "$FILE"
    same cookie 7 "$(info "$PROBE" cookie)"
    same values "7: 1 16 17 18 14 15 f0 ffffffff80000001 80000001" \
        "$("$PROGRAMS/usdt_values" "$BPF/usdt_index")"
    same "specs in the map" 1 "$("$PROGRAMS/usdt_values" -s "$BPF/usdt_index")"
    put "$PROBE/attach" ""
    same "specs in the map" 0 "$("$PROGRAMS/usdt_values" -s "$BPF/usdt_index")"
}

@test "a pinned probe outlives the daemon, and its specs are not given to others" {
    local id

    needs cookie
    FILE=$SHAPES/pie
    program usdt_index "$(multi)"
    mine shape regs2 7
    put "$PROBE/attach" "$BPF/usdt_index"
    put "$PROBE/pin" "$BPF/pin"
    id=$(info "$PROBE" link_id)
    kill_daemon
    "$FILE"
    start
    mine shape const 8
    put "$PROBE/attach" "$BPF/usdt_index"
    mine shape regs2
    put "$PROBE/attach" "$BPF/pin"
    same link_id "$id" "$(info "$PROBE" link_id)"
    "$FILE"
    same values $'7: 2 16 17 18 14 15 f0 ffffffff80000001 80000001\n8: 1' \
        "$("$PROGRAMS/usdt_values" "$BPF/usdt_index" | sed 's/^8: 1 .*/8: 1/')"
    same specs 2 "$("$PROGRAMS/usdt_values" -s "$BPF/usdt_index")"
    contains sites "arg1: u64 in rbp" "$(<"$PROBE/sites")"
    case $(feature_line uprobe_multi) in
    *$'\t'yes$'\t'*)
        # A kernel that tells a link's cookie.
        same cookie 7 "$(info "$PROBE" cookie)"
        same cookie 7 "$(<"$PROBE/cookie")"
        ;;
    esac
    put "$PROBE/pin" ""
    rmdir "$PROBE"
    "$FILE"
    same "values after rmdir" "7: 2" \
        "$("$PROGRAMS/usdt_values" "$BPF/usdt_index" | sed -n 's/^\(7: 2\).*/\1/p')"
}

@test "a program without a spec map gets the cookie itself" {
    needs cookie
    FILE=$SHAPES/pie
    program record
    mine shape regs 77
    put "$PROBE/attach" "$BPF/record"
    "$FILE"
    same cookie 77 "$(value record cookies 0)"
    same "cookie of info" 77 "$(info "$PROBE" cookie)"
}

@test "the probes of a java virtual machine share the specs of one program" {
    local files=(/usr/lib/jvm/*/lib/server/libjvm.so)

    needs uprobe_multi
    FILE=$(realpath "${files[0]}" 2>/dev/null) || skip "no java virtual machine here"
    program usdt_old multi-uprobe
    mine 'hotspot*' '*'
    put "$PROBE/attach" "$BPF/usdt_old"
    [ "$(info "$PROBE" sites)" -gt 400 ]
    [ "$("$PROGRAMS/usdt_values" -s "$BPF/usdt_old")" -lt 256 ]
    rmdir "$PROBE"
    same specs 0 "$("$PROGRAMS/usdt_values" -s "$BPF/usdt_old")"
    program usdt_index multi-uprobe
    mine 'hotspot*' '*'
    refused "$PROBE/attach" "$BPF/usdt_index" E2BIG "different argument specs are needed"
    same specs 0 "$("$PROGRAMS/usdt_values" -s "$BPF/usdt_index")"
}
