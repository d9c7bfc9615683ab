#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Probes of functions of programs: each way to attach.
# bats file_tags=bpf,root

# shellcheck disable=SC2016,SC2030,SC2031,SC2153  # inner shells; the helpers
load helpers

# way MODE BACKEND [FEATURE...]: entry and return, by `count` and by a program of
# the user's; every call is counted, and none after.
way() {
    local kind

    needs "${@:3}"
    remount "attach_mode=$1"
    program plain
    for kind in uprobe uretprobe; do
        probe "$kind/$NAME:target_one" count
        same backend "$2" "$(info "$PROBE" backend)"
        same state attached "$(info "$PROBE" state)"
        hit target_one 1000
        same "hits of $kind" 1000 "$(hits "$PROBE")"
        put "$PROBE/attach" "$BPF/plain"
        "$TOOL" reset "$BPF/plain" hits
        hit target_one 100
        same "hits of plain" 100 "$(value plain)"
        put "$PROBE/attach" ""
        hit target_one 100
        same "hits when detached" 100 "$(value plain)"
        rmdir "$PROBE"
    done
}

@test "a perf event with a link counts every call" {
    way link pmu+link uprobe_pmu perf_link
}

@test "a perf event without a link counts every call" {
    way ioctl pmu+ioctl uprobe_pmu
}

@test "an event of tracefs with a link counts every call" {
    way tracefs tracefs+link uprobe_tracefs perf_link
}

@test "an event of tracefs without a link counts every call" {
    way tracefs-ioctl tracefs+ioctl uprobe_tracefs
}

@test "links alone are refused where the kernel has none" {
    needs uprobe_pmu
    lacks perf_link
    remount attach_mode=link
    probe "uprobe/$NAME:target_one"
    refused "$PROBE/attach" count EOPNOTSUPP "this kernel has no links on events, which came with Linux 5.15"
}

@test "an event of tracefs needs no link where the kernel has none" {
    lacks perf_link
    way tracefs tracefs+ioctl uprobe_tracefs
}

@test "a multi link counts every call" {
    local kind

    needs uprobe_multi
    remount attach_mode=multi
    program plain multi-uprobe
    for kind in uprobe uretprobe; do
        probe "$kind/$NAME:target_one" count
        same backend multi "$(info "$PROBE" backend)"
        hit target_one 1000
        same "hits of $kind" 1000 "$(hits "$PROBE")"
        put "$PROBE/attach" "$BPF/plain"
        "$TOOL" reset "$BPF/plain" hits
        hit target_one 100
        same "hits of plain" 100 "$(value plain)"
        rmdir "$PROBE"
    done
}

@test "without a mode count gets a multi link where there are any" {
    needs uprobe_multi
    probe "uprobe/$NAME:target_one" count
    same backend multi "$(info "$PROBE" backend)"
    same link_type uprobe_multi "$(info "$PROBE" link_type)"
}

@test "without a mode a program gets the way that it was loaded for" {
    needs uprobe_multi uprobe_pmu
    program plain none single
    program plain multi-uprobe many
    probe "uprobe/$NAME:target_one@1" "$BPF/single"
    same "backend of single" pmu+link "$(info "$PROBE" backend)"
    probe "uprobe/$NAME:target_one@2" "$BPF/many"
    same "backend of many" multi "$(info "$PROBE" backend)"
    hit target_one 10
    same "hits of single" 10 "$(value single)"
    same "hits of many" 10 "$(value many)"
}

@test "a program that was not loaded for a multi link is refused there" {
    needs uprobe_multi
    remount attach_mode=multi
    program plain
    probe "uprobe/$NAME:target_one"
    refused "$PROBE/attach" "$BPF/plain" EINVAL "the program was not loaded for a multi link"
}

@test "without links on events a cookie and a pin are refused" {
    local mode why='the attach_mode of this mount makes no links'

    needs uprobe_pmu uprobe_tracefs
    [[ $(feature_line perf_link) == *$'\t'yes$'\t'* ]] || why='this kernel has no'
    for mode in ioctl tracefs-ioctl; do
        remount "attach_mode=$mode"
        probe "uprobe/$NAME:target_one" count
        refused "$PROBE/cookie" 1 EOPNOTSUPP "a cookie needs a link on the event: $why"
        refused "$PROBE/pin" "$BPF/pin" EOPNOTSUPP "there is no link to pin, as the program is attached by ioctl: $why"
        hit target_one 10
        same hits 10 "$(hits "$PROBE")"
        put "$PROBE/attach" ""
        put "$PROBE/cookie" 1
        refused "$PROBE/attach" count EOPNOTSUPP "a cookie needs a link on the event"
        put "$PROBE/cookie" ""
        put "$PROBE/pin" "$BPF/pin"
        refused "$PROBE/attach" count EOPNOTSUPP "there is no link to pin, as the program is attached by ioctl: $why"
        [ ! -e "$BPF/pin" ]
    done
}

@test "the program sees the cookie" {
    local mode way cookie rows=0

    needs cookie uprobe_multi uprobe_pmu uprobe_tracefs
    while IFS='|' read -r mode way cookie; do
        remount "attach_mode=$mode"
        program record "$way" "record$rows"
        probe "uprobe/$NAME:target_one"
        put "$PROBE/cookie" "$cookie"
        put "$PROBE/attach" "$BPF/record$rows"
        hit target_one 4
        same "cookie by $mode" "$(printf %u "$cookie")" "$(value "record$rows" cookies 3)"
        same "cookie in info" "$(printf %u "$cookie")" "$(info "$PROBE" cookie)"
        rmdir "$PROBE"
        rows=$((rows + 1))
    done <<'ROWS'
multi|multi-uprobe|0
multi|multi-uprobe|0xffffffffffffffff
link|none|42
link|none|18446744073709551615
tracefs|none|0xdeadbeefcafe
ROWS
    [ "$rows" -eq 5 ]
}

@test "the program sees the cookie on kernels without multi links too" {
    needs cookie uprobe_pmu
    lacks uprobe_multi
    program record
    probe "uprobe/$NAME:target_one"
    put "$PROBE/cookie" 0xffffffffffffffff
    put "$PROBE/attach" "$BPF/record"
    hit target_one 1
    same cookie 18446744073709551615 "$(value record cookies 0)"
}

@test "a session is at a function's start, and nowhere inside" {
    needs uprobe_session
    program multi session-uprobe
    probe "uprobe/$NAME:target_steps"
    put "$PROBE/attach" "$BPF/multi"
    same backend session "$(info "$PROBE" backend)"
    hit target_steps 3
    same hits 6 "$(value multi)"
    probe "uprobe/$NAME:target_steps+1"
    refused "$PROBE/attach" "$BPF/multi" EINVAL \
        "the program was loaded for uprobe.session, so it needs the start of a function"
    probe uprobe/raw
    put "$PROBE/path" "$TARGET"
    put "$PROBE/offset" "$(sed -n 's/\t.*//p' "$DIR/uprobe/$NAME:target_steps/sites")"
    put "$PROBE/attach" "$BPF/multi"
    same backend session "$(info "$PROBE" backend)"
    hit target_steps 3
    same hits 18 "$(value multi)"
    mkdir "$DIR/uretprobe/$NAME:target_steps"
    refused "$DIR/uretprobe/$NAME:target_steps/attach" "$BPF/multi" EINVAL \
        "so it runs on entry and on return; probe the entry"
}
