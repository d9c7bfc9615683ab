#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Raw tracepoints.  sys_enter is hit by all, so the programs of raw.bpf.c count
# one system call, which nothing but `kcall` makes.
# bats file_tags=bpf,root

# shellcheck disable=SC2016,SC2030,SC2031,SC2153  # inner shells; the helpers
load helpers

kcall() { "$PROGRAMS/kcall" "$@"; }

# raw NAME [PIN]: loads a program as its section says.
raw() {
    "$TOOL" load "$PROGRAMS/bpf/raw.bpf.o" "$1" "$BPF/${2:-$1}" section
    loaded+=" $("$TOOL" id "$BPF/${2:-$1}")"
}

@test "every hit is counted" {
    raw raw
    probe raw_tracepoint/sys_enter "$BPF/raw"
    kcall 100
    same hits 100 "$(value raw)"
    same state attached "$(info "$PROBE" state)"
    same type raw_tracepoint "$(info "$PROBE" link_type)"
    same tracepoint sys_enter "$(info "$PROBE" tracepoint)"
    same sites "-	sys_enter	link $(info "$PROBE" link_id)" "$(<"$PROBE/sites")"
}

@test "the built-in program counts" {
    local before

    probe raw_tracepoint/sys_enter count
    before=$(hits "$PROBE")
    kcall 100
    [ "$(hits "$PROBE")" -ge $((before + 100)) ]
    same type raw_tracepoint "$(info "$PROBE" prog_type)"
}

@test "a program that was loaded for the tracepoint counts, and is for no other" {
    needs btf
    raw raw_btf
    probe raw_tracepoint/sys_enter "$BPF/raw_btf"
    kcall 10
    same hits 10 "$(value raw_btf)"
    # Linux 5.10 takes it once, and tells what for by a link only.
    rmdir "$PROBE"
    probe raw_tracepoint/sys_exit
    refused "$PROBE/attach" "$BPF/raw_btf" EINVAL \
        "is for raw_tracepoint of sys_enter, this probe is for raw_tracepoint of sys_exit"
    probe 'raw_tracepoint/sys_*'
    refused "$PROBE/attach" "$BPF/raw_btf" EINVAL "is for one tracepoint"
}

@test "the program sees the cookie, also a new one" {
    needs raw_tracepoint_cookie
    raw raw_cookie
    probe raw_tracepoint/sys_enter
    put "$PROBE/cookie" 11
    put "$PROBE/attach" "$BPF/raw_cookie"
    kcall 1
    same cookie 11 "$(value raw_cookie cookies)"
    put "$PROBE/cookie" 12
    kcall 1
    same cookie 12 "$(value raw_cookie cookies)"
    same cookie 12 "$(info "$PROBE" cookie)"
    same hits 2 "$(value raw_cookie)"
}

@test "a kernel without such cookies says so" {
    lacks raw_tracepoint_cookie
    raw raw
    probe raw_tracepoint/sys_enter
    put "$PROBE/cookie" 11
    refused "$PROBE/attach" "$BPF/raw" EOPNOTSUPP "came with Linux 6.10"
}

@test "a pattern is one probe with a link for each tracepoint" {
    raw raw
    probe 'raw_tracepoint/sys_ente?' "$BPF/raw"
    same sites 1 "$(info "$PROBE" sites)"
    rmdir "$PROBE"
    probe 'raw_tracepoint/sched_process_*' count
    same sites "$(grep -c '^sched_process_' "$DIR/raw_tracepoint/available")" \
        "$(info "$PROBE" sites)"
    same lines "$(info "$PROBE" sites)" "$(wc -l <"$PROBE/sites")"
    [ "$(info "$PROBE" sites)" -gt 3 ]
}

@test "a pattern is pinned as a directory, and taken over from it" {
    local ids

    probe 'raw_tracepoint/sched_process_*'
    put "$PROBE/pin" "$BPF/pins"
    put "$PROBE/attach" count
    ids=$(info "$PROBE" link_id)
    stop
    start
    probe 'raw_tracepoint/sched_process_*' "$BPF/pins"
    same ids "$ids" "$(info "$PROBE" link_id)"
    same adopted yes "$(info "$PROBE" adopted)"
}

@test "a pinned link goes on without the daemon, and is taken over" {
    local id

    raw raw
    probe raw_tracepoint/sys_enter
    put "$PROBE/pin" "$BPF/pin"
    put "$PROBE/attach" "$BPF/raw"
    id=$(info "$PROBE" link_id)
    kill_daemon
    kcall 5
    same hits 5 "$(value raw)"
    start
    probe raw_tracepoint/sys_exit
    refused "$PROBE/attach" "$BPF/pin" EINVAL "is on another target than this probe"
    probe raw_tracepoint/sys_enter "$BPF/pin"
    same link "$id" "$(info "$PROBE" link_id)"
    kcall 5
    same hits 10 "$(value raw)"
}

@test "a program takes the place of another, and the same one touches nothing" {
    local id

    raw raw one
    raw raw two
    probe raw_tracepoint/sys_enter "$BPF/one"
    kcall 10
    id=$(info "$PROBE" link_id)
    put "$PROBE/attach" "$BPF/one"
    same link "$id" "$(info "$PROBE" link_id)"
    put "$PROBE/attach" "$BPF/two"
    kcall 5
    same "hits of the first" 10 "$(value one)"
    same "hits of the second" 5 "$(value two)"
}

@test "what cannot be attached is refused with the reason" {
    raw raw
    raw raw_greedy
    raw raw_writable
    program plain_tp
    probe raw_tracepoint/no_such_tracepoint
    refused "$PROBE/attach" "$BPF/raw" ENOENT "no tracepoint 'no_such_tracepoint' in this kernel"
    probe 'raw_tracepoint/no_such_*'
    refused "$PROBE/attach" "$BPF/raw" ENOENT "no tracepoint matches 'no_such_*'"
    probe raw_tracepoint/sys_enter
    refused "$PROBE/attach" "$BPF/raw_greedy" EINVAL "it has too few arguments"
    refused "$PROBE/attach" "$BPF/raw_writable" EINVAL "or is not writable"
    refused "$PROBE/attach" "$BPF/plain_tp" EINVAL "is of type tracepoint; a raw_tracepoint takes type raw_tracepoint"
    put "$PROBE/name" ''
    refused "$PROBE/attach" "$BPF/raw" EINVAL "the field 'name' is empty"
    put "$PROBE/name" a/b
    refused "$PROBE/attach" "$BPF/raw" EINVAL "the field 'name' is malformed"
}

@test "what is available can be attached to" {
    local list=$DIR/raw_tracepoint/available

    grep -qx sys_enter "$list"
    grep -qx sched_switch "$list"
    [ "$(grep -c '[^A-Za-z0-9_]' "$list")" -eq 0 ]
    probe raw_tracepoint/sched_switch count
}

@test "after rmdir nothing is hit any more" {
    raw raw
    probe raw_tracepoint/sys_enter "$BPF/raw"
    rmdir "$PROBE"
    kcall 5
    same hits 0 "$(value raw)"
}
