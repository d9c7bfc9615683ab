#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Paths that never answer: who names one is told so, and all others go on.
# bats file_tags=host,bpf,root
# shellcheck disable=SC2153

load helpers
load users

setup() {
    prepare
    start
    DEAD=$BATS_TEST_TMPDIR/dead
    mkdir "$DEAD"
    "$PROGRAMS/hang" "$DEAD" "$TARGET" 3>&- &
    hanging=$!
    eventually grep -qF " $DEAD fuse" /proc/self/mounts
}

# The end of the dead file system ends what still waits for it.
teardown() {
    umount -f "$DEAD" 2>/dev/null || umount -l "$DEAD"
    wait "$hanging" || true
    wait_writers || true
    finish
}

writers=()

wait_writers() {
    local pid

    for pid in "${writers[@]}"; do
        wait "$pid" || true
    done
}

# hung NAME FILE: a probe whose writer waits for a file of the dead.
hung() {
    mkdir "$DIR/uprobe/$1"
    put "$DIR/uprobe/$1/symbol" target_one
    put "$DIR/uprobe/$1/path" "$DEAD/$2"
    "$TOOL" write "$DIR/uprobe/$1/attach" count >"$BATS_TEST_TMPDIR/$1" 3>&- &
    writers+=($!)
}

@test "a path that does not answer is given up after some seconds" {
    local name

    for name in none open; do
        hung "$name" "$name"
    done
    mkdir "$DIR/uprobe/program"
    same "a program" ETIMEDOUT "$(timeout 120 "$TOOL" write "$DIR/uprobe/program/attach" "$DEAD/none")"
    contains error "attach: ETIMEDOUT: '$DEAD/none' has not answered for 5 seconds" \
        "$(<"$DIR/uprobe/program/error")"
    for name in none open; do
        eventually [ -s "$BATS_TEST_TMPDIR/$name" ]
        same "$name" ETIMEDOUT "$(<"$BATS_TEST_TMPDIR/$name")"
        same state detached "$(info "$DIR/uprobe/$name" state)"
    done
}

@test "while one writer hangs, others work" {
    local name

    needs uprobe_pmu
    for name in none open read; do
        hung "$name" "$name"
    done
    timeout 120 bash -eu <<SH
cd "$DIR/uprobe"
mkdir "$NAME:target_one"
echo count >"$NAME:target_one/attach"
"$TARGET" target_one 3
grep -qxP 'total:\s*3' "$NAME:target_one/hits"
rmdir "$NAME:target_one"
cat */info */attach */error >/dev/null
ls -lR "$DIR/uprobe" >/dev/null
SH
    # This one waits until the dead file system is gone.
    [ ! -s "$BATS_TEST_TMPDIR/read" ]
    # Another write to the probe that hangs is refused, and so is its removal.
    same "another write" EBUSY "$("$TOOL" write "$DIR/uprobe/read/cookie" 5)"
    contains error "EBUSY: another write to this probe" "$(<"$DIR/uprobe/read/error")"
}

# reading: the daemon has opened the file that can only be opened.
reading() {
    local fd

    for fd in "/proc/$daemon/fd"/*; do
        [ "$(readlink "$fd")" != "$DEAD/read" ] || return 0
    done
    return 1
}

@test "the reading of a file that hangs ends with its file system" {
    hung read read
    eventually reading
    [ ! -s "$BATS_TEST_TMPDIR/read" ]
    umount -f "$DEAD" 2>/dev/null || true
    eventually [ -s "$BATS_TEST_TMPDIR/read" ]
    [ "$(<"$BATS_TEST_TMPDIR/read")" != ok ]
}

# enough: what is too much was refused.
enough() { [ "$(cat "$BATS_TEST_TMPDIR/"{1..24} | grep -c EAGAIN)" -ge 8 ]; }

@test "a user whose paths hang is alone with it" {
    local i

    needs uprobe_pmu
    others
    chmod 0777 "$DIR/uprobe"
    for i in {1..24}; do
        as "$ALICE" mkdir "$DIR/uprobe/$i"
        as "$ALICE" "$TOOL" write "$DIR/uprobe/$i/symbol" target_one
        as "$ALICE" "$TOOL" write "$DIR/uprobe/$i/path" "$DEAD/read"
        as "$ALICE" "$TOOL" write "$DIR/uprobe/$i/attach" count >"$BATS_TEST_TMPDIR/$i" 3>&- &
        writers+=($!)
    done
    # She may have 16 writes under way, and 8 paths.
    eventually enough
    as "$BOB" mkdir "$DIR/uprobe/$NAME:target_one"
    asks "$BOB" "$DIR/uprobe/$NAME:target_one/attach" count ok
    hit target_one 2
    same hits 2 "$(hits "$DIR/uprobe/$NAME:target_one")"
}

@test "a path into this very mount is answered" {
    local rows=0 probe=$DIR/uprobe/$NAME:target_one

    needs uprobe_pmu
    mkdir "$probe"
    # A binary that is in this very mount, as far as it fits.
    head -c 60000 "$TARGET" >"$probe/binary"
    while IFS='|' read -r file text error; do
        echo "row: $file $text"
        same "$text" "$error" "$(timeout 120 "$TOOL" write "$probe/$file" "$text")"
        rows=$((rows + 1))
    done <<ROWS
attach|$probe/attach|EINVAL
attach|$probe/none|ENOENT
attach|$probe|EINVAL
attach|$DIR/README|EINVAL
attach|$DIR/prog/count|ok
attach|$DIR/prog/../prog/count|ok
ROWS
    [ "$rows" -eq 6 ]
    put "$probe/attach" ""
    timeout 120 "$TOOL" write "$probe/path" "$probe/binary"
    timeout 120 "$TOOL" write "$probe/attach" count
}

@test "a path into a directory that the kernel keeps locked is given up" {
    local probe=$DIR/uprobe/a

    mkdir "$probe"
    # The rename holds the directory in which the name is to be looked up.
    echo "$probe/none" >"$probe/x"
    same rename ETIMEDOUT "$(timeout -s KILL 120 "$VFS" rename "$probe/x" "$probe/attach")"
    contains error "has not answered for 5 seconds" "$(<"$probe/error")"
    holds "$probe/x" "$probe/none"
    holds "$probe/attach" ""
}
