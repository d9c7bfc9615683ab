#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Tracepoints.  The one that is hit is that of sched_rr_get_interval(2), which
# nothing but `kcall` calls.
# bats file_tags=bpf,root

# shellcheck disable=SC2016,SC2030,SC2031,SC2153  # inner shells; the helpers
load helpers

EVENT=syscalls:sys_enter_sched_rr_get_interval

kcall() { "$PROGRAMS/kcall" "$@"; }

# The tracepoint that the tests hit is there.
here() {
    grep -qx "$EVENT" "$DIR/tracepoint/available" ||
        skip "no tracepoints of system calls in this kernel"
}

@test "every way of attaching counts every hit" {
    local mode backend rows=0

    here
    while IFS='|' read -r mode backend; do
        remount "attach_mode=$mode"
        [[ $backend != *link ]] || [[ $(feature_line perf_link) == *yes* ]] ||
            backend=${backend/link/ioctl}
        [ "$mode" != link ] || [[ $backend == *link ]] || { rows=$((rows + 1)) && continue; }
        probe "tracepoint/$EVENT" count
        same "backend of $mode" "$backend" "$(info "$PROBE" backend)"
        kcall 100
        same "hits by $mode" 100 "$(hits "$PROBE")"
        same state attached "$(info "$PROBE" state)"
        contains sites "$EVENT" "$(<"$PROBE/sites")"
        rows=$((rows + 1))
    done <<'ROWS'
auto|pmu+link
link|pmu+link
ioctl|pmu+ioctl
tracefs|tracefs+link
tracefs-ioctl|tracefs+ioctl
ROWS
    [ "$rows" -eq 5 ]
}

@test "there is no multi link for tracepoints" {
    here
    remount attach_mode=multi
    probe "tracepoint/$EVENT"
    refused "$PROBE/attach" count EOPNOTSUPP "there is no multi link for tracepoints"
}

@test "the program sees the cookie, also a new one of the same program" {
    local id

    needs cookie
    here
    program record_tp
    probe "tracepoint/$EVENT"
    put "$PROBE/cookie" 11
    put "$PROBE/attach" "$BPF/record_tp"
    id=$(info "$PROBE" link_id)
    kcall 1
    # The kernel takes a program once, so the old link has to go first.
    put "$PROBE/cookie" 12
    [ "$(info "$PROBE" link_id)" != "$id" ]
    same cookie 12 "$(info "$PROBE" cookie)"
    kcall 1
    same hits 2 "$(value record_tp)"
    same "first cookie" 11 "$(value record_tp cookies 0)"
    same "second cookie" 12 "$(value record_tp cookies 1)"
}

@test "what goes first comes back when the new one cannot be" {
    needs cookie
    here
    program record_tp
    probe "tracepoint/$EVENT" "$BPF/record_tp"
    put "$PROBE/cookie" 11
    refused "$PROBE/name" no_such_event ENOENT "no tracepoint 'syscalls:no_such_event' in this kernel"
    probe "tracepoint/$EVENT@2"
    # Taken by the first probe.
    refused "$PROBE/attach" "$BPF/record_tp" EEXIST "the program is there already"
    kcall 3
    same hits 3 "$(value record_tp)"
    same cookie 11 "$(value record_tp cookies 2)"
}

@test "a pinned link with another cookie keeps its pin" {
    local ino

    needs cookie
    here
    program record_tp
    probe "tracepoint/$EVENT"
    put "$PROBE/pin" "$BPF/pin"
    put "$PROBE/attach" "$BPF/record_tp"
    ino=$(stat -c %i "$BPF/pin")
    put "$PROBE/cookie" 5
    [ -e "$BPF/pin" ]
    [ "$(stat -c %i "$BPF/pin")" != "$ino" ]
    holds "$PROBE/pin" "$BPF/pin"
    kcall 1
    same cookie 5 "$(value record_tp cookies 0)"
}

@test "a program takes the place of another" {
    here
    program plain_tp none one
    program plain_tp none two
    probe "tracepoint/$EVENT" "$BPF/one"
    kcall 10
    put "$PROBE/attach" "$BPF/two"
    kcall 5
    same "hits of the first" 10 "$(value one)"
    same "hits of the second" 5 "$(value two)"
}

