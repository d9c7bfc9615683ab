#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# What a user cannot make others do: the daemon, which is root, and programs that
# have more rights than the user who starts them.
# bats file_tags=host,bpf,root

load helpers
load users

teardown() {
    kill ${theirs-} ${hers-} 2>/dev/null || true
    finish
}

# given: alice has the uprobes, and her probe is $PROBE, without a file yet.
given() {
    others
    chown "$ALICE" "$DIR/uprobe"
    PROBE=$DIR/uprobe/label
    as "$ALICE" mkdir "$PROBE"
    asks "$ALICE" "$PROBE/symbol" target_one ok
    cp "$TARGET" "$BATS_TEST_TMPDIR/secret"
    chmod 0700 "$BATS_TEST_TMPDIR/secret"
}

# privileged COMMAND...: those change a copy of cat, with which alice then writes.
privileged() {
    local cat=$BATS_TEST_TMPDIR/cat

    rm -f "$cat"
    cp "$(command -v cat)" "$cat"
    "$@" "$cat"
    # shellcheck disable=SC2016
    run as "$ALICE" bash -c 'echo count | "$1" >"$2"' - "$cat" "$PROBE/attach"
}

@test "a list has files of those processes only that the user may look into" {
    local list

    remount mode=0755
    others
    mkdir -m 0700 "$BATS_TEST_TMPDIR/private"
    cp "$(command -v sleep)" "$BATS_TEST_TMPDIR/private/theirs"
    cp "$(command -v sleep)" "$BATS_TEST_TMPDIR/hers"
    "$BATS_TEST_TMPDIR/private/theirs" 600 3>&- &
    theirs=$!
    setpriv --reuid="$ALICE" --regid="$ALICE" --clear-groups \
        "$BATS_TEST_TMPDIR/hers" 600 3>&- &
    hers=$!
    eventually grep -qx theirs "/proc/$theirs/comm"
    eventually grep -qx hers "/proc/$hers/comm"
    list=$(as "$ALICE" cat "$DIR/uprobe/available")
    contains "her list" "$BATS_TEST_TMPDIR/hers" "$list"
    [[ $list != *"$BATS_TEST_TMPDIR/private/theirs"* ]]
    list=$(<"$DIR/uprobe/available")
    contains "root's list" "$BATS_TEST_TMPDIR/private/theirs" "$list"
    contains "root's list" "$BATS_TEST_TMPDIR/hers" "$list"
}

@test "a mount that is root's alone is closed to a user" {
    local dead=$BATS_TEST_TMPDIR/dead

    given
    mkdir "$dead"
    "$PROGRAMS/hang" "$dead" "$TARGET" private 3>&- &
    hanging=$!
    eventually grep -qF " $dead fuse" /proc/self/mounts
    asks "$ALICE" "$PROBE/path" "$dead/open" ok
    same "her write" EACCES "$(as "$ALICE" timeout 120 "$TOOL" write "$PROBE/attach" count)"
    umount "$dead"
    wait "$hanging" || true
}

@test "a program with more rights does not lend them to its output" {
    needs uprobe_pmu
    given
    asks "$ALICE" "$PROBE/path" "$BATS_TEST_TMPDIR/secret" ok
    # It may read what she may not, and it writes what she says.
    privileged "$VFS" filecap 1
    contains "with capabilities" "Permission denied" "$output"
    contains error "attach: EACCES: you may not open" "$(<"$PROBE/error")"
    privileged chmod 04755
    contains "of root" "Operation not permitted" "$output"
    contains error "written by user 0" "$(<"$PROBE/error")"
    chgrp "$BOB" "$BATS_TEST_TMPDIR/secret"
    chmod 0750 "$BATS_TEST_TMPDIR/secret"
    # shellcheck disable=SC2016
    privileged eval 'chgrp "$BOB" "$BATS_TEST_TMPDIR/cat"; chmod 02755'
    contains "of bob's group" "Operation not permitted" "$output"
    contains error "opened by user $ALICE of group $ALICE, written by user $ALICE of group $BOB" \
        "$(<"$PROBE/error")"
    # Hers it may all write.
    asks "$ALICE" "$PROBE/path" "$TARGET" ok
    privileged "$VFS" filecap 1
    same status 0 "$status"
    hit target_one 2
    same hits 2 "$(hits "$PROBE")"
}

