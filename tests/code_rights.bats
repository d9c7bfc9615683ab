#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Other users than root and the kinds of code: what they may, and what not.
# bats file_tags=bpf,root,later

# shellcheck disable=SC2030,SC2031,SC2153  # the helpers
load helpers
load users

FUNCTION=__x64_sys_sched_rr_get_interval
HOOK=security_task_getscheduler

kcall() { "$PROGRAMS/kcall" "$@"; }

# alices PROGRAM: she has loaded it, with what that takes, and has it no more.
alices() {
    as "$ALICE" --inh-caps=+bpf,+perfmon --ambient-caps=+bpf,+perfmon -- \
        "$TOOL" load "$(object "$1")" "$1" "$BPF/$1" section
    loaded+=" $("$TOOL" id "$BPF/$1")"
}

@test "a user attaches what she has loaded, and nothing that alters" {
    local kind

    needs fentry tracing_cookie
    others
    chmod 1777 "$BPF"
    program fentry_own section roots
    chmod 0666 "$BPF/roots"
    alices fentry_own
    alices fentry_exit
    chmod 0777 "$DIR/"{fentry,fexit,fmod_ret,freplace,lsm,lsm_cgroup}
    for kind in fentry:fentry_own fexit:fentry_exit; do
        PROBE=$DIR/${kind%:*}/$FUNCTION kind=${kind#*:}
        as "$ALICE" mkdir "$PROBE"
        asks "$ALICE" "$PROBE/attach" count EPERM "a program of probefs needs CAP_PERFMON"
        asks "$ALICE" "$PROBE/attach" "$BPF/$kind" ok
        kcall 2
        same "hits of $kind" 2 "$(value "$kind")"
    done
    PROBE=$DIR/fentry/$FUNCTION
    asks "$ALICE" "$PROBE/attach" "$BPF/roots" EPERM "a program of another user needs CAP_PERFMON"
    kcall 1
    same "hits after that" 5 "$(value fentry_own)"
    for kind in fmod_ret freplace lsm lsm_cgroup; do
        if as "$ALICE" mkdir "$DIR/$kind/x"; then fault "she made one of $kind"; fi
        contains error "mkdir: EPERM: the mount option allow leaves $kind to root" "$(<"$DIR/$kind/error")"
        mkdir "$DIR/$kind/x"
        chown "$ALICE" "$DIR/$kind/x"
        asks "$ALICE" "$DIR/$kind/x/attach" count EPERM "the mount option allow leaves $kind to root"
    done
}

@test "allow gives users the kinds that it names alone" {
    needs fentry tracing_cookie
    remount mode=0755,allow=fmod_ret
    others
    chmod 1777 "$BPF"
    alices fentry_deny
    chmod 0777 "$DIR/"{fentry,fmod_ret}
    if as "$ALICE" mkdir "$DIR/fentry/$FUNCTION"; then fault "she made one"; fi
    contains error "the mount option allow leaves fentry to root" "$(<"$DIR/fentry/error")"
    as "$ALICE" mkdir "$DIR/fmod_ret/$HOOK"
    PROBE=$DIR/fmod_ret/$HOOK
    asks "$ALICE" "$PROBE/attach" count EPERM "a program of probefs needs CAP_PERFMON"
    asks "$ALICE" "$PROBE/attach" "$BPF/fentry_deny" ok
    if kcall 1; then fault "not denied"; fi
    as "$ALICE" rmdir "$PROBE"
    kcall 1
}
