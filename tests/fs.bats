#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# The tree: names, modes, lengths, making and removing probes; nothing attached.
# bats file_tags=fs,root

# shellcheck disable=SC2016,SC2030,SC2031,SC2153  # inner shells; the helpers
load helpers

# others: lets another user reach the mount.
others() {
    local dir

    for dir in "$BATS_RUN_TMPDIR" "$(dirname "$BATS_TEST_TMPDIR")" "$BATS_TEST_TMPDIR" "$DIR"; do
        chmod o+x "$dir"
    done
}

# as_other COMMAND...: as a user who may do nothing in particular.
as_other() {
    setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
}

# mode PATH
mode() { stat -c %a "$1"; }

@test "the root has the kinds, the objects and what explains them" {
    local kind

    same root "README features kprobe kretprobe link prog tracepoint uprobe uretprobe usdt" \
        "$(cd "$DIR" && echo *)"
    for kind in kprobe kretprobe tracepoint uprobe uretprobe usdt; do
        same "$kind" "available error help" "$(cd "$DIR/$kind" && echo *)"
    done
}

@test "a probe has its kind's fields and the common files" {
    local kind name fields rows=0
    local common="attach cookie enabled error info pin sites"

    while IFS='|' read -r kind name fields; do
        mkdir "$DIR/$kind/$name"
        # shellcheck disable=SC2086
        same "$kind" "$(printf '%s\n' $common $fields | sort | xargs)" \
            "$(cd "$DIR/$kind/$name" && echo *)"
        rows=$((rows + 1))
    done <<'ROWS'
kprobe|do_nothing|offset symbol
kretprobe|do_nothing|maxactive symbol
uprobe|bash:main|available force offset path pid ref_ctr_offset symbol
uretprobe|bash:main|available force offset path pid ref_ctr_offset symbol
tracepoint|sched:sched_switch|group name
usdt|libc.so.6:libc:setjmp|available name path pid provider
ROWS
    [ "$rows" -eq 6 ]
}

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
uprobe|a label|1|' ' cannot be in a label
tracepoint|sched|5|a tracepoint's name is GROUP:NAME
tracepoint|sched:|6|an event's name is missing
tracepoint|:sched_switch|0|a group is missing
tracepoint|sched:a:b|7|':' cannot be in an event's name
tracepoint|sched:a.b|7|'.' cannot be in an event's name
usdt|libc.so.6:libc|14|the probe's name is missing: BINARY:PROVIDER:NAME
usdt|a:b:c@|6|a label is missing
usdt|:b:c|0|the binary is missing
ROWS
    [ "$rows" -eq 33 ]
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

@test "as many probes as max_probes can be made" {
    remount max_probes=3
    mkdir "$DIR/uprobe/a" "$DIR/kprobe/b" "$DIR/tracepoint/c:d"
    run mkdir "$DIR/uprobe/e"
    contains mkdir "No space left on device" "$output"
    contains error "mkdir: ENOSPC: " "$(<"$DIR/uprobe/error")"
    rmdir "$DIR/kprobe/b"
    mkdir "$DIR/uprobe/e"
}

