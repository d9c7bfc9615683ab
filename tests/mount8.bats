#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Mounting by mount(8), from fstab and under systemd.
# bats file_tags=host,fs,root

load mount

# private COMMANDS: in a mount namespace where mount(8) finds the helper, and
# with fstab in $BATS_TEST_TMPDIR/fstab if there is one.
private() {
    local bin=$BATS_TEST_TMPDIR/bin name

    mkdir "$bin"
    for name in mount.probefs mount.fuse.probefs probefs; do
        ln -s "$PROBEFS" "$bin/$name"
    done
    # shellcheck disable=SC2016
    timeout 120 unshare -m bash -euc '
        mount -t overlay -o "lowerdir=$1:/usr/sbin" overlay /usr/sbin
        if [ -e "$2" ]; then mount --bind "$2" /etc/fstab; fi
        '"$1" - "$bin" "$BATS_TEST_TMPDIR/fstab" 3>&-
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
    run timeout 120 unshare -m bash -ec '
        mount -t tmpfs tmpfs /run
        mkdir -p /run/systemd/system /run/systemd/private
        mount --bind "$BATS_TEST_TMPDIR/cgroup" /proc/$$/cgroup
        (for i in {1..1000}; do
            sleep 0.1; umount "$DIR" && break; done) 2>&- >&- 3>&- &
        PATH=$BATS_TEST_TMPDIR:$PATH exec "$PROBEFS" spec "$DIR" -v'
    answers 0 "spec mounted on $DIR"
    grep -x -- --scope "$BATS_TEST_TMPDIR/asked"
    grep -x -- '--unit=probefs-[0-9]*-[0-9]*.scope' "$BATS_TEST_TMPDIR/asked"
    grep -x -- --property=DefaultDependencies=no "$BATS_TEST_TMPDIR/asked"
}
