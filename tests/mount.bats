#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Mounting: arguments, options, exit statuses, and what the daemon leaves alone.
# bats file_tags=host,fs,root

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

ended() {
    local try

    for try in {1..100}; do
        [ -n "$(daemons)" ] || return 0
        sleep 0.05
    done
    echo "still there after $try tries: $(daemons)"
    return 1
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
until_mounted() {
    local try

    for try in {1..100}; do
        ! mounted 1 >/dev/null || return 0
        sleep 0.05
    done
    echo "not mounted after $try tries"
    return 1
}

# private COMMANDS: in a mount namespace where mount(8) finds the helper, and
# with fstab in $BATS_TEST_TMPDIR/fstab if there is one.
private() {
    local bin=$BATS_TEST_TMPDIR/bin name

    mkdir "$bin"
    for name in mount.probefs mount.fuse.probefs probefs; do
        ln -s "$PROBEFS" "$bin/$name"
    done
    # shellcheck disable=SC2016
    timeout 30 unshare -m bash -euc '
        mount -t overlay -o "lowerdir=$1:/usr/sbin" overlay /usr/sbin
        if [ -e "$2" ]; then mount --bind "$2" /etc/fstab; fi
        '"$1" - "$bin" "$BATS_TEST_TMPDIR/fstab" 3>&-
}

@test "without arguments the usage is shown" {
    run "$PROBEFS"
    answers 1 "usage: "
}

@test "the usage text lists the options, and so does --help" {
    local word

    run "$PROBEFS" -h
    for word in mode=OCTAL uid= gid= max_probes= attach_mode= bpffs= tracefs= \
        nomount debug noatime _netdev; do
        answers 0 "$word"
    done
    run "$PROBEFS" --help
    answers 0 "usage: "
    run "$PROBEFS" -V
    answers 0 "probefs "
}

@test "bad arguments are refused with a sentence and nothing is mounted" {
    local args wanted message rows=0

    while IFS='|' read -r args wanted message; do
        # shellcheck disable=SC2086
        run "$PROBEFS" ${args//DIR/$DIR}
        echo "row: $args"
        answers "$wanted" "mount.probefs: $message"
        [ "${#lines[@]}" -eq 1 ]
        mounted 0
        rows=$((rows + 1))
    done <<'ROWS'
spec|1|too few arguments
spec DIR more|1|too many arguments
spec DIR -Z|1|unknown argument '-Z'
spec DIR --bogus|1|unknown argument '--bogus'
spec DIR -o|1|'-o' needs a value
spec DIR -o bogus|1|unknown option 'bogus'
spec DIR -o rw,bogus=1|1|unknown option 'bogus=1'
spec DIR -o mode=9|1|bad option 'mode=9': not an octal number
spec DIR -o mode=10000|1|bad option 'mode=10000': the largest mode is 7777
spec DIR -o mode|1|bad option 'mode': write it as 'mode=OCTAL'
spec DIR -o uid=no-such-user|1|bad option 'uid=no-such-user': there is no such
spec DIR -o max_probes=0|1|bad option 'max_probes=0': not from 1 to
spec DIR -o attach_mode=magic|1|bad option 'attach_mode=magic': the modes are auto
spec DIR -o bpffs=here|1|bad option 'bpffs=here': the path must begin with '/'
spec DIR -s -o mode=9|1|bad option 'mode=9'
spec DIR -f -o bogus|1|unknown option 'bogus'
spec DIR/none|32|cannot mount on
spec /dev/null|32|cannot mount on '/dev/null': Not a directory
spec DIR/none -f|32|cannot mount on
spec DIR -N 0|32|cannot enter mount namespace '0'
spec DIR -o ro,remount|32|remount: no probefs on
ROWS
    [ "$rows" -eq 21 ]
}

@test "the mount shows its source and type, and forced flags" {
    run "$PROBEFS" "a spec" "$DIR" -o suid,dev,exec
    answers 0 ""
    [ -z "$output" ]
    mounted 1
    has "nosuid,nodev,noexec"
    has ' - fuse.probefs a\040spec '
    has "default_permissions,allow_other"
}

@test "fsname= is shown instead of the source" {
    "$PROBEFS" spec "$DIR" -o fsname=other
    has " - fuse.probefs other "
}

@test "the mount answers as soon as the helper returns" {
    for _ in {1..10}; do
        "$PROBEFS" spec "$DIR"
        [ "$(stat -c %a "$DIR")" = 700 ]
        umount "$DIR"
    done
}

@test "mode=, uid= and gid= are those of the root" {
    "$PROBEFS" spec "$DIR" -o mode=0751,uid=daemon -o gid=7
    [ "$(stat -c %a:%U:%g "$DIR")" = 751:daemon:7 ]
}

@test "options are found after the operands also with POSIXLY_CORRECT" {
    POSIXLY_CORRECT=1 "$PROBEFS" spec "$DIR" -n -o mode=0711 -t probefs.sub
    [ "$(stat -c %a "$DIR")" = 711 ]
}

@test "-v says what was mounted" {
    run "$PROBEFS" spec "$DIR" -v
    answers 0 "spec mounted on $DIR"
}

@test "-f checks and mounts nothing" {
    run "$PROBEFS" spec "$DIR" -f -o ro
    answers 0 ""
    mounted 0
}

@test "-s lets unknown options pass, before and after -o" {
    "$PROBEFS" spec "$DIR" -o bogus,mode=0711 -s
    [ "$(stat -c %a "$DIR")" = 711 ]
    umount "$DIR"
    "$PROBEFS" -s spec "$DIR" -o bogus=1
    mounted 1
}

@test "words of fstab are swallowed" {
    "$PROBEFS" spec "$DIR" -o \
        'rw,_netdev,nofail,noauto,user,user=root,users,x-a.b="c,d",X-e=f' \
        -o 'comment="a,b",defaults,helper=x,nonempty,relatime'
    mounted 1
}

@test "flags of mount(2) take effect" {
    "$PROBEFS" spec "$DIR" -o ro,noatime,sync,dirsync,lazytime
    has " ro,nosuid,nodev,noexec,noatime "
    has " ro,sync,dirsync,lazytime,"
    run mkdir "$DIR/x"
    answers 1 "Read-only file system"
}

@test "remount changes ro, rw and flags and starts no second daemon" {
    "$PROBEFS" spec "$DIR" -o rw
    "$PROBEFS" spec "$DIR" -o rw,remount,ro,noatime
    mounted 1
    has " ro,nosuid,nodev,noexec,noatime "
    has " fuse.probefs spec ro,"
    "$PROBEFS" spec "$DIR" -o remount,rw,user_id=0,group_id=0,allow_other
    has " fuse.probefs spec rw,"
    [ "$(daemons | wc -l)" -eq 1 ]
}

@test "remount refuses what it cannot change" {
    "$PROBEFS" spec "$DIR" -o mode=0711
    run "$PROBEFS" spec "$DIR" -o remount,ro,mode=0700
    answers 32 "remount: only ro, rw and the flags of mount(2) can change, not 'mode=0700'"
    has " fuse.probefs spec rw,"
}

@test "a second mount on the directory is refused" {
    "$PROBEFS" spec "$DIR"
    run "$PROBEFS" other "$DIR/"
    answers 32 "already mounted on '$DIR'"
    mounted 1
    [ "$(daemons | wc -l)" -eq 1 ]
}

@test "what is no probefs can be mounted over" {
    mount -t tmpfs tmpfs "$DIR"
    "$PROBEFS" spec "$DIR"
    mounted 2
    umount "$DIR"
    mounted 1
}

@test "a dead mount is replaced" {
    "$PROBEFS" spec "$DIR"
    kill -9 "$(daemons)"
    ended
    run stat "$DIR"
    answers 1 "Transport endpoint is not connected"
    "$PROBEFS" spec "$DIR" -o mode=0711
    mounted 1
    [ "$(stat -c %a "$DIR")" = 711 ]
}

@test "directories by relative path, symlink and strange names" {
    cd "$BATS_TEST_TMPDIR"
    "$PROBEFS" spec mnt
    mounted 1
    umount mnt
    ln -s mnt link
    "$PROBEFS" spec link/
    mounted 1
    umount mnt
    mkdir $'a b\\\t#c'
    "$PROBEFS" spec $'a b\\\t#c'
    run "$PROBEFS" spec $'a b\\\t#c'
    answers 32 "already mounted"
    umount $'a b\\\t#c'
}

@test "only root can mount" {
    # The build may lie where nobody else can read.
    cp "$PROBEFS" /tmp/probefs.$$
    run setpriv --reuid=65534 --clear-groups /tmp/probefs.$$ spec /
    rm /tmp/probefs.$$
    answers 1 "only root can mount probefs"
}

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
    text=$(timeout 10 bash -c 'x=$("$PROBEFS" spec "$DIR" -v 2>&1); echo "<$x>"')
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
    while [ -e "/proc/$pid/exe" ]; do sleep 0.05; done
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
    while [ -e "/proc/$pid/exe" ]; do sleep 0.05; done
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
    while [ "$(readlink "/proc/$pid/ns/mnt")" = "$(readlink /proc/self/ns/mnt)" ]; do
        sleep 0.05
    done
    "$PROBEFS" spec "$DIR" -N "$pid"
    mounted 0
    grep -F " $DIR " "/proc/$pid/mountinfo"
    nsenter -t "$pid" -m umount "$DIR"
    "$PROBEFS" spec "$DIR" -N "/proc/$pid/ns/mnt"
    grep -F " $DIR " "/proc/$pid/mountinfo"
    nsenter -t "$pid" -m umount "$DIR"
    kill "$pid"
}

@test "mount(8) mounts by type, remounts and unmounts" {
    # shellcheck disable=SC2016
    run private '
        mount -t probefs spec "$DIR" -o ro,nofail,_netdev,mode=0711
        stat -c %a "$DIR"
        mount -o remount,rw "$DIR"
        grep -F " $DIR " /proc/self/mountinfo
        findmnt -n -t fuse.probefs -o SOURCE "$DIR"
        umount "$DIR"
        ! mount -t probefs spec "$DIR" -o bogus || exit 1
        ! mount -t probefs spec "$DIR/none" || exit 1
        mount -f -t probefs spec "$DIR"
        mount -s -t probefs spec "$DIR/made" -o bogus,X-mount.mkdir
        umount "$DIR/made"'
    answers 0 " rw,nosuid,nodev,noexec,"
    answers 0 " - fuse.probefs spec rw,"
    [ "${lines[0]}" = 711 ]
    [ "${lines[2]}" = spec ]
    [[ ${lines[3]} == "mount.probefs: unknown option 'bogus'; see -h" ]]
    [[ ${lines[4]} == *"cannot mount on"* || ${lines[4]} == *"does not exist"* ]]
}

@test "mount(8) mounts as fuse.probefs, with and without a helper of that name" {
    # shellcheck disable=SC2016
    run private '
        mount -t fuse.probefs spec "$DIR" -o mode=0711
        stat -c %a "$DIR"
        umount "$DIR"
        rm "$1/mount.fuse.probefs"
        umount /usr/sbin
        mount -t overlay -o "lowerdir=$1:/usr/sbin" overlay /usr/sbin
        mount -t fuse.probefs spec "$DIR" -o mode=0751
        stat -c %a "$DIR"
        grep -F " $DIR " /proc/self/mountinfo
        umount "$DIR"'
    answers 0 " - fuse.probefs spec "
    [ "${lines[0]}" = 711 ]
    [ "${lines[1]}" = 751 ]
}

@test "mount -a mounts once, and fstab's options do not hinder a remount" {
    printf 'spec %s probefs nofail,mode=0711,x-a=b,max_probes=9 0 0\n' "$DIR" \
        >"$BATS_TEST_TMPDIR/fstab"
    # shellcheck disable=SC2016
    run private '
        mount -a
        mount -a
        grep -cF " $DIR " /proc/self/mountinfo
        mount -o remount,ro "$DIR"
        ! mount -o remount,mode=0700 "$DIR" || exit 1
        grep -F " $DIR " /proc/self/mountinfo
        umount "$DIR"'
    answers 0 " - fuse.probefs spec ro,"
    answers 0 "remount: only ro, rw"
    [ "${lines[0]}" = 1 ]
}

# A service's cgroup, by a file over /proc/PID/cgroup; exec keeps the pid.
@test "under systemd a scope of its own is asked for, but not twice" {
    cat >"$BATS_TEST_TMPDIR/systemd-run" <<'RUN'
#!/bin/sh
umount /proc/$$/cgroup
printf '%s\n' "$@" >"$BATS_TEST_TMPDIR/asked"
while [ "$1" != -- ]; do shift; done
shift
exec "$@"
RUN
    chmod +x "$BATS_TEST_TMPDIR/systemd-run"
    echo 0::/system.slice/x.service >"$BATS_TEST_TMPDIR/cgroup"
    # shellcheck disable=SC2016
    run timeout 20 unshare -m bash -ec '
        mount -t tmpfs tmpfs /run
        mkdir -p /run/systemd/system /run/systemd/private
        mount --bind "$BATS_TEST_TMPDIR/cgroup" /proc/$$/cgroup
        (sleep 0.2; for i in {1..50}; do
            sleep 0.1; umount "$DIR" && break; done) 2>&- >&- 3>&- &
        PATH=$BATS_TEST_TMPDIR:$PATH exec "$PROBEFS" spec "$DIR" -v'
    answers 0 "spec mounted on $DIR"
    grep -x -- --scope "$BATS_TEST_TMPDIR/asked"
    grep -x -- '--unit=probefs-[0-9]*-[0-9]*.scope' "$BATS_TEST_TMPDIR/asked"
    grep -x -- --property=DefaultDependencies=no "$BATS_TEST_TMPDIR/asked"
}
