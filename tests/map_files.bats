#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# prog/NAME/map/M/: maps before they are loaded, and their pairs afterwards.
# bats file_tags=bpf,root,fs

load helpers

setup() {
    prepare
    start
    MAPS=$DIR/prog/maps/map
    made maps
}

teardown() {
    local object

    for object in "$DIR"/prog/*/object; do
        rmdir "${object%/object}"
    done
    finish
}

# made NAME: an object of maps.bpf.c, which is not loaded yet.
made() {
    mkdir "$DIR/prog/$1"
    cp "$PROGRAMS/bpf/maps.bpf.o" "$DIR/prog/$1/object"
}

loaded() { put "$DIR/prog/${1-maps}/load" 1; }

# entries MAP LINE...: all that there are, in any order.
entries() {
    same "entries of $1" "$(printf '%s\n' "${@:2}" | sort)" "$(sort "$MAPS/$1/entries")"
}

# per_cpu KEY FIRST REST: the line with a value for each possible CPU.
per_cpu() {
    local cpus i list=$2

    cpus=$(</sys/devices/system/cpu/possible)
    for ((i = 1; i <= ${cpus##*[-,]}; i++)); do list+=", $3"; done
    echo "$1: {$list}"
}

@test "a map is told and set before it is loaded, and told by the kernel then" {
    holds "$MAPS/words/type" hash
    holds "$MAPS/words/key_size" 8
    holds "$MAPS/words/max_entries" 2
    put "$MAPS/words/max_entries" 3
    put "$MAPS/recent/type" hash
    refused "$MAPS/words/max_entries" many EINVAL many
    refused "$MAPS/words/put" 'one: 1' ENODATA "it is not loaded"
    contains "reading" "No data available" "$(cat "$MAPS/words/entries" 2>&1)"
    loaded
    holds "$MAPS/recent/type" hash
    holds "$MAPS/words/max_entries" 3
    same "type" hash "$(info "$MAPS/words" type)"
    same "name" words "$(info "$MAPS/words" name)"
    same "max_entries" 3 "$(info "$MAPS/words" max_entries)"
    same "frozen" 0 "$(info "$MAPS/words" frozen)"
    refused "$MAPS/words/max_entries" 4 EBUSY "write 0 to 'load' first"
    put "$MAPS/words/pin" "$BPF/words"
    holds "$MAPS/words/pin" "$BPF/words"
    same "id of the pin" "$(info "$MAPS/words" id)" \
        "$("$TOOL" with "$BPF/words" 9 sed -n 's/map_id:[^0-9]*//p' /proc/self/fdinfo/9)"
    rm "$BPF/words"
}

@test "pairs are put, read and deleted by their types" {
    local zero='{.count = 0, .name = "", .state = IDLE}'

    loaded
    put "$MAPS/words/put" 'one: 1'
    put "$MAPS/words/put" '"two" = 0x10'
    entries words '"one": 1' '"two": 16'
    refused "$MAPS/words/put" 'three 3' E2BIG "the map is full: it takes 2 pairs"
    put "$MAPS/words/delete" one
    refused "$MAPS/words/delete" one ENOENT "there is no such key"
    put "$MAPS/words/put" 'three 3'
    entries words '"two": 16' '"three": 3'
    put "$MAPS/records/put" '1: {.count = 7, .name = "a\n", .state = BUSY}'
    put "$MAPS/records/put" '1: {.count = 8}'
    entries records "0: $zero" '1: {.count = 8, .name = "a\n", .state = BUSY}'
    refused "$MAPS/records/put" '1: {.state = LATE}' EINVAL "not 'LATE'"
    refused "$MAPS/records/put" '2: {}' E2BIG "there is no element 2: the map has 2"
    refused "$MAPS/records/delete" 1 EINVAL "an element of an array is always there"
    put "$MAPS/prefixes/put" '{24, {10, 1}}: 7'
    put "$MAPS/prefixes/put" '{.length = 8, .address = {10}}: 8'
    entries prefixes '{.length = 24, .address = {10, 1, 0, 0}}: 7' \
        '{.length = 8, .address = {10, 0, 0, 0}}: 8'
    put "$MAPS/bytes/put" '0102 = 0a0b0c'
    entries bytes '01 02: 0a 0b 0c'
    refused "$MAPS/bytes/put" '0102: 0a' EINVAL "there are 1 bytes, and not 3"
}

