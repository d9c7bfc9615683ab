#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# A kernel that is locked down.  There is no way back from it but a reboot, so
# this is for guests only, and for their end.
# bats file_tags=bpf,root,last

load kprobe

LOCKDOWN=/sys/kernel/security/lockdown

@test "a kernel locked down to confidentiality gives no kprobes, and says why" {
    local mode

    # Only vm/init makes it.
    [ -e /run/vm/share ] || skip "not in a guest"
    grep -q confidentiality "$LOCKDOWN" || skip "this kernel cannot be locked down"
    start
    needs kprobe_pmu kprobe_tracefs
    probe "kprobe/$FUNCTION" count
    mkdir "$DIR/kprobe/$FUNCTION@2"
    echo confidentiality >"$LOCKDOWN"
    # What was there before goes on.
    counted "$PROBE" 10
    for mode in ioctl tracefs; do
        remount "attach_mode=$mode"
        mkdir "$DIR/kprobe/$FUNCTION"
        refused "$DIR/kprobe/$FUNCTION/attach" count EPERM "lock"
    done
}
