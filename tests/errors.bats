#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# What goes wrong around probefs: no descriptors, no tracefs, no bpffs, and many
# users at once.
# bats file_tags=fs,bpf,root

# shellcheck disable=SC2016,SC2030,SC2031,SC2153  # inner shells; the helpers
load helpers

# --- Descriptors ---

# limit MORE: the daemon may have so many more descriptors than it has now.
limit() {
    prlimit --pid "$daemon" --nofile="$(($(descriptors) + $1)):"
}

@test "without descriptors a write is refused, whole, wherever they end" {
    local mode more ok=0 refused=0 used

    needs uprobe_pmu uprobe_tracefs
    for mode in auto ioctl tracefs; do
        remount "attach_mode=$mode"
        program plain none "plain_$mode"
        probe "uprobe/$NAME:target_one" count
        probe "uprobe/$NAME:target_glob_*"
        # Whatever is opened once and kept has been opened.
        put "$PROBE/attach" "$BPF/plain_$mode"
        put "$PROBE/attach" ""
        used=$(descriptors)
        for more in {1..14}; do
            echo "row: $mode $more"
            limit "$more"
            if echo "$BPF/plain_$mode" 2>/dev/null >"$PROBE/attach"; then
                ok=$((ok + 1))
                put "$PROBE/attach" ""
            else
                refused=$((refused + 1))
                contains error "attach: EMFILE: " "$(<"$PROBE/error")"
                same state detached "$(info "$PROBE" state)"
            fi
            same "descriptors after" "$used" "$(descriptors)"
        done
        prlimit --pid "$daemon" --nofile=1000:
        put "$PROBE/attach" "$BPF/plain_$mode"
        hit target_one 3
        hit target_glob_a 2
        same "hits of the earlier probe" 3 "$(hits "$DIR/uprobe/$NAME:target_one")"
        same "hits of the later probe" 2 "$(value "plain_$mode")"
    done
    [ "$ok" -gt 0 ]
    [ "$refused" -gt 10 ]
}

# pin_within MORE PATH: writes the pin; it is as the file says, and the write too.
pin_within() {
    local there=no said=no

    limit "$1"
    echo "$2" 2>/dev/null >"$PROBE/pin" && said=yes
    prlimit --pid "$daemon" --nofile=1000:
    [ -z "$2" ] || same "pin that was said to be made" "$said" "$([ -e "$BPF/pin" ] && echo yes || echo no)"
    [ -n "$2" ] || same "pin that was said to be removed" "$said" "$([ -e "$BPF/pin" ] && echo no || echo yes)"
    [ ! -e "$BPF/pin" ] || there=$BPF/pin
    holds "$PROBE/pin" "${there#no}"
    [ $said = yes ]
}

@test "without descriptors a pin is made or removed, or what it was" {
    local name more made=0 removed=0

    needs uprobe_pmu perf_link
    remount attach_mode=link
    program plain
    for name in target_one 'target_glob_*'; do
        probe "uprobe/$NAME:$name" "$BPF/plain"
        put "$PROBE/pin" "$BPF/pin"
        put "$PROBE/pin" ""
        for more in {0..9}; do
            echo "row: $name $more"
            ! pin_within "$more" "$BPF/pin" || made=$((made + 1))
            put "$PROBE/pin" "$BPF/pin"
            ! pin_within "$more" "" || removed=$((removed + 1))
            put "$PROBE/pin" ""
        done
        rmdir "$PROBE"
    done
    # What the daemon closes late may leave room for one or the other.
    echo "made: $made, removed: $removed"
    [ "$made" -gt 0 ] && [ "$removed" -gt 0 ] && [ $((made + removed)) -lt 40 ]
}

@test "without descriptors what is attached can be told of and removed" {
    needs uprobe_pmu
    probe "uprobe/$NAME:target_one" count
    limit 0
    hit target_one 2
    same hits 2 "$(hits "$PROBE")"
    same state attached "$(info "$PROBE" state)"
    run mkdir "$DIR/uprobe/a"
    [ "$status" -eq 0 ]
    rmdir "$DIR/uprobe/a" "$PROBE"
}

# --- Nothing to attach with ---

