#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Iterators: who may read, how much, and of what: cgroups, maps, namespaces.
# What an iterator is for is told the same way since it can be.
# bats file_tags=bpf,root,ends

# shellcheck disable=SC2030,SC2031  # each test is a subshell
load helpers
load users
load iter

setup() {
    prepare
    start
    needs iter
}

# given PROGRAM: a probe of it, which others reach, but for its files.
given() {
    others
    probe iter/task "$BPF/$1"
    chmod o+x "$DIR/iter"
}

# opens UID PATH COUNT: so many times in one process, and then once more.
opens() {
    # shellcheck disable=SC2016
    as "$1" bash -c 'for ((i = 0; i < $2; i++)); do exec {_}<"$1" || exit 1; done
        cat "$1" >/dev/null' opens "$2" "$3" 2>&1 || true
}

@test "the output is its owner's" {
    iterator iter_task
    given iter_task
    same "somebody else" EACCES "$(as "$ALICE" "$VFS" read "$PROBE/output" 0)"
    chmod 0755 "$PROBE"
    same "mode of the directory" EACCES "$(as "$ALICE" "$VFS" read "$PROBE/output" 0)"
    chown "$ALICE" "$PROBE"
    same "the owner" ok "$(as "$ALICE" "$VFS" read "$PROBE/output" 0)"
    same "not the owner" EACCES "$(as "$BOB" "$VFS" read "$PROBE/output" 0)"
    chmod 0444 "$PROBE/output"
    same "everybody" ok "$(as "$BOB" "$VFS" read "$PROBE/output" 0)"
}

@test "a user has sixteen runs at most, beside those of others" {
    iterator iter_task
    given iter_task
    chmod 0755 "$PROBE"
    chmod 0444 "$PROBE/output"
    same "root" "" "$(opens 0 "$PROBE/output" 20)"
    same "the sixteenth" "" "$(opens "$ALICE" "$PROBE/output" 15)"
    contains "the seventeenth" "Too many open files" "$(opens "$ALICE" "$PROBE/output" 16)"
    contains error "output: EMFILE: you have 16 outputs open" "$(<"$PROBE/error")"
    same "another user" "" "$(opens "$BOB" "$PROBE/output" 15)"
}

@test "a delegated user attaches and reads what that user can have" {
    iterator iter_task
    given iter_task
    chown "$ALICE" "$BPF/iter_task" "$DIR/iter"
    chmod o+x "$BPF"
    as "$ALICE" mkdir "$DIR/iter/@hers"
    PROBE=$DIR/iter/@hers
    # What root has loaded tells what root may know.
    asks "$ALICE" "$PROBE/attach" "$BPF/iter_task" EPERM "a program of another user needs CAP_PERFMON"
    same "with the capability" ok "$(setpriv --reuid="$ALICE" --regid="$ALICE" \
        --clear-groups --inh-caps=+perfmon --ambient-caps=+perfmon \
        "$TOOL" write "$PROBE/attach" "$BPF/iter_task")"
    same output ok "$(as "$ALICE" "$VFS" read "$PROBE/output" 0)"
    same "not hers" EACCES "$(as "$BOB" "$VFS" read "$PROBE/output" 0)"
}

# A tree of cgroups a/{b,c} in a mount of the test's own.
cgroups() {
    CGROUPS=$BATS_TEST_TMPDIR/cgroups
    mkdir "$CGROUPS"
    mount -t cgroup2 cgroup2 "$CGROUPS"
    CGROUP=$CGROUPS/probefs-test-$$
    mkdir "$CGROUP" "$CGROUP/b" "$CGROUP/c"
}

teardown() {
    [ ! -d "${CGROUP-}" ] || no_cgroups
    finish
}

no_cgroups() {
    rmdir "$CGROUP/b" "$CGROUP/c" "$CGROUP"
    umount "$CGROUPS"
}

ids() { stat -c %i "$@"; }

@test "cgroups come in the order that is asked for" {
    local pre

    iterator iter_cgroup
    cgroups
    probe iter/cgroup
    put "$PROBE/cgroup" "$CGROUP"
    put "$PROBE/attach" "$BPF/iter_cgroup"
    same cgroup_id "$(ids "$CGROUP")" "$(info "$PROBE" cgroup_id)"
    same order descendants_pre "$(info "$PROBE" cgroup_order)"
    pre=$(<"$PROBE/output")
    same "the first" "$(ids "$CGROUP")" "${pre%%$'\n'*}"
    same "all three" "$(ids "$CGROUP" "$CGROUP/b" "$CGROUP/c" | sort)" "$(sort <<<"$pre")"
    put "$PROBE/order" descendants_post
    same "the last" "$(ids "$CGROUP")" "$(tail -n 1 "$PROBE/output")"
    put "$PROBE/order" self_only
    holds "$PROBE/output" "$(ids "$CGROUP")"
    put "$PROBE/order" ancestors_up
    put "$PROBE/cgroup" "$CGROUP/b"
    holds "$PROBE/output" "$(ids "$CGROUP/b" "$CGROUP" "$CGROUPS")"
    # A pin of another cgroup is not of this probe.
    put "$PROBE/pin" "$BPF/pin"
    probe iter/cgroup@2
    put "$PROBE/cgroup" "$CGROUP"
    put "$PROBE/order" ancestors_up
    refused "$PROBE/attach" "$BPF/pin" EINVAL "is on another target than this probe"
    put "$PROBE/cgroup" "$CGROUP/b"
    put "$PROBE/attach" "$BPF/pin"
    put "$PROBE/attach" ""
    # The root is the first where none is written.
    put "$PROBE/cgroup" ""
    put "$PROBE/order" self_only
    put "$PROBE/attach" "$BPF/iter_cgroup"
    holds "$PROBE/output" "$(ids "$CGROUPS")"
    # One that is removed is not gone through.
    mkdir "$CGROUP/d"
    put "$PROBE/cgroup" "$CGROUP/d"
    rmdir "$CGROUP/d"
    holds "$PROBE/output" ""
}

@test "sockets are those of the writer's network namespace" {
    iterator iter_tcp
    probe iter/tcp@there
    # shellcheck disable=SC2016
    unshare --net bash -c 'echo "$1" >"$2/attach"' attach "$BPF/iter_tcp" "$PROBE"
    same state attached "$(info "$PROBE" state)"
    [ "$(info "$PROBE" netns_ino)" != "$(stat -Lc %i /proc/self/ns/net)" ]
    holds "$PROBE/output" ""
}
