#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Patterns of kernel functions and tracepoints: one probe with many sites, without
# what cannot be probed.
# bats file_tags=bpf,root

load kprobe

@test "a pattern is one probe with a link for each function" {
    local mode count

    start
    needs kprobe_pmu kprobe_tracefs
    count=$(matching sys_sched_rr_get_interval)
    [ "$count" -gt 1 ]
    program plain
    for mode in ioctl tracefs auto; do
        remount "attach_mode=$mode"
        probe 'kprobe/*sys_sched_rr_get_interval*' "$BPF/plain"
        same sites "$count" "$(info "$PROBE" sites)"
        same "lines of sites" "$count" "$(wc -l <"$PROBE/sites")"
        before=$(value plain)
        kcall 10
        same "hits by $mode" "$((before + 10))" "$(value plain)"
    done
    mkdir "$DIR/kprobe/no_such_*"
    refused "$DIR/kprobe/no_such_*/attach" count ENOENT "no kernel function that can be probed matches 'no_such_*'"
    run mkdir "$DIR/kprobe/no_such_*+1"
    [ "$status" -ne 0 ]
}

# adds_up REGEX: what the probe has and what it left out are all that match.
adds_up() {
    local all sites warning
    all=$(matching "$1")
    sites=$(info "$PROBE" sites)
    warning=$(info "$PROBE" warning)
    echo "$all match, $sites attached: $warning"
    [ "$sites" -lt "$all" ]
    same warning "$((all - sites)) of $all places that match cannot be probed, and were left out" "$warning"
}

@test "a pattern leaves out what cannot be probed, and says how much" {
    start
    needs kprobe_pmu kallsyms kprobe_blacklist kprobe_multi
    probe 'kprobe/*kprobe*' count
    adds_up kprobe
    probe 'kretprobe/*kprobe*' count
    adds_up kprobe
}

@test "a pattern of which nothing can be probed is refused" {
    start
    needs kprobe_pmu kallsyms kprobe_blacklist
    probe 'kprobe/asm_exc_divide_erro?'
    refused "$PROBE/attach" count ENOENT \
        "no kernel function that can be probed matches 'asm_exc_divide_erro?'; 1 that match were left out"
}

EVENT=sys_enter_sched_rr_get_interval

# others LINE: an event that is not probefs's, of the group others_$$.
others() {
    echo "p:others_$$/$1 $TARGET:$("$TARGET" -p | sed -n 's/^code //p')" \
        >>/sys/kernel/tracing/uprobe_events
}

no_others() { echo "-:others_$$/$1" >>/sys/kernel/tracing/uprobe_events; }

@test "a pattern of tracepoints leaves out events that take no such program" {
    local failed=0

    start
    needs uprobe_tracefs
    grep -qx "syscalls:$EVENT" "$DIR/tracepoint/available" ||
        skip "no tracepoints of system calls in this kernel"
    program plain_tp
    others "$EVENT"
    {
        probe "tracepoint/*:$EVENT" "$BPF/plain_tp" &&
            same sites 1 "$(info "$PROBE" sites)" &&
            same warning "1 of 2 places that match cannot be probed, and were left out" \
                "$(info "$PROBE" warning)" &&
            kcall 10 &&
            same hits 10 "$(value plain_tp)" &&
            probe "tracepoint/others_$$:*" &&
            refused "$PROBE/attach" count EINVAL "was made in uprobe_events"
    } || failed=1
    no_others "$EVENT"
    [ "$failed" -eq 0 ]
}

@test "misses are told wherever the kernel counts them" {
    local mode

    start
    needs kprobe_pmu kprobe_tracefs
    for mode in tracefs tracefs-ioctl; do
        remount "attach_mode=$mode"
        probe "kprobe/$FUNCTION" count
        counted "$PROBE" 10
        same "missed by $mode" 0 "$(info "$PROBE" missed)"
        contains sites $'\tmissed 0' "$(<"$PROBE/sites")"
    done
}
