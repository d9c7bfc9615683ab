# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# access.bash - the rows about other users and about servers that are dead, for
# run; $work, $bench, $build and what prints rows are its.

# attach_as MOUNT PROGRAM ROUNDS: the microseconds of each mkdir, attach, rmdir.
# shellcheck disable=SC2016
attach_as='
    name=$1/uprobe/${3//\//%2F}:bench_target
    for ((i = 0; i < $4; i++)); do
        start=${EPOCHREALTIME//[!0-9]/}
        mkdir "$name" && echo "$2" >"$name/attach" && rmdir "$name" || exit 1
        echo $((${EPOCHREALTIME//[!0-9]/} - start))
    done'

# in_container DIR BIND COMMAND...: as a user who is nobody outside, for whom the
# mount is somewhere else.
in_container() {
    # shellcheck disable=SC2016
    unshare --mount --pid --fork bash -c 'mount --bind "$1" "$2" && shift 2 &&
        exec setpriv --reuid=100000 --regid=100000 --clear-groups "$@"' - "$@"
}

delegated_row() {
    local mount=$1 pin=$2 bind=$work/bind ours reference
    mkdir "$bind"
    chown 100000 "$mount/uprobe" "$pin"
    for ((i = 0; i < 3; i++)); do
        bash -c "$attach_as" - "$mount" "$pin" "$bench/attach" 20 >>"$work/by-root"
        in_container "$mount" "$bind" bash -c "$attach_as" - "$bind" "$pin" "$bench/attach" 20 \
            >>"$work/by-user"
    done || {
        could_not "attach by a user in a container"
        return
    }
    ours=$(middle <"$work/by-user")
    reference=$(middle <"$work/by-root")
    ratio "attach by a user in a container, to root outside" ms 1.3 \
        "$(scaled "$ours" 1000)" "$(scaled "$reference" 1000)"
}

# eight MOUNT PIN: microseconds by write, of eight at once that each look a path
# up and find that it is in force.
eight() {
    local i seconds=3 hammers=()
    for i in {1..8}; do
        "$build/tests/vfs" hammer "$1/uprobe/$i/attach" "$2" "$seconds" >"$work/hammer.$i" &
        hammers+=($!)
    done
    wait "${hammers[@]}"
    cat "$work/hammer."* | awk "{ sum += \$1 } END { print 8e6 * $seconds / sum }"
}

hung_row() {
    local mount=$1 pin=$2 dead=$work/dead i writer hanging
    mkdir "$dead" "$mount/uprobe/hung"
    "$build/tests/hang" "$dead" "$bench/attach" &
    hanging=$!
    until mountpoint -q "$dead"; do
        sleep 0.01
    done
    for i in {1..8}; do
        mkdir "$mount/uprobe/$i"
        echo "$bench/attach" >"$mount/uprobe/$i/path"
        echo bench_target >"$mount/uprobe/$i/symbol"
        echo "$pin" >"$mount/uprobe/$i/attach"
    done
    echo bench_target >"$mount/uprobe/hung/symbol"
    echo "$dead/read" >"$mount/uprobe/hung/path"
    for ((i = 0; i < 3; i++)); do
        eight "$mount" "$pin" >>"$work/undisturbed"
        echo "$pin" 2>/dev/null >"$mount/uprobe/hung/attach" &
        writer=$!
        sleep 0.2
        eight "$mount" "$pin" >>"$work/disturbed"
        umount -f "$dead" 2>/dev/null || umount -l "$dead"
        wait "$hanging" "$writer" || true
        "$build/tests/hang" "$dead" "$bench/attach" &
        hanging=$!
        until mountpoint -q "$dead"; do
            sleep 0.01
        done
    done
    umount "$dead"
    wait "$hanging" || true
    # 0.9 of the throughput.
    ratio "8 writers while one more hangs, to 8 alone" us 1.11 \
        "$(middle <"$work/disturbed")" "$(middle <"$work/undisturbed")"
    rmdir "$mount/uprobe/"{hung,[1-8]}
}

access_rows() {
    local pin=/sys/fs/bpf/bench-$$-access
    "$bench/load" "$build/tests/bpf/plain.bpf.o" plain perf "$pin" || {
        could_not "other users"
        return
    }
    start mnt-access
    chmod o+x "$work" "$work/mnt-access"
    delegated_row "$work/mnt-access" "$pin"
    hung_row "$work/mnt-access" "$pin"
    rm -f "$pin"
}
