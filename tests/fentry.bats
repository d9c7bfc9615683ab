#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Functions, through trampolines: fentry, fexit, fmod_ret, fsession, lsm, and
# freplace.  What is hit is what sched_rr_get_interval(2) calls, which nothing
# but `kcall` calls; or a program, in trial runs.
# bats file_tags=bpf,root

# shellcheck disable=SC2016,SC2030,SC2031,SC2153  # inner shells; the helpers
load helpers

FUNCTION=__x64_sys_sched_rr_get_interval
HOOK=task_getscheduler

kcall() { "$PROGRAMS/kcall" "$@"; }

# denied: the system call fails.
denied() { ! kcall 1; }

# told FUNCTION: what the program is for, which kernels before 6.0 do not tell.
told() {
    [[ $(feature_line tracing_cookie) == *$'\t'yes$'\t'* ]] || set -- unknown
    same function "$1" "$(info "$PROBE" function)"
}

# run_program PROGRAM [COUNT]: trial runs; the result.
run_program() { "$TOOL" run "$BPF/$1" ${2+"$2"}; }

# on NAME PROGRAM [PIN]: loads it for the function fentry_part of another.
on() {
    "$TOOL" load-on "$(object "$1")" "$1" "$BPF/${3:-$1}" "$BPF/$2" fentry_part
    loaded+=" $("$TOOL" id "$BPF/${3:-$1}")"
}

@test "the built-in program counts each entry and each return" {
    local kind

    needs fentry
    for kind in fentry fexit; do
        probe "$kind/$FUNCTION" count
        kcall 10
        same "hits of $kind" 10 "$(hits "$PROBE")"
        same function "$FUNCTION" "$(info "$PROBE" function)"
        same type tracing "$(info "$PROBE" link_type)"
        same "attach type" "trace_$kind" "$(info "$PROBE" attach_type)"
    done
    rmdir "$DIR/fentry/$FUNCTION"
    kcall 5
    same "hits of fexit" 15 "$(hits "$PROBE")"
}

@test "a session is hit twice by each call" {
    needs fsession
    probe "fsession/$FUNCTION" count
    kcall 10
    same hits 20 "$(hits "$PROBE")"
    same "attach type" trace_fsession "$(info "$PROBE" attach_type)"
}

