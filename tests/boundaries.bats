#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Where instructions begin: what objdump says of real libraries.
# bats file_tags=host,bpf,root

# shellcheck disable=SC2154  # the helpers
load helpers

setup() { :; }
teardown() { :; }

# compare FILE: no false beginning, and one in a thousand that is not known.
compare() {
    local said functions instructions false unknown

    said=$(objdump -d -w -j .text "$1" | "$PROGRAMS/boundaries" "$1")
    echo "$1: $said"
    read -r _ functions _ instructions _ false _ unknown <<<"$said"
    [ "$functions" -ge 1000 ]
    [ "$instructions" -ge 10000 ]
    same "false beginnings" 0 "$false"
    [ $((unknown * 1000)) -le "$instructions" ]
}

@test "the decoder agrees with objdump on the libraries of this machine" {
    local file found=0

    [ "$(uname -m)" = x86_64 ] || skip "the instructions are those of x86-64"
    # The C library has functions for each generation of processors.
    for file in /lib/x86_64-linux-gnu/libc.so.6 /usr/lib/x86_64-linux-gnu/libcrypto.so.3; do
        [ -e "$file" ] || continue
        compare "$file"
        found=$((found + 1))
    done
    [ "$found" -ge 1 ]
}
