#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Iterators: what a program prints, and what it is for.
# bats file_tags=bpf,root

# shellcheck disable=SC2030,SC2031  # each test is a subshell
load helpers
load users
load iter

setup() {
    exec {RUN}</dev/null
    prepare
    start
    needs iter
}

# A descriptor that a test has left open would keep the mount.
teardown() {
    exec {RUN}<&-
    finish
}

@test "the output of a probe is what the kernel's own file of the pin has" {
    iterator iter_file
    takes_pid iter_file
    holds_files 1000
    probe iter/task_file
    put "$PROBE/pid" "$holder"
    put "$PROBE/pin" "$BPF/pin"
    put "$PROBE/attach" "$BPF/iter_file"
    cat "$PROBE/output" >"$BATS_TEST_TMPDIR/output"
    cmp "$BPF/pin" "$BATS_TEST_TMPDIR/output"
    cmp <(find "/proc/$holder/fd" -type l -printf '%f\n' | sort -n) \
        "$BATS_TEST_TMPDIR/output"
    [ "$(wc -l <"$BATS_TEST_TMPDIR/output")" -ge 1000 ]
    release "$holder"
}

@test "tools read a part, or all of it" {
    local first all

    iterator iter_file
    takes_pid iter_file
    holds_files 200
    probe iter/task_file
    put "$PROBE/pid" "$holder"
    put "$PROBE/attach" "$BPF/iter_file"
    cd "$PROBE"
    all=$(<output)
    first=${all%%$'\n'*}
    same head "$first" "$(head -n 1 output 2>&1)"
    same tail "${all##*$'\n'}" "$(tail -n 1 output 2>&1)"
    same grep "$first" "$(grep -m 1 -x "$first" output 2>&1)"
    same sed "$first" "$(sed 1q output 2>&1)"
    same "bytes at a time" "$all" "$(dd if=output bs=7 2>/dev/null)"
    # head steps back to behind its line, for who reads on.
    same "head, then the rest" "$all" "$({ head -n 1 && cat; } <output 2>&1)"
    cd /
    release "$holder"
}

@test "two readers have a run each" {
    local one two line a b

    iterator iter_file
    takes_pid iter_file
    holds_files 50
    probe iter/task_file
    put "$PROBE/pid" "$holder"
    put "$PROBE/attach" "$BPF/iter_file"
    exec {a}<"$PROBE/output" {b}<"$PROBE/output"
    while IFS= read -r line <&"$a"; do
        one+=$line,
        IFS= read -r line <&"$b"
        two+=$line,
    done
    exec {a}<&- {b}<&-
    same readers "$one" "$two"
    same all "$(tr '\n' , <"$PROBE/output")" "$one"
    release "$holder"
}

@test "there is no length, and asking for it runs nothing" {
    iterator iter_task
    probe iter/task "$BPF/iter_task"
    same "length and mode" "0 400" "$(stat -c '%s %a' "$PROBE/output")"
    ls -l "$PROBE" >/dev/null
    same "runs of the program" 0 "$(value iter_task)"
    same "the end" ok "$("$VFS" read "$PROBE/output" 0)"
    [ "$(value iter_task)" -gt 1 ]
    same "another place" ESPIPE "$("$VFS" read "$PROBE/output" 100)"
    contains error "output: ESPIPE: a run can only be read on" "$(<"$PROBE/error")"
    contains writing "Permission denied" "$({ echo text >"$PROBE/output"; } 2>&1)"
}

@test "what cannot be printed is said" {
    local name error text rows=0

    while IFS='|' read -r name error text; do
        iterator "$name"
        probe "iter/task@$rows" "$BPF/$name"
        same "reading of $name" "$error" "$("$VFS" read "$PROBE/output" 0)"
        contains error "output: $error: $text" "$(<"$PROBE/error")"
        rows=$((rows + 1))
    done <<'ROWS'
iter_again|EIO|the program asks for the same object again (it returns 1)
iter_large|E2BIG|what the program prints of one object is more than the kernel takes
ROWS
    [ "$rows" -eq 2 ]
    probe iter/task
    same "nothing attached" ENODATA "$("$VFS" read "$PROBE/output" 0)"
    contains error "output: ENODATA: nothing is attached that could be run" "$(<"$PROBE/error")"
}

