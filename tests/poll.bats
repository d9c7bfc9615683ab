#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# poll(2): who waits for a probe to change is woken.
# bats file_tags=fs,bpf,root

load helpers

VFS=$PROGRAMS/vfs

# watch FILE: `answers` says what poll said: at once, after a wait, once read.
watch() {
    rm -f "$BATS_TEST_TMPDIR/answers"
    "$VFS" poll "$1" 600 >"$BATS_TEST_TMPDIR/answers" 3>&- &
    watcher=$!
    eventually [ -s "$BATS_TEST_TMPDIR/answers" ]
}

# answered WHAT ANSWERS
answered() {
    wait "$watcher"
    same "$1" "$2" "$(xargs <"$BATS_TEST_TMPDIR/answers")"
}

@test "info, attach and hits wake who polls them when the link changes" {
    local file

    needs uprobe_pmu
    for file in info attach hits; do
        probe "uprobe/$NAME:target_one" count
        watch "$PROBE/$file"
        put "$PROBE/enabled" 0
        answered "$file" "quiet ready quiet"
        rmdir "$PROBE"
    done
}

@test "who polls is woken when something is attached, pinned or removed" {
    local what file text again rows=0

    needs uprobe_pmu perf_link
    while IFS='|' read -r what file text again; do
        probe "uprobe/$NAME:target_one"
        # What is attached is detached first, which wakes as well.
        [[ $what == @(attach|remove) ]] || put "$PROBE/attach" count
        watch "$PROBE/info"
        if [ "$what" = remove ]; then
            rmdir "$PROBE"
        else
            put "$PROBE/$file" "$text"
        fi
        answered "$what" "quiet ready $again"
        [ ! -e "$PROBE" ] || rmdir "$PROBE"
        rm -f "$BPF/pin"
        rows=$((rows + 1))
    done <<ROWS
attach|attach|count|quiet
detach|attach||quiet
cookie|cookie|5|quiet
pin|pin|$BPF/pin|quiet
disable|enabled|0|quiet
remove|||ready
ROWS
    [ "$rows" -eq 6 ]
}

@test "who polls is woken when a pin is removed behind the probe's back" {
    local file

    needs uprobe_pmu perf_link
    for file in info attach; do
        probe "uprobe/$NAME:target_one" count
        put "$PROBE/pin" "$BPF/pin"
        watch "$PROBE/$file"
        rm "$BPF/pin"
        answered "$file" "quiet ready quiet"
        same pin "" "$(<"$PROBE/pin")"
        same pinned "" "$(info "$PROBE" pinned)"
        rmdir "$PROBE"
    done
}

@test "who polls is woken when a link vanishes behind the probe's back" {
    local file control=$BATS_TEST_TMPDIR/control

    needs uprobe_pmu perf_link
    # No link on a function can be detached from outside, so the kernel is made
    # to say so: 15 is BPF_OBJ_GET_INFO_BY_FD.
    stop
    injected "$control"
    start
    for file in info attach hits; do
        probe "uprobe/$NAME:target_one" count
        watch "$PROBE/$file"
        echo "bpf 15 2" >"$control"
        answered "$file" "quiet ready quiet"
        same state gone "$(info "$PROBE" state)"
        : >"$control"
        rmdir "$PROBE"
    done
}

# waits: the threads of the daemon that wait for a time, by the system call that
# each is in, its number and arguments; one that runs is none that waits for ever.
waits() {
    local task call

    for task in "/proc/$daemon/task"/*; do
        read -ra call <"$task/syscall" || continue
        case ${call[0]}:${call[1]}:${call[3]}:${call[4]} in
        0:* | 275:*) ;;          # read, splice
        202:*:0x0) ;;            # futex without a time
        7:*:0xffffffff*) ;;      # poll, and ppoll, without one
        271:*:0x0:*) ;;
        232:*:*:0xffffffff*) ;;  # epoll_wait
        128:*:0x0:*) ;;          # rt_sigtimedwait
        *) echo "${call[*]}" ;;
        esac
    done
}

@test "nobody is woken up to look when nobody polls" {
    [[ $PROBEFS != */thread/* ]] || skip "TSan has a thread that wakes up"
    probe "uprobe/$NAME:target_one"
    # Others have polled, and do no more.
    same polled "quiet quiet quiet" "$("$VFS" poll "$PROBE/info" 1 | xargs)"
    eventually none waits
    watch "$PROBE/info"
    # While somebody polls one of them looks around.
    eventually [ -n "$(waits)" ]
    rmdir "$PROBE"
    wait "$watcher"
    eventually none waits
}

@test "what changes nothing wakes nobody" {
    needs uprobe_pmu
    probe "uprobe/$NAME:target_one" count
    watch "$PROBE/info"
    put "$PROBE/attach" count
    put "$PROBE/cookie" 0
    touch "$PROBE/scratch"
    chmod 0700 "$PROBE"
    hit target_one 5
    same "before a change" quiet "$(<"$BATS_TEST_TMPDIR/answers")"
    put "$PROBE/enabled" 0
    answered poll "quiet ready quiet"
}

@test "many can wait for one probe, and some of them give up" {
    local i pids=()

    needs uprobe_pmu
    probe "uprobe/$NAME:target_one" count
    for i in {1..8}; do
        "$VFS" poll "$PROBE/info" 600 >"$BATS_TEST_TMPDIR/answer.$i" 3>&- &
        pids+=($!)
    done
    for i in {1..8}; do
        eventually [ -s "$BATS_TEST_TMPDIR/answer.$i" ]
    done
    kill "${pids[@]:0:4}"
    wait "${pids[@]:0:4}" || true
    rmdir "$PROBE"
    wait "${pids[@]:4}"
    for i in {5..8}; do
        contains "$i" "quiet ready" "$(xargs <"$BATS_TEST_TMPDIR/answer.$i")"
    done
}

@test "files that are nobody's are always ready" {
    local file

    mkdir "$DIR/uprobe/a"
    echo x >"$DIR/uprobe/a/scratch"
    for file in README uprobe/help uprobe/a/scratch prog/count/info; do
        same "$file" "ready ready ready" "$("$VFS" poll "$DIR/$file" 0 | xargs)"
    done
}
