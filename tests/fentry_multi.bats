#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Patterns of functions, by one link (7.2).  What is hit is bpf_fentry_test1() to
# bpf_fentry_test9(), which only a trial run of an fentry program calls: each once.
# bats file_tags=bpf,root,later

# shellcheck disable=SC2030,SC2031  # PROBE, of the helpers
load helpers

PATTERN='bpf_fentry_test?'

# calls COUNT: of each of them.
calls() {
    local i

    [ -e "$BPF/caller" ] || program fentry_own section caller
    for ((i = 0; i < $1; i++)); do
        "$TOOL" run "$BPF/caller" >/dev/null
    done
}

# functions: of the probe, with its link, as the file `sites` has them.
functions() {
    local id=$1 i

    for i in {1..9}; do
        printf -- '-\tbpf_fentry_test%d\tlink %d\n' "$i" "$id"
    done
}

@test "count is hit by each function, and in a session twice" {
    local kind id per

    needs tracing_multi
    for kind in fentry:1 fexit:1 fsession:2; do
        per=${kind#*:} kind=${kind%:*}
        probe "$kind/$PATTERN" count
        id=$(info "$PROBE" link_id)
        same type tracing_multi "$(info "$PROBE" link_type)"
        same backend multi "$(info "$PROBE" backend)"
        same "attach type" "trace_${kind}_multi" "$(info "$PROBE" attach_type)"
        same number 9 "$(info "$PROBE" sites)"
        same sites "$(functions "$id")" "$(LC_ALL=C sort "$PROBE/sites")"
        calls 2
        same "hits of $kind" $((2 * 9 * per)) "$(hits "$PROBE")"
    done
    same "sites of the link" 9 "$(grep -cx 'site:	bpf_fentry_test[1-9] cookie 0' "$DIR/link/$id/info")"
    grep -qx 'sites:	9' "$DIR/link/$id/info"
    grep -qx 'attach_type:	trace_fsession_multi' "$DIR/link/$id/info"
}

@test "a program of one's own is replaced, pinned and taken over" {
    local id

    needs tracing_multi
    program fentry_any multi-fentry one
    program fentry_any multi-fentry two
    probe "fentry/$PATTERN"
    put "$PROBE/cookie" 11
    put "$PROBE/attach" "$BPF/one"
    id=$(info "$PROBE" link_id)
    put "$PROBE/attach" "$BPF/one"
    same link "$id" "$(info "$PROBE" link_id)"
    calls 1
    same hits 9 "$(value one)"
    same cookie 11 "$(value one cookies)"
    put "$PROBE/attach" "$BPF/two"
    put "$PROBE/cookie" 12
    calls 2
    same "hits of the first" 9 "$(value one)"
    same "hits of the second" 18 "$(value two)"
    same cookie 12 "$(value two cookies)"
    put "$PROBE/enabled" 0
    calls 1
    put "$PROBE/enabled" 1
    probe "fentry/$PATTERN@other"
    refused "$PROBE/attach" "$BPF/two" EBUSY "load it again for another probe"
    PROBE=$DIR/fentry/$PATTERN
    put "$PROBE/pin" "$BPF/pin"
    id=$(info "$PROBE" link_id)
    kill_daemon
    calls 1
    same hits 27 "$(value two)"
    start
    probe fentry/bpf_fentry_test1
    refused "$PROBE/attach" "$BPF/pin" EINVAL "is on another target than this probe"
    probe "fexit/$PATTERN"
    refused "$PROBE/attach" "$BPF/pin" EINVAL "is on another target than this probe"
    probe "fentry/$PATTERN" "$BPF/pin"
    same link "$id" "$(info "$PROBE" link_id)"
    same adopted yes "$(info "$PROBE" adopted)"
    same cookie 12 "$(info "$PROBE" cookie)"
    same state attached "$(info "$PROBE" state)"
    same sites "$(functions "$id")" "$(LC_ALL=C sort "$PROBE/sites")"
    rm "$BPF/pin"
    rmdir "$PROBE"
    calls 1
    same hits 27 "$(value two)"
}

@test "a program for any functions goes on one, too" {
    needs tracing_multi
    program fentry_any multi-fentry
    probe fentry/bpf_fentry_test1
    put "$PROBE/attach" "$BPF/fentry_any"
    same type tracing_multi "$(info "$PROBE" link_type)"
    same function bpf_fentry_test1 "$(info "$PROBE" function)"
    calls 3
    same hits 3 "$(value fentry_any)"
    put "$PROBE/attach" ''
    probe fentry/@any
    refused "$PROBE/attach" "$BPF/fentry_any" EINVAL "the program is for any functions"
}

@test "what the kernel does not take is left out" {
    needs tracing_multi
    # Two of them never return: noreturn_deny of kernel/bpf/verifier.c.
    probe 'fexit/kthread_*' count
    contains warning "left out" "$(info "$PROBE" warning)"
    grep -q '	kthread_stop	' "$PROBE/sites"
    if grep '	kthread_exit	' "$PROBE/sites"; then fault "attached"; fi
    probe 'fentry/migrate_*able'
    refused "$PROBE/attach" count ENOENT "2 that match were left out"
    probe 'fentry/no_such_*'
    refused "$PROBE/attach" count ENOENT "no function of 'vmlinux' that can be traced matches 'no_such_*'"
    probe 'fentry/no_such:*'
    refused "$PROBE/attach" count ENOENT "the module 'no_such' is not loaded"
}

@test "programs of other kinds, functions and modules are refused" {
    needs tracing_multi
    program fentry_own section
    program fentry_any multi-fexit
    probe "fentry/$PATTERN"
    refused "$PROBE/attach" "$BPF/fentry_own" EINVAL "this probe is for fentry of several; load it with"
    refused "$PROBE/attach" "$BPF/fentry_any" EINVAL "for any functions, but not as trace_fentry"
    probe fmod_ret/@any
    put "$PROBE/symbol" "$PATTERN"
    refused "$PROBE/attach" count EINVAL "on one function, not on a pattern's"
    if mkdir "$DIR/fmod_ret/$PATTERN"; then fault "made"; fi
    contains error "on one function, not on a pattern's" "$(<"$DIR/fmod_ret/error")"
    modprobe dummy numdummies=0 || skip "no module dummy"
    [ -e /sys/kernel/btf/dummy ] || skip "no BTF of the module dummy"
    probe 'fentry/dummy:dummy_dev_i*'
    refused "$PROBE/attach" "$BPF/fentry_any" EINVAL "is for functions of vmlinux"
    put "$PROBE/attach" count
    same sites "-	dummy:dummy_dev_init	link $(info "$PROBE" link_id)" "$(<"$PROBE/sites")"
    ip link add probefs0 type dummy
    ip link del probefs0
    same hits 1 "$(hits "$PROBE")"
}

# 38 are BPF_MAX_TRAMP_LINKS; 36 of these fill the page that 7.2 has for
# them (arch_prepare_bpf_trampoline()).
@test "what a function has no room for is refused" {
    local i made=0

    needs fentry tracing_cookie
    mkdir "$DIR/fentry/bpf_fentry_test1@"{1..38}
    for i in {1..38}; do
        put "$DIR/fentry/bpf_fentry_test1@$i/attach" count || break
        made=$i
    done
    [[ $made == 38 || $made == 36 ]] || fault "$made are on it"
    probe fexit/bpf_fentry_test1
    refused "$PROBE/attach" count E2BIG "as many programs as the kernel takes are on the function already: 38, or less"
    [[ $(feature_line tracing_multi) == *$'\t'yes$'\t'* ]] || return 0
    probe "fentry/$PATTERN"
    refused "$PROBE/attach" count E2BIG "on one of the functions from 'bpf_fentry_test1'"
}

@test "a kernel without such links says so" {
    needs fentry
    lacks tracing_multi
    probe "fentry/$PATTERN"
    refused "$PROBE/attach" count EOPNOTSUPP "a pattern needs one link on several functions: came with Linux 7.2"
}
