#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# link/ID/ and prog/ID/: the links and programs of the kernel, whoever made them.
# bats file_tags=bpf,root

# shellcheck disable=SC2030,SC2031  # bats runs each test in a subshell
load helpers
load users

setup() {
    prepare
    start
    CGROUPS=$BATS_TEST_TMPDIR/cgroups
    CGROUP=$CGROUPS/probefs-$$-$BATS_TEST_NUMBER
}

teardown() {
    exec 9>&-
    [ ! -d "$CGROUP" ] || rmdir "$CGROUP"
    ! mountpoint -q "$CGROUPS" || umount "$CGROUPS"
    finish
}

# hooked PROGRAM: somebody else has put it on the egress of a cgroup of our own;
# $LINK is the directory of the link, which is pinned at $BPF/theirs.
hooked() {
    mkdir -p "$CGROUPS"
    mountpoint -q "$CGROUPS" || mount -t cgroup2 none "$CGROUPS"
    mkdir "$CGROUP"
    hook "$1" egress
    # BPF_CGROUP_INET_EGRESS
    "$TOOL" hook "$BPF/$1" "$CGROUP" 1 "$BPF/theirs"
    LINK=$DIR/link/$(pinned_link "$BPF/theirs")
}

# hook PIN PROGRAM: of hook.bpf.c, pinned at $BPF/PIN.
hook() {
    "$TOOL" load "$PROGRAMS/bpf/hook.bpf.o" "$2" "$BPF/$1"
    loaded+=" $("$TOOL" id "$BPF/$1")"
}