@test "what is read again is read with the rights of who opened" {
    local cat=$BATS_TEST_TMPDIR/cat

    needs uprobe_pmu
    given
    cp "$(command -v cat)" "$cat"
    chmod 04755 "$cat"
    asks "$ALICE" "$PROBE/path" "$cat" ok
    # shellcheck disable=SC2016
    run as "$ALICE" bash -euc 'cd "$1"
        exec 7<available
        echo "$2" >path
        echo count >attach
        echo >attach
        echo "$3" >path
        "$4" <&7 >/dev/null
        "$VFS" reread 7' - "$PROBE" "$TARGET" "$BATS_TEST_TMPDIR/secret" "$cat"
    same status 0 "$status"
    [[ $output != *target_one* ]]
}

@test "what one user wrote another does not rename onto a file" {
    needs uprobe_pmu
    given
    asks "$ALICE" "$PROBE/path" "$BATS_TEST_TMPDIR/secret" ok
    echo count >"$BATS_TEST_TMPDIR/count"
    as "$ALICE" cp "$BATS_TEST_TMPDIR/count" "$PROBE/hers"
    same "root's renaming" EPERM "$("$VFS" rename "$PROBE/hers" "$PROBE/attach")"
    contains error "attach: EPERM: written by user $ALICE, renamed by user 0" "$(<"$PROBE/error")"
    same state detached "$(info "$PROBE" state)"
    # Nor does it help that root writes to it, too, or makes it.
    echo >>"$PROBE/hers"
    same "of both" EPERM "$("$VFS" rename "$PROBE/hers" "$PROBE/attach")"
    echo 7 >"$PROBE/roots"
    same "of root alone" ok "$("$VFS" rename "$PROBE/roots" "$PROBE/cookie")"
    holds "$PROBE/cookie" 7
    asks "$ALICE" "$PROBE/path" "$TARGET" ok
    as "$ALICE" cp "$BATS_TEST_TMPDIR/count" "$PROBE/new"
    same "her renaming" ok "$(as "$ALICE" "$VFS" rename "$PROBE/new" "$PROBE/attach")"
    hit target_one 1
    same hits 1 "$(hits "$PROBE")"
}

@test "a descriptor that changes while it is looked at is not kept" {
    needs uprobe_pmu
    given
    program plain
    asks "$ALICE" "$PROBE/path" "$TARGET" ok
    # Now the program, now the file that is being written.
    same "each of the writes" ok "$("$TOOL" with "$BPF/plain" 7 setpriv \
        --reuid="$ALICE" --regid="$ALICE" --clear-groups \
        timeout 120 "$VFS" swap "$PROBE/attach" 7 200)"
    same busy 0 "$(grep -c EBUSY "$PROBE/error" || true)"
    asks "$ALICE" "$PROBE/attach" "" ok
}

@test "descriptors of the mount's own files are looked at, and left" {
    local text file rows=0

    given
    asks "$ALICE" "$PROBE/path" /proc/self/fd/7 ok
    while IFS='|' read -r text file; do
        echo "row: $text"
        # shellcheck disable=SC2016
        run as "$ALICE" timeout 20 bash -c 'exec 7>"$1" 8<"$2" 9<"$3"
            echo "$4" >&7' - "$PROBE/attach" "$PROBE/info" "$PROBE" "$text"
        contains "$text" "Invalid argument" "$output"
        contains error "attach: EINVAL: $file" "$(<"$PROBE/error")"
        rows=$((rows + 1))
    done <<'ROWS'
/proc/self/fd/7|neither a program nor a link, but a descriptor of something else
/proc/self/fd/8|neither a program nor a link
/dev/fd/9|neither a program nor a link
count|'/proc/self/fd/7' is a file of this file system
ROWS
    [ "$rows" -eq 4 ]
    # shellcheck disable=SC2016
    run as "$ALICE" timeout 20 bash -c 'echo /proc/self/fd/1 >"$1"' - "$PROBE/attach"
    contains "its own output" "Invalid argument" "$output"
    asks "$ALICE" "$PROBE/path" "$TARGET" ok
}