@test "a program is for the function and the kind that it was loaded for" {
    local kind id name

    needs fentry tracing_cookie # then it tells what a program is for
    program fentry_own section
    program fentry_exit section
    for kind in fentry:fentry_own fexit:fentry_exit; do
        name=${kind#*:} kind=${kind%:*}
        probe "$kind/vfs_read@$name"
        refused "$PROBE/attach" "$BPF/$name" EINVAL "this probe is for $kind of vfs_read"
        [ "$kind" = fentry ] ||
            refused "$PROBE/attach" "$BPF/fentry_own" EINVAL "this probe is for fexit of vfs_read"
        probe "$kind/$FUNCTION" "$BPF/$name"
        id=$(info "$PROBE" link_id)
        put "$PROBE/attach" "$BPF/$name"
        same "link" "$id" "$(info "$PROBE" link_id)"
        kcall 10
        same "hits of $name" 10 "$(value "$name")"
        same sites "-	$FUNCTION	link $id" "$(<"$PROBE/sites")"
        rmdir "$PROBE"
    done
    program fentry_deny section
    probe fmod_ret/vfs_read
    refused "$PROBE/attach" "$BPF/fentry_deny" EINVAL "this probe is for fmod_ret of vfs_read"
    probe "fexit/$FUNCTION@other"
    refused "$PROBE/attach" "$BPF/fentry_own" EINVAL fentry
    kcall 1
    same hits 10 "$(value fentry_own)"
}

@test "without a function the probe takes that of the program, and tells it" {
    needs fentry
    program fentry_own section
    probe fentry/@any
    refused "$PROBE/attach" count EINVAL "the field 'symbol' is empty"
    put "$PROBE/attach" "$BPF/fentry_own"
    kcall 3
    same hits 3 "$(value fentry_own)"
    told "$FUNCTION"
}

@test "the program sees the cookie, also a new one" {
    needs tracing_cookie
    program fentry_cookie section
    probe "fentry/$FUNCTION"
    put "$PROBE/cookie" 11
    put "$PROBE/attach" "$BPF/fentry_cookie"
    kcall 1
    same cookie 11 "$(value fentry_cookie cookies)"
    put "$PROBE/cookie" 12
    kcall 1
    same cookie 12 "$(value fentry_cookie cookies)"
    same cookie 12 "$(info "$PROBE" cookie)"
    same hits 2 "$(value fentry_cookie)"
}

@test "a kernel without such cookies says so" {
    needs fentry
    lacks tracing_cookie
    probe "fentry/$FUNCTION"
    put "$PROBE/cookie" 11
    refused "$PROBE/attach" count EOPNOTSUPP "came with Linux 5.19"
}

@test "a program is in one probe, and another takes its place" {
    needs fentry tracing_cookie # then it takes a program again
    program fentry_own section one
    program fentry_own section two
    probe "fentry/$FUNCTION@other"
    probe "fentry/$FUNCTION" "$BPF/one"
    refused "$DIR/fentry/$FUNCTION@other/attach" "$BPF/one" EBUSY "load it again for another probe"
    kcall 10
    put "$PROBE/attach" "$BPF/two"
    kcall 5
    same "hits of the first" 10 "$(value one)"
    same "hits of the second" 5 "$(value two)"
    put "$PROBE/enabled" 0
    kcall 1
    put "$PROBE/enabled" 1
    kcall 2
    same "hits of the second" 7 "$(value two)"
    rmdir "$PROBE"
    kcall 1
    same "hits of the second" 7 "$(value two)"
}

@test "where the kernel takes a program once, a second time is refused" {
    needs fentry
    lacks tracing_cookie
    program fentry_own section
    probe "fentry/$FUNCTION@other"
    probe "fentry/$FUNCTION" "$BPF/fentry_own"
    refused "$DIR/fentry/$FUNCTION@other/attach" "$BPF/fentry_own" ENOENT "this kernel does that once"
    kcall 10
    same hits 10 "$(value fentry_own)"
}

@test "a pinned link goes on without the daemon, and is taken over" {
    local id

    needs fentry
    program fentry_own section
    probe "fentry/$FUNCTION"
    put "$PROBE/pin" "$BPF/pin"
    put "$PROBE/attach" "$BPF/fentry_own"
    id=$(info "$PROBE" link_id)
    kill_daemon
    kcall 5
    same hits 5 "$(value fentry_own)"
    start
    probe "fexit/$FUNCTION"
    refused "$PROBE/attach" "$BPF/pin" EINVAL "is on another target than this probe"
    probe "fentry/$FUNCTION" "$BPF/pin"
    same link "$id" "$(info "$PROBE" link_id)"
    same adopted yes "$(info "$PROBE" adopted)"
    kcall 5
    same hits 10 "$(value fentry_own)"
    rm "$BPF/pin"
}

@test "a function of a module is counted, and keeps the module" {
    needs fentry
    modprobe dummy numdummies=0 || skip "no module dummy"
    probe fentry/dummy:dummy_dev_init
    if [ ! -e /sys/kernel/btf/dummy ]; then
        refused "$PROBE/attach" count ENOENT "no function 'dummy:dummy_dev_init' in the BTF"
        rmmod dummy
        return
    fi
    put "$PROBE/attach" count
    ip link add probefs0 type dummy
    ip link del probefs0
    same hits 1 "$(hits "$PROBE")"
    same module dummy "$(info "$PROBE" module)"
    same function dummy_dev_init "$(info "$PROBE" function)"
    grep -qx dummy:dummy_dev_init "$DIR/fentry/available"
    grep -qx vfs_read "$DIR/fentry/available"
    if rmmod dummy; then fault "the module went"; fi
    rmdir "$PROBE"
    rmmod dummy
    probe fentry/dummy:dummy_dev_init
    refused "$PROBE/attach" count ENOENT "no function 'dummy:dummy_dev_init'"
}

@test "the function returns what an fmod_ret program says, and with count what it would" {
    needs fentry
    probe "fmod_ret/security_$HOOK" count
    kcall 10
    same "hits of count" 10 "$(hits "$PROBE")"
    program fentry_deny section
    put "$PROBE/attach" "$BPF/fentry_deny"
    denied
    same hits 1 "$(value fentry_deny)"
    same "attach type" modify_return "$(info "$PROBE" attach_type)"
    rmdir "$PROBE"
    kcall 1
    probe fmod_ret/vfs_read
    refused "$PROBE/attach" count EINVAL "the verifier says"
}

@test "an lsm program decides, and count refuses nothing" {
    needs lsm
    probe "lsm/$HOOK" count
    kcall 10
    same "hits of count" 10 "$(hits "$PROBE")"
    program fentry_lsm section
    put "$PROBE/attach" "$BPF/fentry_lsm"
    denied
    same hits 1 "$(value fentry_lsm)"
    same "attach type" lsm_mac "$(info "$PROBE" attach_type)"
    rmdir "$PROBE"
    kcall 1
    probe lsm/file_open
    refused "$PROBE/attach" "$BPF/fentry_lsm" EINVAL "this probe is for lsm of file_open"
    probe lsm/no_such_hook
    refused "$PROBE/attach" count ENOENT "no LSM hook 'no_such_hook' in the BTF of this kernel"
    grep -qx "$HOOK" "$DIR/lsm/available"
}

@test "a function of a program is counted in its trial runs" {
    local id

    needs fentry
    program fentry_whole section
    id=$("$TOOL" id "$BPF/fentry_whole")
    probe "fentry/id:$id:no_such_function"
    refused "$PROBE/attach" count ENOENT "program $id has no function 'no_such_function'"
    probe "fentry/id:$id:fentry_part" count
    run_program fentry_whole 10
    same hits 10 "$(hits "$PROBE")"
    same target "fentry_whole (id $id)" "$(info "$PROBE" target_program)"
    same function fentry_part "$(info "$PROBE" function)"
    on fentry_within fentry_whole
    put "$PROBE/attach" "$BPF/fentry_within"
    run_program fentry_whole 10
    same hits 10 "$(value fentry_within)"
    probe fentry/@any
    put "$PROBE/program" "$BPF/fentry_whole"
    refused "$PROBE/attach" count EINVAL "the field 'symbol' is empty"
}

@test "a freplace program takes the place of a function, and another its place" {
    needs fentry tracing_cookie # then it tells what a program is for
    program fentry_whole section
    program fentry_whole section other
    on fentry_pass fentry_whole
    on fentry_tx fentry_whole
    probe freplace/mine
    put "$PROBE/program" "$BPF/fentry_whole"
    refused "$PROBE/attach" "$BPF/fentry_pass" EINVAL "the field 'function' is empty"
    put "$PROBE/function" fentry_part
    refused "$PROBE/attach" count EINVAL "only a program that is written for it"
    put "$PROBE/attach" "$BPF/fentry_pass"
    same result 2 "$(run_program fentry_whole)"
    same target "fentry_whole (id $("$TOOL" id "$BPF/fentry_whole"))" \
        "$(info "$PROBE" target_program)"
    put "$PROBE/attach" "$BPF/fentry_tx"
    same result 3 "$(run_program fentry_whole)"
    probe freplace/late
    refused "$PROBE/attach" "$BPF/fentry_tx" EINVAL "is or was there"
    put "$PROBE/program" "$BPF/fentry_whole"
    put "$PROBE/function" fentry_part
    refused "$PROBE/attach" "$BPF/fentry_pass" EBUSY "the kernel takes such a program once"
    put "$DIR/freplace/mine/attach" ''
    same result 1 "$(run_program fentry_whole)"
    put "$PROBE/program" "$BPF/other"
    put "$PROBE/attach" "$BPF/fentry_pass"
    same result 2 "$(run_program other)"
    same result 1 "$(run_program fentry_whole)"
}

@test "a freplace program goes where it was loaded for, once" {
    needs fentry tracing_cookie # then it tells what a program is for
    program fentry_whole section
    on fentry_pass fentry_whole
    on fentry_tx fentry_whole
    probe freplace/mine "$BPF/fentry_pass"
    same result 2 "$(run_program fentry_whole)"
    told fentry_part
    refused "$PROBE/attach" "$BPF/fentry_tx" EBUSY "the kernel takes such a program once"
    put "$PROBE/attach" ''
    same result 1 "$(run_program fentry_whole)"
    refused "$PROBE/attach" "$BPF/fentry_pass" EINVAL "is or was there"
    put "$PROBE/attach" "$BPF/fentry_tx"
    same result 3 "$(run_program fentry_whole)"
}

@test "what is no function is refused with the reason" {
    needs fentry
    program plain_tp
    probe fentry/no_such_function
    refused "$PROBE/attach" count ENOENT "no function 'no_such_function' in the BTF of this kernel"
    probe fentry/vfs_read
    refused "$PROBE/attach" "$BPF/plain_tp" EINVAL "is of type tracepoint; a fentry takes type tracing"
}

@test "a kernel without trampolines says so" {
    local kind

    lacks fentry
    for kind in fentry fexit fmod_ret; do
        probe "$kind/$FUNCTION"
        refused "$PROBE/attach" count EPERM "this kernel has no programs on functions"
    done
}

@test "a kernel without sessions or hooks says so" {
    [[ $(feature_line fsession) == *$'\t'yes$'\t'* ]] || {
        probe "fsession/$FUNCTION"
        put "$PROBE/attach" count && fault "attached"
        contains error "this kernel has no such sessions" "$(<"$PROBE/error")"
    }
    [[ $(feature_line lsm) == *$'\t'yes$'\t'* ]] || {
        probe "lsm/$HOOK"
        put "$PROBE/attach" count && fault "attached"
        contains error "programs on LSM hooks do not run in this kernel" "$(<"$PROBE/error")"
    }
}
