# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# mount.bash - what the tests of mounting share: a directory each, and no daemon
# that is left.

setup() {
    PROBEFS=$(realpath "${PROBEFS:-$BATS_TEST_DIRNAME/../build/plain/mount.probefs}")
    export PROBEFS
    export DIR=$BATS_TEST_TMPDIR/mnt
    mkdir "$DIR"
}

# Nothing stays mounted, and every daemon ends.
teardown() {
    local place

    while place=$(places | tail -n 1) && [ -n "$place" ]; do
        umount -l "$place" || break
    done
    ended
}

# Where something is mounted below the directory of the test.
places() {
    awk -v "dir=$BATS_TEST_TMPDIR/" 'index($5, dir) == 1 { print $5 }' \
        /proc/self/mountinfo
}

# The processes that this test has left serving: they were born with its $DIR.
daemons() {
    local pid

    for pid in $(pgrep 'probefs$'); do
        if [ "$(readlink "/proc/$pid/exe")" = "$PROBEFS" ] &&
            grep -qzxF "DIR=$DIR" "/proc/$pid/environ"; then
            echo "$pid"
        fi
    done
}

none_left() { [ -z "$(daemons)" ]; }

ended() {
    eventually none_left || {
        echo "still there: $(daemons)"
        return 1
    }
}

# eventually COMMAND...: it succeeds, on a loaded machine after a minute.
eventually() {
    local end=$((SECONDS + 60))

    while ((SECONDS < end)); do
        ! "$@" || return 0
        sleep 0.05
    done
    echo "not after a minute: $*"
    return 1
}

# gone PID: the process has ended, even if nobody has waited for it.
gone() { [ ! -e "/proc/$1/exe" ]; }

# elsewhere PID: the process has a mount namespace of its own.
elsewhere() {
    [ "$(readlink "/proc/$1/ns/mnt")" != "$(readlink /proc/self/ns/mnt)" ]
}

# mounted COUNT: so many mounts of ours are at $DIR.
mounted() {
    local count

    count=$(grep -cF " $DIR " /proc/self/mountinfo || true)
    [ "$count" -eq "$1" ] || {
        printf 'expected %d mounts, got %d\n' "$1" "$count"
        return 1
    }
}

# has TEXT: in the mountinfo line of $DIR.
has() {
    local line

    line=$(grep -F " $DIR " /proc/self/mountinfo)
    [[ $line == *"$1"* ]] || {
        printf 'expected %q, got %q\n' "$1" "$line"
        return 1
    }
}

# answers STATUS TEXT: of the last run; TEXT is a part of the output.
answers() {
    # shellcheck disable=SC2154
    if [ "$status" -ne "$1" ] || [[ $output != *"$2"* ]]; then
        printf 'expected %d %q, got %d %q\n' "$1" "$2" "$status" "$output"
        return 1
    fi
}

# until_mounted: for daemons that were started in the foreground.
until_mounted() { eventually mounted 1 >/dev/null; }
