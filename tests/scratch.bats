#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# What tools leave beside a probe's files.
# bats file_tags=host,fs,root
# shellcheck disable=SC2153

load helpers
load scratch

@test "any other name makes a file that is kept in memory" {
    local name rows=0

    made
    while read -r name; do
        echo "text of $name" >"$name"
        same "$name" "text of $name" "$(<"$name")"
        same "length of $name" $((${#name} + 9)) "$(stat -c %s "$name")"
        rm "$name"
        [ ! -e "$name" ]
        rows=$((rows + 1))
    done <<'ROWS'
.ansible_tmpq1w2e3r4attach
attach20261120-29078-a63ur8
.attach.Zq3xTc
sedQw3rTy
attach.cf-after-edit
.attach.swp
4913
attach~
.#attach
#attach#
attach.7777.2026-11-20@14:00:00~
ATTACH
hits
ROWS
    [ "$rows" -eq 13 ]
    same left "" "$(names)"
}

@test "a scratch file can be read, overwritten, appended to, cut and grown" {
    made
    printf 12345 >x
    printf 67 >>x
    same appended 1234567 "$(<x)"
    printf ab >x
    same overwritten ab "$(<x)"
    truncate -s 1 x
    same cut a "$(<x)"
    truncate -s 4 x
    same grown "a..." "$(tr '\0' . <x)"
    same length 4 "$(stat -c %s x)"
    printf 9 | dd of=x bs=1 seek=2 conv=notrunc status=none
    same "in the middle" "a.9." "$(tr '\0' . <x)"
}

@test "a scratch directory is empty and stays so" {
    made
    mkdir attach.lock
    [ -d attach.lock ]
    same "what is in it" "" "$(ls -A attach.lock)"
    run touch attach.lock/x
    contains touch "Operation not permitted" "$output"
    run mkdir attach.lock/x
    contains mkdir "Operation not permitted" "$output"
    run mkdir attach.lock
    contains mkdir "File exists" "$output"
    run rm attach.lock
    contains rm "Is a directory" "$output"
    rmdir attach.lock
    [ ! -e attach.lock ]
    run mkdir cookie
    contains mkdir "File exists" "$output"
}

@test "scratch is bounded" {
    local names

    made
    same "64 KiB" ok "$("$VFS" fill big 65536)"
    same "a byte more" EFBIG "$("$VFS" fill big 1)"
    same "a length beyond" EFBIG "$("$VFS" fill large 65537)"
    rm big large
    names=({1..64}.tmp)
    touch "${names[@]}"
    run touch one.more
    contains touch "No space left on device" "$output"
    run mkdir one.more
    contains mkdir "No space left on device" "$output"
    rm 1.tmp
    touch one.more
    # A file of the probe still has a place when it is renamed or comes back.
    rm cookie
    echo 3 >cookie
    holds cookie 3
}

@test "scratch of all probes together is bounded" {
    local i

    for i in {1..5}; do
        mkdir "$DIR/uprobe/$i"
        for name in "$DIR/uprobe/$i/"{1..64}; do
            "$VFS" fill "$name" 65536
        done
    done >"$BATS_TEST_TMPDIR/out"
    grep -qx ENOSPC "$BATS_TEST_TMPDIR/out"
    # 16 MiB, less what 256 names cost.
    [ "$(grep -cx ok "$BATS_TEST_TMPDIR/out")" -gt 240 ]
    mkdir "$DIR/uprobe/6"
    echo 5 >"$DIR/uprobe/6/cookie"
    rmdir "$DIR/uprobe/"[1-5]
    echo x >"$DIR/uprobe/6/x"
}

@test "scratch that is open can be used when it has no name any more" {
    made
    echo old >x
    exec 7<>x
    rm x
    [ ! -e x ]
    echo other >x
    same "what was removed" old "$(cat <&7)"
    echo more >&7
    same "written to" $'old\nmore' "$("$VFS" reread 7)"
    same "links" 0 "$(stat -L -c %h /proc/self/fd/7)"
    same "the new one" other "$(<x)"
    echo new >y
    exec 8<x
    mv y x
    same "what was replaced" other "$(cat <&8)"
    cd /
    rmdir "$PROBE"
    same "of a probe that is gone" $'old\nmore' "$("$VFS" reread 7)"
    exec 7<&- 8<&-
}

@test "a probe is removed with all its scratch" {
    made
    touch a .b 'c d'
    mkdir e.lock
    cd /
    rmdir "$PROBE"
    mkdir "$PROBE"
    same left "" "$(names)"
}

@test "a probe is removed as any directory is" {
    local how rows=0

    while read -r how; do
        mkdir "$DIR/uprobe/$NAME:target_one"
        echo 5 >"$DIR/uprobe/$NAME:target_one/cookie"
        touch "$DIR/uprobe/$NAME:target_one/left"
        mkdir "$DIR/uprobe/$NAME:target_one/left.lock"
        echo "row: $how"
        # shellcheck disable=SC2086
        $how "$DIR/uprobe/$NAME:target_one"
        [ ! -e "$DIR/uprobe/$NAME:target_one" ]
        rows=$((rows + 1))
    done <<'ROWS'
rm -rf
rm -r
rmdir
ROWS
    [ "$rows" -eq 3 ]
}

@test "probes of every kind can be removed with rm -r" {
    local kind name rows=0

    while IFS='|' read -r kind name; do
        mkdir "$DIR/$kind/$name"
        rm -r "$DIR/$kind/${name:?}"
        rows=$((rows + 1))
    done <<'ROWS'
kprobe|vfs_read+0x10@a
kretprobe|vfs_read
uprobe|bash:readline+4
uprobe|label
uretprobe|%2Fbin%2Fbash:main
usdt|libc.so.6:libc:setjmp
usdt|label
tracepoint|sched:sched_switch
ROWS
    [ "$rows" -eq 8 ]
}

@test "rm -r works while files are open and somebody is inside" {
    made
    echo 5 >cookie
    echo x >scratch
    exec 7<cookie 8>attach 9<scratch
    rm -rf "$PROBE"
    [ ! -e "$PROBE" ]
    mkdir "$PROBE"
    run bash -c 'echo count >&8'
    contains write "write error" "$output"
    same "the new one" "" "$(<"$PROBE/attach")"
    exec 7<&- 8>&- 9<&-
}

@test "a listing skips nothing while what it lists is removed" {
    made
    touch {1..30}.tmp
    mkdir {31..60}.tmp
    find . -name '*.tmp' -delete
    same left "" "$(names)"
}

@test "files can be synced, not mapped" {
    made
    same fsync ok "$("$VFS" fsync cookie)"
    same "fsync of a directory" ok "$("$VFS" fsync .)"
    echo x >x
    same "fsync of scratch" ok "$("$VFS" fsync x)"
    same mmap ENODEV "$("$VFS" mmap cookie)"
}

@test "any length can be set, and changes nothing" {
    local size

    made
    echo 42 >cookie
    for size in 0 1 3 100 1000000; do
        truncate -s "$size" cookie
        holds cookie 42
    done
}

@test "a group that a directory passes on is that of scratch too" {
    made
    chgrp 12 .
    touch a
    same "group without" 0 "$(stat -c %g a)"
    chmod g+s .
    touch b
    same "group with" 12 "$(stat -c %g b)"
}

@test "comments are kept, so that a managed block is found again" {
    made
    # Bash's own printf writes line by line.
    env printf '# BEGIN MANAGED BLOCK\n0x2a\n# END MANAGED BLOCK\n' >cookie
    same lines 3 "$(wc -l <cookie)"
    grep -q '^# BEGIN' cookie
    sed '/^#/d' cookie >x
    mv x cookie
    holds cookie 0x2a
}

@test "a built-in program's file stands before scratch of its name" {
    needs uprobe_pmu
    probe "uprobe/$NAME:target_one"
    cd "$PROBE"
    echo mine >hits
    echo count >attach
    same "one entry" 1 "$(find . -mindepth 1 -printf "%f\n" | grep -cx hits)"
    hit target_one 2
    same hits 2 "$(hits .)"
    # Removed, both are: the name is free.
    rm hits
    same "no entry" 0 "$(find . -mindepth 1 -printf "%f\n" | grep -cx hits)"
    echo >attach
    same "no entry" 0 "$(find . -mindepth 1 -printf "%f\n" | grep -cx hits)"
    echo mine >hits
    echo count >attach
    echo >attach
    same scratch mine "$(<hits)"
    same "one entry" 1 "$(find . -mindepth 1 -printf "%f\n" | grep -cx hits)"
    cd /
    rm -r "$PROBE"
}
