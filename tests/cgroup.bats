#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# The kind cgroup: what processes of a cgroup of the test's own do.
# What is newer than the first guest came after 6.12.
# bats file_tags=cgroup,ends
# shellcheck disable=SC2154

load helpers
load cgroup

ALICE=12345

# The hooks that this kernel has.
hooks() { sed 1d "$DIR/cgroup/available" | cut -f 1; }

# counted: what count counts of acts.c, on each hook.
counted() {
    cat <<'ROWS'
bind4 2
bind6 2
post_bind4 2
post_bind6 2
getsockname_unix 1
sendmsg4 5
sendmsg6 7
sendmsg_unix 3
recvmsg4 5
recvmsg6 7
recvmsg_unix 3
connect4 1
connect6 1
connect_unix 1
getpeername4 1
getpeername6 1
getpeername_unix 1
sock_create 9
sock_release 11
getsockopt 4
setsockopt 6
sysctl 1
device 2
ROWS
}

@test "count counts exactly what the processes of the cgroup do, on each hook" {
    local hook number=23 unix='' expected='' got=''

    needs cgroup_link
    [[ $(feature_line cgroup_unix) != *$'\t'yes$'\t'* ]] || { number=28 && unix=yes; }
    # With five that are looked at earlier.
    same "rows of the table" 28 $(($(counted | wc -l) + 5))
    same "number of hooks" "$number" "$(hooks | wc -l)"
    program cgroup_sockops section established
    for hook in $(hooks); do
        probe "cgroup/$CGROUP:$hook" count
        same link_type cgroup "$(info "$PROBE" link_type)"
        same cgroup_id "$(stat -c %i "$GROUP")" "$(info "$PROBE" cgroup_id)"
        same cgroup "$GROUP" "$(info "$PROBE" cgroup)"
        info "$PROBE" attach_type >>"$BATS_TEST_TMPDIR/types"
    done
    same "attach types" "$number" "$(sort -u "$BATS_TEST_TMPDIR/types" | grep -c ^cgroup_)"
    probe "cgroup/$CGROUP:sock_ops@two" "$BPF/established"
    "$ACTS" datagrams
    "$ACTS" others
    in_group "$ACTS" datagrams
    # Of TCP it is not known how many packets there are; and who listens is asked
    # for the name by TOMOYO, where that is.
    while read -r hook number; do
        same "$hook" "$number" "$(hits "$DIR/cgroup/$CGROUP:$hook")"
    done <<'ROWS'
ingress 12
egress 12
getsockname4 1
getsockname6 1
sock_ops 0
ROWS
    in_group "$ACTS" others
    while read -r hook number; do
        [[ $hook != *_unix || $unix ]] || continue
        expected+="$hook $number "
        got+="$hook $(hits "$DIR/cgroup/$CGROUP:$hook") "
    done < <(counted)
    same hits "$expected" "$got"
    # What else a socket asks differs from kernel to kernel.
    same "established connections, on both sides" 4 "$(value established)"
    [ "$(hits "$DIR/cgroup/$CGROUP:sock_ops")" -gt 4 ]
}

@test "large options of sockets are as without count" {
    local without

    needs cgroup_link
    has_python
    without=$(options)
    probe "cgroup/$CGROUP:getsockopt" count
    probe "cgroup/$CGROUP:setsockopt" count
    same options "$without" "$(options)"
    [ "$(hits "$PROBE")" -gt 0 ]
}

has_python() { command -v python3 >/dev/null || skip "no python3"; }

