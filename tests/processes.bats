#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# The file of a probe named by a process that has it: its root, its program, its
# descriptors, what it has mapped.
# What /proc tells of a process is the same on all.
# bats file_tags=bpf,root,fs

load helpers
load users

# A process of a file that has no name any more, which reads lines.
setup() {
    prepare
    start
    hers=''
    quiet=$BATS_TEST_TMPDIR/quiet
    mkfifo "$quiet"
    # Somebody has it open to write, so that who reads it waits.
    # shellcheck disable=SC2034
    exec {writer}<>"$quiet"
    cp "$TARGET" "$BATS_TEST_TMPDIR/gone"
    # shellcheck disable=SC2094
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
/proc/$talker/root/none|ENOENT|no such file: '/proc/$talker/root/none'
/proc/$talker/root/../none|ENOENT|no such file: '/proc/$talker/root/../none'
/proc/$talker/root/proc/self/exe|EXDEV|'/proc/$talker/root/proc/self/exe' leads through a link
/proc/$talker/cwd/none|EXDEV|write the path itself, or /proc/PID/root/PATH
/proc/$talker/map_files/1-2|ENOENT|the process has no 'map_files/1-2'
/proc/$talker/map_files/x|ENOENT|no such file
ROWS
    [ "$rows" -eq 12 ]
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

# listed FILE PATTERN: the path of its first line that fits.
listed() { grep -m 1 -E "$2" "$1" | cut -f "${3:-2}"; }

@test "what is listed of processes can be written" {
    local list=$BATS_TEST_TMPDIR/list path

    needs uprobe_pmu
    probe uprobe/label
    put "$PROBE/symbol" target_one
    # With a path, without one, and below another root directory.
    cat "$DIR/uprobe/available" >"$list"
    finds "$(listed "$list" '/gone$')"
    rm "$BATS_TEST_TMPDIR/gone"
    cat "$DIR/uprobe/available" >"$list"
    path=$(listed "$list" "/proc/$talker/map_files/")
    finds "$path"
    same "its name" "${path//\//%2F}" "$(listed "$list" "/proc/$talker/map_files/" 1)"
    kill "$talker"
    wait "$talker" || true
    # A mount that only the process has, over what is here another directory.
    mkdir "$BATS_TEST_TMPDIR/inner"
    cp "$TARGET" "$BATS_TEST_TMPDIR/inner/gone"
    INODE=$(stat -c %i "$BATS_TEST_TMPDIR/inner/gone")
    # shellcheck disable=SC2016,SC2034
    coproc TALK {
        exec unshare --mount --propagation private bash -c \
            'mount --bind "$1" /mnt; exec /mnt/gone -i' - \
            "$BATS_TEST_TMPDIR/inner" 3>&-
    }
    talker=$TALK_PID
    eventually grep -qx gone "/proc/$talker/comm"
    cat "$DIR/uprobe/available" >"$list"
    path=/proc/$talker/root/mnt/gone
    same "by its process" "$path" "$(listed "$list" '/mnt/gone$')"
    finds "$path"
    # What its own path leads to here as well is listed by that.
    ! grep "/proc/$talker/root/.*libc.so" "$list" || fault "a library by its process"
}

@test "a container is told what it may look into, by its own numbers" {
    local root=$BATS_TEST_TMPDIR/root list

    needs uprobe_pmu
    mkdir -p "$root"/{bin,proc,fs}
    cp "$(command -v busybox)" "$root/bin/busybox"
    ln -s busybox "$root/bin/sh"
    ln -s busybox "$root/bin/grep"
    mount --bind "$DIR" "$root/fs"
    # busybox's cat asks stat(2) how much there is to copy.
    list=$(unshare --mount --pid --fork --root="$root" /bin/sh -c \
        'PATH=/bin; grep "" /fs/uprobe/available' 3>&-)
    umount "$root/fs"
    same "its list" "%2Fbin%2Fbusybox	/bin/busybox" "$list"
}

@test "the kernel is asked who may trace, not /proc alone" {
    local said=$BATS_TEST_TMPDIR/said

    needs uprobe_pmu
    others
    chown "$ALICE" "$DIR/uprobe"
    PROBE=$DIR/uprobe/label
    as "$ALICE" mkdir "$PROBE"
    asks "$ALICE" "$PROBE/symbol" target_one ok
    # Root without the capability traces no process that does not want it.
    "$VFS" undumpable >"$said" 3>&- &
    hers=$!
    eventually grep -qx ok "$said"
    put "$PROBE/path" "/proc/$hers/exe"
    same "without the capability" EPERM \
        "$(setpriv --bounding-set=-sys_ptrace "$TOOL" write "$PROBE/attach" count)"
    contains error "is of a process that you may not trace" "$(<"$PROBE/error")"
    put "$PROBE/symbol" main
    put "$PROBE/attach" count
    put "$PROBE/attach" ""
    put "$PROBE/symbol" target_one
    kill "$hers"
    # Who has made a user namespace traces what is in it.
    as "$ALICE" unshare --user --map-root-user true || skip "no user namespaces here"
    setpriv --reuid="$ALICE" --regid="$ALICE" --clear-groups unshare --user \
        --map-root-user "$BATS_TEST_TMPDIR/gone" -i <"$quiet" 3>&- &
    hers=$!
    eventually grep -qx gone "/proc/$hers/comm"
    asks "$ALICE" "$PROBE/path" "/proc/$hers/exe" ok
    asks "$ALICE" "$PROBE/attach" count ok
    asks "$ALICE" "$PROBE/attach" "" ok
    chmod 0755 "$DIR/uprobe"
    chmod 0777 "$PROBE" "$PROBE"/{attach,error}
    asks "$BOB" "$PROBE/attach" count EPERM "'/proc/$hers/exe' is of a process"
}
