#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Writing and reading back: what a write is, and that it is whole or not at all.
# bats file_tags=fs,bpf,root

# shellcheck disable=SC2016,SC2030,SC2031,SC2153  # inner shells; the helpers
load helpers

@test "what is written is read back byte for byte" {
    local file text reads rows=0

    mkdir "$DIR/uprobe/a"
    while IFS='|' read -r file text reads; do
        # Bash's own printf writes line by line.
        env printf %b "$text" >"$DIR/uprobe/a/$file"
        exactly "$DIR/uprobe/a/$file" "${reads-$text}"
        rows=$((rows + 1))
    done <<'ROWS'
cookie|42|42
cookie|42\n|42\n
cookie|0x2A|0x2A
cookie|  7 \t\r\n|  7 \t\r\n
cookie|# a comment\n5\n|# a comment\n5\n
cookie|\n\n# one\n\t6\n# two\n\n|\n\n# one\n\t6\n# two\n\n
cookie|\n|0\n
cookie| \n\t\n|0\n
cookie|18446744073709551615|18446744073709551615
enabled|0|0
enabled|1\n|1\n
enabled|\n|1\n
pin|/sys/fs/bpf/nowhere|/sys/fs/bpf/nowhere
pin|\n|
path|/bin/sh|/bin/sh
path|\n|
symbol|a b c\n|a b c\n
offset|0x10\n|0x10\n
offset|\n|0\n
pid|1\n|1\n
ROWS
    [ "$rows" -eq 20 ]
}

@test "a malformed value is refused, with the place, and changes nothing" {
    local file text error at message rows=0
    local probe=$DIR/uprobe/a

    mkdir "$probe"
    put "$probe/cookie" 7
    put "$probe/pid" 1
    while IFS='|' read -r file text error at message; do
        echo "row: $file $text"
        refused "$probe/$file" "$text" "$error" "$message"
        [ "$at" = - ] ||
            contains caret "
  $text
  $(printf '%*s^' "$at" '')" "$(<"$probe/error")"
        rows=$((rows + 1))
    done <<'ROWS'
cookie|x|EINVAL|0|not a number: 'x'
cookie|12x|EINVAL|2|not a number: '12x'
cookie|0x|EINVAL|0|not a number: '0x'
cookie|-1|EINVAL|0|not a number: '-1'
cookie|+1|EINVAL|0|not a number: '+1'
cookie|1 2|EINVAL|1|not a number: '1 2'
cookie|010|EINVAL|0|'010' has a leading zero
cookie|18446744073709551616|ERANGE|0|'18446744073709551616' is too large; the largest is 18446744073709551615
cookie|0x10000000000000000|ERANGE|0|too large
enabled|2|EINVAL|0|neither 0 nor 1: '2'
enabled|yes|EINVAL|0|neither 0 nor 1: 'yes'
enabled|00|EINVAL|0|neither 0 nor 1: '00'
pid|2147483648|ERANGE|0|the largest is 2147483647
pid|self|EINVAL|0|not a number: 'self'
offset|1.5|EINVAL|1|not a number: '1.5'
force|true|EINVAL|0|neither 0 nor 1: 'true'
pin|here|EINVAL|0|'here' is not an absolute path
attach|nosuch|ENOENT|0|there is no built-in program or object file 'nosuch'; 'ls prog' lists them
attach|prog/nosuch|ENOENT|-|there is no built-in program or object file 'nosuch'
attach|../count|EINVAL|0|'../count' is a relative path; write an absolute one
attach|bpf/prog|EINVAL|0|'bpf/prog' is a relative path
ROWS
    [ "$rows" -eq 21 ]
    holds "$probe/cookie" 7
    holds "$probe/pid" 1
    holds "$probe/attach" ""
}

@test "the place at fault is shown in the line that has it" {
    mkdir "$DIR/uprobe/a"
    refused "$DIR/uprobe/a/cookie" $'# a comment\n\n  \t12x \n' EINVAL "not a number: '12x'
  12x
    ^"
    refused "$DIR/uprobe/a/attach" " id:7x" EINVAL "write id: and a decimal number
  id:7x
      ^"
}

