#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Arguments on kernels without cookies, where programs find them by addresses.
# Only the first guest is without cookies.
# bats file_tags=bpf,root,fs

load helpers
load usdt

teardown() {
    [ -z "${talker-}" ] || kill "$talker"
    finish
    umount -l "$BATS_TEST_TMPDIR"/{one,two} 2>/dev/null || true
}

# values: of the hits so far, a line each cookie.
values() { "$PROGRAMS/usdt_values" "$BPF/usdt_old"; }

@test "without cookies arguments are read by addresses of a process, or of a fixed file" {
    lacks cookie
    program usdt_old
    FILE=$SHAPES/pie
    mine shape regs 0
    refused "$PROBE/attach" "$BPF/usdt_old" EOPNOTSUPP "write its id to 'pid'"
    talk "$FILE"
    put "$PROBE/pid" "$talker"
    put "$PROBE/attach" "$BPF/usdt_old"
    FILE=$SHAPES/exec
    mine shape regs2 1
    put "$PROBE/attach" "$BPF/usdt_old"
    ask fire
    "$SHAPES/exec"
    same values "$("$SHAPES/pie" -e | head -n 2)" "$(values)"
    put "$PROBE/cookie" 5
    "$SHAPES/exec"
    same "after a new cookie" "$("$SHAPES/pie" -e | sed -n '2s/^1/5/p')" \
        "$(values | tail -n 1)"
}

@test "a probe of one process of a library finds its arguments" {
    lacks cookie
    program usdt_old
    FILE=$SHAPES/libshared.so
    talk "$SHAPES/shared"
    mine shape symbol 3
    put "$PROBE/pid" "$talker"
    put "$PROBE/attach" "$BPF/usdt_old"
    ask fire
    same values "3: 1 11111111 2222222222222222 4444444444444444 !" "$(values)"
}

@test "an address is of its last user: a probe made anew, and two equal ones" {
    local regs2="16 17 18 14 15 f0 ffffffff80000001 80000001" first

    lacks cookie
    program usdt_old
    FILE=$SHAPES/exec
    mine shape regs2 1
    first=$PROBE
    put "$PROBE/attach" "$BPF/usdt_old"
    # Another text of the same path makes the link anew.
    put "$PROBE/path" "${FILE%/*}/./${FILE##*/}"
    "$FILE"
    same "made anew" "1: 1 $regs2" "$(values)"
    mine shape regs2 1
    put "$PROBE/attach" "$BPF/usdt_old"
    "$FILE"
    same "two equal ones" "1: 3 $regs2" "$(values)"
    rmdir "$PROBE"
    "$FILE"
    same "one is left" "1: 4 $regs2" "$(values)"
    mine shape regs2 2
    put "$PROBE/attach" "$BPF/usdt_old"
    put "$PROBE/attach" ""
    "$FILE"
    same "another came and went" "1: 5 $regs2" "$(values)"
    put "$first/attach" ""
    same "specs in the map" 0 "$("$PROGRAMS/usdt_values" -s "$BPF/usdt_old")"
}

@test "with nop5 a fixed file's arguments are found behind the nop" {
    lacks cookie
    program usdt_old
    remount nop5
    FILE=$SHAPES/exec
    mine nop5 five 2
    put "$PROBE/attach" "$BPF/usdt_old"
    "$FILE"
    same values "2: 1 1 2222222222222222 5" "$(values)"
}

@test "two files with one inode number are told apart by their file systems" {
    local in=$BATS_TEST_TMPDIR one two

    lacks cookie
    program usdt_old
    one=$in/one/liblld.so two=$in/two/libshared.so
    mkdir "$in/one" "$in/two"
    mount -t tmpfs probefs-test "$in/one"
    mount -t tmpfs probefs-test "$in/two"
    cp "$SHAPES/${one##*/}" "$one"
    cp "$SHAPES/${two##*/}" "$two"
    same "inode numbers" "$(stat -c %i "$one")" "$(stat -c %i "$two")"
    talk env LD_PRELOAD="$one $two" "$SHAPES/shared"
    for FILE in "$one" "$two"; do
        mine shape symbol 3
        put "$PROBE/pid" "$talker"
        put "$PROBE/attach" "$BPF/usdt_old"
    done
    ask fire
    same values "3: 1 11111111 2222222222222222 4444444444444444 !" "$(values)"
}

@test "a library that is loaded twice has its arguments in both places" {
    lacks cookie
    program usdt_old
    FILE=$SHAPES/libshared.so
    talk "$PROGRAMS/usdt_twice" "$FILE"
    # Both are there by then.
    ask fire
    mine shape symbol 3
    put "$PROBE/pid" "$talker"
    put "$PROBE/attach" "$BPF/usdt_old"
    ask fire
    same values "3: 2 11111111 2222222222222222 4444444444444444 !" "$(values)"
    same sites 1 "$(info "$PROBE" sites)"
}