# private SCRIPT: with mounts of its own; must succeed; $output is what it says.
private() {
    export EVENT=sched:sched_process_exec
    stop
    run timeout 120 unshare -m --propagation private bash -euc "$1" - 3>&-
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "without tracefs perf events do, and tracepoints are refused" {
    needs uprobe_pmu
    private '
        umount -R /sys/kernel/tracing
        umount -R /sys/kernel/debug || true
        "$PROBEFS" test "$DIR" -o nomount
        mkdir "$DIR/uprobe/$NAME:target_one" "$DIR/tracepoint/$EVENT"
        echo count >"$DIR/uprobe/$NAME:target_one/attach"
        "$TARGET" target_one 3
        cat "$DIR/uprobe/$NAME:target_one/hits"
        ! echo count >"$DIR/tracepoint/$EVENT/attach" || exit 1
        cat "$DIR/tracepoint/$EVENT/error"
        grep ^uprobe_tracefs "$DIR/features"
        ! cat "$DIR/tracepoint/available" || exit 1
        umount "$DIR"
        "$PROBEFS" test "$DIR" -o nomount,attach_mode=tracefs
        mkdir "$DIR/uprobe/$NAME:target_one"
        ! echo count >"$DIR/uprobe/$NAME:target_one/attach" || exit 1
        cat "$DIR/uprobe/$NAME:target_one/error"
        umount "$DIR"'
    contains output "attach: ENODEV: tracefs is not mounted; mount it with: mount -t tracefs" "$output"
    contains output "cat: " "$output"
    same "refusals" 2 "$(grep -c 'attach: ENODEV: tracefs' <<<"$output")"
    [[ ${lines[0]} =~ total:[[:space:]]*3 || $output =~ total:[[:space:]]*3 ]]
    grep -q $'^uprobe_tracefs\tno' <<<"$output"
}

@test "a missing tracefs and bpffs are mounted, unless told not to" {
    private '
        umount -R /sys/kernel/tracing
        umount -R /sys/kernel/debug || true
        umount -R /sys/fs/bpf
        "$PROBEFS" test "$DIR" -o nomount
        ! grep -E " (/sys/kernel/tracing|/sys/fs/bpf) " /proc/self/mounts || exit 1
        umount "$DIR"
        "$PROBEFS" test "$DIR"
        grep -E " (/sys/kernel/tracing tracefs|/sys/fs/bpf bpf) " /proc/self/mounts
        umount "$DIR"'
    same mounts 2 "$(grep -cE '^[a-z]+ /sys' <<<"$output")"
}

@test "a tracefs or bpffs that was asked for must be there" {
    stop
    run "$PROBEFS" test "$DIR" -o "tracefs=$BATS_TEST_TMPDIR"
    same status 32 "$status"
    contains message "no tracefs is mounted at '$BATS_TEST_TMPDIR'" "$output"
    run "$PROBEFS" test "$DIR" -o nomount,bpffs=/proc
    same status 32 "$status"
    contains message "'/proc'" "$output"
    same mounts "mount $BPF" "$(left | grep ^mount)"
}

@test "a read-only tracefs refuses events, and perf events do" {
    needs uprobe_pmu uprobe_tracefs
    private '
        mount -o remount,bind,ro /sys/kernel/tracing
        "$PROBEFS" test "$DIR" -o attach_mode=tracefs
        mkdir "$DIR/uprobe/$NAME:target_one"
        ! echo count >"$DIR/uprobe/$NAME:target_one/attach" || exit 1
        cat "$DIR/uprobe/$NAME:target_one/error"
        umount "$DIR"
        "$PROBEFS" test "$DIR"
        mkdir "$DIR/uprobe/$NAME:target_one"
        echo count >"$DIR/uprobe/$NAME:target_one/attach"
        "$TARGET" target_one 3
        cat "$DIR/uprobe/$NAME:target_one/hits"
        umount "$DIR"'
    contains output "attach: EROFS: " "$output"
    [[ $output =~ total:[[:space:]]*3 ]]
}

@test "without bpffs a pin is refused, and the rest works" {
    needs uprobe_pmu perf_link
    private '
        umount -R /sys/fs/bpf
        "$PROBEFS" test "$DIR" -o nomount
        mkdir "$DIR/uprobe/$NAME:target_one"
        echo count >"$DIR/uprobe/$NAME:target_one/attach"
        ! echo /sys/fs/bpf/x >"$DIR/uprobe/$NAME:target_one/pin" || exit 1
        cat "$DIR/uprobe/$NAME:target_one/error"
        umount "$DIR"'
    contains output "pin: EPERM: the directory of 'x' is not in a bpffs; one is usually mounted at /sys/fs/bpf" "$output"
}

@test "a read-only mount refuses writes, and tells" {
    needs uprobe_pmu
    probe "uprobe/$NAME:target_one" count
    "$PROBEFS" test "$DIR" -o remount,ro
    run bash -c 'echo >"$1"' - "$PROBE/attach"
    contains write "Read-only file system" "$output"
    run mkdir "$DIR/uprobe/a"
    contains mkdir "Read-only file system" "$output"
    run rmdir "$PROBE"
    contains rmdir "Read-only file system" "$output"
    hit target_one 2
    same hits 2 "$(hits "$PROBE")"
    "$PROBEFS" test "$DIR" -o remount,rw
}

# --- At once ---

# rounds: fewer where the kernel takes long to detach.
rounds() {
    if [[ $(feature_line uprobe_multi) == *yes* ]]; then echo 8; else echo 3; fi
}

@test "sixteen shells make, attach, read and remove at once" {
    local shell pids=() failed=0

    needs uprobe_pmu
    program plain
    for shell in {1..16}; do
        (
            set +e
            cd "$DIR/uprobe" || exit 1
            for ((round = $(rounds); round > 0; round--)); do
                # One of its own, where everything must work ...
                mine=$NAME:target_one@$shell
                mkdir "$mine" || exit 1
                echo count >"$mine/attach" || exit 1
                "$TARGET" target_one 5
                [ "$(hits "$mine")" -ge 5 ] || exit 1
                # ... and one of all, where each may come too late.
                all=$NAME:target_two@all
                mkdir "$all"
                echo "$shell" >"$all/cookie"
                echo "$BPF/plain" >"$all/attach"
                cat "$all"/{attach,cookie,info,sites,error} "$mine"/{info,sites} >&4
                echo >"$all/attach"
                rmdir "$all"
                rmdir "$mine" || exit 1
            done
        ) 2>/dev/null 3>&- 4>/dev/null &
        pids+=($!)
    done
    for shell in "${pids[@]}"; do
        wait "$shell" || failed=$((failed + 1))
    done
    same "shells that failed" 0 "$failed"
    for shell in "$DIR"/uprobe/*/; do
        [ ! -d "$shell" ] || rmdir "$shell"
    done
    "$TOOL" reset "$BPF/plain" hits
    hit target_two 5
    same "hits of nothing" 0 "$(value plain)"
}

@test "of sixteen that make one probe at once one does" {
    local shell made=0 pids=()

    for shell in {1..16}; do
        mkdir "$DIR/uprobe/one" 2>/dev/null 3>&- &
        pids+=($!)
    done
    for shell in "${pids[@]}"; do
        ! wait "$shell" || made=$((made + 1))
    done
    same "made" 1 "$made"
}

@test "of sixteen that write one file at once one is last" {
    local shell pids=() cookie

    needs cookie
    program record
    probe "uprobe/$NAME:target_one" "$BPF/record"
    for shell in {1..16}; do
        echo "$shell" 2>/dev/null >"$PROBE/cookie" 3>&- &
        pids+=($!)
    done
    for shell in "${pids[@]}"; do
        wait "$shell" || true
    done
    cookie=$(<"$PROBE/cookie")
    hit target_one 1
    same "cookie" "$cookie" "$(value record cookies 0)"
    same "hits" 1 "$(value record)"
}

@test "reading does not wait for a detach" {
    needs uprobe_pmu
    remount attach_mode=ioctl
    probe "uprobe/$NAME:target_*e*" count
    probe uprobe/other
    rmdir "$DIR/uprobe/$NAME:target_*e*" 3>&- &
    timeout 120 cat "$PROBE/info" "$DIR/README" >"$BATS_TEST_TMPDIR/out"
    wait $!
}