@test "every length is the length of what is read" {
    local file

    mkdir "$DIR/uprobe/bash:main" "$DIR/tracepoint/sched:sched_switch"
    put "$DIR/uprobe/bash:main/cookie" 0x2a
    refused "$DIR/uprobe/bash:main/cookie" x EINVAL "not a number"
    for file in "$DIR"/{README,features,uprobe/help,prog/count,*/*/*}; do
        # It would take long.
        [[ $file != */available && $file != */prog/* && $file != */link/* ]] ||
            continue
        same "length of $file" "$(wc -c <"$file")" "$(stat -c %s "$file")"
    done
}

@test "a mode follows the directory's until it is set" {
    local probe=$DIR/uprobe/bash:main dir rw ro rows=0

    while IFS='|' read -r dir rw ro; do
        chmod "$dir" "$DIR/uprobe"
        mkdir -p "$probe"
        chmod "$dir" "$probe"
        same "directory" "$dir" "$(mode "$probe")"
        same "attach in $dir" "$rw" "$(mode "$probe/attach")"
        same "path in $dir" "$rw" "$(mode "$probe/path")"
        same "info in $dir" "$ro" "$(mode "$probe/info")"
        same "help in $dir" "$ro" "$(mode "$DIR/uprobe/help")"
        rows=$((rows + 1))
    done <<'ROWS'
700|600|400
755|644|444
775|664|444
750|640|440
770|660|440
777|666|444
ROWS
    [ "$rows" -eq 6 ]
    chmod 0640 "$probe/attach"
    chmod 0755 "$probe"
    same "attach that was set" 640 "$(mode "$probe/attach")"
    same "cookie that was not" 644 "$(mode "$probe/cookie")"
}

@test "the mode of mkdir and the umask are honoured" {
    mkdir -m 0710 "$DIR/uprobe/a"
    same mode 710 "$(mode "$DIR/uprobe/a")"
    (umask 077 && mkdir "$DIR/uprobe/b")
    same mode 700 "$(mode "$DIR/uprobe/b")"
}

@test "owners, modes and times stay as they are set" {
    mkdir "$DIR/uprobe/a"
    chown 7:8 "$DIR/uprobe/a"
    chmod 0750 "$DIR/uprobe/a"
    touch -d @1000 "$DIR/uprobe/a/attach"
    chown 9:10 "$DIR/uprobe/a/attach"
    chmod 0604 "$DIR/uprobe/a/attach"
    same directory "7 8 750" "$(stat -c '%u %g %a' "$DIR/uprobe/a")"
    same attach "9 10 604 1000" "$(stat -c '%u %g %a %Y' "$DIR/uprobe/a/attach")"
    chown 1:2 "$DIR/uprobe" "$DIR/prog"
    same kind "1 2" "$(stat -c '%u %g' "$DIR/uprobe")"
}

@test "a set-group-ID directory passes its group on" {
    chgrp 12 "$DIR/uprobe"
    mkdir "$DIR/uprobe/a"
    same "group without" 0 "$(stat -c %g "$DIR/uprobe/a")"
    chmod g+s "$DIR/uprobe"
    mkdir "$DIR/uprobe/b"
    same "group with" 12 "$(stat -c %g "$DIR/uprobe/b")"
    same "group of a file" 12 "$(stat -c %g "$DIR/uprobe/b/attach")"
}

@test "a directory can be given to another user" {
    others
    run as_other mkdir "$DIR/uprobe/a"
    contains mkdir "Permission denied" "$output"
    chown 65534 "$DIR/uprobe"
    as_other mkdir "$DIR/uprobe/a"
    same owner "65534 65534" "$(stat -c '%u %g' "$DIR/uprobe/a")"
    as_other sh -c 'echo 1 >"$1/cookie" && cat "$1/cookie" "$1/info"' - "$DIR/uprobe/a"
    run as_other mkdir "$DIR/kprobe/a"
    contains mkdir "Permission denied" "$output"
    as_other rmdir "$DIR/uprobe/a"
}

@test "nobody else sees anything unless let in" {
    chmod o+x "$BATS_RUN_TMPDIR" "$(dirname "$BATS_TEST_TMPDIR")" "$BATS_TEST_TMPDIR"
    run as_other ls "$DIR"
    contains ls "Permission denied" "$output"
    remount mode=0755
    as_other ls "$DIR" "$DIR/uprobe" "$DIR/link"
    as_other cat "$DIR/README" "$DIR/uprobe/help" >"$BATS_TEST_TMPDIR/out"
}

@test "sticky directories keep others' probes" {
    others
    chmod 1777 "$DIR/uprobe"
    mkdir "$DIR/uprobe/mine"
    run as_other rmdir "$DIR/uprobe/mine"
    contains rmdir "Operation not permitted" "$output"
}

@test "what is fixed cannot be made, moved or removed" {
    local command

    mkdir "$DIR/uprobe/a"
    cd "$DIR"
    while read -r command; do
        echo "row: $command"
        # shellcheck disable=SC2086
        run $command
        contains "$command" "Operation not permitted" "$output"
    done <<'ROWS'
rm README
rm uprobe/help
rm prog/count
rmdir uprobe
rmdir prog
mkdir newkind
mkdir prog/x
mkdir link/x
touch new
touch uprobe/new
touch prog/new
mknod uprobe/pipe p
mknod uprobe/a/null c 1 3
mkfifo uprobe/a/pipe
ln -s README link
ln -s attach uprobe/a/link
ln README uprobe/hard
ln uprobe/a/attach uprobe/a/hard
mv uprobe/a uprobe/b
mv README READYOU
mv uprobe up
ROWS
    [ -d "$DIR/uprobe/a" ]
    cd /
}

@test "what tells cannot be written, not even by root" {
    local file

    mkdir "$DIR/uprobe/a"
    for file in README features uprobe/help uprobe/a/info uprobe/a/sites \
        uprobe/a/error prog/count; do
        run bash -c 'echo x >"$1"' - "$DIR/$file"
        contains "$file" "Permission denied" "$output"
        run truncate -s 0 "$DIR/$file"
        contains "$file" "Permission denied" "$output"
    done
}

@test "names that are not there are not there" {
    local name

    for name in x uprobe/x uprobe/x/y prog/x prog/0 prog/01 prog/4294967295 \
        link/0 link/99999999999 uprobe/a/hits; do
        run stat "$DIR/$name"
        contains "$name" "No such file" "$output"
    done
    run rmdir "$DIR/uprobe/none"
    contains rmdir "No such file" "$output"
    run rmdir "$DIR/uprobe/help"
    contains rmdir "Not a directory" "$output"
}

@test "a listing is complete, also while what it lists is removed" {
    local names=("$DIR/uprobe/"{a..z}{a..z})

    mkdir "${names[@]}"
    same "names listed" 676 "$(find "$DIR/uprobe" -mindepth 1 -maxdepth 1 -type d | wc -l)"
    same "names listed once" 676 "$(find "$DIR/uprobe" -mindepth 1 -maxdepth 1 -type d | sort -u | wc -l)"
    # find lists and removes by turns.
    find "$DIR/uprobe" -mindepth 1 -maxdepth 1 -type d -empty -o -type d -exec rmdir {} \; -prune ||
        true
    find "$DIR/uprobe" -mindepth 1 -maxdepth 1 -type d -exec rmdir {} +
    same "names left" "available error help" "$(cd "$DIR/uprobe" && echo *)"
}

@test "types are known without a stat" {
    mkdir "$DIR/uprobe/a"
    # -D of find would; ls --color=never -p stats, python's scandir does not.
    command -v python3 >/dev/null || skip "no python3"
    python3 - "$DIR/uprobe" <<'PY'
import os, sys
types = {e.name: (e.is_dir(follow_symlinks=False), e.inode()) for e in os.scandir(sys.argv[1])}
assert types["a"][0] and not types["help"][0], types
for name, (_, inode) in types.items():
    assert os.stat(sys.argv[1] + "/" + name).st_ino == inode, name
PY
}

@test "a probe can be removed while its files are open" {
    mkdir "$DIR/uprobe/a"
    put "$DIR/uprobe/a/cookie" 77
    exec 7<"$DIR/uprobe/a/cookie" 8>"$DIR/uprobe/a/attach"
    rmdir "$DIR/uprobe/a"
    mkdir "$DIR/uprobe/a"
    read -r line <&7
    same "what was read" 77 "$line"
    run bash -c 'echo count >&8'
    contains write "write error" "$output"
    holds "$DIR/uprobe/a/attach" ""
    holds "$DIR/uprobe/a/cookie" 0
    exec 7<&- 8>&-
}

@test "a probe can be removed while somebody is in it" {
    mkdir "$DIR/uprobe/a"
    cd "$DIR/uprobe/a"
    rmdir "$DIR/uprobe/a"
    mkdir "$DIR/uprobe/a"
    run cat attach
    [ "$status" -ne 0 ]
    cd /
}

@test "numbers of nodes are never used again" {
    local before

    mkdir "$DIR/uprobe/a"
    before=$(stat -c %i "$DIR/uprobe/a")
    rmdir "$DIR/uprobe/a"
    mkdir "$DIR/uprobe/a"
    [ "$(stat -c %i "$DIR/uprobe/a")" != "$before" ]
}

@test "help tells every file, README and features speak" {
    local kind file

    for kind in uprobe tracepoint kprobe usdt; do
        for file in attach cookie pin enabled info sites error; do
            grep -q "^  $file " "$DIR/$kind/help"
        done
        grep -q '^names: ' "$DIR/$kind/help"
        # The example is a name that mkdir takes.
        (cd "$DIR/$kind" && eval "$(sed -n 's/^example: //p' help)")
    done
    grep -q 'mkdir uprobe/libc.so.6:malloc' "$DIR/README"
    ! grep -vP '^[a-z_]+\t(yes|no)\tsince [0-9]\.[0-9]+(\t.+)?$' "$DIR/features" || return 1
    grep -qP '^perf_link\t' "$DIR/features"
}

@test "README's example works as it stands" {
    needs uprobe_pmu
    cd "$DIR"
    # The first block of commands.
    sed -n '/^    mkdir/,/^    rmdir/s/^    //p' README >"$BATS_TEST_TMPDIR/typed"
    [ "$(wc -l <"$BATS_TEST_TMPDIR/typed")" -eq 5 ]
    bash -eu "$BATS_TEST_TMPDIR/typed" >"$BATS_TEST_TMPDIR/out"
    contains typed "total:" "$(<"$BATS_TEST_TMPDIR/out")"
    cd /
}

@test "available lists what can be probed" {
    grep -qx 'sched:sched_switch' "$DIR/tracepoint/available"
    grep -q "$(printf '\t')$(realpath /bin/bash)\$" "$DIR/uprobe/available"
    mkdir "$DIR/uprobe/$NAME:target_one"
    # The code begins there, says the program itself.
    grep -qP "^target_one\t$("$TARGET" -p | sed -n 's/^code //p')\t[0-9]+\$" \
        "$DIR/uprobe/$NAME:target_one/available"
    ! grep -q '^target_constant' "$DIR/uprobe/$NAME:target_one/available" || return 1
    put "$DIR/uprobe/$NAME:target_one/path" libc.so.6
    grep -q '^regexec@@GLIBC' "$DIR/uprobe/$NAME:target_one/available"
}

@test "programs and links of the kernel are listed by id" {
    local id link

    needs uprobe_pmu link_ids
    program plain
    id=$("$TOOL" id "$BPF/plain")
    [ -e "$DIR/prog/$id" ]
    find "$DIR/prog" -name "$id" | grep -q .
    grep -qxP "name:\tplain" "$DIR/prog/$id"
    grep -qxP "type:\tkprobe" "$DIR/prog/$id"
    same mode 400 "$(mode "$DIR/prog/$id")"
    rm "$BPF/plain"
    eventually [ ! -e "$DIR/prog/$id" ]
    needs perf_link
    probe "uprobe/$NAME:target_one" count
    link=$(info "$PROBE" link_id)
    find "$DIR/link" -name "$link" | grep -q .
    grep -qxP "link_id:\t$link" "$DIR/link/$link"
    grep -qxP "prog_id:\t$(info "$PROBE" prog_id)" "$DIR/link/$link"
    rmdir "$PROBE"
    eventually [ ! -e "$DIR/link/$link" ]
}

@test "df leaves it out, and the whole tree can be walked" {
    mkdir "$DIR/uprobe/a" "$DIR/tracepoint/sched:sched_switch"
    run df "$DIR"
    [[ ${lines[1]} == *" 0 "*" 0 "* || ${lines[1]} == *" - "* ]]
    timeout 60 find "$DIR" -path "$DIR/*/available" -prune -o -type f -print0 |
        xargs -0 cat >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" || true
    # A program may go meanwhile; nothing else is said.
    ! grep -v 'No such file' "$BATS_TEST_TMPDIR/err" || return 1
}
