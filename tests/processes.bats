#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# The file of a probe named by a process that has it: its root, its program, its
# descriptors, what it has mapped.
# bats file_tags=bpf,root

load helpers
load users

# A process of a file that has no name any more, which reads lines.
setup() {
    prepare
    start
    hers=''
    quiet=$BATS_TEST_TMPDIR/quiet
    mkfifo "$quiet"
    exec {writer}<>"$quiet"
    cp "$TARGET" "$BATS_TEST_TMPDIR/gone"
    coproc TALK { exec "$BATS_TEST_TMPDIR/gone" -i 9<"$BATS_TEST_TMPDIR/gone" 3>&-; }
    talker=$TALK_PID
    eventually grep -qx gone "/proc/$talker/comm"
    INODE=$(stat -c %i "$BATS_TEST_TMPDIR/gone")
}

teardown() {
    kill "$talker" $hers 2>/dev/null || true
    finish
}

# mapped: the range of addresses of its code.
mapped() { sed -n '/ r-xp .*gone/ { s/ .*//p; q }' "/proc/$talker/maps"; }

# finds PATH: a probe of that path counts what the process calls.
finds() {
    echo "row: $1"
    put "$PROBE/path" "$1"
    put "$PROBE/attach" count
    contains "inode by $1" ":$INODE" "$(info "$PROBE" inode)"
    tell "target_one 3"
    same "hits by $1" 3 "$(hits "$PROBE")"
    holds "$PROBE/path" "$1"
    put "$PROBE/attach" ""
}

@test "the program of a process is found by each link that leads to it" {
    local path rows=0

    needs uprobe_pmu
    probe uprobe/label
    put "$PROBE/symbol" target_one
    finds "/proc/$talker/root$BATS_TEST_TMPDIR/gone"
    rm "$BATS_TEST_TMPDIR/gone"
    while read -r path; do
        finds "$path"
        rows=$((rows + 1))
    done <<ROWS
/proc/$talker/exe
/proc/$talker/fd/9
/proc/$talker/map_files/$(mapped)
ROWS
    [ "$rows" -eq 3 ]
}

@test "a writer's own links are those of who writes to attach" {
    local path rows=0

    needs uprobe_pmu
    probe uprobe/label
    put "$PROBE/symbol" target_one
    rm "$BATS_TEST_TMPDIR/gone"
    while read -r path; do
        put "$PROBE/path" "$path"
        bash -c 'echo count >"$1"' - "$PROBE/attach" 9<"/proc/$talker/fd/9"
        contains "inode by $path" ":$INODE" "$(info "$PROBE" inode)"
        tell "target_one 2"
        same "hits by $path" 2 "$(hits "$PROBE")"
        put "$PROBE/attach" ""
        rows=$((rows + 1))
    done <<'ROWS'
/proc/self/fd/9
/proc/thread-self/fd/9
/dev/fd/9
ROWS
    [ "$rows" -eq 3 ]
    put "$PROBE/path" /proc/self/exe
    put "$PROBE/symbol" main
    same "the writer itself" ok "$("$TOOL" write "$PROBE/attach" count)"
    contains inode ":$(stat -c %i "$TOOL")" "$(info "$PROBE" inode)"
}

@test "what is in memory only is found by its process" {
    needs uprobe_pmu
    probe uprobe/label
    put "$PROBE/symbol" target_one
    kill "$talker"
    wait "$talker" || true
    coproc TALK { exec "$VFS" memfd "$TARGET" 3>&-; }
    talker=$TALK_PID
    eventually grep -q memfd: "/proc/$talker/maps"
    INODE=$(stat -Lc %i "/proc/$talker/exe")
    finds "/proc/$talker/exe"
    finds "/proc/$talker/map_files/$(sed -n '/ r-xp .*memfd:/ { s/ .*//p; q }' "/proc/$talker/maps")"
}

@test "a path of a process that leads nowhere says so" {
    local path error part rows=0

    probe uprobe/label
    put "$PROBE/symbol" target_one
    while IFS='|' read -r path error part; do
        echo "row: $path"
        put "$PROBE/path" "$path"
        refused "$PROBE/attach" count "$error" "$part"
        rows=$((rows + 1))
    done <<ROWS
/proc/$talker/fd/77|ENOENT|the process has no 'fd/77': '/proc/$talker/fd/77'
/proc/self/fd/77|ENOENT|the process has no 'fd/77': '/proc/self/fd/77'
/proc/2/exe|ENOENT|the process has no 'exe'
/proc/4194305/exe|ESRCH|no process 4194305
/proc/$talker/fd/0|EINVAL|'/proc/$talker/fd/0' is not a regular file
/proc/$talker/root|EINVAL|'/proc/$talker/root' is not a regular file
/proc/$talker/root/none|ENOENT|no such file
/proc/$talker/cwd/none|EXDEV|write the path itself, or /proc/PID/root/PATH
/proc/$talker/map_files/1-2|ENOENT|the process has no 'map_files/1-2'
/proc/$talker/map_files/x|ENOENT|no such file
ROWS
    [ "$rows" -eq 10 ]
}

@test "a user finds what is of processes that the user could trace" {
    local path error part rows=0

    needs uprobe_pmu
    others
    chown "$ALICE" "$DIR/uprobe"
    PROBE=$DIR/uprobe/label
    as "$ALICE" mkdir "$PROBE"
    asks "$ALICE" "$PROBE/symbol" target_one ok
    cp "$BATS_TEST_TMPDIR/gone" "$BATS_TEST_TMPDIR/secret"
    chmod 0700 "$BATS_TEST_TMPDIR/secret"
    setpriv --reuid="$ALICE" --regid="$ALICE" --clear-groups \
        "$BATS_TEST_TMPDIR/gone" -i <"$quiet" 8<"$BATS_TEST_TMPDIR/secret" 3>&- &
    hers=$!
    eventually grep -qx gone "/proc/$hers/comm"
    rm "$BATS_TEST_TMPDIR/gone"
    while IFS='|' read -r path error part; do
        asks "$ALICE" "$PROBE/path" "$path" ok
        asks "$ALICE" "$PROBE/attach" count "$error" "${part/\%s/$path}"
        asks "$ALICE" "$PROBE/attach" "" ok
        rows=$((rows + 1))
    done <<ROWS
/proc/$hers/exe|ok|
/proc/$hers/root$TARGET|ok|
/proc/$talker/exe|EPERM|'%s' is of a process that you may not trace
/proc/$talker/fd/9|EPERM|'%s' is of a process that you may not trace
/proc/$talker/root$TARGET|EPERM|'%s' is of a process that you may not trace
/proc/$daemon/exe|EPERM|'%s' is of a process that you may not trace
/proc/1/root/etc/passwd|EPERM|'%s' is of a process that you may not trace
/proc/$hers/root$BATS_TEST_TMPDIR/secret|EACCES|you may not open
/proc/$hers/fd/8|EACCES|you may not open
ROWS
    [ "$rows" -eq 9 ]
}
