#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Mounting: arguments, options, exit statuses.
# bats file_tags=host,fs,root

load mount

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
    "$PROBEFS" spec "$DIR" -o mode=0711
    mounted 1
    [ "$(stat -c %a "$DIR")" = 711 ]
}

# The kernel keeps what stat(2) has told once.
@test "a dead mount is replaced whose attributes the kernel has" {
    "$PROBEFS" spec "$DIR"
    stat "$DIR" "$DIR/uprobe"
    kill -9 "$(daemons)"
    ended
    stat "$DIR"
    "$PROBEFS" spec "$DIR" -o mode=0711
    mounted 1
    [ "$(stat -c %a "$DIR")" = 711 ]
}

@test "a living mount whose daemon is stuck is told from a dead one" {
    local pid

    "$PROBEFS" spec "$DIR"
    pid=$(daemons)
    kill -STOP "$pid"
    run timeout 120 "$PROBEFS" spec "$DIR" 3>&-
    kill -CONT "$pid"
    answers 32 "already mounted on '$DIR'; its daemon has not answered"
    mounted 1
    run "$PROBEFS" spec "$DIR"
    answers 32 "already mounted on '$DIR'; unmount it first"
    [ "$(daemons)" = "$pid" ]
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