@test "the kernel takes 64 programs, the 65th is refused" {
    local number

    here
    for number in {1..64}; do
        mkdir "$DIR/tracepoint/$EVENT@$number"
        echo count >"$DIR/tracepoint/$EVENT@$number/attach"
    done
    probe "tracepoint/$EVENT@65"
    refused "$PROBE/attach" count E2BIG "64 programs are there already"
    kcall 2
    same "hits of the 64th" 2 "$(hits "$DIR/tracepoint/$EVENT@64")"
    # One of the 64 can be made anew all the same.
    put "$DIR/tracepoint/$EVENT@64/enabled" 0
    put "$DIR/tracepoint/$EVENT@64/enabled" 1
    if [[ $(feature_line cookie) == *yes* ]]; then
        put "$DIR/tracepoint/$EVENT@64/cookie" 5
        same cookie 5 "$(info "$DIR/tracepoint/$EVENT@64" cookie)"
    fi
    rmdir "$DIR/tracepoint/$EVENT@1"
    put "$PROBE/attach" count
    # All at once, since each takes the kernel a while.
    stop
}

@test "a pattern is one probe with many sites" {
    here
    program plain_tp
    probe "tracepoint/syscalls:sys_*_sched_rr_get_interval" "$BPF/plain_tp"
    same sites 2 "$(info "$PROBE" sites)"
    same "lines of sites" 2 "$(wc -l <"$PROBE/sites")"
    kcall 10
    same hits 20 "$(value plain_tp)"
    probe 'tracepoint/syscalls:no_such_*'
    refused "$PROBE/attach" count ENOENT "no tracepoint matches 'syscalls:no_such_*'"
}

@test "what is no tracepoint is refused with the reason" {
    local name error message rows=0

    here
    while IFS='|' read -r name error message; do
        probe "tracepoint/$name"
        refused "$PROBE/attach" count "$error" "$message"
        rows=$((rows + 1))
    done <<'ROWS'
syscalls:no_such_event|ENOENT|no tracepoint 'syscalls:no_such_event' in this kernel or its loaded modules
no_such_group:x|ENOENT|no tracepoint 'no_such_group:x' in this kernel
syscalls:filter|ENOENT|no tracepoint 'syscalls:filter' in this kernel
ftrace:function|EINVAL|'ftrace:function' is a record of the function tracer and no tracepoint
ROWS
    [ "$rows" -eq 4 ]
    probe "tracepoint/$EVENT"
    put "$PROBE/group" '../kprobes'
    refused "$PROBE/attach" count EINVAL "the field 'group' is malformed: '.' cannot be in it"
    put "$PROBE/group" ''
    refused "$PROBE/attach" count EINVAL "the field 'group' is empty"
}

@test "a program that reads past the event's fields is refused" {
    here
    program greedy
    probe "tracepoint/$EVENT"
    refused "$PROBE/attach" "$BPF/greedy" EACCES "the program reads past the fields of '$EVENT'; see its 'format' in tracefs"
}

@test "an event that was made by somebody takes no tracepoint program" {
    local events=/sys/kernel/tracing/uprobe_events

    needs uprobe_tracefs
    echo "p:others_$$/theirs $TARGET:$("$TARGET" -p | sed -n 's/^code //p')" >>"$events"
    probe "tracepoint/others_$$:theirs"
    run refused "$PROBE/attach" count EINVAL \
        "was made in uprobe_events, and such events take programs of type kprobe only; make a uprobe probe"
    echo "-:others_$$/theirs" >>"$events"
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "after rmdir nothing is hit any more" {
    local round

    here
    program plain_tp
    for round in {1..20}; do
        mkdir "$DIR/tracepoint/$EVENT@$round"
        put "$DIR/tracepoint/$EVENT@$round/attach" "$BPF/plain_tp"
        rmdir "$DIR/tracepoint/$EVENT@$round"
        kcall 1
    done
    same "late hits of $round rounds" 0 "$(value plain_tp)"
}
