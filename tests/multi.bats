#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Probes of kernel functions through one link for all of them (kprobe_multi).
# bats file_tags=bpf,root

load kprobe

PATTERN='*sys_sched_rr_get_interval*'


@test "a multi link counts every call" {
    local kind

    start attach_mode=multi
    needs kprobe_multi
    for kind in kprobe kretprobe; do
        probe "$kind/$FUNCTION" count
        same backend multi "$(info "$PROBE" backend)"
        same link_type kprobe_multi "$(info "$PROBE" link_type)"
        counted "$PROBE" 100
        put "$PROBE/attach" ""
        kcall 10
        put "$PROBE/attach" count
        rmdir "$PROBE"
    done
}

@test "count gets a multi link by itself, a program not loaded for it gets events" {
    start
    needs kprobe_multi
    program plain
    probe "kprobe/$PATTERN" count
    same backend multi "$(info "$PROBE" backend)"
    same "number of links" 1 "$(info "$PROBE" link_id | wc -w)"
    same sites "$(matching sys_sched_rr_get_interval)" "$(wc -l <"$PROBE/sites")"
    counted "$PROBE" 10
    put "$PROBE/attach" "$BPF/plain"
    [[ $(info "$PROBE" backend) == pmu+* ]]
    same "number of links" "$(matching sys_sched_rr_get_interval)" "$(info "$PROBE" link_id | wc -w)"
    kcall 10
    same hits 10 "$(value plain)"
}

@test "a program of the user's that was loaded for multi links gets one" {
    local kind

    start
    needs kprobe_multi
    program multi multi-kprobe
    for kind in kprobe kretprobe; do
        mkdir "$DIR/$kind/$PATTERN"
        put "$DIR/$kind/$PATTERN/cookie" 1000
        put "$DIR/$kind/$PATTERN/attach" "$BPF/multi"
        same backend multi "$(info "$DIR/$kind/$PATTERN" backend)"
        same cookie 1000 "$(info "$DIR/$kind/$PATTERN" cookie)"
    done
    kcall 10
    same hits 20 "$(value multi)"
    same "sum of the cookies" 20000 "$(value multi hits 1)"
}

@test "a program not loaded for multi links is refused one when it must be" {
    start attach_mode=multi
    needs kprobe_multi
    program plain
    mkdir "$DIR/kprobe/$FUNCTION" "$DIR/kprobe/$FUNCTION+4" "$DIR/kretprobe/$FUNCTION"
    refused "$DIR/kprobe/$FUNCTION/attach" "$BPF/plain" EINVAL "multi"
    refused "$DIR/kprobe/$FUNCTION+4/attach" count EOPNOTSUPP "a multi link takes functions that ftrace knows"
    put "$DIR/kretprobe/$FUNCTION/maxactive" 20
    refused "$DIR/kretprobe/$FUNCTION/attach" count EOPNOTSUPP "no maxactive"
}

@test "where there are no multi links the mode says so" {
    start attach_mode=multi
    lacks kprobe_multi
    mkdir "$DIR/kprobe/$FUNCTION"
    refused "$DIR/kprobe/$FUNCTION/attach" count EOPNOTSUPP "multi"
}

@test "an instruction that is not the first gets an event" {
    local offset

    start
    needs kprobe_multi
    for offset in 4 5; do
        mkdir "$DIR/kprobe/$FUNCTION+$offset"
        ! echo count >"$DIR/kprobe/$FUNCTION+$offset/attach" || break
    done
    [[ $(info "$DIR/kprobe/$FUNCTION+$offset" backend) == pmu+* ]]
    counted "$DIR/kprobe/$FUNCTION+$offset" 10
}

@test "by address one of several functions of a name is probed" {
    local where

    start attach_mode=multi
    needs kprobe_multi kallsyms
    where=$(address "$FUNCTION")
    probe "kprobe/$where" count
    probe "kretprobe/$where" count
    kcall 10
    same hits 10 "$(hits "$DIR/kprobe/$where")"
    same returns 10 "$(hits "$DIR/kretprobe/$where")"
    contains sites $'\t'"$FUNCTION"$'\t' "$(<"$PROBE/sites")"
}

@test "hundreds of functions are attached and detached as one" {
    local before count

    start
    needs kprobe_multi
    before=$(bpftool -j link show | grep -o '"id":' | wc -l)
    # Some of these names are of several functions, not all of which ftrace knows.
    probe 'kprobe/*_show' count
    count=$(wc -l <"$PROBE/sites")
    printf '%d functions\n' "$count"
    [ "$count" -gt 100 ]
    same sites "$count" "$(info "$PROBE" sites)"
    same links "$((before + 1))" "$(bpftool -j link show | grep -o '"id":' | wc -l)"
    rmdir "$PROBE"
    same links "$before" "$(bpftool -j link show | grep -o '"id":' | wc -l)"
}

@test "a pinned multi link is taken over" {
    local id

    start
    needs kprobe_multi
    program multi multi-kprobe
    mkdir "$DIR/kprobe/$PATTERN"
    put "$DIR/kprobe/$PATTERN/cookie" 5
    put "$DIR/kprobe/$PATTERN/attach" "$BPF/multi"
    put "$DIR/kprobe/$PATTERN/pin" "$BPF/pin"
    id=$(info "$DIR/kprobe/$PATTERN" link_id)
    kill_daemon
    kcall 5
    same "hits without a daemon" 5 "$(value multi)"
    start
    probe "kprobe/$PATTERN" "$BPF/pin"
    same link_id "$id" "$(info "$PROBE" link_id)"
    same backend multi "$(info "$PROBE" backend)"
    kcall 5
    same "sum of the cookies" 50 "$(value multi hits 1)"
    put "$PROBE/pin" ""
    rmdir "$PROBE"
    kcall 1
    same hits 10 "$(value multi)"
}

@test "after rmdir a multi link is not hit any more" {
    local round kind

    start
    needs kprobe_multi
    program multi multi-kprobe
    for round in {1..5}; do
        for kind in kprobe kretprobe; do
            probe "$kind/$FUNCTION" "$BPF/multi"
            rmdir "$PROBE"
            kcall 1
        done
    done
    same "late hits of $round rounds" 0 "$(value multi)"
}

@test "functions of modules have multi links" {
    start attach_mode=multi
    needs kprobe_multi
    overlay
    probe kprobe/overlay:ovl_statfs count
    probe 'kprobe/overlay:ovl_stat*' count
    stat -f / >/dev/null
    same hits 1 "$(hits "$DIR/kprobe/overlay:ovl_statfs")"
    same hits 1 "$(hits "$DIR/kprobe/overlay:ovl_stat*")"
}
