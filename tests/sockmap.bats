#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# The kind sockmap: what passes through the sockets of a map.
# bats file_tags=net
# shellcheck disable=SC2154

load helpers

# sockets [MAP]: a map of the test's own, at $BPF/sockets.
sockets() {
    "$TOOL" pinmap "$PROGRAMS/bpf/sockmap.bpf.o" "${1-sockets}" "$BPF/sockets"
}

# on_map NAME HOOK [PROGRAM]
on_map() {
    probe "sockmap/$1"
    put "$PROBE/map" "$BPF/sockets"
    put "$PROBE/hook" "$2"
    [ -z "${3-}" ] || put "$PROBE/attach" "$3"
}

sends() { "$PROGRAMS/packets" sockets "$BPF/sockets" "$1"; }

@test "count counts each message of a socket of the map" {
    local hook

    needs sockmap_link
    sockets
    for hook in msg_verdict verdict stream_verdict; do
        on_map "$hook" "$hook" count
        sends 50
        same "hits of $hook" 50 "$(hits "$PROBE")"
        rmdir "$PROBE"
    done
    rm "$BPF/sockets"
}

@test "a parser and a verdict see each message, of sockets in a hash as well" {
    local map

    needs sockmap_link
    program sockmap_parser section parser
    for map in sockets hashed; do
        sockets "$map"
        on_map parser parser "$BPF/parser"
        on_map verdict stream_verdict count
        same "type of the map" "$map" "$(info "$DIR/link/$(info "$PROBE" link_id)" map_name)"
        sends 40
        same "messages in $map" 40 "$(hits "$PROBE")"
        rmdir "$DIR/sockmap/parser" "$PROBE"
        rm "$BPF/sockets"
    done
    same "messages that the parser was asked about" 80 "$(value parser)"
}

@test "the map may be one of an object file that is loaded here" {
    needs sockmap_link
    mkdir "$DIR/prog/mine"
    cp "$PROGRAMS/bpf/sockmap.bpf.o" "$DIR/prog/mine/object"
    put "$DIR/prog/mine/load" 1
    probe sockmap/mine
    put "$PROBE/map" prog/mine/map/sockets
    put "$PROBE/hook" msg_verdict
    put "$PROBE/attach" count
    put "$DIR/prog/mine/map/sockets/pin" "$BPF/sockets"
    sends 5
    same hits 5 "$(hits "$PROBE")"
    rm "$BPF/sockets"
    rmdir "$DIR/prog/mine"
}

@test "a link keeps its map, and a probe whose link was detached is gone" {
    needs sockmap_link
    sockets
    on_map mine msg_verdict count
    mv "$BPF/sockets" "$BPF/moved"
    "$PROGRAMS/packets" sockets "$BPF/moved" 4
    rm "$BPF/moved"
    same state attached "$(info "$PROBE" state)"
    same hits 4 "$(hits "$PROBE")"
    put "$DIR/link/$(info "$PROBE" link_id)/detach" 1
    same state gone "$(info "$PROBE" state)"
    contains info "another tool has detached the program" "$(<"$PROBE/info")"
    refused "$PROBE/attach" count ENOENT "no such file: '$BPF/sockets'"
    sockets
    put "$PROBE/attach" count
    sends 5
    same "hits, attached anew" 5 "$(hits "$PROBE")"
    rm "$BPF/sockets"
}

@test "programs change in place, a pin stays and is adopted" {
    local id

    needs sockmap_link
    sockets
    program sockmap_msg section first
    program sockmap_msg section second
    on_map mine msg_verdict "$BPF/first"
    id=$(info "$PROBE" link_id)
    put "$PROBE/pin" "$BPF/link"
    sends 3
    put "$PROBE/attach" "$BPF/second"
    same "link id" "$id" "$(info "$PROBE" link_id)"
    sends 20
    same "hits of the first" 3 "$(value first)"
    same "hits of the second" 20 "$(value second)"
    rmdir "$PROBE"
    on_map again verdict
    refused "$PROBE/attach" "$BPF/link" EINVAL "is on another target"
    put "$PROBE/hook" msg_verdict
    put "$PROBE/attach" "$BPF/link"
    same "link id, adopted" "$id" "$(info "$PROBE" link_id)"
    rm "$BPF/link" "$BPF/sockets"
}

@test "what a map does not take is refused with a sentence" {
    needs sockmap_link
    sockets
    program sockmap_msg section mine
    program sockmap_parser section parser
    on_map one verdict count
    on_map two stream_verdict
    refused "$PROBE/attach" count EBUSY "a program is on the map '$BPF/sockets'"
    refused "$PROBE/attach" "$BPF/mine" EINVAL "msg_verdict takes type sk_msg"
    on_map three parser
    refused "$PROBE/attach" count EOPNOTSUPP "how long each message is"
    put "$PROBE/attach" "$BPF/parser"
    probe sockmap/four
    refused "$PROBE/attach" count EINVAL "the field 'map' is empty"
    put "$PROBE/map" "$BPF/mine"
    refused "$PROBE/attach" count EINVAL "the field 'hook' is empty"
    put "$PROBE/hook" verdict
    refused "$PROBE/attach" count EINVAL "not a map"
    "$TOOL" pinmap "$PROGRAMS/bpf/plain.bpf.o" hits "$BPF/hits"
    put "$PROBE/map" "$BPF/hits"
    refused "$PROBE/attach" count EINVAL "'$BPF/hits' is no map of sockets"
    rm "$BPF/hits" "$BPF/sockets"
}

@test "a kernel without links on maps of sockets says so" {
    lacks sockmap_link
    "$TOOL" pinmap "$PROGRAMS/bpf/plain.bpf.o" hits "$BPF/hits"
    probe sockmap/mine
    put "$PROBE/map" "$BPF/hits"
    put "$PROBE/hook" verdict
    refused "$PROBE/attach" count EOPNOTSUPP "came with Linux 6.10"
    rm "$BPF/hits"
}
