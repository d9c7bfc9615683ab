# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# setup_suite.bash - what there must be before the first test, and what must not
# be after the last.

setup_suite() {
    [ "$EUID" -eq 0 ] || {
        echo "only root can attach probes: run the tests as root"
        return 1
    }
    mountpoint -q /sys/fs/bpf || mount -t bpf bpf /sys/fs/bpf
    mountpoint -q /sys/kernel/tracing ||
        mount -t tracefs tracefs /sys/kernel/tracing
}

teardown_suite() {
    local left

    left=$(grep -F " $BATS_RUN_TMPDIR/" /proc/self/mounts || true)
    [ -z "$left" ] || {
        printf 'still mounted:\n%s\n' "$left"
        return 1
    }
}
