#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# What may be written to `attach`, and what is refused there; as root, and as a
# user who is not.
# bats file_tags=fs,bpf,root

# shellcheck disable=SC2016,SC2030,SC2031,SC2153  # inner shells; the helpers
load helpers

# For another user: a way to the mount, to a bpffs, and to the target.
others() {
    chmod o+x "$BATS_RUN_TMPDIR" "$(dirname "$BATS_TEST_TMPDIR")" \
        "$BATS_TEST_TMPDIR" "$BATS_FILE_TMPDIR" "$(dirname "$BATS_FILE_TMPDIR")" \
        "$DIR" "$BPF"
    chown 65534 "$DIR/uprobe"
    cp "$TOOL" "$BATS_TEST_TMPDIR/tool"
}

# as_other COMMAND...: as a user who may do nothing in particular.
as_other() {
    setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
}

# other_put FILE TEXT
other_put() {
    as_other sh -c 'echo "$2" >"$1"' - "$1" "$2" || {
        printf 'writing %q to %s: %s\n' "$2" "$1" "$(<"${1%/*}/error")"
        return 1
    }
}

# other_refused FILE TEXT ERRNO PART: as refused().
other_refused() {
    TOOL=$BATS_TEST_TMPDIR/as_other
    printf '#!/bin/sh\nexec setpriv --reuid=65534 --regid=65534 --clear-groups %q "$@"\n' \
        "$BATS_TEST_TMPDIR/tool" >"$TOOL"
    chmod +x "$TOOL"
    refused "$@"
    TOOL=$PROGRAMS/tool
}

@test "a program is found by every form of reference" {
    local text id tag rows=0

    needs uprobe_pmu
    program plain
    id=$("$TOOL" id "$BPF/plain")
    tag=$(sed -n 's/^tag:\t//p' "$DIR/prog/$id/info")
    ln -s "$BPF" "$BATS_TEST_TMPDIR/link"
    probe "uprobe/$NAME:target_one"
    # Others may have a program of that name, or of that tag.
    while read -r text; do
        echo "row: $text"
        case $text in
        name:*) [ "$("$TOOL" ids | grep -c "^prog .* plain\$")" -eq 1 ] || continue ;;
        tag:*) [ "$(grep -l "^tag:.*$tag" "$DIR"/prog/[0-9]*/info 2>/dev/null | wc -l)" -eq 1 ] || continue ;;
        esac
        put "$PROBE/attach" "$text"
        same "program by $text" "$id" "$(info "$PROBE" prog_id)"
        holds "$PROBE/attach" "$text"
        put "$PROBE/attach" ""
        rows=$((rows + 1))
    done <<ROWS
$BPF/plain
$BPF/../bpf//plain
$BATS_TEST_TMPDIR/link/plain
id:$id
prog/$id
$DIR/prog/$id
tag:$tag
tag:${tag^^}
name:plain
ROWS
    [ "$rows" -ge 6 ]
}

@test "a number alone could be of anything" {
    local text

    probe "uprobe/$NAME:target_one"
    for text in 17 0 017; do
        refused "$PROBE/attach" "$text" EINVAL \
            "'$text' may be the id of a program or a descriptor; write id:$text, or /proc/self/fd/$text"
    done
    refused "$PROBE/attach" "/proc/+$$/fd/1" ENOENT "no such file"
    refused "$PROBE/attach" "/proc/self/fd/01" EINVAL "not the number of a descriptor"
}

@test "a built-in program is found by name and by every path of the mount" {
    local text rows=0

    needs uprobe_pmu
    mkdir "$BATS_TEST_TMPDIR/bind"
    mount --bind "$DIR" "$BATS_TEST_TMPDIR/bind"
    probe "uprobe/$NAME:target_one"
    while read -r text; do
        put "$PROBE/attach" "$text"
        [ -e "$PROBE/hits" ]
        holds "$PROBE/attach" "$text"
        put "$PROBE/attach" ""
        rows=$((rows + 1))
    done <<ROWS
count
prog/count
$DIR/prog/count
$BATS_TEST_TMPDIR/bind/prog/count
ROWS
    [ "$rows" -eq 4 ]
    umount "$BATS_TEST_TMPDIR/bind"
}

@test "a program is found by a descriptor of the writer, or of a process" {
    local text id pid rows=0

    needs uprobe_pmu
    program plain
    id=$("$TOOL" id "$BPF/plain")
    probe "uprobe/$NAME:target_one"
    while read -r text; do
        "$TOOL" with "$BPF/plain" 9 bash -c 'echo "$2" >"$1"' - "$PROBE/attach" "$text"
        same "program by $text" "$id" "$(info "$PROBE" prog_id)"
        put "$PROBE/attach" ""
        rows=$((rows + 1))
    done <<'ROWS'
/proc/self/fd/9
/dev/fd/9
/proc/thread-self/fd/9
ROWS
    [ "$rows" -eq 3 ]
    "$TOOL" with "$BPF/plain" 9 sleep 60 3>&- &
    pid=$!
    eventually [ -e "/proc/$pid/fd/9" ]
    rm "$BPF/plain"
    eventually put "$PROBE/attach" "/proc/$pid/fd/9"
    same "program by a process" "$id" "$(info "$PROBE" prog_id)"
    kill "$pid"
    hit target_one 1
}

@test "what is no program of the right type is refused, and it is told what it is" {
    local text error message rows=0

    needs uprobe_pmu
    program plain_tp
    program filter
    "$TOOL" pinmap "$(object plain)" hits "$BPF/map"
    mkdir "$BPF/dir"
    : >"$BATS_TEST_TMPDIR/file"
    mkfifo "$BATS_TEST_TMPDIR/fifo"
    probe "uprobe/$NAME:target_two" count
    probe "uprobe/$NAME:target_one" count
    while IFS='|' read -r text error message; do
        echo "row: $text"
        refused "$PROBE/attach" "$text" "$error" "$message"
        rows=$((rows + 1))
    done <<ROWS
$BPF/plain_tp|EINVAL|tracepoint
$BPF/filter|EINVAL|socket_filter
$BPF/map|EINVAL|neither a program nor a link, but a map
$BPF/dir|EISDIR|a directory, with no links pinned in it
$BPF|EISDIR|a directory
$BPF/none|ENOENT|no such file: '$BPF/none'
$BATS_TEST_TMPDIR/file|EINVAL|not in a bpffs, so it is no pinned object
$BATS_TEST_TMPDIR/fifo|EINVAL|not in a bpffs
$BATS_TEST_TMPDIR|EINVAL|not in a bpffs
/dev/null|EINVAL|not in a bpffs
/proc/self/exe|EINVAL|not in a bpffs
/proc/self/cwd|EXDEV|write the path itself
/proc/self/root$BPF/plain_tp|EINVAL|tracepoint
/proc/self/fd/99|ENOENT|has no descriptor 99
/proc/self/fd/1|EINVAL|neither a program nor a link
/proc/self/fd/|EINVAL|not the number of a descriptor
/proc/self/fd/x|EINVAL|not the number of a descriptor: 'x'
/proc/self/fd/99999999999|EINVAL|not the number of a descriptor
/proc/4194305/fd/3|ESRCH|process 4194305
/nonexistent/a/b|ENOENT|no such file
/$(printf '%300s' '' | tr ' ' x)|ENAMETOOLONG|the path is too long
$DIR/README|EINVAL|a file of probefs, but none of a program or a link
$DIR/uprobe|EINVAL|a file of probefs, but none of a program or a link
$PROBE/attach|EINVAL|a file of probefs, but none of a program or a link
$DIR/prog|EINVAL|a file of probefs, but none of a program or a link
$DIR/prog/none|ENOENT|no such file
nosuch|ENOENT|there is no built-in program or object file 'nosuch'
prog/|ENOENT|there is no built-in program or object file ''
bpf/x|EINVAL|'bpf/x' is a relative path
./count|EINVAL|'./count' is a relative path
id:|EINVAL|not the id of a program: ''
id:x|EINVAL|not the id of a program: 'x'; write id: and a decimal number
id:0|ENOENT|no program
id:4294967295|ENOENT|no program
id:4294967296|ERANGE|the id '4294967296' is too big: ids have 32 bits
tag:|EINVAL|a tag has 16 hexadecimal digits
tag:xyz|EINVAL|a tag has 16 hexadecimal digits
tag:0123456789abcdef|ENOENT|no program has the tag '0123456789abcdef'
tag:0123456789abcdef0|EINVAL|a tag has 16
name:|EINVAL|a program's name is missing
name:no_such_prog|ENOENT|no program has the name 'no_such_prog'
name:no_such_program_at_all|ENOENT|the kernel keeps 15 bytes of a name, so 'no_such_program' was compared
ROWS
    [ "$rows" -eq 42 ]
    probe tracepoint/sched:sched_switch
    program plain
    refused "$PROBE/attach" "$BPF/plain" EINVAL "kprobe"
}

@test "a name or tag of several programs is refused with their ids" {
    local tag id

    program plain none one
    program plain none two
    id=$("$TOOL" id "$BPF/one")
    tag=$(sed -n 's/^tag:\t//p' "$DIR/prog/$id/info")
    probe "uprobe/$NAME:target_one"
    refused "$PROBE/attach" name:plain ENOTUNIQ "programs have the name 'plain': ids"
    contains error " $id" "$(<"$PROBE/error")"
    contains error " $("$TOOL" id "$BPF/two")" "$(<"$PROBE/error")"
    refused "$PROBE/attach" "tag:$tag" ENOTUNIQ "programs have the tag '$tag': ids"
}

@test "a link to a pin that vanished is refused" {
    program plain
    ln -s "$BPF/plain" "$BATS_TEST_TMPDIR/link"
    probe "uprobe/$NAME:target_one"
    rm "$BPF/plain"
    refused "$PROBE/attach" "$BATS_TEST_TMPDIR/link" ENOENT "no such file"
    refused "$PROBE/attach" "$BPF/plain" ENOENT "no such file: '$BPF/plain'"
}

@test "a program that was loaded by nobody's file any more goes on" {
    needs uprobe_pmu
    program plain
    probe "uprobe/$NAME:target_one" "$BPF/plain"
    mv "$BPF/plain" "$BPF/moved"
    holds "$PROBE/attach" "$BPF/plain"
    hit target_one 2
    same hits 2 "$(value moved)"
}

# --- As another user ---

@test "another user may attach what may be read, and nothing else" {
    needs uprobe_pmu
    others
    program plain
    as_other mkdir "$DIR/uprobe/$NAME:target_one"
    PROBE=$DIR/uprobe/$NAME:target_one
    chmod 0600 "$BPF/plain"
    other_refused "$PROBE/attach" "$BPF/plain" EACCES "you may not use the pinned object"
    chmod 0644 "$BPF/plain"
    other_put "$PROBE/attach" "$BPF/plain"
    hit target_one 3
    same hits 3 "$(value plain)"
    chmod 0700 "$BPF"
    other_refused "$PROBE/attach" "$BPF/none" EACCES "you may not open"
    as_other rmdir "$PROBE"
    hit target_one 3
    same "hits after rmdir" 3 "$(value plain)"
}

@test "another user needs to be able to read the binary" {
    needs uprobe_pmu
    others
    cp "$TARGET" "$BATS_TEST_TMPDIR/secret"
    chmod 0711 "$BATS_TEST_TMPDIR/secret"
    PROBE=$DIR/uprobe/${BATS_TEST_TMPDIR//\//%2F}%2Fsecret:target_one
    as_other mkdir "$PROBE"
    other_refused "$PROBE/attach" count EACCES "you may not open '$BATS_TEST_TMPDIR/secret'"
    chmod 0755 "$BATS_TEST_TMPDIR/secret"
    other_put "$PROBE/attach" count
    "$BATS_TEST_TMPDIR/secret" target_one 2
    same hits 2 "$(hits "$PROBE")"
}

@test "ids, tags and names need a capability" {
    local id text

    needs uprobe_pmu
    others
    program plain
    id=$("$TOOL" id "$BPF/plain")
    as_other mkdir "$DIR/uprobe/$NAME:target_one"
    PROBE=$DIR/uprobe/$NAME:target_one
    for text in "id:$id" "tag:0123456789abcdef" name:plain "prog/$id" id:999999999; do
        other_refused "$PROBE/attach" "$text" EPERM "needs CAP_SYS_ADMIN"
    done
    other_put "$PROBE/attach" count
}

@test "another user's process may not be robbed of its descriptors" {
    local pid

    needs uprobe_pmu
    others
    program plain
    "$TOOL" with "$BPF/plain" 9 sleep 60 3>&- &
    pid=$!
    eventually [ -e "/proc/$pid/fd/9" ]
    as_other mkdir "$DIR/uprobe/$NAME:target_one"
    PROBE=$DIR/uprobe/$NAME:target_one
    other_refused "$PROBE/attach" "/proc/$pid/fd/9" EPERM "you may not take descriptors of process $pid"
    kill "$pid"
    # One's own may be taken, whoever made it.
    "$TOOL" with "$BPF/plain" 9 setpriv --reuid=65534 --regid=65534 --clear-groups \
        sh -c 'echo /proc/self/fd/9 >"$1"' - "$PROBE/attach"
    hit target_one 1
    same hits 1 "$(value plain)"
}

@test "Yama's scope counts: with 1, descriptors of one's descendants only" {
    local yama=/proc/sys/kernel/yama/ptrace_scope scope sibling descendant pid rows=0

    [ -w "$yama" ] || skip "no Yama in this kernel"
    needs uprobe_pmu
    others
    program plain
    as_other mkdir "$DIR/uprobe/$NAME:target_one"
    PROBE=$DIR/uprobe/$NAME:target_one
    "$TOOL" with "$BPF/plain" 9 setpriv --reuid=65534 --regid=65534 --clear-groups sleep 60 3>&- &
    pid=$!
    eventually grep -qx sleep "/proc/$pid/comm"
    while IFS='|' read -r scope sibling descendant; do
        echo "$scope" >"$yama"
        same "a sibling with $scope" "$sibling" \
            "$(as_other "$TOOL" write "$PROBE/attach" "/proc/$pid/fd/9")"
        put "$PROBE/attach" ""
        same "a descendant with $scope" "$descendant" \
            "$("$TOOL" with "$BPF/plain" 9 setpriv --reuid=65534 --regid=65534 --clear-groups \
                bash -c 'exec 8> >(exec cat 3>&-); exec "$1" write "$2" "/proc/$!/fd/9"' - \
                "$BATS_TEST_TMPDIR/tool" "$PROBE/attach")"
        put "$PROBE/attach" ""
        rows=$((rows + 1))
    done <<'ROWS'
0|ok|ok
1|EPERM|ok
2|EPERM|EPERM
0|ok|ok
ROWS
    kill "$pid"
    [ "$rows" -eq 4 ]
}

@test "a pin is made as the user who writes" {
    needs uprobe_pmu perf_link
    others
    as_other mkdir "$DIR/uprobe/$NAME:target_one"
    PROBE=$DIR/uprobe/$NAME:target_one
    other_put "$PROBE/attach" count
    mkdir "$BPF/ours" "$BPF/theirs"
    other_refused "$PROBE/pin" "$BPF/ours/pin" EACCES "you may not make 'pin'"
    chown 65534 "$BPF/theirs"
    other_put "$PROBE/pin" "$BPF/theirs/pin"
    same owner 65534 "$(stat -c %u "$BPF/theirs/pin")"
    other_put "$PROBE/pin" ""
    [ ! -e "$BPF/theirs/pin" ]
}

@test "who opened as root and writes as another is refused" {
    probe "uprobe/$NAME:target_one"
    run bash -c 'exec 7>"$1"
        exec setpriv --reuid=65534 --clear-groups bash -c "echo count >&7"' - "$PROBE/attach"
    contains write "Operation not permitted" "$output"
    contains error "attach: EPERM: opened by user 0 of group 0, written by user 65534 of" "$(<"$PROBE/error")"
    holds "$PROBE/attach" ""
}

@test "a path is one of the writer's own root and mounts" {
    needs uprobe_pmu
    program plain
    probe "uprobe/$NAME:target_one"
    unshare -m sh -euc '
        mkdir "$1/private"
        mount -t tmpfs none "$1/private"
        mount --bind "$1/bpf" "$1/private"
        echo "$1/private/plain" >"$2"' - "$BATS_TEST_TMPDIR" "$PROBE/attach"
    holds "$PROBE/attach" "$BATS_TEST_TMPDIR/private/plain"
    hit target_one 1
    same hits 1 "$(value plain)"
}

@test "a writer whom the daemon cannot see may name nothing by path" {
    unshare -p -f true || skip "no pid namespaces"
    needs uprobe_pmu
    program plain
    stop
    # The daemon in a pid namespace of its own sees none of us.
    unshare -p -f --kill-child "$PROBEFS" test "$DIR" -o foreground 3>&- &
    eventually mounted
    probe "uprobe/$NAME:target_one"
    refused "$PROBE/attach" "$BPF/plain" EPERM "cannot be seen from probefs' pid namespace"
    refused "$PROBE/attach" /proc/self/fd/1 EPERM "cannot be seen from probefs' pid namespace"
    refused "$PROBE/attach" id:1 EPERM "needs CAP_SYS_ADMIN"
    umount "$DIR"
    wait $!
}