@test "a text of more than 4096 bytes is refused, one of 4096 is not" {
    local text

    mkdir "$DIR/uprobe/a"
    text=5$(printf '%4095s' '')
    put "$DIR/uprobe/a/cookie" 1
    refused "$DIR/uprobe/a/cookie" "$text " E2BIG "longer than 4096 bytes"
    refused "$DIR/uprobe/a/cookie" "$(printf '%60000s' 1)" E2BIG "longer than 4096 bytes"
    holds "$DIR/uprobe/a/cookie" 1
    same write ok "$("$TOOL" write "$DIR/uprobe/a/cookie" "$text")"
    same length 4096 "$(stat -c %s "$DIR/uprobe/a/cookie")"
}

@test "a NUL and a second line are refused" {
    local probe=$DIR/uprobe/a

    mkdir "$probe"
    run bash -c 'printf "1\0" >"$1"' - "$probe/cookie"
    contains write "Invalid argument" "$output"
    contains error "cookie: EINVAL: a NUL byte in the text" "$(<"$probe/error")"
    refused "$probe/cookie" $'1\n2\n' EINVAL "more than one line; a file holds one value"
    refused "$probe/attach" $'count\ncount\n' EINVAL "more than one line"
    holds "$probe/cookie" 0
}

@test "a success empties error" {
    mkdir "$DIR/uprobe/a"
    refused "$DIR/uprobe/a/cookie" x EINVAL "not a number"
    put "$DIR/uprobe/a/enabled" 1
    [ ! -s "$DIR/uprobe/a/error" ]
}

@test "opening with O_TRUNC and truncate change nothing" {
    mkdir "$DIR/uprobe/a"
    put "$DIR/uprobe/a/cookie" 42
    : >"$DIR/uprobe/a/cookie"
    exactly "$DIR/uprobe/a/cookie" '42\n'
    truncate -s 0 "$DIR/uprobe/a/cookie"
    truncate -s 100 "$DIR/uprobe/a/cookie"
    exactly "$DIR/uprobe/a/cookie" '42\n'
}

@test "appending is writing" {
    mkdir "$DIR/uprobe/a"
    put "$DIR/uprobe/a/cookie" 42
    echo 43 >>"$DIR/uprobe/a/cookie"
    exactly "$DIR/uprobe/a/cookie" '43\n'
    echo 44 | tee -a "$DIR/uprobe/a/cookie"
    exactly "$DIR/uprobe/a/cookie" '44\n'
}

@test "of two lines through one descriptor the second counts" {
    mkdir "$DIR/uprobe/a"
    { echo 1 && echo 2; } >"$DIR/uprobe/a/cookie"
    exactly "$DIR/uprobe/a/cookie" '2\n'
    { echo 1 && echo 2 && echo; } >"$DIR/uprobe/a/cookie"
    exactly "$DIR/uprobe/a/cookie" '0\n'
}

@test "a write that goes on with an unfinished line goes on with its value" {
    mkdir "$DIR/uprobe/a"
    "$TOOL" two-writes "$DIR/uprobe/a/cookie" 12 $'34\n'
    exactly "$DIR/uprobe/a/cookie" '1234\n'
    "$TOOL" two-writes "$DIR/uprobe/a/cookie" 56 $'\n'
    exactly "$DIR/uprobe/a/cookie" '56\n'
    echo 98765 | dd of="$DIR/uprobe/a/cookie" bs=1 status=none
    exactly "$DIR/uprobe/a/cookie" '98765\n'
    echo 4321 | dd of="$DIR/uprobe/a/cookie" bs=2 status=none conv=fsync
    exactly "$DIR/uprobe/a/cookie" '4321\n'
    run dd if=/dev/zero of="$DIR/uprobe/a/symbol" bs=1 count=1 status=none
    [ "$status" -ne 0 ]
    run bash -c 'yes a | tr -d "\n" | dd of="$1" bs=1000 count=5 iflag=fullblock status=none' - "$DIR/uprobe/a/symbol"
    contains dd "Argument list too long" "$output"
    exactly "$DIR/uprobe/a/symbol" ""
}

