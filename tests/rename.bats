#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Names of a probe's files that go, come and move.
# bats file_tags=host,fs,root
# shellcheck disable=SC2153

load helpers
load scratch

@test "a file that is moved onto scratch replaces it whole or not at all" {
    made
    echo 5 >cookie
    "$VFS" fill cookie~ 1000
    mv cookie cookie~
    same "copy" 5 "$(<cookie~)"
    touch {1..63}.tmp
    echo 6 >cookie
    # Both are there for a moment, and there is no place for one more.
    same "no place" ENOSPC "$("$VFS" rename cookie cookie~)"
    holds cookie 6
    same "the copy stays" 5 "$(<cookie~)"
    same left 64 "$(names | wc -w)"
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
    "$VFS" fill x 5000
    same "too long" E2BIG "$("$VFS" rename x cookie)"
    contains error "cookie: E2BIG: longer than 4096 bytes" "$(<error)"
    printf '1\0' >y
    same "a NUL" EINVAL "$("$VFS" rename y cookie)"
    contains error "cookie: EINVAL: a NUL byte in the text" "$(<error)"
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
    touch info
    grep -q '^kind:' info
    rm info
    # Who makes a file has it open; what tells goes on with what it tells.
    (set -C && echo x >info)
    grep -q '^kind:' info
    echo x >x
    mv x info
    grep -q '^kind:' info
    same left "" "$(names)"
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
