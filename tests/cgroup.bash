# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# shellcheck disable=SC2034  # the tests use them
# cgroup.bash - what the tests of cgroups share: a cgroup of the test's own at
# $GROUP, which is below the mount as $CGROUP.

PACKETS=$PROGRAMS/packets
ACTS=$PROGRAMS/acts

# cgroup2: where it is mounted; mounted for the test where it is not.
cgroup2() {
    local rest type

    while read -r _ _ _ _ MOUNT rest; do
        type=${rest#* - }
        [[ $type != cgroup2\ * ]] || return 0
    done </proc/self/mountinfo
    MOUNT=$BATS_TEST_TMPDIR/cgroup2
    mkdir "$MOUNT"
    mount -t cgroup2 none "$MOUNT" || skip "no cgroup2 here"
    mounted_cgroup=yes
}

# in_group COMMAND...: as a process of the cgroup.
in_group() {
    # shellcheck disable=SC2016  # the inner shell's
    sh -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$GROUP" "$@"
}

group_is_empty() { [ -z "$(cat "$GROUP/cgroup.procs")" ]; }

remove_group() {
    [ ! -d "$GROUP" ] || {
        eventually group_is_empty
        find "$GROUP" -depth -type d -exec rmdir {} +
    }
}

setup() {
    prepare
    start
    mounted_cgroup=''
    cgroup2
    CGROUP=probefs-test-$$
    GROUP=$MOUNT/$CGROUP
    mkdir "$GROUP"
}

# What is on a cgroup without a link goes with it.
teardown() {
    local failed=0

    remove_group || failed=1
    finish || failed=1
    [ -z "$mounted_cgroup" ] || umount "$MOUNT" || failed=1
    return "$failed"
}
