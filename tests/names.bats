#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# The names of probes: what they mean, and which are none.
# bats file_tags=fs,root

# shellcheck disable=SC2016,SC2030,SC2031,SC2153  # inner shells; the helpers
load helpers

@test "what a name means is in the fields" {
    local kind name field value rows=0

    while IFS='|' read -r kind name field value; do
        mkdir -p "$DIR/$kind/$name"
        same "$field of $kind/$name" "$value" "$(<"$DIR/$kind/$name/$field")"
        rows=$((rows + 1))
    done <<'ROWS'
kprobe|vfs_read|symbol|vfs_read
kprobe|vfs_read|offset|0
kprobe|vfs_read+0x10@mine|offset|16
kprobe|fuse:fuse_open|symbol|fuse:fuse_open
kprobe|tcp_*|symbol|tcp_*
kprobe|foo.isra.0|symbol|foo.isra.0
kprobe|0xffffffff81000000|symbol|0xffffffff81000000
kretprobe|vfs_read@again|symbol|vfs_read
kretprobe|vfs_read@again|maxactive|0
uprobe|bash:readline|path|bash
uprobe|bash:readline|symbol|readline
uprobe|%2Fusr%2Fbin%2Fbash:readline|path|/usr/bin/bash
uprobe|a%3Ab:c%40d|path|a:b
uprobe|a%3Ab:c%40d|symbol|c@d
uprobe|bash:0x1234|offset|4660
uprobe|bash:0x1234|symbol|
uprobe|bash:f+0x10|offset|16
uprobe|libc.so.6:memcpy@@GLIBC_2.14|symbol|memcpy@@GLIBC_2.14
uprobe|libc.so.6:memcpy@@GLIBC_2.14@mine|symbol|memcpy@@GLIBC_2.14
uprobe|libc.so.6:memcpy@GLIBC_2.2.5@|symbol|memcpy@GLIBC_2.2.5
uprobe|libc.so.6:memcpy@GLIBC_2.2.5@mine|symbol|memcpy@GLIBC_2.2.5
uprobe|libc.so.6:memcpy@mine|symbol|memcpy
uprobe|only-a-label|path|
uprobe|only-a-label|symbol|
uprobe|libc.so.6:str*|symbol|str*
uretprobe|bash:f@x|symbol|f
tracepoint|sched:sched_switch|group|sched
tracepoint|sched:sched_switch@1|name|sched_switch
tracepoint|9p:9p_client_req|group|9p
tracepoint|syscalls:sys_enter_*|name|sys_enter_*
usdt|libc.so.6:libc:setjmp|provider|libc
usdt|libc.so.6:libc:setjmp|name|setjmp
ROWS
    [ "$rows" -eq 32 ]
}