@test "the name is a claim" {
    iterator iter_task iter_file
    program plain
    probe iter/task_file
    refused "$PROBE/attach" "$BPF/iter_task" EINVAL "is for the iterator 'task', this probe is of 'task_file'"
    refused "$PROBE/attach" "$BPF/plain" EINVAL "a iter takes type tracing"
    put "$PROBE/attach" "$BPF/iter_file"
    refused "$PROBE/attach" "$BPF/iter_task" EINVAL "is for the iterator 'task', this probe is of 'task_file'"
    refused "$PROBE/target" "task" EINVAL "is for the iterator 'task_file', this probe is of 'task'"
    for name in @mine my-own; do
        probe "iter/$name" "$BPF/iter_task"
        same "iterator of $name" task "$(info "$PROBE" iterator)"
        contains sites $'-\ttask\tlink ' "$(<"$PROBE/sites")"
    done
    # What it is for may be said later.
    put "$PROBE/target" task
    refused "$PROBE/target" tcp EINVAL "is for the iterator 'task', this probe is of 'tcp'"
}

@test "another program takes the place in the link, and ends the runs" {
    local id

    iterator iter_task iter_other
    probe iter/task
    put "$PROBE/pin" "$BPF/pin"
    put "$PROBE/attach" "$BPF/iter_task"
    id=$(info "$PROBE" link_id)
    put "$PROBE/attach" "$BPF/iter_task"
    same "link of the same program" "$id" "$(info "$PROBE" link_id)"
    exec {RUN}<&- {RUN}<"$PROBE/output"
    put "$PROBE/attach" "$BPF/iter_other"
    same "link" "$id" "$(info "$PROBE" link_id)"
    same "program" iter_other "$(info "$PROBE" prog_name)"
    contains "a run of the old one" "No such device" "$(cat <&"$RUN" 2>&1)"
    contains error "output: ENODEV: the program of this run was detached" "$(<"$PROBE/error")"
    contains "a run of the new one" "task $$" "$(<"$PROBE/output")"
    contains "a run of the pin" "task $$" "$(<"$BPF/pin")"
}

@test "a program that is detached prints nothing more" {
    iterator iter_task
    probe iter/task "$BPF/iter_task"
    exec {RUN}<&- {RUN}<"$PROBE/output"
    dd bs=1 count=1 status=none <&"$RUN" >/dev/null
    put "$PROBE/enabled" 0
    contains "a run of what is not enabled" "No such device" "$(cat <&"$RUN" 2>&1)"
    put "$PROBE/enabled" 1
    contains "a run of before" "No such device" "$(cat <&"$RUN" 2>&1)"
    exec {RUN}<&- {RUN}<"$PROBE/output"
    rmdir "$PROBE"
    contains "a run of what is removed" "No such device" "$(dd <&"$RUN" 2>&1)"
}

@test "readers that are killed leave nothing" {
    local pid pids=''

    iterator iter_task
    probe iter/task "$BPF/iter_task"
    while [ "$(wc -w <<<"$pids")" -lt 5 ]; do
        tail -f /dev/null - <"$PROBE/output" 3>&- &
        pids+=" $!"
    done
    for pid in $pids; do
        kill -9 "$pid"
        wait "$pid" || true
    done
    rmdir "$PROBE"
    eventually descriptors_as_before
}