# options: what a process of the cgroup is told of options of more than a page.
options() {
    in_group python3 - <<'PYTHON'
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
def tried(what, *args):
    try:
        r = what(*args)
        print(len(r) if isinstance(r, bytes) else r)
    except OSError as e:
        print(e.errno)
tried(s.getsockopt, socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
tried(s.setsockopt, socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
tried(s.setsockopt, socket.SOL_SOCKET, socket.SO_RCVBUF, (4).to_bytes(4, "little") * 2000)
tried(s.setsockopt, socket.IPPROTO_IP, 4, (4).to_bytes(4, "little") * 2000)
PYTHON
}

@test "a program takes the place of another, and the link stays" {
    local id

    needs cgroup_link
    program cgroup_egress section first
    program cgroup_egress section second
    probe "cgroup/$CGROUP:egress" "$BPF/first"
    id=$(info "$PROBE" link_id)
    put "$PROBE/pin" "$BPF/link"
    in_group "$PACKETS" udp 30
    put "$PROBE/attach" "$BPF/second"
    same "link id" "$id" "$(info "$PROBE" link_id)"
    same program "$("$TOOL" id "$BPF/second")" "$(info "$PROBE" prog_id)"
    holds "$PROBE/pin" "$BPF/link"
    in_group "$PACKETS" udp 7
    put "$PROBE/attach" "$BPF/second"
    same "link id, again" "$id" "$(info "$PROBE" link_id)"
    same "hits of the first" 30 "$(value first)"
    same "hits of the second" 7 "$(value second)"
}

@test "a program that was loaded for another hook is refused, also in the place of one" {
    needs cgroup_link
    program cgroup_sendmsg4 section right
    program cgroup_sendmsg6 section wrong
    program cgroup_egress section other
    probe "cgroup/$CGROUP:sendmsg4"
    refused "$PROBE/attach" "$BPF/wrong" EINVAL "'cgroup_sendmsg6'"
    put "$PROBE/attach" "$BPF/right"
    # The kernel would take it.
    refused "$PROBE/attach" "$BPF/wrong" EINVAL "as libbpf does those of the section 'cgroup/sendmsg4'"
    refused "$PROBE/attach" "$BPF/other" EINVAL "'sendmsg4' takes programs of type cgroup_sock_addr"
    in_group "$PACKETS" udp 7
    same hits 7 "$(value right)"
    refused "$DIR/link/$(info "$PROBE" link_id)/prog" "$BPF/wrong" EINVAL "loaded for something else"
    in_group "$PACKETS" udp 7
    same hits 14 "$(value right)"
}

@test "a pinned link survives the daemon, is adopted, and by no other hook" {
    local id

    needs cgroup_link
    program cgroup_egress section mine
    probe "cgroup/$CGROUP:egress"
    put "$PROBE/pin" "$BPF/link"
    put "$PROBE/attach" "$BPF/mine"
    id=$(info "$PROBE" link_id)
    kill_daemon
    in_group "$PACKETS" udp 5
    start
    same hits 5 "$(value mine)"
    probe "cgroup/$CGROUP:ingress"
    refused "$PROBE/attach" "$BPF/link" EINVAL "is on another target than this probe"
    mkdir "$GROUP/sub"
    probe "cgroup/$CGROUP%2Fsub:egress"
    refused "$PROBE/attach" "$BPF/link" EINVAL "is on another target than this probe"
    probe "cgroup/$CGROUP:egress" "$BPF/link"
    same "link id" "$id" "$(info "$PROBE" link_id)"
    same adopted yes "$(info "$PROBE" adopted)"
    rm "$BPF/link"
    rmdir "$PROBE"
    in_group "$PACKETS" udp 5
    same "hits after all" 5 "$(value mine)"
}

gone() { [ "$(info "$PROBE" state)" = gone ]; }

@test "a probe of a cgroup that was removed is gone" {
    needs cgroup_link
    probe "cgroup/$CGROUP:egress" count
    same state attached "$(info "$PROBE" state)"
    rmdir "$GROUP"
    eventually gone
    contains info "the cgroup was removed" "$(<"$PROBE/info")"
    refused "$PROBE/attach" count ENOENT "no such file: '$GROUP'"
    mkdir "$GROUP"
    put "$PROBE/attach" count
    in_group "$PACKETS" udp 3
    same hits 3 "$(hits "$PROBE")"
}

@test "sites lists what runs for the cgroup, what it inherits too" {
    local first

    needs cgroup_link
    probe "cgroup/$CGROUP:egress" count
    first=$PROBE
    mkdir "$GROUP/sub"
    probe "cgroup/$CGROUP%2Fsub:egress" count
    same sites "probefs_count prog $(info "$PROBE" prog_id) link $(info "$PROBE" link_id) this
probefs_count prog $(info "$first" prog_id) inherited" \
        "$(cut -f 2- "$PROBE/sites" | tr '\t' ' ' | sort -r -k 6)"
    same "sites above" "1 probefs_count prog $(info "$first" prog_id) link $(info "$first" link_id) this" \
        "$(tr '\t' ' ' <"$first/sites")"
    same "programs on the hook" 1 "$(info "$PROBE" hook_programs)"
    in_group "$PACKETS" udp 2
    GROUP+=/sub in_group "$PACKETS" udp 3
    same "hits above and below" "5 3" "$(hits "$first") $(hits "$PROBE")"
}

@test "order and revision put a program where it is to be" {
    local first

    needs cgroup_order
    program cgroup_egress section mine
    probe "cgroup/$CGROUP:egress" count
    first=$PROBE
    put "$first/pin" "$BPF/anchor"
    probe "cgroup/$CGROUP:ingress" count
    put "$PROBE/pin" "$BPF/elsewhere"
    probe "cgroup/$CGROUP:egress@two"
    refused "$PROBE/config" "revision: 77
attach: $BPF/mine" ESTALE "not of revision 77"
    refused "$PROBE/config" "order: before $(info "$first" prog_id)
attach: $BPF/mine" EINVAL "ordered by links only"
    refused "$PROBE/config" "order: after link:4294967295
attach: $BPF/mine" ENOENT "the link 4294967295 that 'order' names is not on this hook"
    refused "$PROBE/config" "order: after $BPF/elsewhere
attach: $BPF/mine" ENOENT "the link that 'order' names is not on this hook"
    put "$PROBE/revision" "$(info "$first" hook_revision)"
    for order in "before link:$(info "$first" link_id)" first "before $BPF/anchor"; do
        put "$PROBE/order" "$order"
        put "$PROBE/attach" "$BPF/mine"
        same "order $order" "cgroup_egress probefs_count" "$(cut -f 2 "$PROBE/sites" | xargs)"
        put "$PROBE/attach" ''
        put "$PROBE/revision" 0
        put "$PROBE/order" last
        put "$PROBE/attach" "$BPF/mine"
        same last "probefs_count cgroup_egress" "$(cut -f 2 "$PROBE/sites" | xargs)"
        put "$PROBE/attach" ''
    done
}

@test "order needs a kernel that has it" {
    needs cgroup_link
    lacks cgroup_order
    probe "cgroup/$CGROUP:egress"
    put "$PROBE/order" first
    refused "$PROBE/attach" count EOPNOTSUPP "came with Linux 6.17"
}

@test "64 programs are on a hook at most, without links beside none" {
    local i

    needs cgroup_link
    program cgroup_egress section mine
    for ((i = 0; i < 64; i++)); do
        probe "cgroup/$CGROUP:egress@$i" "$BPF/mine"
    done
    probe "cgroup/$CGROUP:egress"
    refused "$PROBE/attach" "$BPF/mine" E2BIG "64 programs are on this hook of '$GROUP' already"
    remove_probes
    "$TOOL" cgroup-attach "$BPF/mine" "$GROUP" 1
    probe "cgroup/$CGROUP:egress"
    refused "$PROBE/attach" "$BPF/mine" EPERM "a program without a link is on this hook of '$GROUP'"
    contains error "rights do not help" "$(<"$PROBE/error")"
    mkdir "$GROUP/sub"
    probe "cgroup/$CGROUP%2Fsub:egress"
    refused "$PROBE/attach" "$BPF/mine" EPERM "or of a cgroup above it"
}

@test "programs without a link are beside those with one, if they let them" {
    needs cgroup_link
    program cgroup_egress section theirs
    bpftool cgroup attach "$GROUP" egress pinned "$BPF/theirs" multi
    probe "cgroup/$CGROUP:egress" count
    same sites "1 cgroup_egress prog $("$TOOL" id "$BPF/theirs")
2 probefs_count prog $(info "$PROBE" prog_id) link $(info "$PROBE" link_id) this" \
        "$(tr '\t' ' ' <"$PROBE/sites")"
    in_group "$PACKETS" udp 2
    bpftool cgroup detach "$GROUP" egress pinned "$BPF/theirs"
    in_group "$PACKETS" udp 3
    same "hits of theirs" 2 "$(value theirs)"
    same hits 5 "$(hits "$PROBE")"
    # One that lets no other be beside it is not put there.
    ! bpftool cgroup attach "$GROUP" egress pinned "$BPF/theirs" ||
        fault "it took the place"
    same state attached "$(info "$PROBE" state)"
}

@test "what is no cgroup is refused with a sentence" {
    local path hook error part rows=0

    needs cgroup_link
    while IFS='|' read -r path hook error part; do
        rows=$((rows + 1))
        probe cgroup/x
        put "$PROBE/path" "$path"
        put "$PROBE/hook" "$hook"
        refused "$PROBE/attach" count "$error" "$part"
        rmdir "$PROBE"
    done <<'ROWS'
|egress|EINVAL|the field 'path' is empty
/||EINVAL|the field 'hook' is empty
/tmp|egress|EINVAL|'/tmp' is no cgroup of version 2
/none|egress|ENOENT|no such file: '/none'
probefs-none|egress|ENOENT|no such file
/etc/passwd|egress|ENOTDIR|cannot open '/etc/passwd'
ROWS
    [ "$rows" -eq 6 ]
    probe cgroup/y
    refused "$PROBE/hook" sendmsg EINVAL "'sendmsg' is no hook of a cgroup"
    put "$PROBE/path" "$GROUP"
    put "$PROBE/hook" egress
    put "$PROBE/attach" count
    same state attached "$(info "$PROBE" state)"
    probe "cgroup/%2F:device" count
    same cgroup "$MOUNT" "$(info "$PROBE" cgroup)"
}

# alice COMMAND...
alice() {
    setpriv --reuid="$ALICE" --regid="$ALICE" --clear-groups "$@"
}

@test "whom a cgroup is delegated to can attach what is hers" {
    needs cgroup_link
    chmod 755 "$BATS_RUN_TMPDIR" "${BATS_TEST_TMPDIR%/*}" "$BATS_TEST_TMPDIR"
    remount mode=0755,allow=cgroup
    program cgroup_sendmsg4 section roots
    chown "$ALICE" "$BPF/roots"
    alice --inh-caps=+bpf,+net_admin --ambient-caps=+bpf,+net_admin \
        "$TOOL" load "$(object cgroup_sendmsg4)" cgroup_sendmsg4 "$BPF/hers" section
    loaded+=" $("$TOOL" id "$BPF/hers")"
    probe "cgroup/$CGROUP:sendmsg4"
    chown "$ALICE" "$PROBE/attach"
    same "no right to the cgroup" EACCES "$(alice "$TOOL" write "$PROBE/attach" "$BPF/hers")"
    contains error "you may not write to '$GROUP'" "$(<"$PROBE/error")"
    chown "$ALICE" "$GROUP"
    same "of probefs" EPERM "$(alice "$TOOL" write "$PROBE/attach" count)"
    contains error "needs CAP_NET_ADMIN" "$(<"$PROBE/error")"
    same "of root" EPERM "$(alice "$TOOL" write "$PROBE/attach" "$BPF/roots")"
    same hers ok "$(alice "$TOOL" write "$PROBE/attach" "$BPF/hers")"
    in_group "$PACKETS" udp 4
    same hits 4 "$(value hers)"
    # bpf(2) asks whoever attaches a filter of packets, too.
    alice --inh-caps=+bpf,+net_admin --ambient-caps=+bpf,+net_admin \
        "$TOOL" load "$(object cgroup_egress)" cgroup_egress "$BPF/filter" section
    loaded+=" $("$TOOL" id "$BPF/filter")"
    put "$PROBE/attach" ""
    put "$PROBE/hook" egress
    same "a filter of hers" EPERM "$(alice "$TOOL" write "$PROBE/attach" "$BPF/filter")"
    contains error "programs of type cgroup_skb need CAP_NET_ADMIN, or CAP_SYS_ADMIN" "$(<"$PROBE/error")"
    same "with the capability" ok "$(alice --inh-caps=+net_admin --ambient-caps=+net_admin \
        "$TOOL" write "$PROBE/attach" "$BPF/filter")"
    in_group "$PACKETS" udp 3
    same "hits of the filter" 3 "$(value filter)"
    same "with the capability" ok "$(alice --inh-caps=+net_admin --ambient-caps=+net_admin \
        "$TOOL" write "$PROBE/attach" count)"
    in_group "$PACKETS" udp 6
    same "hits of count" 6 "$(hits "$PROBE")"
}
