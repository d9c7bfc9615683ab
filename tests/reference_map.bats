#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# How a map is referred to, wherever one is written.
# bats file_tags=fs,bpf,root

load helpers

# maps_of: the ids of the program's maps, in the order in which it got them.
maps_of() { cut -f 1 "$DIR/prog/$PROG/maps" | xargs; }

# a_map PIN NAME: $MAP is its id.
a_map() {
    bpftool map create "$BPF/$1" type array key 4 value 4 entries 1 name "$2"
    MAP=$(bpftool -j map show pinned "$BPF/$1" | grep -o '"id":[0-9]*' | cut -d : -f 2)
}

setup() {
    prepare
    start
    program plain
    PROG=$("$TOOL" id "$BPF/plain")
}

@test "a program is given maps, each by a form of reference" {
    local form own text rows=0

    own=$(maps_of)
    # Another test may have maps of that name.
    for form in "$BPF/map" id: name: /proc/self/fd/9 /dev/fd/9 /proc/PID/fd/9; do
        a_map map "pf_$$_$rows"
        own+=" $MAP"
        text=${form/%:/:$MAP}
        text=${text/#name:*/name:pf_$$_$rows}
        # shellcheck disable=SC2016  # the inner shell's
        "$TOOL" with "$BPF/map" 9 bash -c 'echo "${2/PID/$$}" >"$1"' - "$DIR/prog/$PROG/bind" "$text" ||
            fault "$text: $(<"$DIR/prog/$PROG/error")"
        same "maps after $text" "$own" "$(maps_of)"
        # What it has touches nothing, and stays without its pin.
        put "$DIR/prog/$PROG/bind" "id:$MAP"
        rm "$BPF/map"
        same "maps without the pin" "$own" "$(maps_of)"
        rows=$((rows + 1))
    done
    [ "$rows" -eq 6 ]
}

@test "what is no map is refused, and it is told what it is" {
    local text error part rows=0

    a_map one probefs_two
    a_map two probefs_two
    while IFS='|' read -r text error part; do
        refused "$DIR/prog/$PROG/bind" "$text" "$error" "$part"
        rows=$((rows + 1))
    done <<ROWS
$BPF/plain|EINVAL|not a map, but a program
$BPF/none|ENOENT|no such file
id:x|EINVAL|not the id of a map: 'x'; write id: and a decimal number
id:4294967294|ENOENT|there is no map with the id 4294967294
id:4294967296|ERANGE|ids have 32 bits
name:|EINVAL|a map's name is missing
name:no_such_map_at_all|ENOENT|no map has the name 'no_such_map_at_all'; the kernel keeps 15 bytes of a name, so 'no_such_map_at_' was compared
name:probefs_two|ENOTUNIQ|2 maps have the name 'probefs_two': ids
tag:0123456789abcdef|EINVAL|not a map, but a program
prog/$PROG|EINVAL|not a map, but a program
$DIR/prog/$PROG|EINVAL|not a map, but a program
count|EINVAL|'count' is loaded for the probe that attaches it
some/map|EINVAL|'some/map' is a relative path
prog/some/map/m|ENOENT|there is no built-in program
17|EINVAL|write id:17, or /proc/self/fd/17
ROWS
    [ "$rows" -eq 15 ]
    refused "$DIR/prog/$PROG/bind" $'\n' EINVAL "a program has a map as long as it is there"
    contains "both are told" " $MAP;" "$(
        "$TOOL" write "$DIR/prog/$PROG/bind" name:probefs_two
        cat "$DIR/prog/$PROG/error"
    )"
}

@test "a map of an object file that is loaded here is one as well" {
    local form own web=$DIR/prog/web rows=0

    own=$(maps_of)
    mkdir "$web"
    cp "$PROGRAMS/bpf/net.bpf.o" "$web/object"
    refused "$DIR/prog/$PROG/bind" prog/web/map/hits ENODATA "it is not loaded"
    put "$web/load" 1
    own+=" $(sed -n 's/^id:\t//p' "$web/map/hits/info")"
    for form in prog/web/map/hits web/map/hits "$web/map/hits"; do
        put "$DIR/prog/$PROG/bind" "$form"
        same "maps after $form" "$own" "$(maps_of)"
    done
    while IFS='|' read -r form error part; do
        refused "$DIR/prog/$PROG/bind" "$form" "$error" "$part"
        rows=$((rows + 1))
    done <<ROWS
prog/web/map/none|ENOENT|there is no map 'none' in it
prog/web/program/net_xdp|EINVAL|not a map, but a program
$web/program/net_xdp|EINVAL|not a map, but a program
$web/map|EINVAL|a file of probefs, but none of a program or a link
ROWS
    [ "$rows" -eq 4 ]
    rmdir "$web"
    same "maps after rmdir" "$own" "$(maps_of)"
}
