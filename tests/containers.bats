#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Containers: paths, descriptors, numbers and users are those of who writes.
# bats file_tags=host,bpf,root
# shellcheck disable=SC2016

load helpers
load users

# A root directory with busybox, a copy of the target that no other root has,
# the mount at /probefs and the bpffs at /bpf.
setup() {
    prepare
    start
    ROOT=$BATS_TEST_TMPDIR/root
    mkdir -p "$ROOT"/{bin,proc,dev,probefs,bpf,tmp,etc}
    cp "$(command -v busybox)" "$ROOT/bin/busybox"
    for applet in sh cat chmod chown grep mkdir mv rm stat test; do
        ln -s busybox "$ROOT/bin/$applet"
    done
    cp "$PROGRAMS/target" "$ROOT/bin/target"
    mount --bind "$DIR" "$ROOT/probefs"
    mount --bind "$BPF" "$ROOT/bpf"
    PROBE="/probefs/uprobe/%2Fbin%2Ftarget:target_one"
    OUTSIDE=$DIR/uprobe/%2Fbin%2Ftarget:target_one
    export ROOT PROBE
    script="PATH=/bin; PROBE=$PROBE;"
    others
    chmod 0755 "$ROOT"
}

teardown() {
    umount "$ROOT/probefs" "$ROOT/bpf"
    finish
}

# The command in each kind of container: $1 is a script of busybox's shell.
in_unshare() {
    unshare --mount --pid --fork --root="$ROOT" /bin/sh -euc "$script$1" 3>&-
}

in_bwrap() {
    bwrap --bind "$ROOT" / --proc /proc --dev /dev --unshare-pid --unshare-ipc \
        --cap-add ALL /bin/sh -euc "$script$1" 3>&-
}

in_runc() {
    local bundle=$BATS_TEST_TMPDIR/bundle

    rm -rf "$bundle"
    mkdir -p "$bundle"
    (cd "$bundle" && runc spec)
    python3 - "$bundle/config.json" "$ROOT" "$script$1" "${2-}" <<'PY'
import json, sys
path, root, script, userns = sys.argv[1:5]
spec = json.load(open(path))
spec["root"] = {"path": root, "readonly": False}
spec["process"]["terminal"] = False
spec["process"]["args"] = ["/bin/sh", "-euc", script]
spec["mounts"] += [{"destination": "/" + name, "source": root + "/" + name,
                    "type": "bind", "options": ["bind"]} for name in ("probefs", "bpf")]
spec["mounts"] = [m for m in spec["mounts"] if m["type"] not in ("cgroup", "sysfs", "mqueue")]
spec["linux"]["namespaces"] = [n for n in spec["linux"]["namespaces"] if n["type"] not in ("cgroup", "network")]
spec["linux"].pop("resources", None)
if userns:
    spec["linux"]["namespaces"].append({"type": "user"})
    ids = [{"containerID": 0, "hostID": 100000, "size": 65536}]
    spec["linux"]["uidMappings"] = spec["linux"]["gidMappings"] = ids
json.dump(spec, open(path, "w"))
PY
    runc --root "$BATS_TEST_TMPDIR/runc" run --bundle "$bundle" "probefs-$BASHPID" 3>&- </dev/null
}

# The root of the container is user 100000 outside: in a user namespace that
# `userns` has made, of which $holder is a process.
userns() {
    unshare --user sleep 600 3>&- &
    holder=$!
    eventually differs "/proc/$holder/ns/user" /proc/self/ns/user
    echo 0 100000 65536 >"/proc/$holder/uid_map"
    echo 0 100000 65536 >"/proc/$holder/gid_map"
}

differs() { [ "$(readlink "$1")" != "$(readlink "$2")" ]; }

in_userns() {
    nsenter --user="/proc/$holder/ns/user" --setuid 0 --setgid 0 \
        unshare --mount --pid --fork --root="$ROOT" /bin/sh -euc "$script$1" 3>&-
}

# The whole of it, from inside.
WORK='
    mkdir $PROBE
    echo count >$PROBE/attach
    cat $PROBE/info >/tmp/info
    cat $PROBE/hits >/dev/null
    echo /bpf/inside >$PROBE/pin
    test -e /bpf/inside
    echo >$PROBE/pin
    echo 5 >$PROBE/tmp
    mv $PROBE/tmp $PROBE/cookie
    test "$(cat $PROBE/cookie)" = 5
'

