#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# link/ID/info and prog/ID/info: names beside the numbers that the kernel tells.
# bats file_tags=bpf,root

# shellcheck disable=SC2030,SC2031  # bats runs each test in a subshell
# shellcheck disable=SC2034,SC2154  # net.bash has the variables
load helpers
load net

setup() {
    prepare
    start
    CGROUPS=$BATS_TEST_TMPDIR/cgroups
    CGROUP=$CGROUPS/probefs-$$-$BATS_TEST_NUMBER
}

teardown() {
    end_spaces
    [ ! -d "$CGROUP" ] || rmdir "$CGROUP"
    ! mountpoint -q "$CGROUPS" || umount "$CGROUPS"
    finish
}

# named PROGRAM [TARGET-PIN FUNCTION]: of names.bpf.c, at $BPF/PROGRAM; $PROG is
# its directory.
named() {
    local object=$PROGRAMS/bpf/names.bpf.o load=(load "$PROGRAMS/bpf/names.bpf.o" "$1" "$BPF/$1" section)

    [ $# -eq 1 ] || load=(load-on "$object" "$1" "$BPF/$1" "$BPF/$2" "$3")
    "$TOOL" "${load[@]}" 2>"$BATS_TEST_TMPDIR/log" ||
        skip "not loaded here: $(tail -n1 "$BATS_TEST_TMPDIR/log")"
    loaded+=" $("$TOOL" id "$BPF/$1")"
    PROG=$DIR/prog/$("$TOOL" id "$BPF/$1")
}

# linked PROGRAM TYPE: it is attached to what it was loaded for; $LINK is the
# directory of the link.
linked() {
    "$TOOL" hook "$BPF/$1" - "$2" "$BPF/link" 2>"$BATS_TEST_TMPDIR/log" ||
        skip "not attached here: $(tail -n1 "$BATS_TEST_TMPDIR/log")"
    LINK=$DIR/link/$(link_at "$BPF/link")
}

# link_at PIN: the id of the link there.
link_at() {
    "$TOOL" with "$1" 9 cat /proc/self/fdinfo/9 | sed -n 's/^link_id:\t//p'
}

# tells_objects: this kernel tells the BTF object that programs are for (6.0).
tells_objects() {
    [ -n "$(info "$PROG" attach_btf_obj_id)" ] || skip "no target is told"
    [ "$(info "$PROG" attach_btf_obj_id)" != 0 ] || skip "no object is told"
}

@test "a program's tracepoint is told by its name" {
    named names_tracepoint
    tells_objects
    same tp_name sched_process_hang "$(info "$PROG" tp_name)"
    same function "" "$(info "$PROG" function)"
}

@test "an iterator's function is told by its name" {
    named names_iter
    tells_objects
    same function bpf_iter_task "$(info "$PROG" function)"
}

@test "a program's hook of LSM is told by its name" {
    named names_lsm
    tells_objects
    same hook settime "$(info "$PROG" hook)"
    linked names_lsm 27
    same attach_type lsm_mac "$(info "$LINK" attach_type)"
    same hook settime "$(info "$LINK" hook)"
}

@test "a function of the kernel is told by its name" {
    named names_fentry
    tells_objects
    same "of the program" bpf_fentry_test1 "$(info "$PROG" function)"
    linked names_fentry 24
    same "of the link" bpf_fentry_test1 "$(info "$LINK" function)"
    same "object" "$(info "$PROG" attach_btf_obj_id)" "$(info "$LINK" target_obj_id)"
    same "type" "$(info "$PROG" attach_btf_id)" "$(info "$LINK" target_btf_id)"
    same "no program" "" "$(info "$LINK" target_prog_id)"
}

@test "a function of a program is told with the program" {
    local target

    named names_whole
    target=${PROG##*/}
    named names_within names_whole names_part
    tells_objects
    same "of the program" names_part "$(info "$PROG" program_function)"
    linked names_within 24
    same program "$target" "$(info "$LINK" target_prog_id)"
    same "no object" "" "$(info "$LINK" target_obj_id)"
    same function "id:$target:names_part" "$(info "$LINK" function)"
}

@test "a replaced function is told with its program" {
    local target

    named names_whole
    target=${PROG##*/}
    named names_replacement names_whole names_part
    linked names_replacement 0
    # 5.10 has no room for it in what it tells, and freplace is that old.
    [[ $(info "$LINK" target_prog_id) == [1-9]* ]] || skip "no target is told"
    same attach_type freplace "$(info "$LINK" attach_type)"
    same program "$target" "$(info "$LINK" target_prog_id)"
    same function "id:$target:names_part" "$(info "$LINK" function)"
}

@test "a cgroup is told by its path" {
    mkdir -p "$CGROUPS"
    mount -t cgroup2 none "$CGROUPS"
    mkdir -p "$CGROUP/a  b"
    "$TOOL" load "$PROGRAMS/bpf/hook.bpf.o" egress "$BPF/egress"
    loaded+=" $("$TOOL" id "$BPF/egress")"
    # BPF_CGROUP_INET_EGRESS
    "$TOOL" hook "$BPF/egress" "$CGROUP/a  b" 1 "$BPF/link"
    LINK=$DIR/link/$(link_at "$BPF/link")
    same cgroup "${CGROUP##*/}/a  b" "$(info "$LINK" cgroup)"
    put "$LINK/detach" 1
    same "when detached" "" "$(info "$LINK" cgroup)"
    rmdir "$CGROUP/a  b"
}

@test "an interface and a network namespace of here are told" {
    local own

    needs tcx
    own=$(stat -Lc %i /proc/self/ns/net)
    probe "tcx/lo:egress@names" count
    LINK=$DIR/link/$(info "$PROBE" link_id)
    same ifname lo "$(info "$LINK" ifname)"
    same netns_ino "$own" "$(info "$LINK" netns_ino)"
    put "$LINK/detach" 1
    same "when detached" "" "$(info "$LINK" ifname)"
    probe netns/sk_lookup@names count
    LINK=$DIR/link/$(info "$PROBE" link_id)
    same netns_ino "$own" "$(info "$LINK" netns_ino)"
    same netns "this one" "$(info "$LINK" netns)"
}

@test "an interface of another namespace is not taken for one of here" {
    needs tcx
    space
    NET=$space
    on tcx/lo:egress@names
    LINK=$DIR/link/$(info "$PROBE" link_id)
    same state attached "$(info "$PROBE" state)"
    same ifname "" "$(info "$LINK" ifname)"
}
