#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Arguments of static probes, as programs of libbpf's header read them.
# bats file_tags=bpf,root,later

load helpers
load usdt

@test "arguments of all shapes are read by a program of libbpf's header" {
    needs cookie
    program usdt_old
    values_are "$SHAPES/pie" "$SHAPES/pie" usdt_old ""
    restart
    program usdt_old
    values_are "$SHAPES/exec" "$SHAPES/exec" usdt_old x
}

@test "arguments with an index are read by a program of the newer layout" {
    needs cookie
    program usdt_index "$(multi)"
    values_are "$SHAPES/pie" "$SHAPES/pie" usdt_index s
    restart
    program usdt_index "$(multi)"
    values_are "$SHAPES/exec" "$SHAPES/exec" usdt_index sx
}

@test "arguments are read however the file was linked" {
    local run file flags rows=0

    needs cookie
    while IFS='|' read -r run file flags; do
        program usdt_index "$(multi)"
        values_are "$SHAPES/$run" "$SHAPES/$file" usdt_index "$flags"
        restart
        rows=$((rows + 1))
    done <<'ROWS'
static|static|sx
static-pie|static-pie|s
lld|lld|s
shared|libshared.so|s
shared-lld|liblld.so|s
ROWS
    same rows 5 "$rows"
}

@test "sites shows what each argument is, and why one cannot be had" {
    local part

    needs cookie
    FILE=$SHAPES/pie
    program usdt_old
    mine shape bad
    put "$PROBE/attach" "$BPF/usdt_old"
    for part in "arg1: u32 in edi" "arg2: unavailable: %xmm0 is a vector register" \
        "arg5: unavailable: " "arg7: s32 constant 7"; do
        contains sites "$part" "$(<"$PROBE/sites")"
    done
    mine shape index
    put "$PROBE/attach" "$BPF/usdt_old"
    contains sites "arg1: unavailable: an index needs a program built with" "$(<"$PROBE/sites")"
}

@test "every call site of a probe is attached, with its own arguments" {
    needs cookie
    FILE=$SHAPES/pie
    program usdt_index "$(multi)"
    mine sites place 4
    put "$PROBE/attach" "$BPF/usdt_index"
    same sites 3 "$(info "$PROBE" sites)"
    same "sites with arguments" "constant 1 constant 2 in edi" \
        "$(sed 's/.*arg1: u32 //' "$PROBE/sites" | xargs)"
    "$FILE"
    same values "4: 3 3" "$("$PROGRAMS/usdt_values" "$BPF/usdt_index")"
    same cookie 4 "$(info "$PROBE" cookie)"
}
