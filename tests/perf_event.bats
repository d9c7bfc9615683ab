#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Samples of performance events.
# bats file_tags=bpf,root

# shellcheck disable=SC2030,SC2031  # each test is a subshell
load helpers

setup() {
    prepare
    start
    FAULTER=
}

teardown() {
    [ -z "$FAULTER" ] || kill "$FAULTER" || true
    finish
}

# faulter: a process that makes page faults when it is told to.
faulter() {
    # shellcheck disable=SC2034  # of tell()
    coproc TALK { exec "$PROGRAMS/faults"; } 3>&-
    # shellcheck disable=SC2153
    FAULTER=$TALK_PID
    tell 10
    tell 10
}

# faults PROBE...: 100 more.
fault_more() { tell 100; }

cpus() {
    local list range count=0

    IFS=, read -ra list </sys/devices/system/cpu/online
    for range in "${list[@]}"; do
        count=$((count + ${range#*-} - ${range%-*} + 1))
    done
    echo "$count"
}

link_or_ioctl() { [[ $(feature_line perf_link) == *yes* ]] && echo link || echo ioctl; }

@test "each page fault of a process is counted" {
    faulter
    probe perf_event/page-faults
    put "$PROBE/pid" "$FAULTER"
    put "$PROBE/attach" count
    fault_more
    same hits 100 "$(hits "$PROBE")"
    same backend "$(link_or_ioctl)" "$(info "$PROBE" backend)"
    same perf_config 0x2 "$(info "$PROBE" perf_config)"
    same sample_period 1 "$(info "$PROBE" sample_period)"
    contains sites "thread $FAULTER"$'\tpage-faults\t' "$(<"$PROBE/sites")"
}

@test "every tenth is a sample with the period 10" {
    faulter
    probe perf_event/page-faults
    put "$PROBE/pid" "$FAULTER"
    put "$PROBE/period" 10
    put "$PROBE/attach" count
    fault_more
    same hits 10 "$(hits "$PROBE")"
    put "$PROBE/period" 20
    tell 100
    same state attached "$(info "$PROBE" state)"
    same sample_period 20 "$(info "$PROBE" sample_period)"
}

@test "there is an event on each CPU, or on those that are named" {
    probe perf_event/cpu-clock count
    same sites "$(cpus)" "$(wc -l <"$PROBE/sites")"
    [ -n "$(info "$PROBE" sample_frequency)" ]
    eventually counted
    probe perf_event/cpu-clock@first
    put "$PROBE/cpus" 0
    put "$PROBE/frequency" 100
    put "$PROBE/attach" count
    contains sites $'cpu 0\tcpu-clock\t' "$(<"$PROBE/sites")"
    same sites 1 "$(info "$PROBE" sites)"
    same frequency 100 "$(info "$PROBE" sample_frequency)"
}

counted() { [ "$(hits "$PROBE")" -gt 0 ]; }

@test "what cannot be sampled is refused" {
    local name field text error part rows=0 most

    most=$(</proc/sys/kernel/perf_event_max_sample_rate)
    while IFS='|' read -r name field text error part; do
        probe "perf_event/$name@$rows"
        [ -z "$field" ] || put "$PROBE/$field" "$text"
        refused "$PROBE/attach" count "$error" "$part"
        rows=$((rows + 1))
    done <<ROWS
no-such-event|||ENOENT|no event 'no-such-event'; see 'available'
cpu-clock|frequency|$((most + 1))|EINVAL|is above kernel.perf_event_max_sample_rate, which is $most
cpu-clock|cpus|4000|ENODEV|CPU 4000 is offline, or there is none
cpu-clock|pid|999999999|ESRCH|no process 999999999
ROWS
    [ "$rows" -eq 4 ]
    probe perf_event/cpu-clock@both count
    put "$PROBE/period" 1000000
    refused "$PROBE/frequency" 10 EINVAL "'period' and 'frequency' exclude each other"
    refused "$PROBE/cpus" 3-1 EINVAL "not a list of CPUs"
    refused "$PROBE/cpus" 0, EINVAL "not a list of CPUs"
    program plain
    refused "$PROBE/attach" "$BPF/plain" EINVAL "takes type perf_event"
}

@test "events of hardware are there, or the refusal says why not" {
    probe perf_event/cycles
    if ! grep -qx cycles "$DIR/perf_event/available"; then
        refused "$PROBE/attach" count ENOENT "no PMU of this machine has the event 'cycles'"
        return
    fi
    put "$PROBE/attach" count
    eventually counted
}

@test "software events are listed" {
    [ "$(grep -cx -e cpu-clock -e page-faults -e context-switches "$DIR/perf_event/available")" -eq 3 ]
}

@test "links of CPUs are pinned in a directory, and taken over" {
    local ids

    needs perf_link
    probe perf_event/cpu-clock
    put "$PROBE/frequency" 10
    put "$PROBE/pin" "$BPF/pin"
    put "$PROBE/attach" count
    ids=$(info "$PROBE" link_id)
    put "$PROBE/attach" count
    same "links of the same text" "$ids" "$(info "$PROBE" link_id)"
    kill_daemon
    start
    probe perf_event/cpu-clock
    put "$PROBE/frequency" 10
    put "$PROBE/attach" "$BPF/pin"
    same links "$ids" "$(info "$PROBE" link_id)"
    same adopted yes "$(info "$PROBE" adopted)"
    put "$PROBE/attach" ""
    [ ! -e "$BPF/pin" ]
}

@test "a cookie needs a link, and the ioctl does without" {
    remount attach_mode=ioctl
    faulter
    probe perf_event/page-faults
    put "$PROBE/pid" "$FAULTER"
    put "$PROBE/attach" count
    fault_more
    same hits 100 "$(hits "$PROBE")"
    same backend ioctl "$(info "$PROBE" backend)"
    refused "$PROBE/cookie" 5 EOPNOTSUPP "a cookie needs a link on the event"
}

@test "a process that exits takes its events along" {
    faulter
    probe perf_event/page-faults
    put "$PROBE/pid" "$FAULTER"
    put "$PROBE/attach" count
    kill "$FAULTER"
    wait "$FAULTER" || true
    same state gone "$(info "$PROBE" state)"
    same gone "process $FAULTER has exited" "$(info "$PROBE" gone)"
    FAULTER=
}
