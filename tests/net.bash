# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# net.bash - what the tests of the network share: a network namespace of the
# test's own, which ends with its process $NET.

export SENDER=$PROGRAMS/packets

# network: a namespace with two interfaces, v0 and v1, that are each other's end,
# and on which nobody else sends anything.
network() {
    space
    NET=$space
    quiet within
    within ip link set lo up
    within ip link add v0 type veth peer name v1 || skip "no veth here"
    within ip link set v0 up
    within ip link set v1 up
    eventually carries
}

# space: another namespace, of the process $space.
space() {
    unshare --net sleep 600 3>&- &
    space=$!
    spaces+=" $space"
    eventually differs "/proc/$space/ns/net" /proc/self/ns/net
}

differs() { [ "$(readlink "$1")" != "$(readlink "$2")" ]; }

carries() { within ip link show v0 | grep -q LOWER_UP; }

# quiet COMMAND...: no neighbours are looked for where the command runs another.
quiet() {
    "$@" sh -c 'test ! -e /proc/sys/net/ipv6 ||
        echo 1 | tee /proc/sys/net/ipv6/conf/*/disable_ipv6 >/dev/null'
}

# within COMMAND...: in the namespace.
within() { nsenter --net="/proc/$NET/ns/net" "$@"; }

# serve_within: the daemon is a process of the namespace.
serve_within() {
    local wrapper=$BATS_TEST_TMPDIR/within

    printf '#!/bin/sh\nexec nsenter --net=/proc/%s/ns/net "%s" "$@"\n' "$NET" "$PROBEFS" >"$wrapper"
    chmod +x "$wrapper"
    PROBEFS=$wrapper
    remount "$@"
}

# there FILE TEXT: put, by a process of the namespace.
there() {
    same "writing ${2:0:80} to $1 ($(<"${1%/*}/error"))" ok \
        "$(within "$TOOL" write "$1" "$2"$'\n')"
}

# not_there FILE TEXT ERRNO PART: refused, by a process of the namespace.
not_there() {
    same "errno of ${2:0:80}, ${1##*/} ($(<"${1%/*}/error"))" "$3" \
        "$(within "$TOOL" write "$1" "$2"$'\n')"
    contains error "${1##*/}: $3: " "$(<"${1%/*}/error")"
    contains error "$4" "$(<"${1%/*}/error")"
}

# on KIND/NAME [PROGRAM]: a probe that is attached by a process of the namespace.
on() {
    probe "$1"
    there "$PROBE/attach" "${2-count}"
}

# counted DIR NUMBER
counted() { [ "$(hits "$1")" = "$2" ]; }

# valued NAME NUMBER: of a program that is pinned.
valued() { [ "$(value "$1")" = "$2" ]; }

# never COMMAND...: it fails.
never() { ! "$@" || fault "it succeeds: $*"; }

# end_spaces: of what the tests have made; what is attached there ends with it.
end_spaces() {
    local pid

    for pid in $spaces; do
        kill "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    spaces=''
}

spaces=''

setup() {
    prepare
    start
    network
}

teardown() {
    end_spaces
    finish
}
