#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# The specs that tell a program where arguments are: whose they are, and how long.
# Who has specs is for maps, the same since there are cookies.
# bats file_tags=bpf,root,ends,later

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

# fill COUNT: that many probes with the same program, each with 10 specs of its own.
fill() {
    local cookie

    for ((cookie = 1; cookie <= $1; cookie++)); do
        mine shape '*' "$cookie"
        put "$PROBE/attach" "$BPF/usdt_index"
    done
}

@test "a probe that fills its program's map can be changed all the same" {
    needs cookie
    FILE=$SHAPES/pie
    program usdt_index "$(multi)"
    fill 6
    same "specs in the map" 60 "$("$PROGRAMS/usdt_values" -s "$BPF/usdt_index")"
    put "$PROBE/cookie" 9
    "$FILE"
    same "cookies that hit" "1: 11 2: 11 3: 11 4: 11 5: 11 9: 11" \
        "$("$PROGRAMS/usdt_values" "$BPF/usdt_index" | awk '{ print $1, $2 }' | xargs)"
    same "specs in the map" 60 "$("$PROGRAMS/usdt_values" -s "$BPF/usdt_index")"
    same cookie 9 "$(<"$PROBE/cookie")"
    mine shape '*' 8
    refused "$PROBE/attach" "$BPF/usdt_index" ENOSPC \
        "10 different argument specs are needed, and the program's map '__bpf_usdt_specs' has room for 64, with 60 in use by other probes"
    "$FILE"
    same "cookies that hit" "1: 22 2: 22 3: 22 4: 22 5: 22 9: 22" \
        "$("$PROGRAMS/usdt_values" "$BPF/usdt_index" | awk '{ print $1, $2 }' | xargs)"
}

@test "what another daemon has taken over stays when the first lets it go" {
    local other=$BATS_TEST_TMPDIR/other values
    local expected="7: 1 16 17 18 14 15 f0 ffffffff80000001 80000001"

    needs uprobe_multi
    FILE=$SHAPES/pie
    program usdt_index multi-uprobe
    mine shape regs2 7
    put "$PROBE/attach" "$BPF/usdt_index"
    put "$PROBE/pin" "$BPF/pin"
    mkdir "$other"
    "$PROBEFS" test "$other" -o foreground 2>>"$BATS_TEST_TMPDIR/stderr" 3>&- &
    daemons+=" $!"
    eventually mountpoint -q "$other"
    mkdir "$other/usdt/taken"
    put "$other/usdt/taken/path" "$FILE"
    put "$other/usdt/taken/provider" shape
    put "$other/usdt/taken/name" regs2
    put "$other/usdt/taken/attach" "$BPF/pin"
    rm "$PROBE/pin"
    rmdir "$PROBE"
    "$FILE"
    values=$("$PROGRAMS/usdt_values" "$BPF/usdt_index")
    umount "$other"
    wait "$!"
    same values "$expected" "$values"
}
