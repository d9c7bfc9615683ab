#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# What tools leave beside a probe's files, and names that go, come and move.
# bats file_tags=host,fs,root
# shellcheck disable=SC2153

load helpers

VFS=$PROGRAMS/vfs

# made: a probe of which nothing is attached.
made() {
    PROBE=$DIR/uprobe/$NAME:target_one
    mkdir "$PROBE"
    cd "$PROBE" || return
}

teardown() {
    cd /
    finish
}

# names: those of the probe that are not its own files.
names() {
    local name

    for name in "$PROBE"/* "$PROBE"/.[!.]*; do
        case ${name##*/} in
        attach | available | cookie | enabled | error | force | hits | info | offset) ;;
        path | pid | pin | ref_ctr_offset | sites | symbol | '*' | '.[!.]*') ;;
        *) echo "${name##*/}" ;;
        esac
    done | xargs
}

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

@test "a probe is removed with all its scratch" {
    made
    touch a .b 'c d'
    mkdir e.lock
    cd /
    rmdir "$PROBE"
    mkdir "$PROBE"
    same left "" "$(names)"
}

@test "scratch that is renamed onto a file is written to it" {
    made
    echo 0x2a >x
    chmod 0640 x
    chown 7:8 x
    touch -d @1000000000.5 x
    mv x cookie
    holds cookie 0x2a
    same "its owner, mode and time" "7 8 640 1000000000" "$(stat -c '%u %g %a %Y' cookie)"
    same left "" "$(names)"
}

@test "scratch that does not fit the file stays, and so does the file" {
    made
    echo 5 >cookie
    echo five >x
    same rename EINVAL "$("$VFS" rename x cookie)"
    contains error "cookie: EINVAL: not a number: 'five'" "$(<error)"
    holds cookie 5
    holds x five
    same onto_info EACCES "$("$VFS" rename x info)"
    holds x five
    "$VFS" fill x 5000
    same "too long" E2BIG "$("$VFS" rename x cookie)"
    printf '1\0' >y
    same "a NUL" EINVAL "$("$VFS" rename y cookie)"
    : >z
    same "nothing" ok "$("$VFS" rename z cookie)"
    holds cookie 0
    mkdir d
    same "a directory" ENOTDIR "$("$VFS" rename d cookie)"
}

@test "a file that is removed is reset, and hidden until it is made again" {
    made
    echo 5 >cookie
    echo 0 >enabled
    rm cookie enabled
    [ ! -e cookie ]
    same "names" "" "$(find . -name cookie -o -name enabled)"
    run rm cookie
    contains rm "No such file" "$output"
    (set -C && : >cookie)
    holds cookie 0
    touch enabled
    holds enabled 1
    # What the directory's name says comes back.
    rm symbol
    : >symbol
    holds symbol target_one
    rm info
    [ ! -e info ]
    rm error sites available
    cd /
    rmdir "$PROBE"
}

@test "a file that is renamed leaves a copy, and its value in force" {
    made
    echo 77 >cookie
    chmod 0604 cookie
    mv cookie cookie~
    [ ! -e cookie ]
    holds cookie~ 77
    same mode 604 "$(stat -c %a cookie~)"
    echo 78 >cookie
    holds cookie 78
    mv cookie cookie~
    mv cookie~ cookie
    holds cookie 78
    mv info info.old
    [ ! -e info ]
    grep -q '^kind:' info.old
    same left info.old "$(names)"
}

@test "a link stays while its program's file is renamed, goes when it is removed" {
    local link

    needs uprobe_pmu
    made
    echo count >attach
    hit target_one 3
    same hits 3 "$(hits .)"
    mv attach attach~
    hit target_one 2
    same "hits while renamed" 5 "$(hits .)"
    link=$(info . link_id)
    mv attach~ attach
    hit target_one 1
    same "hits when back" 6 "$(hits .)"
    same "link id" "$link" "$(info . link_id)"
    rm attach
    same state detached "$(info . state)"
    [ ! -e hits ]
    echo count >attach
    hit target_one 2
    same "hits of another" 2 "$(hits .)"
}

@test "names are not replaced with RENAME_NOREPLACE, nor exchanged" {
    local from to noreplace exchange rows=0

    made
    while IFS='|' read -r from to noreplace exchange; do
        echo 1 >x
        echo 2 >y
        mkdir d
        same "exchange $from $to" "$exchange" "$("$VFS" exchange "$from" "$to")"
        same "noreplace $from $to" "$noreplace" "$("$VFS" noreplace "$from" "$to")"
        rm -rf x y d z
        rows=$((rows + 1))
    done <<'ROWS'
x|y|EEXIST|EINVAL
x|cookie|EEXIST|EINVAL
x|z|ok|ENOENT
d|z|ok|ENOENT
d|x|EEXIST|EINVAL
ROWS
    [ "$rows" -eq 5 ]
    same "a file onto another" EPERM "$("$VFS" rename cookie enabled)"
    mkdir d
    same "a file onto a directory" EISDIR "$("$VFS" rename cookie d)"
    mkdir "$DIR/uprobe/other"
    echo 1 >x
    same "into another probe" EXDEV "$("$VFS" rename x "$DIR/uprobe/other/x")"
    same "out of the probe" EPERM "$("$VFS" rename "$DIR/uprobe/other" "$DIR/kprobe/other")"
}

@test "files can be hidden and be in the way of nothing" {
    made
    echo 1 >x
    rm cookie
    mv x cookie
    holds cookie 1
    rm cookie
    same "noreplace onto a hidden one" ok "$(echo 2 >x && "$VFS" noreplace x cookie)"
    holds cookie 2
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

@test "files can be synced, not mapped, and the file system has no size" {
    made
    same fsync ok "$("$VFS" fsync cookie)"
    same "fsync of a directory" ok "$("$VFS" fsync .)"
    echo x >x
    same "fsync of scratch" ok "$("$VFS" fsync x)"
    same mmap ENODEV "$("$VFS" mmap cookie)"
    same statfs "0 0 0 0 255" "$("$VFS" statfs .)"
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
