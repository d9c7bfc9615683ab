#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# What any file system does, for scratch in a probe's directory: which times
# move, what is refused and how.
# bats file_tags=fs,root

load helpers
load users

VFS=$PROGRAMS/vfs

setup() {
    prepare
    start
    probe uprobe/a
    cd "$PROBE" || return
}

# times FILE: of contents and of the inode, in nanoseconds.
times() { stat -c '%.9Y %.9Z' "$1" | tr -d .; }

# moves WHICH FILE COMMAND...: the command moves these times of FILE, both, only
# ctime, or none, and only forward.
moves() {
    local mtime ctime mtime_after ctime_after

    read -r mtime ctime < <(times "$2")
    "${@:3}" || fault "failed: ${*:3}"
    read -r mtime_after ctime_after < <(times "$2")
    case $1 in
    both) ((mtime_after > mtime && ctime_after > ctime)) ;;
    ctime) ((mtime_after == mtime && ctime_after > ctime)) ;;
    none) ((mtime_after == mtime && ctime_after == ctime)) ;;
    esac || fault "${*:3}: $2: mtime $mtime, then $mtime_after; ctime $ctime, then $ctime_after"
}

# fails ERROR COMMAND...
fails() {
    run "${@:2}"
    [ "$status" -ne 0 ] || fault "succeeded: ${*:2}"
    contains "${*:2}" "$1" "$output"
}

# shellcheck disable=SC2317  # moves runs these
append() { echo more >>"$1"; }
# shellcheck disable=SC2317
overwrite() { printf %s new >"$1"; }
# shellcheck disable=SC2317
rewrite() { put "$PROBE/cookie" "$1"; }

@test "a name that comes or goes moves the times of its directory" {
    moves both . touch x
    moves both . mkdir d
    moves both . mv x y
    echo z >z
    moves both . mv z y
    moves both . rmdir d
    moves both . rm y
    moves both . rm cookie
    moves both . touch cookie
    moves both . mv cookie c
    moves both . mv c cookie
    moves both .. mkdir ../b
    moves both .. rmdir ../b
    touch -d @1 ..
    same "times set" 1 "$(stat -c %Y ..)"
    moves both .. mkdir ../b
}

@test "what makes, removes or renames nothing moves no times" {
    touch x
    mkdir d
    moves none . fails "File exists" mkdir d
    moves none . fails "No such file" rm none
    moves none . same rename EISDIR "$("$VFS" rename x d)"
    moves none . fails "Not a directory" rmdir x
    moves none .. fails "File exists" mkdir ../a
    moves none .. fails "No such file" rmdir ../none
    moves none . append x
    moves none . rewrite 5
    moves none . cat x cookie info
}

@test "chmod and chown move ctime, and stay" {
    local file

    touch x
    mkdir d
    for file in x d . .. cookie info; do
        moves ctime "$file" chmod 0700 "$file"
        moves ctime "$file" chown 1:2 "$file"
        same "$file" "700 1 2" "$(stat -c '%a %u %g' "$file")"
        moves ctime "$file" chmod 0755 "$file"
        moves ctime "$file" chgrp 0 "$file"
        same "$file" "755 1 0" "$(stat -c '%a %u %g' "$file")"
    done
    others
    touch "$DIR/uprobe/a/y"
    chown "$ALICE" y
    chmod 0777 . ..
    chmod 0711 "$DIR"
    as "$ALICE" chmod 0600 "$PROBE/y"
    moves none x fails "Operation not permitted" as "$ALICE" chmod 0600 "$PROBE/x"
    moves none y fails "Operation not permitted" as "$ALICE" chown 0 "$PROBE/y"
}

@test "utimens moves ctime to now, and sets to the nanosecond" {
    local file

    touch x
    mkdir d
    for file in x d . cookie; do
        moves ctime "$file" touch -a -d @7.123456789 "$file"
        touch -m -d @8.000000001 "$file"
        same "$file" "7.123456789 8.000000001" "$(stat -c '%.9X %.9Y' "$file")"
        [ "$(stat -c %Z "$file")" -gt 1000 ]
    done
    # What was set is over with the next write.
    moves both x append x
    [ "$(stat -c %Y x)" -gt 1000 ]
    moves both cookie rewrite 7
}

@test "a write and a truncation move both times of the file" {
    touch x
    moves both x append x
    moves both x overwrite x
    moves both x truncate -s 2 x
    same cut ne "$(<x)"
    moves both x truncate -s 4 x
    same grown "6e650000" "$(od -An -tx1 x | tr -d ' ')"
    same size 4 "$(stat -c %s x)"
    moves both cookie rewrite 1
    moves none x cat x
    fails "File too large" truncate -s 1M x
    fails "Is a directory" truncate -s 0 .
}

@test "a renamed and an unlinked file move their ctime" {
    echo 1 >x
    moves_renamed() {
        local before

        before=$(stat -c %.9Z "$1")
        mv "$1" "$2"
        [[ $(stat -c %.9Z "$2") > $before ]]
    }
    moves_renamed x y
    mkdir d
    moves_renamed d e
    exec 7<>y
    rm y
    same "links of an open file without a name" 0 "$(stat -L -c %h /proc/self/fd/7)"
    same contents 1 "$("$VFS" reread 7)"
    echo 22 >&7
    same contents 22 "$("$VFS" reread 7)"
    exec 7<&-
    [ ! -e y ]
}

@test "each thing that cannot be done has its errno" {
    local long

    long=$(printf 'n%.0s' {1..256})
    touch x
    mkdir d e
    fails "File name too long" touch "$long"
    fails "File name too long" mkdir "$long"
    fails "File name too long" mv x "$long"
    touch "${long:1}"
    fails "Not a directory" cat x/y
    same "onto a directory" EISDIR "$("$VFS" rename x d)"
    same "onto a file" ENOTDIR "$("$VFS" rename d x)"
    same "onto an empty directory" ok "$("$VFS" rename d e)"
    [ ! -e d ] && [ -d e ]
    fails "Is a directory" rm e
    fails "Invalid argument" rmdir e/.
    same "onto what must not be there" EEXIST "$("$VFS" noreplace x e)"
    fails "Operation not permitted" ln x y
    fails "Operation not permitted" ln -s x y
    fails "Operation not permitted" mkfifo y
    fails "Operation not permitted" mknod y c 1 3
    fails "Operation not permitted" touch e/y
    fails "cannot overwrite" bash -o noclobber -c 'echo >x'
}

@test "a file system without blocks still has a size of them" {
    same "sizes, blocks, free, files, free, names" "4096 4096 0 0 0 0 255" \
        "$("$VFS" statfs "$DIR")"
    same "df" "" "$(df 2>/dev/null | grep -F " $DIR" || true)"
    same "stat" "4096 4096" "$(stat -f -c '%s %S' "$DIR")"
}
