#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Whatever the kernel answers, the caller is answered too, with an errno that
# FUSE takes, and nothing is half done.
# bats file_tags=host,bpf,root
# shellcheck disable=SC2030,SC2031

load helpers
load users

setup() {
    local real=$PROBEFS

    prepare
    CONTROL=$BATS_TEST_TMPDIR/control
    WRAPPER=$BATS_TEST_TMPDIR/wrapper
    printf '#!/bin/sh\nexec "%s" "%s" "%s" "$@"\n' "$PROGRAMS/inject" "$CONTROL" "$real" >"$WRAPPER"
    chmod +x "$WRAPPER"
    PROBEFS=$WRAPPER
}

# Those of include/uapi/asm-generic, those that the kernel keeps to itself, and
# none at all.
errnos() { echo {1..40} {42..57} {59..133} {512..531} 999 4095; }

# fails CALL FILE TEXT: with each errno it is answered, the state stays.
fails() {
    local code before got

    before=$(state "$PROBE")
    for code in $(errnos); do
        echo "$1 $code" >"$CONTROL"
        got=$(timeout 120 "$TOOL" write "$PROBE/$2" "$3" || echo "none")
        : >"$CONTROL"
        # Another way may have been found, or the call is not needed.
        if [ "$got" = ok ]; then
            put "$PROBE/$2" "$4"
        else
            [[ $got == E* && $got != E\? ]] ||
                fault "$1 $code: answered $got"
            contains "$1 $code" "$2: $got: " "$(<"$PROBE/error")"
        fi
        same "$1 $code: the state" "$before" "$(state "$PROBE")"
    done
}

@test "an errno of any number ends an attach" {
    local call rows=0

    : >"$CONTROL"
    start
    needs uprobe_pmu
    PROBE=$DIR/uprobe/$NAME:target_one
    mkdir "$PROBE"
    while IFS='|' read -r call; do
        echo "row: $call"
        fails "$call" attach count ""
        rows=$((rows + 1))
    done <<'ROWS'
bpf 28
bpf 5
bpf 0
bpf 15
perf 0
ROWS
    [ "$rows" -eq 5 ]
    put "$PROBE/attach" count
    hit target_one 2
    same hits 2 "$(hits "$PROBE")"
}

@test "an errno of any number ends an attach by ioctl and leaves nothing" {
    : >"$CONTROL"
    start attach_mode=ioctl
    needs uprobe_pmu
    PROBE=$DIR/uprobe/$NAME:target_one
    mkdir "$PROBE"
    fails "ioctl $((0x40042408))" attach count ""
    fails "perf 0" attach count ""
}

@test "an errno of any number leaves what was attached, and its pin" {
    local call file text back rows=0

    : >"$CONTROL"
    start
    needs uprobe_pmu perf_link
    program plain
    probe "uprobe/$NAME:target_one" count
    put "$PROBE/pin" "$BPF/link"
    while IFS='|' read -r call file text back; do
        echo "row: $call $file"
        before=$(hits "$PROBE")
        fails "$call" "$file" "$text" "$back" 2>&1 | sed 's/link_id.*//' || return 1
        rows=$((rows + 1))
    done <<ROWS
rename 1|pin|$BPF/moved|$BPF/link
bpf 7|attach|$BPF/plain|count
ROWS
    [ "$rows" -eq 2 ]
}

@test "a kernel that refuses everything can be mounted on and looked at" {
    local code

    for code in 1 38 95 524; do
        for call in "bpf 28" "bpf 5" "perf 0"; do
            echo "$call $code" >"$CONTROL"
            start
            timeout 120 cat "$DIR/features" "$DIR/README" "$DIR/uprobe/help" >"$BATS_TEST_TMPDIR/out"
            mkdir "$DIR/uprobe/$NAME:target_one"
            timeout 120 "$TOOL" write "$DIR/uprobe/$NAME:target_one/attach" count
            timeout 120 cat "$DIR/uprobe/$NAME:target_one/"{info,sites,error} >"$BATS_TEST_TMPDIR/out"
            rmdir "$DIR/uprobe/$NAME:target_one"
            stop
        done
    done
}

@test "a feature test that fails by chance is asked again, and its attach fails with it" {
    local code errno row file=$BATS_TEST_TMPDIR/features rows=0

    : >"$CONTROL"
    start
    needs perf_link
    stop
    while read -r code errno row; do
        : >"$CONTROL"
        start
        mkdir "$DIR/tracepoint/syscalls:sys_enter_sched_rr_get_interval" \
            "$DIR/uprobe/$NAME:target_one"
        echo "bpf 28 $code" >"$CONTROL"
        # By hand: the helpers keep what `features` says.
        cat "$DIR/features" >"$file"
        contains "perf_link after $code" "perf_link"$'\t'"$row"$'\t' "$(<"$file")"
        refused "$DIR/tracepoint/syscalls:sys_enter_sched_rr_get_interval/attach" count "$errno" ""
        refused "$DIR/uprobe/$NAME:target_one/attach" count "$errno" ""
        : >"$CONTROL"
        cat "$DIR/features" >"$file"
        contains "perf_link afterwards" "perf_link"$'\t'yes "$(<"$file")"
        put "$DIR/tracepoint/syscalls:sys_enter_sched_rr_get_interval/attach" count
        same backend pmu+link "$(info "$DIR/tracepoint/syscalls:sys_enter_sched_rr_get_interval" backend)"
        put "$DIR/uprobe/$NAME:target_one/cookie" 5
        put "$DIR/uprobe/$NAME:target_one/attach" count
        [[ $(info "$DIR/uprobe/$NAME:target_one" backend) != *ioctl ]]
        rmdir "$DIR/tracepoint/"*:* "$DIR/uprobe/"*:*
        stop
        rows=$((rows + 1))
    done <<'ROWS'
24 EMFILE unknown
12 ENOMEM unknown
1 EPERM no
ROWS
    [ "$rows" -eq 3 ]
}

@test "without descriptors only what can have a multi link is told of them" {
    : >"$CONTROL"
    start attach_mode=link
    needs uprobe_pmu perf_link
    mkdir "$DIR/tracepoint/syscalls:sys_*_sched_rr_get_interval" "$DIR/uprobe/$NAME:target_one"
    echo "perf 0 24" >"$CONTROL"
    refused "$DIR/tracepoint/syscalls:sys_*_sched_rr_get_interval/attach" count EMFILE "raise the limit on open files"
    [[ $(<"$DIR/tracepoint/syscalls:sys_*_sched_rr_get_interval/error") != *multi* ]]
    refused "$DIR/uprobe/$NAME:target_one/attach" count EMFILE "or use a program loaded for a multi link"
    : >"$CONTROL"
}
