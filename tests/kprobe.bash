# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# kprobe.bash - what the tests of kernel functions share.
#
# The function that they probe is a system call that nobody but `kcall` calls,
# so that hits can be counted exactly.  A test mounts by itself, with the mode
# that it is about.

load helpers

export FUNCTION=__x64_sys_sched_rr_get_interval

setup() {
    prepare
}

# kcall COUNT: so many calls of $FUNCTION.
kcall() { "$PROGRAMS/kcall" "$@"; }

# counted DIR COUNT: a probe with `count` counts exactly so many calls.
counted() {
    local before
    before=$(hits "$1")
    kcall "$2"
    same "hits of $1" "$((before + $2))" "$(hits "$1")"
}

# address NAME: of a function of the kernel, 0x....
address() {
    awk -v name="$1" '$3 == name { sub(/^0*/, "", $1); print "0x" $1; exit }' /proc/kallsyms
}

# matching REGEX: how many functions of the kernel have such a name, without code
# that was made at run time.
matching() {
    awk -v regex="$1" '$4 ~ /^\[(bpf|__builtin__.*)\]/ { next }
        $2 ~ /[tTwW]/ && $3 ~ regex && $3 !~ /^__pfx_/ { count++ }
        END { print count + 0 }' /proc/kallsyms
}

# Functions of a module that everything here goes through, and a way to call one
# once.
overlay() {
    grep -q ' ovl_statfs.\[overlay\]$' /proc/kallsyms || skip "no module overlay"
    [ "$(stat -f -c %T /)" = overlayfs ] || skip "the root is not an overlay"
}
