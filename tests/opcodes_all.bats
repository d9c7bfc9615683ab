#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# What all opcodes behind all prefixes compute, with a probe on each.
# bats file_tags=host,bpf,root

# shellcheck disable=SC2016,SC2154  # inner shells; the helpers
load helpers

@test "no result changes when all opcodes behind all prefixes are probed" {
    local opcodes=$BATS_TEST_TMPDIR/opcodes valid

    [ "$(uname -m)" = x86_64 ] || skip "the instructions are those of x86-64"
    needs uprobe_multi
    cp "$PROGRAMS/opcodes" "$opcodes"
    "$opcodes" >"$BATS_TEST_TMPDIR/before"
    [ "$(wc -l <"$BATS_TEST_TMPDIR/before")" -ge 18000 ]
    probe "uprobe/${opcodes//\//%2F}:op_*" count
    contains warning "places that match cannot be probed, and were left out" \
        "$(info "$PROBE" warning)"
    "$opcodes" | diff "$BATS_TEST_TMPDIR/before" -
    # Each is called twice, and fires when the processor knows it.
    valid=$(awk '$2 != 4 { print $1 }' "$BATS_TEST_TMPDIR/before" | sort |
        comm -12 - <(awk '$2 ~ /^op_/ { print $2 }' "$PROBE/sites" | sort) | wc -l)
    [ "$valid" -ge 1000 ]
    [ "$(hits "$PROBE")" -ge $((2 * valid)) ]
}

# A copy, which only what is told to loads.
@test "programs work with a probe on each function of their C library" {
    local loader=/lib64/ld-linux-x86-64.so.2 libraries=$BATS_TEST_TMPDIR/lib

    [ -e "$loader" ] || skip "no $loader"
    needs uprobe_multi
    mkdir "$libraries"
    cp /lib/x86_64-linux-gnu/libc.so.6 "$libraries"
    work() {
        "$loader" --library-path "$libraries:/lib/x86_64-linux-gnu" /bin/bash -c '
            for ((i = 0; i < 100; i++)); do
                printf "%08x %s %.3f %q\n" "$i" "${i/1/one}" "$i" "a $i"
            done; [[ abcab =~ (b.a) ]]; echo "${BASH_REMATCH[1]} ${PATH//:/ }"'
    }
    work >"$BATS_TEST_TMPDIR/before"
    probe "uprobe/${libraries//\//%2F}%2Flibc.so.6:*" count
    [ "$(wc -l <"$PROBE/sites")" -ge 1000 ]
    work | diff "$BATS_TEST_TMPDIR/before" -
    [ "$(hits "$PROBE")" -ge 1000 ]
}