# works HOW: and the binary that is probed is the container's.
works() {
    needs uprobe_pmu perf_link
    "$1" "$WORK"
    same "$1: inode" "$(stat -c %i "$ROOT/bin/target")" \
        "$(info "$OUTSIDE" inode | sed 's/.*://')"
    "$ROOT/bin/target" target_one 3
    same "$1: hits" 3 "$(hits "$OUTSIDE")"
    "$1" 'rm -r $PROBE'
    [ ! -e "$OUTSIDE" ]
}

@test "a container made by unshare probes its own binary" {
    works in_unshare
}

@test "a container made by bubblewrap probes its own binary" {
    has bwrap
    works in_bwrap
}

@test "a container made by runc probes its own binary" {
    has runc python3
    in_runc 'true' || skip "runc cannot run here"
    works in_runc
}

@test "a link in a container leads nowhere but into the container" {
    local where rows=0

    echo outside >"$BATS_TEST_TMPDIR/hosts-own"
    cp "$TARGET" "$BATS_TEST_TMPDIR/hosts-target"
    ln -s "$BATS_TEST_TMPDIR/hosts-target" "$ROOT/tmp/absolute"
    ln -s ../../../../../../../../.."$BATS_TEST_TMPDIR/hosts-target" "$ROOT/tmp/relative"
    ln -s /proc/1/root"$BATS_TEST_TMPDIR/hosts-target" "$ROOT/tmp/magic"
    mkdir "$DIR/uprobe/label"
    put "$DIR/uprobe/label/symbol" target_one
    while read -r where; do
        run in_unshare "echo $where >/probefs/uprobe/label/path
            echo count >/probefs/uprobe/label/attach"
        contains error "attach: ENOENT: " "$(<"$DIR/uprobe/label/error")"
        rows=$((rows + 1))
    done <<ROWS
/tmp/absolute
/tmp/relative
/tmp/magic
$BATS_TEST_TMPDIR/hosts-target
/../../../..$BATS_TEST_TMPDIR/hosts-target
ROWS
    [ "$rows" -eq 5 ]
    mount -t proc proc "$ROOT/proc"
    run in_unshare 'echo /tmp/magic >/probefs/uprobe/label/path
        echo count >/probefs/uprobe/label/attach'
    umount "$ROOT/proc"
    grep -qE '^attach: (EXDEV|EACCES): ' "$DIR/uprobe/label/error"
}

@test "numbers of processes are the container's" {
    needs uprobe_pmu
    program plain
    # Number 1 is the container's own first process, whose descriptor it is.
    "$TOOL" with "$BPF/plain" 7 unshare --mount --pid --fork --root="$ROOT" \
        /bin/sh -euc 'PATH=/bin; mkdir $PROBE; echo /proc/1/fd/7 >$PROBE/attach; echo 1 >$PROBE/pid' 3>&-
    grep -qxP 'prog_name:\tplain' "$OUTSIDE/info"
    grep -qxP 'pid:\t1' "$OUTSIDE/info"
    put "$OUTSIDE/attach" ""
    # A number that only the host knows.
    run "$TOOL" with "$BPF/plain" 7 unshare --mount --pid --fork --root="$ROOT" \
        /bin/sh -euc "echo /proc/$$/fd/7 >\$PROBE/attach" 3>&-
    contains error "attach: ESRCH: no process" "$(<"$OUTSIDE/error")"
    "$TOOL" with "$BPF/plain" 7 unshare --mount --pid --fork --root="$ROOT" \
        /bin/sh -euc 'echo >$PROBE/pid; echo /proc/self/fd/7 >$PROBE/attach' 3>&-
    grep -qxP 'prog_name:\tplain' "$OUTSIDE/info"
}

@test "the root of a user namespace is a user like any other" {
    local text rows=0

    needs uprobe_pmu
    unshare --user true || skip "no user namespaces here"
    userns
    program plain
    run in_userns 'mkdir $PROBE'
    contains mkdir "Permission denied" "$output"
    chown 100000:100000 "$DIR/uprobe"
    in_userns 'mkdir $PROBE; echo count >$PROBE/attach'
    same "owner outside" "100000 100000" "$(stat -c '%u %g' "$OUTSIDE")"
    same "owner inside" "0 0" "$(in_userns 'stat -c "%u %g" $PROBE')"
    "$ROOT/bin/target" target_one 2
    same hits 2 "$(hits "$OUTSIDE")"
    # Within its ids it gives files away, outside of them it cannot.
    in_userns 'chown 5:6 $PROBE/cookie; chmod 0640 $PROBE/cookie'
    same "given away" "100005 100006 640" "$(stat -c '%u %g %a' "$OUTSIDE/cookie")"
    run in_userns 'chown 70000 $PROBE/enabled'
    [ "$status" -ne 0 ]
    in_userns 'echo >$PROBE/attach'
    while read -r text; do
        run in_userns "echo $text >\$PROBE/attach"
        [ "$status" -ne 0 ] || fault "$text was accepted"
        grep -qE '^attach: (EPERM|EACCES): ' "$OUTSIDE/error" || fault "$text: $(<"$OUTSIDE/error")"
        rows=$((rows + 1))
    done <<ROWS
id:$("$TOOL" id "$BPF/plain")
name:plain
/bpf/plain
ROWS
    [ "$rows" -eq 3 ]
    in_userns 'rm -r $PROBE'
    kill "$holder"
}

