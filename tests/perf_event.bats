#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Samples of performance events.
# bats file_tags=bpf,root

# shellcheck disable=SC2030,SC2031  # each test is a subshell
load helpers

setup() {
    prepare
    start
    FAULTER='' SPINNER=''
}

teardown() {
    [ -z "$FAULTER" ] || kill "$FAULTER" || true
    [ -z "$SPINNER" ] || kill "$SPINNER" || true
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

@test "the program sees the cookie, also a new one, and nothing once detached" {
    local cookie

    needs cookie
    program record_sample section
    faulter
    probe perf_event/page-faults
    put "$PROBE/pid" "$FAULTER"
    put "$PROBE/attach" "$BPF/record_sample"
    for cookie in 11 12; do
        put "$PROBE/cookie" "$cookie"
        fault_more
        same cookie "$cookie" "$(value record_sample cookies)"
    done
    same hits 200 "$(value record_sample)"
    put "$PROBE/attach" ""
    fault_more
    same "hits after that" 200 "$(value record_sample)"
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

# second_cpu ONLINE: in guests only.
second_cpu() { echo "$1" >/sys/devices/system/cpu/cpu1/online; }

# spin: a process that is busy on the second CPU.
spin() {
    taskset -c 1 bash -c 'while :; do :; done' 3>&- &
    SPINNER=$!
}

grows() { [ "$(value plain_second)" -gt "$1" ]; }

has_second() { [[ $(<"$PROBE/sites") == *$'cpu 1\tcpu-clock\t'* ]]; }

more() { [ "$(hits "$2")" -gt "$1" ]; }

@test "a CPU that comes online gets an event, also when it comes again" {
    local first second links named count

    [ -e /run/vm/share ] || skip "not in a guest"
    program plain_second section
    links=$(link_or_ioctl)
    second_cpu 0
    probe perf_event/cpu-clock@named
    put "$PROBE/cpus" 1
    refused "$PROBE/attach" count ENODEV "CPU 1 is offline"
    named=$PROBE
    probe perf_event/cpu-clock
    put "$PROBE/frequency" 100
    [ "$links" = ioctl ] || put "$PROBE/pin" "$BPF/pin"
    put "$PROBE/attach" "$BPF/plain_second"
    same "CPUs, renewals, warnings" "1 0 " "$(info "$PROBE" sites) $(info "$PROBE" followed) $(info "$PROBE" warning)"
    first=$(<"$PROBE/sites")
    second_cpu 1
    eventually has_second || fault "$(<"$PROBE/info")"
    same "CPUs, renewals, warnings" "2 1 " "$(info "$PROBE" sites) $(info "$PROBE" followed) $(info "$PROBE" warning)"
    second=$(tail -n 1 "$PROBE/sites")
    same "the first" "$first" "$(head -n 1 "$PROBE/sites")"
    spin
    eventually grows 0
    put "$named/attach" count
    # The kernel ends the events of a CPU that goes.
    kill "$SPINNER"
    wait "$SPINNER" || true
    second_cpu 0
    second_cpu 1
    spin
    eventually renewed 2
    count=$(value plain_second)
    eventually grows "$count"
    same "the first" "$first" "$(head -n 1 "$PROBE/sites")"
    [ "$links" = ioctl ] || [ "$second" != "$(tail -n 1 "$PROBE/sites")" ]
    count=$(hits "$named")
    eventually more "$count" "$named"
    [ "$links" = link ] || return 0
    same "the pin" "0 1" "$(cd "$BPF/pin" && echo *)"
    # The pin is the probe, for another daemon.
    kill_daemon
    start
    probe perf_event/cpu-clock
    put "$PROBE/attach" "$BPF/pin"
    count=$(value plain_second)
    eventually grows "$count"
    put "$PROBE/attach" ""
}

renewed() { [ "$(info "$PROBE" followed)" -eq "$1" ]; }

@test "a CPU whose link cannot be pinned is told of, and taken in later" {
    [ -e /run/vm/share ] || skip "not in a guest"
    needs perf_link
    second_cpu 0
    probe perf_event/cpu-clock
    put "$PROBE/pin" "$BPF/pin"
    put "$PROBE/attach" count
    rm "$BPF/pin"
    mkdir "$BPF/pin"
    second_cpu 1
    eventually grep -q "not followed yet: 'pin' exists" "$PROBE/info" || fault "$(<"$PROBE/info")"
    contains warning "CPU 1 came online after the attach and has no event yet" "$(<"$PROBE/info")"
    same "CPUs, renewals" "1 0" "$(info "$PROBE" sites) $(info "$PROBE" followed)"
    rmdir "$BPF/pin"
    second_cpu 0
    second_cpu 1
    eventually has_second || fault "$(<"$PROBE/info")"
    same warning "" "$(info "$PROBE" warning)"
    put "$PROBE/attach" ""
}
