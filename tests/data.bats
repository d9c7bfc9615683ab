#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# prog/NAME/data/: global variables, before and after the object is loaded.
# bats file_tags=bpf,root,fs

load helpers
load users

setup() {
    prepare
    start
    OBJECT=$DIR/prog/values
    mkdir "$OBJECT"
    cp "$PROGRAMS/bpf/values.bpf.o" "$OBJECT/object"
}

teardown() {
    [ ! -d "$OBJECT" ] || rmdir "$OBJECT"
    finish
}

# is VARIABLE VALUE
is() { holds "$OBJECT/data/$1" "$2"; }

# rejected VARIABLE TEXT ERRNO PART: nothing changes; the directory says why.
rejected() {
    local before error
    before=$(<"$OBJECT/data/$1")
    same "errno of writing ${2:0:80} to $1" "$3" "$("$TOOL" write "$OBJECT/data/$1" "$2")"
    error=$(<"$OBJECT/error")
    contains "error of $1" "$3: " "$error"
    contains "error of $1" "$4" "$error"
    is "$1" "$before"
}

# count: what the program returns, which adds `limit` to `number`.
count() { echo $(($("$TOOL" run "$BPF/count") << 32 >> 32)); }

@test "variables have the values that were compiled, and take others by their types" {
    local variable value

    while IFS='|' read -r variable value; do
        is "$variable" "$value"
    done <<'EOF'
number|-7
wide|18446744073709551615
yes|true
letter|'q'
tenth|0.1
color|BLUE
name|"eth0"
odd|"a\"b\\\n\0012\377"
grid|{{1, 2, 3}, {4, 5, 6}}
many|{[0 ... 19] = 0, 1, [21 ... 39] = 0}
bits|{.a = 5, .b = 4097, .c = -3, .d = 6230565890731, .e = GREEN, .f = true}
limit|100
EOF
    put "$OBJECT/data/number" 0x20
    is number 32
    put "$OBJECT/data/name" wlan0
    is name '"wlan0"'
    put "$OBJECT/data/color" RED
    is color RED
    put "$OBJECT/data/grid" '{[1] = {7}}'
    is grid '{{1, 2, 3}, {7, 5, 6}}'
    put "$OBJECT/data/place" '{.y = 9}'
    is place '{.x = 3, .y = 9}'
    rejected number 2147483648 ERANGE 'does not fit int, which is -2147483648 to 2147483647'
    rejected number many EINVAL "a number is expected, not 'many'"
    rejected name 'seventeen letters' ERANGE 'longer than its 16 bytes'
    rejected color PINK EINVAL "not 'PINK'"
    rejected place '{.z = 1}' EINVAL "there is no member 'z'"
    # Nothing is loaded of a value that was refused: the others are in force.
    is number 32
    is name '"wlan0"'
}

@test "what is set before loading is what programs find; then .rodata is constant" {
    put "$OBJECT/data/number" 1000
    put "$OBJECT/data/limit" 5
    put "$OBJECT/load" 1
    put "$OBJECT/program/values_count/pin" "$BPF/count"
    is number 1000
    is limit 5
    same "the program's result" 1005 "$(count)"
    is number 1005
    put "$OBJECT/data/number" -3
    same "the program's result" 2 "$(count)"
    is number 2
    put "$OBJECT/data/nested" '{.port = 443, .points[1].x = -1}'
    is nested '{.name = "lo", .port = 443, .v4 = 16909060, .bytes = {4, 3, 2, 1}, .points = {{.x = 1, .y = 2}, {.x = -1, .y = 4}}, .next = 0x0, .named = {.inner = 9}}'
    # Nothing is no value.
    # The name is back when the directory is listed, or it is made.
    rm "$OBJECT/data/name"
    [ ! -e "$OBJECT/data/name" ]
    contains names $'\nname\n' "$(ls "$OBJECT/data")"
    put "$OBJECT/data/number" ''
    is name '"eth0"'
    is number 2
    put "$OBJECT/data/name" '""'
    is name '""'
    rejected limit 6 EPERM "'limit' is constant once it is loaded"
    rejected number x EINVAL "a number is expected, not 'x'"
    same "the program's result" 7 "$(count)"
    # What was set is what it is loaded with again.
    put "$OBJECT/load" 0
    is number 1000
    put "$OBJECT/data/limit" 6
    is limit 6
    rm "$BPF/count"
}

@test "what is loaded with another's rights is not read and changed" {
    others
    chmod o+x "$DIR/prog"
    chown "$ALICE" "$OBJECT"
    put "$OBJECT/load" 1
    same "another's write" EPERM "$(as "$ALICE" "$TOOL" write "$OBJECT/data/number" 5)"
    is number -7
    run as "$ALICE" cat "$OBJECT/data/number" "$OBJECT/map/.data/entries"
    same "what is read" 2 "$(grep -c 'Operation not permitted' <<<"$output")"
    put "$OBJECT/load" 0
    as "$ALICE" cat "$OBJECT/data/number" >/dev/null
}

@test "a variable is shown to who may change it" {
    same "mode of a variable" 600 "$(stat -c %a "$OBJECT/data/number")"
    chmod 770 "$OBJECT"
    same "mode of a variable" 660 "$(stat -c %a "$OBJECT/data/number")"
}
