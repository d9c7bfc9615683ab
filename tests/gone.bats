#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Targets that go, and files that become others, under their probes.
# Targets go the same way on all.
# bats file_tags=bpf,root,ends

# shellcheck disable=SC2030,SC2031  # each test is a shell of its own
load helpers

VFS=$PROGRAMS/vfs

setup() {
    prepare
    start
    # A copy of its own, which a test may replace.
    PROG=$BATS_TEST_TMPDIR/bin/prog
    mkdir "${PROG%/*}"
    cp "$PROGRAMS/target" "$PROG"
}

# on KIND [ATTACH]: a probe of target_one in $PROG, by a label; $PROBE.
on() {
    PROBE=$DIR/$1/prog
    mkdir "$PROBE"
    put "$PROBE/path" "$PROG"
    put "$PROBE/symbol" target_one
    [ -z "${2-}" ] || put "$PROBE/attach" "$2"
}

# replace: as a package manager does.
replace() {
    cp "$PROGRAMS/target" "$PROG.new"
    mv "$PROG.new" "$PROG"
}

# asleep: a process that does nothing, $pid; a shell no longer, which would run
# bats' traps when it is killed.
asleep() {
    sleep 1000 3>&- &
    pid=$!
    eventually is_sleep
}

is_sleep() { [ "$(<"/proc/$pid/comm")" = sleep ]; }

# is STATE [PART]: the state of $PROBE, and the sentence that goes with it.
is() {
    local key=warning

    same state "$1" "$(info "$PROBE" state)"
    [ "$1" = attached ] || key=gone
    if [ -n "${2-}" ]; then
        contains "$key" "$2" "$(info "$PROBE" "$key")"
    else
        same "$key" '' "$(info "$PROBE" "$key")"
    fi
}

@test "a file that is written in place is warned of" {
    local what

    needs uprobe_pmu
    for what in size mtime ctime; do
        cp "$PROGRAMS/target" "$PROG"
        on uprobe count
        is attached
        case $what in
        size) printf x >>"$PROG" ;;
        mtime) touch -d '2001-01-01' "$PROG" ;;
        ctime) chmod 0700 "$PROG" ;;
        esac
        is attached "its $what is another"
        put "$PROBE/attach" count
        is attached
        "$PROG" target_one 3
        same "hits after $what" 3 "$(hits "$PROBE")"
        rmdir "$PROBE"
    done
}

@test "the same program again attaches to the file that took the place" {
    local kind link

    needs uprobe_pmu perf_link
    program plain
    for kind in uprobe uretprobe; do
        on "$kind" "$BPF/plain"
        link=$(info "$PROBE" link_id)
        put "$PROBE/attach" "$BPF/plain"
        same "link of the same file" "$link" "$(info "$PROBE" link_id)"
        replace
        is attached "the file of that path is another by now"
        "$PROG" target_one 5
        put "$PROBE/attach" "$BPF/plain"
        is attached
        [ "$link" != "$(info "$PROBE" link_id)" ]
        link=$(value plain)
        "$PROG" target_one 7
        same "hits of $kind" "$((link + 7))" "$(value plain)"
        link=$(info "$PROBE" link_id)
        put "$PROBE/attach" "$BPF/plain"
        same "link, written again" "$link" "$(info "$PROBE" link_id)"
        rmdir "$PROBE"
    done
}

@test "a field or enabled written again attaches to the new file too" {
    local file text

    needs uprobe_pmu
    while IFS='|' read -r file text; do
        on uprobe count
        replace
        put "$PROBE/$file" "$text"
        is attached
        "$PROG" target_one 4
        same "hits after $file" 4 "$(hits "$PROBE")"
        rmdir "$PROBE"
    done <<ROWS
path|$PROG
symbol|target_one
enabled|1
ROWS
}

@test "a static probe follows the program that is written again" {
    needs uprobe_pmu perf_link
    cp "$PROGRAMS/usdt_target" "$PROG"
    PROBE=$DIR/usdt/prog
    mkdir "$PROBE"
    put "$PROBE/path" "$PROG"
    put "$PROBE/provider" shape
    put "$PROBE/name" regs
    put "$PROBE/attach" count
    is attached
    cp "$PROGRAMS/usdt_target" "$PROG.new"
    mv "$PROG.new" "$PROG"
    is attached "is another by now"
    put "$PROBE/attach" count
    is attached
}

