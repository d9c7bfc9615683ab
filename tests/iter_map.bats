#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Iterators of maps, and of what is in them.
# bats file_tags=bpf,root

# shellcheck disable=SC2030,SC2031  # each test is a subshell
load helpers
load iter

setup() {
    prepare
    start
    needs iter
}

# a_map NAME TYPE KEY ENTRIES [FLAGS]: pinned at $BPF/NAME.
a_map() {
    bpftool map create "$BPF/$1" type "$2" key "$3" value 4 entries "$4" name "$1" flags "${5:-0}"
}

map_id() { bpftool -j map show pinned "$BPF/$1" | grep -o '"id":[0-9]*' | cut -d : -f 2; }

@test "200,000 elements come as the kernel's own file has them" {
    local out=$BATS_TEST_TMPDIR/out link id

    iterator elem_all
    a_map elements hash 4 200000 1 # BPF_F_NO_PREALLOC
    "$TOOL" fill "$BPF/elements" 200000
    bpftool iter pin "$(object elem_all)" "$BPF/own" map pinned "$BPF/elements"
    cat "$BPF/own" >"$out"
    same elements 200000 "$(wc -l <"$out")"
    probe iter/bpf_map_elem
    put "$PROBE/map" "$BPF/elements"
    put "$PROBE/attach" "$BPF/elem_all"
    cmp "$out" "$PROBE/output"
    same "who leaves early" "$(head -c 100000 "$out" | md5sum)" "$(head -c 100000 "$PROBE/output" | md5sum)"
    # However it is named, it is that map.
    id=$(map_id elements)
    same map_id "$id" "$(info "$PROBE" map_id)"
    put "$PROBE/map" "id:$id"
    same "the first by id" "$(head -n 1 "$out")" "$(head -n 1 "$PROBE/output")"
    link=$(info "$PROBE" link_id)
    put "$PROBE/map" "id:$id"
    same "link of the same map" "$link" "$(info "$PROBE" link_id)"
    rm "$BPF/elements"
    same "the first of what is removed" "$(head -n 1 "$out")" "$(head -n 1 "$PROBE/output")"
}

@test "what cannot be gone over is refused with the reason" {
    local program map error part rows=0

    iterator elem_all elem_wide iter_task
    a_map small hash 4 10
    a_map wide array 4 10
    a_map bytes queue 0 10
    while IFS='|' read -r program map error part; do
        probe "iter/@$rows"
        [ -z "$map" ] || put "$PROBE/map" "$map"
        refused "$PROBE/attach" "$BPF/$program" "$error" "$part"
        rows=$((rows + 1))
    done <<ROWS
elem_all||EBADF|it goes over a map; write its path to 'map'
elem_wide|$BPF/small|EACCES|reads past the keys or the values of the map
elem_all|$BPF/bytes|EINVAL|is for no iterator of a map, or not of maps of that type
iter_task|$BPF/small|EINVAL|the iterator 'task' looks at none of the fields that are written; clear them
elem_all|$BPF/elem_all|EINVAL|not a map, but a program
elem_all|$BPF/none|ENOENT|none
elem_all|id:4294967294|ENOENT|4294967294
ROWS
    [ "$rows" -eq 7 ]
    # Another program of the link is asked the same.
    probe iter/bpf_map_elem
    put "$PROBE/map" "$BPF/small"
    put "$PROBE/attach" "$BPF/elem_all"
    refused "$PROBE/attach" "$BPF/elem_wide" EACCES "reads past the keys or the values of the map"
    holds "$PROBE/output" ""
    put "$PROBE/map" "$BPF/wide"
    same "the last of ten" "9: 0" "$(tail -n 1 "$PROBE/output")"
}

@test "the maps of this machine are gone over, and sockets of one" {
    iterator iter_map iter_sockmap
    a_map sockets sockmap 4 2
    a_map small hash 4 10
    probe iter/bpf_map "$BPF/iter_map"
    grep -qx "$(map_id sockets)" "$PROBE/output"
    refused "$PROBE/map" "$BPF/small" EINVAL "the iterator 'bpf_map' takes no 'map'"
    probe iter/sockmap
    put "$PROBE/map" "$BPF/small"
    refused "$PROBE/attach" "$BPF/iter_sockmap" EINVAL "or not of maps of that type"
    put "$PROBE/map" "$BPF/sockets"
    put "$PROBE/attach" "$BPF/iter_sockmap"
    holds "$PROBE/output" ""
    same map_id "$(map_id sockets)" "$(info "$PROBE" map_id)"
}