@test "a part that is refused takes back what the value began with" {
    local long symbol=$DIR/uprobe/a/symbol cookie=$DIR/uprobe/a/cookie

    mkdir "$DIR/uprobe/a"
    long=$(printf 'f%.0s' {1..5000})
    # A shell's buffer has 4096 bytes, which by themselves are a symbol.
    for text in "" main; do
        echo "$text" >"$symbol"
        for shell in bash dash; do
            run "$shell" -c 'echo "$2" >"$1"' - "$symbol" "$long"
            [ "$status" -ne 0 ]
            holds "$symbol" "$text"
            contains error "symbol: E2BIG: longer than 4096 bytes" "$(<"$DIR/uprobe/a/error")"
        done
    done
    # One that was never written is as it was, too.
    run "$TOOL" two-writes "$cookie" 12 x
    contains "the second" "write 2: Invalid argument" "$output"
    holds "$cookie" 0
    echo 0x7 >"$cookie"
    run "$TOOL" two-writes "$cookie" 12 x
    contains "the second" "write 2: Invalid argument" "$output"
    exactly "$cookie" '0x7\n'
    needs uprobe_pmu
    probe "uprobe/$NAME:target_one" count
    run "$TOOL" two-writes "$PROBE/enabled" 0 0
    contains "the second" "write 2: Invalid argument" "$output"
    holds "$PROBE/enabled" 1
    hit target_one 1
    same hits 1 "$(hits "$PROBE")"
}

@test "an offset of the file means nothing" {
    mkdir "$DIR/uprobe/a"
    put "$DIR/uprobe/a/cookie" 11
    echo 7 | dd of="$DIR/uprobe/a/cookie" bs=1M seek=3 conv=notrunc status=none
    exactly "$DIR/uprobe/a/cookie" '7\n'
}

@test "a reader sees the file as it was when opened" {
    mkdir "$DIR/uprobe/a"
    put "$DIR/uprobe/a/cookie" 1
    exec 7<"$DIR/uprobe/a/cookie"
    put "$DIR/uprobe/a/cookie" 22222
    same "what was open" 1 "$(cat <&7)"
    exec 7<&-
    holds "$DIR/uprobe/a/cookie" 22222
}

@test "what was written can be read through the same descriptor's file" {
    mkdir "$DIR/uprobe/a"
    exec 7<>"$DIR/uprobe/a/cookie"
    echo 5 >&7
    holds "$DIR/uprobe/a/cookie" 5
    exec 7<&-
}

@test "the time of a file is that of its last accepted write" {
    local probe=$DIR/uprobe/a before

    mkdir "$probe"
    touch -d @1000 "$probe/cookie" "$probe/pin"
    refused "$probe/cookie" x EINVAL "not a number"
    same "after a refusal" 1000 "$(stat -c %Y "$probe/cookie")"
    before=$(date +%s)
    put "$probe/cookie" 1
    [ "$(stat -c %Y "$probe/cookie")" -ge "$before" ]
    same "another file" 1000 "$(stat -c %Y "$probe/pin")"
}

@test "who writes must have opened" {
    mkdir "$DIR/uprobe/a"
    put "$DIR/uprobe/a/cookie" 1
    run bash -c 'exec 7>"$1"
        exec setpriv --reuid=65534 --clear-groups bash -c "echo 2 >&7"' - "$DIR/uprobe/a/cookie"
    contains write "Operation not permitted" "$output"
    contains error "cookie: EPERM: opened by user 0 of group 0, written by user 65534 of" \
        "$(<"$DIR/uprobe/a/error")"
    holds "$DIR/uprobe/a/cookie" 1
}
