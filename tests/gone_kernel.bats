#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Functions and tracepoints of modules that go and come back under their probes.
# Modules go the same way on all.
# bats file_tags=bpf,root,ends

# shellcheck disable=SC2030,SC2031  # each test is a shell of its own
load kprobe.bash

MODULE=dummy

# in_mode MODE: mounts with that, with the module loaded.
in_mode() {
    if [ -z "$daemon" ]; then start "attach_mode=$1"; else remount "attach_mode=$1"; fi
    modprobe dummy numdummies=0 || skip "no module $MODULE"
}

# setups COUNT: so many calls of dummy_setup.
setups() {
    local i

    for ((i = 0; i < $1; i++)); do
        ip link add probefs0 type dummy
        ip link del probefs0
    done
}

@test "a function of a module that is unloaded is gone until it is written again" {
    local mode tried=0

    for mode in link ioctl tracefs; do
        in_mode "$mode"
        needs kprobe_pmu kprobe_tracefs
        [ "$mode" != link ] || [[ $(feature_line perf_link) == *$'\t'yes$'\t'* ]] || continue
        probe kprobe/dummy_setup count
        setups 1
        same hits 1 "$(hits "$PROBE")"
        rmmod dummy
        same state gone "$(info "$PROBE" state)"
        same gone "the module 'dummy' was unloaded" "$(info "$PROBE" gone)"
        holds "$PROBE/attach" ''
        contains sites $'\tgone' "$(<"$PROBE/sites")"
        refused "$PROBE/attach" count ENOENT "no such kernel function 'dummy_setup'"
        modprobe dummy numdummies=0
        setups 1
        same state gone "$(info "$PROBE" state)"
        contains gone "was unloaded and loaded again" "$(info "$PROBE" gone)"
        put "$PROBE/attach" count
        same state attached "$(info "$PROBE" state)"
        setups 2
        same "hits of $mode" 2 "$(hits "$PROBE")"
        rmdir "$PROBE"
        rmmod dummy
        tried=$((tried + 1))
    done
    [ "$tried" -ge 2 ]
}

@test "a pattern that has lost some of its sites says how many, and wakes" {
    local sites ours watcher

    in_mode link
    needs kprobe_pmu
    [[ $(feature_line perf_link) == *$'\t'yes$'\t'* ]] || in_mode ioctl
    probe 'kprobe/dummy_*' count
    sites=$(info "$PROBE" sites)
    awk '$4 == "[dummy]" { print $3 }' /proc/kallsyms >"$BATS_TEST_TMPDIR/functions"
    ours=$(cut -f2 "$PROBE/sites" | grep -cxFf "$BATS_TEST_TMPDIR/functions")
    [ "$ours" -gt 1 ]
    "$PROGRAMS/vfs" poll "$PROBE/info" 10 >"$BATS_TEST_TMPDIR/answers" 3>&- &
    watcher=$!
    eventually [ -s "$BATS_TEST_TMPDIR/answers" ]
    rmmod dummy
    wait "$watcher"
    same poll "quiet ready quiet" "$(xargs <"$BATS_TEST_TMPDIR/answers")"
    same "sites that are gone" "$ours" "$(grep -c $'\tgone' "$PROBE/sites")"
    if [ "$ours" -lt "$sites" ]; then
        same state attached "$(info "$PROBE" state)"
        contains warning "$ours of $sites sites are gone: the module 'dummy'" \
            "$(info "$PROBE" warning)"
    else
        same state gone "$(info "$PROBE" state)"
    fi
    modprobe dummy numdummies=0
    put "$PROBE/attach" count
    same state attached "$(info "$PROBE" state)"
    [[ $(info "$PROBE" warning) != *"are gone"* ]]
    setups 1
    [ "$(hits "$PROBE")" -gt 0 ]
    rmdir "$PROBE"
    rmmod dummy
}

@test "a link that keeps its module keeps it probed" {
    in_mode multi
    needs kprobe_multi
    probe kprobe/dummy_setup count
    if rmmod dummy; then
        same state gone "$(info "$PROBE" state)"
    else
        same state attached "$(info "$PROBE" state)"
        setups 1
        same hits 1 "$(hits "$PROBE")"
        rmdir "$PROBE"
        rmmod dummy
    fi
}

teardown() {
    [ -z "${hidden-}" ] || umount "$hidden" 2>/dev/null || true
    finish
}

# The kernel keeps a tracepoint while a link is on it; so it is only hidden here.
@test "a tracepoint that is not there any more, or is another, is gone" {
    local what root=/sys/kernel/tracing

    start
    [ -d "$root/events" ] || root=/sys/kernel/debug/tracing
    [ -e "$root/events/syscalls/sys_enter_vhangup/id" ] || skip "no tracepoints of system calls"
    probe tracepoint/syscalls:sys_enter_vhangup count
    same state attached "$(info "$PROBE" state)"
    mkdir "$BATS_TEST_TMPDIR/removed" "$BATS_TEST_TMPDIR/another"
    echo 1 >"$BATS_TEST_TMPDIR/another/id"
    for what in removed another; do
        hidden=$root/events/syscalls/sys_enter_vhangup
        mount --bind "$BATS_TEST_TMPDIR/$what" "$hidden"
        same "state, $what" gone "$(info "$PROBE" state)"
        same gone "the tracepoint 'syscalls:sys_enter_vhangup' was removed" "$(info "$PROBE" gone)"
        contains sites $'\tgone' "$(<"$PROBE/sites")"
        holds "$PROBE/attach" ''
        umount "$hidden"
        hidden=''
        same state attached "$(info "$PROBE" state)"
        holds "$PROBE/attach" count
    done
}
