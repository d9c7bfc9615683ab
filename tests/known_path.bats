#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# The name by which the kernel, and all that ask it, know a probed file.
# bats file_tags=bpf,root,later
# shellcheck disable=SC2030,SC2031,SC2153,SC2154  # inner shells; the helpers

load helpers
load users

# A directory that only root may write, as are those above, in the root's file
# system: not that of the tests.
setup() {
    prepare
    HERE=$(mktemp -d /var/lib/probefs_test.XXXXXX)
    chmod 0755 "$HERE"
    start attach_mode=link
    needs uprobe_pmu perf_link link_info_perf
    [ "$(stat -c %d "$HERE")" = "$(stat -c %d /)" ] || skip "/var/lib is mounted"
    mkdir "$HERE/inner"
    cp "$TARGET" "$HERE/inner/target"
}

teardown() {
    finish
    rm -r "$HERE"
}

# known PATH: what the kernel says of the link of a probe by that path.
known() {
    local all

    probe "uprobe/${1//\//%2F}:target_one" count
    all=$(<"$DIR/link/$(info "$PROBE" link_id)/info")
    rmdir "$PROBE"
    sed -n 's/^path:\t//p' <<<"$all"
}

@test "a file is known by its path if none but root can put another there" {
    local owner mode path expected rows=0

    ln -s inner "$HERE/link"
    while IFS='|' read -r owner mode path expected; do
        echo "row: $owner $mode $path"
        chown "$owner" "$HERE/inner"
        chmod "$mode" "$HERE/inner"
        # shellcheck disable=SC2053
        [[ $(known "$HERE/$path") == $expected ]] ||
            same path "$expected" "$(known "$HERE/$path")"
        rows=$((rows + 1))
    done <<ROWS
0|0755|inner/target|$HERE/inner/target
0|0700|inner/target|$HERE/inner/target
0|0755|link/target|$HERE/inner/target
0|0775|inner/target|/proc/self/fd/[0-9]*
0|1777|inner/target|/proc/self/fd/[0-9]*
$ALICE|0755|inner/target|/proc/self/fd/[0-9]*
ROWS
    [ "$rows" -eq 6 ]
}

@test "a link of ours is on the file of its path, and on no copy" {
    local link=$BPF/pin

    cp "$TARGET" "$HERE/inner/copy"
    program plain
    probe "uprobe/${HERE//\//%2F}%2Finner%2Ftarget:target_one" "$BPF/plain"
    put "$PROBE/pin" "$link"
    rmdir "$PROBE"
    probe "uprobe/${HERE//\//%2F}%2Finner%2Fcopy:target_one"
    refused "$PROBE/attach" "$link" EINVAL "is on another target than this probe"
    probe "uprobe/${HERE//\//%2F}%2Finner%2Ftarget:target_one" "$link"
    "$HERE/inner/target" target_one 2
    same hits 2 "$(value plain)"
    put "$PROBE/attach" ""
}