@test "a pinned iterator outlives the daemon, and is adopted" {
    local id

    iterator iter_task iter_file
    probe iter/task
    put "$PROBE/pin" "$BPF/pin"
    put "$PROBE/attach" "$BPF/iter_task"
    id=$(info "$PROBE" link_id)
    kill_daemon
    start
    contains "a run of the pin" "$$ $$" "$(<"$BPF/pin")"
    probe iter/task_file
    refused "$PROBE/attach" "$BPF/pin" EINVAL "is on another target than this probe"
    probe iter/@label "$BPF/pin"
    same link "$id" "$(info "$PROBE" link_id)"
    same adopted yes "$(info "$PROBE" adopted)"
    same iterator task "$(info "$PROBE" iterator)"
    contains output "$$ $$" "$(<"$PROBE/output")"
    # The link stays, with another program.
    iterator iter_other
    put "$PROBE/attach" "$BPF/iter_other"
    same link "$id" "$(info "$PROBE" link_id)"
    contains output "task $$" "$(<"$PROBE/output")"
    put "$PROBE/attach" ""
    [ ! -e "$BPF/pin" ]
}

@test "one process, one thread" {
    iterator iter_task
    takes_pid iter_task
    probe iter/task
    sleep 1000 3>&- &
    put "$PROBE/pid" "$!"
    put "$PROBE/attach" "$BPF/iter_task"
    holds "$PROBE/output" "$! $!"
    refused "$PROBE/tid" "$$" EINVAL "write one of 'pid' and 'tid' only"
    release "$!"
    same state gone "$(info "$PROBE" state)"
    same gone "process $! has exited" "$(info "$PROBE" gone)"
    same "a run" ESRCH "$("$VFS" read "$PROBE/output" 0)"
    contains error "output: ESRCH: process $! has exited" "$(<"$PROBE/error")"
    probe iter/@thread
    put "$PROBE/tid" "$$"
    put "$PROBE/attach" "$BPF/iter_task"
    holds "$PROBE/output" "$$ $$"
    refused "$PROBE/tid" 999999999 ESRCH "there is no thread 999999999"
}

@test "fields that an iterator does not take are refused" {
    local target field text part rows=0

    iterator iter_task
    while IFS='|' read -r target field text part; do
        probe "iter/$target@$rows"
        put "$PROBE/$field" "$text"
        refused "$PROBE/attach" "$BPF/iter_task" EINVAL "$part"
        rows=$((rows + 1))
    done <<ROWS
task|cgroup|/sys|the iterator 'task' takes no 'cgroup'
task|order|self_only|takes no 'cgroup' and no 'order'
tcp|pid|1|the iterator 'tcp' takes no 'pid' and no 'tid'
tcp|map|$BPF/none|the iterator 'tcp' takes no 'map'
bpf_map_elem|target|bpf_map_elem|goes over a map; write its path to 'map'
ROWS
    [ "$rows" -eq 5 ]
    probe iter/cgroup
    refused "$PROBE/order" sideways EINVAL "no order 'sideways'; there are descendants_pre,"
    put "$PROBE/cgroup" /proc
    if [[ $(feature_line iter_fields) == *$'\tno\t'* ]]; then
        refused "$PROBE/attach" "$BPF/iter_task" EOPNOTSUPP "came with Linux 6.1"
        return
    fi
    refused "$PROBE/attach" "$BPF/iter_task" EINVAL "'/proc' is no cgroup"
    # What the kernel would take for a thread of that number.
    probe iter/@label
    put "$PROBE/order" self_only
    refused "$PROBE/attach" "$BPF/iter_task" EINVAL "the iterator 'task' looks at none of the fields"
}

@test "a built-in program, which prints nothing, is refused" {
    probe iter/task
    refused "$PROBE/attach" count EOPNOTSUPP "a built-in program prints nothing; attach one of your own"
}

@test "the iterators of this kernel are listed" {
    needs btf
    [ "$(grep -cx -e task -e task_file -e bpf_map_elem -e tcp "$DIR/iter/available")" -eq 4 ]
    run ! grep -v '^[a-z0-9_]*$' "$DIR/iter/available"
    contains help "what the program prints; each open makes a run" "$(<"$DIR/iter/help")"
    [[ $(<"$DIR/uprobe/help") != *output* ]]
}
