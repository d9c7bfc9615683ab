#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Removing the directories of probes that are attached: when it is over, that it
# goes side by side, and what is left when it does not come to its end.
# Ways to attach that only guests between have are in uprobe_ways and kprobe.
# bats file_tags=bpf,root,ends

load helpers

# attached LABEL...: probes of one function each.
attached() {
    local label

    for label in "$@"; do
        probe "uprobe/$NAME:target_one@$label" count
    done
}

# remove_all LABEL...: at the same time.
remove_all() {
    local label pids=()

    for label in "$@"; do
        rmdir "$DIR/uprobe/$NAME:target_one@$label" 3>&- &
        pids+=($!)
    done
    for pid in "${pids[@]}"; do
        wait "$pid" || fault "a rmdir failed"
    done
}

# consistent PROBE: all its files say that it is attached, or that it is not.
consistent() {
    local hits

    case $(info "$1" state) in
    attached)
        holds "$1/attach" count
        hits=$(hits "$1")
        hit target_one 1
        same hits "$((hits + 1))" "$(hits "$1")"
        ;;
    detached)
        holds "$1/attach" ""
        same link_id "" "$(info "$1" link_id)"
        [ ! -e "$1/hits" ]
        ;;
    *) fault "state: $(info "$1" state)" ;;
    esac
}

@test "after rmdir nothing is hit any more, by whatever path" {
    local round way=none

    case $(feature_line uprobe_multi) in
    *$'\t'yes$'\t'*) way=multi-uprobe ;;
    esac
    program plain "$way"
    for round in {1..25}; do
        probe "uprobe/$NAME:target_one" "$BPF/plain"
        rmdir "$PROBE"
        hit target_one 1
        probe "uprobe/$NAME:target_one" "$BPF/plain"
        (cd "$DIR/uprobe" && rmdir "$NAME:target_one")
        hit target_one 1
    done
    same "late hits of $round rounds" 0 "$(value plain)"
    probe "uprobe/$NAME:target_one" "$BPF/plain"
    hit target_one 1
    same hits 1 "$(value plain)"
}

# inside NUMBER: a thread of the daemon is in the system call of that number.
inside() { grep -qs "^$1 " "/proc/$daemon/task/"*/syscall; }

@test "removals do not wait for one another" {
    local control=$BATS_TEST_TMPDIR/control label round slow

    needs uprobe_pmu perf_link
    stop
    injected "$control"
    start
    # Who was asked to come again and is late is served as if it had not been, so
    # there is more than one try.
    for round in 1 2 3; do
        attached {1..33}
        # A reader holds what one of them has attached (15 is
        # BPF_OBJ_GET_INFO_BY_FD, 321 is bpf(2)); the kernel knows the name by
        # then, or the reader would hold the directory as well.
        info "$PROBE" state >"$BATS_TEST_TMPDIR/info"
        echo "bpf 15 -1" >"$control"
        cat "$PROBE/info" >"$BATS_TEST_TMPDIR/info" 3>&- &
        eventually inside 321
        remove_all 33 3>&- &
        slow=$!
        for label in {1..32}; do
            timeout 60 rmdir "$DIR/uprobe/$NAME:target_one@$label" || break
        done
        # The one is still there.
        [ ! -d "$DIR/uprobe/$NAME:target_one@32" ] && kill -0 "$slow" && label=all
        : >"$control"
        wait "$slow"
        remove_probes
        [ "$label" != all ] || return 0
    done
    fault "not in $round rounds"
}

@test "a probe is removed through another mount of its kind" {
    mkdir "$BATS_TEST_TMPDIR/kind"
    mount --bind "$DIR/uprobe" "$BATS_TEST_TMPDIR/kind"
    attached a b
    rmdir "$BATS_TEST_TMPDIR/kind/$NAME:target_one@a"
    remove_all b
    same probes "" "$(cd "$DIR/uprobe" && echo */ | grep -v '^\*/$' || true)"
    umount "$BATS_TEST_TMPDIR/kind"
}

@test "a removal that is killed leaves a probe that tells the truth" {
    local round pid

    for round in {1..40}; do
        attached a b
        # This one holds the lock of the directory while it detaches.
        (cd "$DIR/uprobe" && exec rmdir "$NAME:target_one@b") 3>&- &
        pid=$!
        rmdir "$DIR/uprobe/$NAME:target_one@a" 3>&- &
        sleep "0.0$((RANDOM % 60 + 10))"
        kill -9 "$!" 2>/dev/null || true
        wait "$!" || true
        wait "$pid"
        PROBE="$DIR/uprobe/$NAME:target_one@a"
        if [ -d "$PROBE" ]; then
            consistent "$PROBE"
            put "$PROBE/attach" count
            rmdir "$PROBE"
        fi
    done
}

@test "a probe that is removed twice at once is removed once" {
    local round first second

    for round in {1..10}; do
        attached a
        first=0 second=0
        rmdir "$DIR/uprobe/$NAME:target_one@a" 3>&- 2>"$BATS_TEST_TMPDIR/first" &
        rmdir "$DIR/uprobe/$NAME:target_one@a" 2>"$BATS_TEST_TMPDIR/second" || second=$?
        wait "$!" || first=$?
        same "of two removals that failed" 1 "$((first + second))"
        grep -qE "No such file|resource busy" "$BATS_TEST_TMPDIR"/{first,second}
        [ ! -e "$DIR/uprobe/$NAME:target_one@a" ]
    done
}

@test "unmounting waits for a removal that nobody waits for" {
    local round

    for round in {1..5}; do
        attached a b
        rmdir "$DIR/uprobe/$NAME:target_one@a" 3>&- &
        sleep "0.00$((RANDOM % 10))"
        kill -9 "$!" 2>/dev/null || true
        stop
        wait "$!" || true
        start
    done
}
