#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Links that others made are on the target that the kernel tells, or refused.
# bats file_tags=bpf,root,later
# shellcheck disable=SC2030,SC2031,SC2153,SC2154  # inner shells; the helpers

load helpers
load kprobe

@test "a link by address is on the function there, and on no other" {
    local at

    start attach_mode=link
    needs kprobe_pmu perf_link link_info_perf
    at=$(address "$FUNCTION")
    program plain
    "$TOOL" kprobe "$BPF/plain" "$at" "$BPF/theirs"
    probe kprobe/do_nanosleep
    refused "$PROBE/attach" "$BPF/theirs" EINVAL "is on another target than this probe"
    probe "kprobe/$FUNCTION"
    put "$PROBE/attach" "$BPF/theirs"
    kcall 3
    same hits 3 "$(value plain)"
    put "$PROBE/attach" ""
    [ ! -e "$BPF/theirs" ]
}

@test "our own pin on an address in a function is adopted" {
    local at id

    start attach_mode=link
    needs kprobe_pmu perf_link link_info_perf
    at=$(address "$FUNCTION")
    program plain
    probe "kprobe/$at+4" "$BPF/plain"
    put "$PROBE/pin" "$BPF/pin"
    id=$(info "$PROBE" link_id)
    rmdir "$PROBE"
    mkdir "$PROBE"
    put "$PROBE/attach" "$BPF/pin"
    same link_id "$id" "$(info "$PROBE" link_id)"
    same adopted yes "$(info "$PROBE" adopted)"
    put "$PROBE/attach" ""
}

@test "a link by a function's name with its module is one without" {
    start attach_mode=link
    needs kprobe_pmu perf_link link_info_perf
    grep -q '\[overlay\]' /proc/kallsyms || skip "no module overlay here"
    program plain
    "$TOOL" kprobe "$BPF/plain" overlay:ovl_release "$BPF/theirs"
    probe kprobe/ovl_release
    put "$PROBE/attach" "$BPF/theirs"
    put "$PROBE/attach" ""
    "$TOOL" kprobe "$BPF/plain" overlay:ovl_release "$BPF/theirs"
    probe kprobe/overlay:ovl_release
    put "$PROBE/attach" "$BPF/theirs"
    put "$PROBE/attach" ""
}

@test "a link by a path through a process's root is on the file there" {
    local offset path copy=$BATS_TEST_TMPDIR/copy rows=0

    start attach_mode=link
    needs uprobe_pmu perf_link link_info_perf
    cp "$TARGET" "$copy"
    program plain
    probe "uprobe/$NAME:target_one"
    offset=$(sed -n 's/^target_one\t\(0x[0-9a-f]*\)\t.*/\1/p' "$PROBE/available")
    while IFS='|' read -r path; do
        echo "row: $path"
        "$TOOL" uprobe "$BPF/plain" "$path$copy" "$offset" "$BPF/theirs"
        refused "$PROBE/attach" "$BPF/theirs" EINVAL "is on another target than this probe"
        rm "$BPF/theirs"
        "$TOOL" uprobe "$BPF/plain" "$path$TARGET" "$offset" "$BPF/theirs"
        put "$PROBE/attach" "$BPF/theirs"
        put "$PROBE/attach" ""
        [ ! -e "$BPF/theirs" ]
        put "$PROBE/pin" ""
        rows=$((rows + 1))
    done <<ROWS
/proc/$$/root
/proc/self/root

ROWS
    [ "$rows" -eq 3 ]
    # A path that is no more is known by its last name.
    "$TOOL" uprobe "$BPF/plain" "$copy" "$offset" "$BPF/theirs"
    rm "$copy"
    refused "$PROBE/attach" "$BPF/theirs" EINVAL "is on another target than this probe"
}

@test "a directory with the links of two programs is refused" {
    start attach_mode=link
    needs uprobe_pmu perf_link
    program plain
    program plain none again
    probe "uprobe/$NAME:target_glob_*" "$BPF/plain"
    put "$PROBE/pin" "$BPF/pin"
    probe "uprobe/$NAME:target_glob_*@2" "$BPF/again"
    put "$PROBE/pin" "$BPF/other"
    rm "$BPF/pin/1"
    ln "$BPF/other/1" "$BPF/pin/1"
    probe "uprobe/$NAME:target_glob_*@3"
    refused "$PROBE/attach" "$BPF/pin" EINVAL "the links of the pin are of several programs: link "
    rm "$BPF/pin/1"
}

@test "a link of somebody else's is adopted by its id" {
    local id at form

    needs uprobe_pmu perf_link link_info_perf
    start attach_mode=link
    program plain
    probe "uprobe/$NAME:target_one"
    at=$(sed -n 's/^target_one\t\(0x[0-9a-f]*\)\t.*/\1/p' "$PROBE/available")
    "$TOOL" uprobe "$BPF/plain" "$TARGET" "$at" "$BPF/theirs"
    put "$PROBE/attach" "$BPF/theirs"
    id=$(info "$PROBE" link_id)
    # It stays pinned by its maker.
    rmdir "$PROBE"
    for form in "id:$id" "link:$id" "link/$id"; do
        echo "row: $form"
        mkdir "$PROBE"
        put "$PROBE/attach" "$form"
        same attach "$form" "$(cat "$PROBE/attach")"
        same link_id "$id" "$(info "$PROBE" link_id)"
        same adopted yes "$(info "$PROBE" adopted)"
        rmdir "$PROBE"
        [ -e "$BPF/theirs" ]
    done
    mkdir "$DIR/uprobe/$NAME:target_two"
    refused "$DIR/uprobe/$NAME:target_two/attach" "link:$id" EINVAL "is on another target than this probe"
    refused "$DIR/uprobe/$NAME:target_two/attach" "link:4294967294" ENOENT "there is no link with the id 4294967294"
    rmdir "$DIR/uprobe/$NAME:target_two"
    rm "$BPF/theirs"
}
