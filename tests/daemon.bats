#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# The daemon: what it leaves alone, what it keeps, and how it ends.
# bats file_tags=host,fs,root

load mount

@test "without /dev/fuse the module is asked for" {
    # shellcheck disable=SC2016
    run unshare -m bash -ec '
        mount -t tmpfs tmpfs /dev
        mknod -m 666 /dev/null c 1 3
        exec "$PROBEFS" spec "$DIR"'
    answers 2 "cannot open '/dev/fuse': No such file or directory; load the module with 'modprobe fuse'"
}

@test "the helper's output can be captured" {
    local text

    # shellcheck disable=SC2016
    text=$(timeout 120 bash -c 'x=$("$PROBEFS" spec "$DIR" -v 2>&1); echo "<$x>"')
    [ "$text" = "<mount.probefs: spec mounted on $DIR>" ]
}

@test "the helper works with stdin, stdout and stderr closed" {
    "$PROBEFS" spec "$DIR" <&- >&- 2>&-
    [ "$(stat -c %a "$DIR")" = 700 ]
}

@test "the caller's lock is not inherited" {
    flock "$BATS_TEST_TMPDIR/lock" "$PROBEFS" spec "$DIR"
    flock -n "$BATS_TEST_TMPDIR/lock" true
}

@test "the daemon keeps nothing of its caller" {
    local pid fd

    cd "$BATS_TEST_TMPDIR"
    (
        umask 077
        trap '' HUP
        exec 9>file 200>file
        SECRET=1 exec "$PROBEFS" spec mnt
    )
    pid=$(daemons)
    [ "$(readlink "/proc/$pid/cwd")" = / ]
    [ "$(awk '$1 == "Umask:" { print $2 }' "/proc/$pid/status")" = 0000 ]
    [ "$(ps -o sid= -p "$pid" | tr -d ' ')" = "$pid" ]
    for fd in 0 1 2; do
        [ "$(readlink "/proc/$pid/fd/$fd")" = /dev/null ]
    done
    run ls -l "/proc/$pid/fd"
    [[ $output != *"$BATS_TEST_TMPDIR"* && $output != *pipe:* ]]
    kill -HUP "$pid"
    eventually gone "$pid"
    mounted 0
}

@test "the daemon exits 0 when unmounted" {
    "$PROBEFS" spec "$DIR" -o foreground 3>&- &
    until_mounted
    stat "$DIR"
    umount "$DIR"
    wait $!
}

@test "the daemon stays while a bind mount does" {
    mkdir "$BATS_TEST_TMPDIR/bind"
    "$PROBEFS" spec "$DIR"
    mount --bind "$DIR" "$BATS_TEST_TMPDIR/bind"
    umount "$DIR"
    [ "$(stat -c %a "$BATS_TEST_TMPDIR/bind")" = 700 ]
    umount "$BATS_TEST_TMPDIR/bind"
    ended
}

@test "SIGTERM, SIGINT and SIGHUP unmount, also what is busy, and exit 0" {
    local name pid

    for name in TERM INT HUP; do
        # SIGINT, too: what a background job is told to ignore is undone.
        "$PROBEFS" spec "$DIR" -o foreground 3>&- &
        pid=$!
        until_mounted
        exec 7<"$DIR"
        kill -"$name" "$pid"
        wait "$pid"
        mounted 0
        exec 7<&-
    done
}

@test "SIGTERM spares a mount made since" {
    local pid

    mkdir "$BATS_TEST_TMPDIR/bind"
    "$PROBEFS" first "$DIR"
    pid=$(daemons)
    mount --bind "$DIR" "$BATS_TEST_TMPDIR/bind"
    umount "$DIR"
    "$PROBEFS" second "$DIR"
    kill "$pid"
    eventually gone "$pid"
    has " second "
    [ "$(stat -c %a "$DIR")" = 700 ]
    umount -l "$BATS_TEST_TMPDIR/bind"
}

@test "debug stays in the foreground and prints requests" {
    "$PROBEFS" spec "$DIR" -d 3>&- 2>"$BATS_TEST_TMPDIR/log" &
    until_mounted
    stat "$DIR"
    umount "$DIR"
    wait $!
    grep GETATTR "$BATS_TEST_TMPDIR/log"
}

@test "-N mounts in another mount namespace" {
    local pid

    unshare -m sleep 60 3>&- &
    pid=$!
    eventually elsewhere "$pid"
    "$PROBEFS" spec "$DIR" -N "$pid"
    mounted 0
    grep -F " $DIR " "/proc/$pid/mountinfo"
    nsenter -t "$pid" -m umount "$DIR"
    "$PROBEFS" spec "$DIR" -N "/proc/$pid/ns/mnt"
    cd "$BATS_TEST_TMPDIR"
    touch "$pid"
    run "$PROBEFS" spec "$DIR" -N "$pid"
    answers 32 "'$pid' is a process and a file; write '/proc/$pid/ns/mnt' or './$pid'"
    grep -F " $DIR " "/proc/$pid/mountinfo"
    nsenter -t "$pid" -m umount "$DIR"
    kill "$pid"
}