# pinned_link PIN: the id of the link there.
pinned_link() {
    local info

    info=$("$TOOL" with "$1" 9 cat /proc/self/fdinfo/9)
    info=${info##*link_id:}
    echo $((${info%%[a-z]*}))
}

# packets N: leave the cgroup.
packets() {
    [ ! -e /sys/class/net/lo/flags ] || ip link set lo up
    (
        echo "$BASHPID" >"$CGROUP/cgroup.procs"
        for ((i = 0; i < $1; i++)); do
            echo x >/dev/udp/127.0.0.1/9
        done
    )
}

@test "another program takes the place of that of a foreign link" {
    local one two

    hooked one
    hook two egress
    one=$("$TOOL" id "$BPF/one")
    two=$("$TOOL" id "$BPF/two")
    holds "$LINK/prog" "id:$one"
    packets 3
    put "$LINK/prog" "$BPF/two"
    holds "$LINK/prog" "id:$two"
    same link_id "${LINK##*/}" "$(pinned_link "$BPF/theirs")"
    packets 4
    put "$LINK/prog" "id:$one"
    packets 2
    same "hits of the first" 5 "$(value one)"
    same "hits of the second" 4 "$(value two)"
    # What was read can be written.
    put "$LINK/prog" "$(<"$LINK/prog")"
    holds "$LINK/prog" "id:$one"
}

@test "a program can be named that has to be there" {
    local one two

    hooked one
    hook two egress
    hook three egress
    one=$("$TOOL" id "$BPF/one")
    two=$("$TOOL" id "$BPF/two")
    refused "$LINK/prog" "$BPF/two if $BPF/three" EPERM "another program by now, 'egress' (id $one)"
    put "$LINK/prog" "$BPF/two if $BPF/one"
    holds "$LINK/prog" "id:$two"
    # It is there already.
    put "$LINK/prog" "id:$two if id:$one"
    refused "$LINK/prog" "$BPF/three if $BPF/one" EPERM "another program by now, 'egress' (id $two)"
    holds "$LINK/prog" "id:$two"
    packets 1
    same "hits of the second" 1 "$(value two)"
}

@test "what cannot take the place of a program is refused" {
    local text error message rows=0

    hooked one
    hook pass pass
    while IFS='|' read -r text error message; do
        refused "$LINK/prog" "$text" "$error" "$message"
        rows=$((rows + 1))
    done <<ROWS
$BPF/pass|EINVAL|a program of another type, or loaded for something else, cannot take the place of that of a link of type cgroup
$BPF/theirs|EINVAL|is no program
$BPF/none|ENOENT|no such file
count|EINVAL|'count' is loaded for the probe that attaches it
id:4294967294|ENOENT|no program has the id 4294967294
$BPF/one if nothing|ENOENT|no built-in program or object file 'nothing'
two words|ENOENT|no built-in program or object file 'two words'
ROWS
    [ "$rows" -eq 7 ]
    refused "$LINK/prog" $'\n' EINVAL "write 1 to 'detach'"
    packets 2
    same hits 2 "$(value one)"
}

@test "a foreign link is detached, and stays where it is held" {
    hooked one
    packets 2
    put "$LINK/detach" 0
    packets 1
    put "$LINK/detach" 1
    packets 4
    same hits 3 "$(value one)"
    same state defunct "$(info "$LINK" state)"
    [ -e "$BPF/theirs" ]
    refused "$LINK/prog" "$BPF/theirs" EINVAL "is no program"
    hook two egress
    refused "$LINK/prog" "$BPF/two" ENOLINK "what the link was attached to has gone"
    refused "$LINK/detach" 2 EINVAL "2"
    rm "$BPF/theirs"
    eventually [ ! -e "$LINK" ]
}

# map_id PIN
map_id() {
    local info

    info=$("$TOOL" with "$1" 9 cat /proc/self/fdinfo/9)
    info=${info##*map_id:}
    echo $((${info%%[a-z]*}))
}

@test "a struct_ops link gets another map, and never its own" {
    local one two i writers=() all=/proc/sys/net/ipv4/tcp_available_congestion_control

    # What is tested here has ended kernels.
    [ -e /run/vm/share ] || skip "not in a guest"
    "$TOOL" structops "$PROGRAMS/bpf/cc.bpf.o" 8192 "$BPF/one" "$BPF/two" ||
        skip "this kernel takes no map for a link of struct_ops"
    # BPF_STRUCT_OPS
    "$TOOL" hook "$BPF/one" - 44 "$BPF/theirs" ||
        skip "this kernel has no links of struct_ops"
    LINK=$DIR/link/$(pinned_link "$BPF/theirs")
    one=$(map_id "$BPF/one")
    two=$(map_id "$BPF/two")
    holds "$LINK/prog" "id:$one"
    put "$LINK/prog" "$BPF/one"
    for ((i = 0; i < 16; i++)); do
        "$TOOL" write "$LINK/prog" "$BPF/two" >>"$BATS_TEST_TMPDIR/writes" &
        writers+=($!)
    done
    wait "${writers[@]}"
    same "writes of the same map" "ok 16" "$(sort "$BATS_TEST_TMPDIR/writes" | uniq -c | awk '{ print $2, $1 }')"
    holds "$LINK/prog" "id:$two"
    refused "$LINK/prog" "$BPF/one if id:$one" EPERM "the link has another map by now, of the id $two"
    put "$LINK/prog" "$BPF/one if $BPF/two"
    holds "$LINK/prog" "id:$one"
    put "$LINK/prog" "id:$one if id:$one"
    contains registered probefs_cc "$(<"$all")"
    put "$LINK/detach" 1
    ! grep -w probefs_cc "$all" || return 1
    same state defunct "$(info "$LINK" state)"
    rm "$BPF/theirs" "$BPF/one" "$BPF/two"
}

@test "links of types that cannot be updated or detached say so" {
    needs uprobe_pmu link_ids perf_link
    program plain
    program plain none again
    probe "uprobe/$NAME:target_one" "$BPF/plain"
    LINK=$DIR/link/$(info "$PROBE" link_id)
    refused "$LINK/prog" "$BPF/again" EOPNOTSUPP "keeps its program: make another link"
    put "$LINK/prog" "$BPF/plain"
    refused "$LINK/detach" 1 EOPNOTSUPP "ends with its last holder"
    hit target_one 3
    same hits 3 "$(value plain)"
}

@test "a foreign link is pinned, and every pin is found" {
    hooked one
    holds "$LINK/pin" "$BPF/theirs"
    mkdir "$BPF/sub"
    put "$LINK/pin" "$BPF/sub/another one"
    same pins "$BPF/sub/another one,$BPF/theirs" "$(sort "$LINK/pin" | paste -sd,)"
    # There already.
    put "$LINK/pin" "$BPF/theirs"
    refused "$LINK/pin" "$BPF/one" EEXIST "'one' exists already"
    refused "$LINK/pin" "$BATS_TEST_TMPDIR/x" EPERM "is not in a bpffs"
    refused "$LINK/pin" "$BPF/none/x" ENOENT "no such file"
    refused "$LINK/pin" relative EINVAL "'relative' is not an absolute path"
    refused "$LINK/pin" $'\n' EINVAL "a pin is removed by its path"
    rm "$BPF/theirs"
    holds "$LINK/pin" "$BPF/sub/another one"
    packets 1
    same hits 1 "$(value one)"
    rm -r "$BPF/sub"
    eventually [ ! -e "$LINK" ]
}

@test "who holds an object is told" {
    local held

    hooked one
    same "holders of a pin" "" "$(<"$LINK/holders")"
    # Both ends, so that it neither waits for the other nor ends before it is told.
    mkfifo "$BATS_TEST_TMPDIR/fifo"
    exec 9<>"$BATS_TEST_TMPDIR/fifo"
    "$TOOL" with "$BPF/theirs" 7 cat <&9 >/dev/null &
    held=$!
    eventually grep -q . "$LINK/holders"
    eventually grep -qx "$held"$'\tfd 7\tcat' "$LINK/holders"
    same lines 1 "$(wc -l <"$LINK/holders")"
    exec 9>&-
    kill "$held"
    wait "$held" || true
    eventually none cat "$LINK/holders"
}

@test "the probe is told that holds a link, and its program" {
    needs uprobe_pmu link_ids perf_link
    program plain
    probe "uprobe/$NAME:target_one" "$BPF/plain"
    LINK=$DIR/link/$(info "$PROBE" link_id)
    grep -qP "^$daemon\tfd \d+\t.*\tuprobe/\Q$NAME\E:target_one\$" "$LINK/holders"
    grep -qP "^$daemon\tfd \d+\t.*\tuprobe/\Q$NAME\E:target_one\$" \
        "$DIR/prog/$(info "$PROBE" prog_id)/holders"
}

@test "a program tells its links, its maps and where it is pinned" {
    local prog

    hooked one
    prog=$DIR/prog/$("$TOOL" id "$BPF/one")
    same links "${LINK##*/}"$'\tcgroup' "$(<"$prog/links")"
    grep -qP '^\d+\tarray\thits$' "$prog/maps"
    same maps "$(info "$prog" map_ids)" "$(cut -f1 "$prog/maps" | paste -sd' ')"
    holds "$prog/pin" "$BPF/one"
    put "$prog/pin" "$BPF/again"
    same "pinned anew" "$("$TOOL" id "$BPF/one")" "$("$TOOL" id "$BPF/again")"
    refused "$prog/pin" "$BPF/theirs" EEXIST "'theirs' exists already"
    rm "$BPF/theirs"
    eventually none cat "$prog/links"
}

@test "a directory of an object holds its files, and is its owner's alone" {
    local text rows=0

    hooked one
    same mode "700 0" "$(stat -c '%a %u' "$LINK")"
    same "mode of info" 400 "$(stat -c %a "$LINK/info")"
    same "mode of prog" 600 "$(stat -c %a "$LINK/prog")"
    same "mode of detach" 200 "$(stat -c %a "$LINK/detach")"
    same files "detach,error,holders,info,pin,prog," "$(cd "$LINK" && printf '%s,' *)"
    while read -r text; do
        echo "row: $text"
        ! (cd "$LINK" && eval "$text") 2>"$BATS_TEST_TMPDIR/out" || return 1
        contains refusal "Operation not permitted" "$(<"$BATS_TEST_TMPDIR/out")"
        contains error EPERM "$(<"$LINK/error")"
        rows=$((rows + 1))
    done <<'ROWS'
mkdir x
touch x
rm info
mv info y
ln -s info x
ROWS
    [ "$rows" -eq 5 ]
    remount mode=0755
    LINK=$DIR/link/${LINK##*/}
    same "mode where others may look" 700 "$(stat -c %a "$LINK")"
}

@test "who has the directory needs the capability as well" {
    hooked one
    remount "mode=0755,uid=$ALICE"
    others
    same owner "$ALICE" "$(stat -c %u "$LINK")"
    as "$ALICE" cat "$LINK/info" | grep -qxP "link_id:\t${LINK##*/}"
    asks "$ALICE" "$LINK/detach" 1 EPERM "changing a program or link of the kernel by its id needs CAP_SYS_ADMIN"
    asks "$ALICE" "$LINK/prog" "$BPF/one" EPERM "changing a program or link"
    packets 1
    same hits 1 "$(value one)"
}
