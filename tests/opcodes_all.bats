#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# What all opcodes behind all prefixes compute, with a probe on each.
# bats file_tags=host,bpf,root

# shellcheck disable=SC2154  # the helpers
load helpers

@test "no result changes when all opcodes behind all prefixes are probed" {
    local opcodes=$BATS_TEST_TMPDIR/opcodes valid

    [ "$(uname -m)" = x86_64 ] || skip "the instructions are those of x86-64"
    needs uprobe_multi
    cp "$PROGRAMS/opcodes" "$opcodes"
    "$opcodes" >"$BATS_TEST_TMPDIR/before"
    [ "$(wc -l <"$BATS_TEST_TMPDIR/before")" -ge 18000 ]
    probe "uprobe/${opcodes//\//%2F}:op_*" count
    contains warning "functions that match begin with an instruction that the kernel cannot probe" \
        "$(info "$PROBE" warning)"
    "$opcodes" | diff "$BATS_TEST_TMPDIR/before" -
    # Each is called twice, and fires when the processor knows it.
    valid=$(awk '$2 != 4 { print $1 }' "$BATS_TEST_TMPDIR/before" | sort |
        comm -12 - <(awk '$2 ~ /^op_/ { print $2 }' "$PROBE/sites" | sort) | wc -l)
    [ "$valid" -ge 1000 ]
    [ "$(hits "$PROBE")" -ge $((2 * valid)) ]
}
