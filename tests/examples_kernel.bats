#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# The examples of the manual that some kernels have nothing for.
# shellcheck disable=SC2154  # typed.bash sets them

load hardened
load manual
load typed

@test "what the manual says to type about functions of the kernel works" {
    type_examples '/kprobe$|/lsm$|/lsm_cgroup$|fentry/|my_tcp|my_part'
    [ "$((typed + $(grep -o 'no ' <<<"$untyped" | wc -l)))" -ge 6 ]
    [ "$typed" -gt 0 ] || skip "$untyped"
}