@test "a link in the path that leads elsewhere is seen" {
    needs uprobe_pmu
    mkdir "$BATS_TEST_TMPDIR/v2"
    cp "$PROGRAMS/target" "$BATS_TEST_TMPDIR/v2/prog"
    ln -s bin "$BATS_TEST_TMPDIR/current"
    PROG=$BATS_TEST_TMPDIR/current/prog
    on uprobe count
    is attached
    ln -sfn v2 "$BATS_TEST_TMPDIR/current"
    is attached "is another by now"
    put "$PROBE/attach" count
    is attached
    "$BATS_TEST_TMPDIR/v2/prog" target_one 2
    same hits 2 "$(hits "$PROBE")"
}

@test "a file that was removed is gone" {
    needs uprobe_pmu
    on uprobe count
    rm "$PROG"
    is gone "no file is at '$PROG' any more"
    holds "$PROBE/attach" ''
    refused "$PROBE/attach" count ENOENT "no such file: '$PROG'"
    cp "$PROGRAMS/target" "$PROG"
    is attached "is another by now"
    put "$PROBE/attach" count
    is attached
    "$PROG" target_one 6
    same hits 6 "$(hits "$PROBE")"
}

@test "a process that has exited is gone, whoever gets its number" {
    local mode pid

    needs uprobe_pmu uprobe_tracefs
    for mode in auto link ioctl tracefs; do
        [ "$mode" != link ] || [[ $(feature_line perf_link) == *$'\t'yes$'\t'* ]] || continue
        remount "attach_mode=$mode"
        asleep
        on uprobe
        put "$PROBE/pid" "$pid"
        put "$PROBE/attach" count
        is attached
        kill "$pid"
        wait "$pid" || true
        is gone "process $pid has exited"
        holds "$PROBE/attach" ''
        refused "$PROBE/attach" count ESRCH "there is no process $pid"
        put "$PROBE/pid" "$$"
        put "$PROBE/attach" count
        is attached
        rmdir "$PROBE"
    done
}

# watch FILE, answered: as in poll.bats.
watch() {
    rm -f "$BATS_TEST_TMPDIR/answers"
    "$VFS" poll "$1" 10 >"$BATS_TEST_TMPDIR/answers" 3>&- &
    watcher=$!
    eventually [ -s "$BATS_TEST_TMPDIR/answers" ]
}

@test "who polls is woken when the target goes or changes" {
    local what pid

    needs uprobe_pmu
    for what in written replaced removed exited; do
        cp "$PROGRAMS/target" "$PROG"
        asleep
        on uprobe
        [ "$what" != exited ] || put "$PROBE/pid" "$pid"
        put "$PROBE/attach" count
        watch "$PROBE/info"
        case $what in
        written) printf x >>"$PROG" ;;
        replaced) replace ;;
        removed) rm "$PROG" ;;
        exited) kill "$pid" ;;
        esac
        wait "$watcher"
        same "$what" "quiet ready quiet" "$(xargs <"$BATS_TEST_TMPDIR/answers")"
        kill "$pid" || true
        rmdir "$PROBE"
    done
}

@test "the end of the mounts in which a file was named is not the file's" {
    probe uprobe/label
    put "$PROBE/symbol" target_one
    mkdir "$BATS_TEST_TMPDIR/here"
    # shellcheck disable=SC2016  # an inner shell
    unshare -m sh -euc '
        mount --bind "$(dirname "$1")" "$2"
        echo "$2/target" >"$3/path"
        echo count >"$3/attach"
        grep -qx "state:.attached" "$3/info"' - "$TARGET" "$BATS_TEST_TMPDIR/here" "$PROBE"
    [ ! -e "$BATS_TEST_TMPDIR/here/target" ]
    same state attached "$(info "$PROBE" state)"
    holds "$PROBE/attach" count
    hit target_one 2
    same hits 2 "$(hits "$PROBE")"
}