@test "a name outside the grammar is refused, with the place" {
    local kind name at message rows=0

    while IFS='|' read -r kind name at message; do
        echo "row: $kind $name"
        run mkdir "$DIR/$kind/$name"
        contains mkdir "Invalid argument" "$output"
        same error "mkdir: EINVAL: $message
  $name
  $(printf '%*s^' "$at" '')" "$(<"$DIR/$kind/error")"
        [ ! -e "$DIR/$kind/$name" ]
        rows=$((rows + 1))
    done <<'ROWS'
kprobe|a b|1|' ' cannot be in a function's name
kprobe|@label|0|the name is missing
kprobe|vfs_read@|9|a label is missing
kprobe|vfs_read@a b|10|' ' cannot be in a label
kprobe|vfs_read+|9|not a number: ''
kprobe|vfs_read+x|9|not a number: 'x'
kprobe|vfs_read+010|9|'010' has a leading zero; write a decimal number, or 0x... for a hexadecimal one
kprobe|tcp_*+1|5|an offset needs one function, not a pattern
kprobe|:x|0|a module's name is missing
kprobe|a:b:c|3|':' cannot be in a function's name
kretprobe|vfs_read+1|8|a return probe is on a whole function; it has no offset
uprobe|:main|0|the binary is missing
uprobe|bash:|5|the symbol is missing
uprobe|bash:@label|5|the symbol is missing
uprobe|bash:main@|10|the label is missing
uprobe|bash:main@@|11|the version is missing
uprobe|bash:12|5|no symbol begins with a digit; write an offset of the file as 0x...
uprobe|bash:0xg|5|not a number: '0xg'
uprobe|bash:main+|10|not a number: ''
uprobe|bash:a:b|6|a second ':'; write %3A for one that is in the symbol
uprobe|%2:main|0|no two hexadecimal digits after '%'; write %25 for a '%'
uprobe|%zz:main|0|no two hexadecimal digits after '%'; write %25 for a '%'
uprobe|ba%00sh:main|2|control bytes cannot be in a name
uprobe|bin%2Fbash:main|0|'bin/bash' is a relative path; write an absolute one, or a file name alone
uprobe|a label|1|' ' cannot be in a label; a name without ':' is a label; a target is BINARY:SYMBOL
uprobe|%2Fusr%2Fbin%2Fbash|0|'%' cannot be in a label; a name without ':' is a label; a target is BINARY:SYMBOL
usdt|a+b|1|'+' cannot be in a label; a name without ':' is a label; a target is BINARY:PROVIDER:NAME
tracepoint|sched|5|a tracepoint's name is GROUP:NAME
tracepoint|sched:|6|an event's name is missing
tracepoint|:sched_switch|0|a group is missing
tracepoint|sched:a:b|7|':' cannot be in an event's name
tracepoint|sched:a.b|7|'.' cannot be in an event's name
usdt|libc.so.6:libc|14|the probe's name is missing: BINARY:PROVIDER:NAME
usdt|a:b:c@|6|a label is missing
usdt|:b:c|0|the binary is missing
uprobe|..:x|0|'..' is a directory, and no binary
uprobe|.:x|0|'.' is a directory, and no binary
uprobe|%2Fusr%2F..:x|0|'/usr/..' is a directory, and no binary
uprobe|%2Fusr%2F:x|0|'/usr/' is a directory, and no binary
uprobe|%2e%2E:x|0|'..' is a directory, and no binary
uprobe|a:.|2|no symbol is called '.'
uprobe|a:..@b|2|no symbol is called '..'
uprobe|a:%2e|2|no symbol is called '.'
usdt|..:b:c|0|'..' is a directory, and no binary
usdt|a:..:c|2|no static probe is called '..:c'
usdt|a:b:.|2|no static probe is called 'b:.'
kprobe|...|0|a function's name is not of dots alone
kprobe|fuse:.|5|a function's name is not of dots alone
ROWS
    [ "$rows" -eq 48 ]
}

@test "a name that is too long is refused" {
    local name

    name=$(printf '%0256d' 0 | tr 0 x)
    run mkdir "$DIR/uprobe/$name"
    contains mkdir "File name too long" "$output"
    contains error "ENAMETOOLONG: a name has at most 255 bytes" "$(<"$DIR/uprobe/error")"
    mkdir "$DIR/uprobe/${name%x}"
    run touch "$DIR/uprobe/${name%x}/$name"
    contains touch "File name too long" "$output"
    touch "$DIR/uprobe/${name%x}/${name%x}"
    same f_namemax 255 "$(stat -f -c %l "$DIR")"
}

@test "a number in a name that is too large is refused" {
    run mkdir "$DIR/uprobe/bash:0x10000000000000000"
    contains mkdir "Numerical result out of range" "$output"
    contains error "mkdir: ERANGE: '0x10000000000000000' is too large" "$(<"$DIR/uprobe/error")"
}

@test "the error of a kind is gone after a success" {
    run mkdir "$DIR/uprobe/bash:"
    [ -s "$DIR/uprobe/error" ]
    mkdir "$DIR/uprobe/bash:main"
    [ ! -s "$DIR/uprobe/error" ]
}

@test "a second probe of a name is refused, with another label it is not" {
    mkdir "$DIR/uprobe/bash:main"
    run mkdir "$DIR/uprobe/bash:main"
    contains mkdir "File exists" "$output"
    mkdir "$DIR/uprobe/bash:main@again" "$DIR/uretprobe/bash:main"
}