@test "runc with a user namespace works in what was given to it" {
    has runc python3
    chown 100000:100000 "$DIR/uprobe" "$ROOT" "$ROOT"/{tmp,proc,dev,etc,bin}
    in_runc true userns || skip "runc cannot make a user namespace here"
    in_runc 'mkdir $PROBE; echo count >$PROBE/attach' userns
    same owner 100000 "$(stat -c %u "$OUTSIDE")"
    same state attached "$(info "$OUTSIDE" state)"
}

@test "who cannot be seen by the daemon is told so" {
    local real=$PROBEFS

    umount "$ROOT/probefs"
    stop
    printf '#!/bin/sh\nexec unshare --pid --fork --kill-child "%s" "$@"\n' "$real" \
        >"$BATS_TEST_TMPDIR/wrapper"
    chmod +x "$BATS_TEST_TMPDIR/wrapper"
    PROBEFS=$BATS_TEST_TMPDIR/wrapper
    start
    mount --bind "$DIR" "$ROOT/probefs"
    mkdir "$DIR/uprobe/$NAME:target_one"
    refused "$DIR/uprobe/$NAME:target_one/attach" count EPERM \
        "cannot be seen from probefs' pid namespace"
    refused "$DIR/uprobe/$NAME:target_one/attach" /proc/self/fd/0 EPERM "cannot be seen"
    refused "$DIR/uprobe/$NAME:target_one/attach" "$BPF/none" EPERM "cannot be seen"
    put "$DIR/uprobe/$NAME:target_one/cookie" 5
}

@test "a bind works on when the mount itself is gone, and knows its own files" {
    needs uprobe_pmu
    umount "$DIR"
    in_unshare 'mkdir $PROBE; echo count >$PROBE/attach; cat $PROBE/hits >/dev/null
        echo /probefs/prog/count >$PROBE/attach
        ! echo /probefs/README >$PROBE/attach || exit 1
        grep -q "a file of probefs, but none of a program or a link" $PROBE/error'
    mount --bind "$ROOT/probefs" "$DIR"
    same state attached "$(info "$OUTSIDE" state)"
}

@test "a bind of the parent directory that is a slave gets a new mount" {
    local outer=$BATS_TEST_TMPDIR/outer inner=$BATS_TEST_TMPDIR/inner

    umount "$ROOT/probefs"
    stop
    mkdir "$outer" "$inner"
    mount -t tmpfs tmpfs "$outer"
    mount --make-shared "$outer"
    mkdir "$outer/probefs"
    mount --rbind "$outer" "$inner"
    mount --make-rslave "$inner"
    DIR=$outer/probefs
    start
    [ -e "$inner/probefs/README" ]
    stop
    [ ! -e "$inner/probefs/README" ]
    start
    [ -e "$inner/probefs/README" ]
    stop
    umount "$inner" "$outer"
    DIR=$BATS_TEST_TMPDIR/mnt
    start
    mount --bind "$DIR" "$ROOT/probefs"
}

@test "a mount made in a container reaches the host, if its parent is shared" {
    local outer=$BATS_TEST_TMPDIR/outer real=$PROBEFS

    needs uprobe_pmu
    umount "$ROOT/probefs"
    stop
    mkdir "$outer"
    mount -t tmpfs tmpfs "$outer"
    mount --make-shared "$outer"
    mkdir "$outer/probefs"
    DIR=$outer/probefs
    PROBEFS=$BATS_TEST_TMPDIR/contained
    printf '#!/bin/sh\nexec unshare -m --propagation unchanged %q "$@"\n' "$real" >"$PROBEFS"
    chmod +x "$PROBEFS"
    start
    [ ! "/proc/$daemon/ns/mnt" -ef /proc/self/ns/mnt ]
    probe "uprobe/$NAME:target_one" count
    hit target_one 2
    same hits 2 "$(hits "$PROBE")"
    rmdir "$PROBE"
    stop
    [ ! -e "$DIR/README" ]
    umount "$outer"
    PROBEFS=$real
    DIR=$BATS_TEST_TMPDIR/mnt
    start
    mount --bind "$DIR" "$ROOT/probefs"
}