@test "a pair of a per-CPU map has a value for each CPU" {
    loaded
    put "$MAPS/cpu_array/put" '1: 5'
    entries cpu_array "$(per_cpu 0 0 0)" "$(per_cpu 1 5 5)"
    put "$MAPS/cpu_array/put" '1: {6}'
    entries cpu_array "$(per_cpu 0 0 0)" "$(per_cpu 1 6 5)"
    put "$MAPS/cpu_hash/put" '9: {.count = 1, .state = BUSY}'
    put "$MAPS/cpu_hash/put" '9: {[0] = {.name = "x"}}'
    entries cpu_hash "$(per_cpu 9 '{.count = 1, .name = "x", .state = BUSY}' \
        '{.count = 1, .name = "", .state = BUSY}')"
    refused "$MAPS/cpu_array/put" '1: {[9999] = 1}' ERANGE "element 9999"
}

@test "tail calls and inner maps are set up from the shell" {
    loaded
    put "$DIR/prog/maps/program/maps_main/pin" "$BPF/main"
    put "$DIR/prog/maps/program/maps_tail/pin" "$BPF/tail"
    same "result" 3 "$("$TOOL" run "$BPF/main")"
    put "$MAPS/programs/put" "1: $BPF/tail"
    entries programs "1: id:$("$TOOL" id "$BPF/tail")"
    same "result" 7 "$("$TOOL" run "$BPF/main")"
    put "$MAPS/programs/delete" 1
    same "result" 3 "$("$TOOL" run "$BPF/main")"
    put "$MAPS/programs/put" '1: prog/maps/maps_tail'
    same "result" 7 "$("$TOOL" run "$BPF/main")"
    holds "$DIR/prog/maps/data/tail_hits" 2
    holds "$DIR/prog/maps/data/hits" 400
    put "$MAPS/inners/put" '0: prog/maps/map/inner'
    entries inners "0: id:$(info "$MAPS/inner" id)"
    "$TOOL" run "$BPF/main" 2
    entries inner '0: 2'
    refused "$MAPS/programs/put" "1: $BPF/none" ENOENT none
    refused "$MAPS/programs/put" "1: id:4294967295" ENOENT "no program has the id"
    refused "$MAPS/inners/put" "1: $BPF/tail" EINVAL "not a map"
    refused "$MAPS/inners/put" "1: maps/words" ENOENT "a map is written as NAME/map/MAP"
    refused "$MAPS/inners/put" "1: prog/maps/map/words" EINVAL "the kernel refuses the pair: Invalid argument; the map takes maps of one type and size"
    rm "$BPF/main" "$BPF/tail"
}

@test "what has no pairs says what it is" {
    loaded
    entries ring '# a ring buffer: programs send records through it to whoever maps it'
    contains events '# a perf event array: ' "$(<"$MAPS/events/entries")"
    contains queue '# a queue: ' "$(<"$MAPS/queue/entries")"
    refused "$MAPS/queue/put" '1: 1' EOPNOTSUPP "it is a queue"
    refused "$MAPS/ring/delete" 1 EOPNOTSUPP "it is a ring buffer"
}

@test "objects share a map by its reference" {
    local reference

    loaded
    put "$MAPS/words/put" 'one: 1'
    put "$MAPS/words/pin" "$BPF/words"
    for reference in "$BPF/words" "id:$(info "$MAPS/words" id)" prog/maps/map/words; do
        made other
        put "$DIR/prog/other/map/words/reuse" "$reference"
        holds "$DIR/prog/other/map/words/reuse" "$reference"
        loaded other
        same "id by $reference" "$(info "$MAPS/words" id)" \
            "$(info "$DIR/prog/other/map/words" id)"
        put "$DIR/prog/other/map/words/put" 'one: 2'
        entries words '"one": 2'
        put "$MAPS/words/put" 'one: 1'
        rmdir "$DIR/prog/other"
    done
    made other
    refused "$DIR/prog/other/map/words/reuse" "$BPF/none" ENOENT none
    refused "$DIR/prog/other/map/words/reuse" prog/maps/maps_main EINVAL "map"
    refused "$DIR/prog/other/map/records/reuse" "$BPF/words" EINVAL "has another type"
    rm "$BPF/words"
}

@test "four readers read a large map, each all of it" {
    local reader pairs=100000
    local -a readers=()

    loaded
    put "$MAPS/many/pin" "$BPF/many"
    # Guests emulate each instruction.
    [ ! -e /run/vm/share ] || pairs=10000
    "$TOOL" fill "$BPF/many" "$pairs"
    for reader in {1..4}; do
        cat "$MAPS/many/entries" >"$BATS_TEST_TMPDIR/$reader" 3>&- &
        readers+=($!)
    done
    for reader in "${readers[@]}"; do
        wait "$reader"
    done
    for reader in {1..4}; do
        same "distinct lines" "$pairs" "$(sort -u "$BATS_TEST_TMPDIR/$reader" | wc -l)"
    done
    same "the first line" "$(head -n 1 "$BATS_TEST_TMPDIR/1")" "$(head -n 1 "$MAPS/many/entries")"
    same "the mode of entries" 400 "$(stat -c %a "$MAPS/many/entries")"
    rm "$BPF/many"
}
