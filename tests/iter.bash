# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# iter.bash - what the tests of iterators share.

# iterator NAME...: loads programs of iter.bpf.c and elem.bpf.c, or the test is
# skipped.
iterator() {
    local name

    for name in "$@"; do
        # bpf_map_elem is not for everybody; the iterator of cgroups came with 6.1.
        program "$name" section 2>"$BATS_TEST_TMPDIR/why" ||
            skip "this kernel does not load '$name'"
    done
}

# holds_files COUNT: a process, $holder, with so many more descriptors than it
# had, which waits for the end of the test.
holds_files() {
    local ready=$BATS_TEST_TMPDIR/ready

    mkfifo "$ready"
    (
        ulimit -n 4096
        for ((i = 0; i < $1; i++)); do exec {_}</dev/null; done
        echo ready >"$ready"
        exec sleep 1000
    ) 3>&- &
    holder=$!
    read -r _ <"$ready"
    eventually waits "$holder"
}

# waits PID: it is sleep(1) by now.
waits() { [ "$(<"/proc/$1/comm")" = sleep ]; }

release() {
    kill "$1"
    wait "$1" || true
}

# takes_pid: the iterators of tasks look at one process only, since Linux 6.1.
takes_pid() {
    probe iter/@pid
    echo $$ >"$PROBE/pid"
    echo "$BPF/$1" 2>/dev/null >"$PROBE/attach" || {
        contains error "came with Linux 6.1" "$(<"$PROBE/error")"
        skip "this kernel's iterators take no pid"
    }
    rmdir "$PROBE"
}
