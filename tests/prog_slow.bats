#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# prog/NAME/load that takes as long as the verifier takes for it.
# bats file_tags=host,bpf,root

# shellcheck disable=SC2030,SC2031  # bats runs each test in a subshell
load helpers

@test "a load that takes long waits in its own write, and a signal ends it" {
    local pid

    mkdir "$DIR/prog/slow" "$DIR/prog/quick"
    cp "$PROGRAMS/bpf/slow.bpf.o" "$DIR/prog/slow/object"
    cp "$PROGRAMS/bpf/globals.bpf.o" "$DIR/prog/quick/object"
    echo 1 >"$DIR/prog/slow/load" 2>/dev/null &
    pid=$!
    eventually pgrep -P "$daemon"
    put "$DIR/prog/quick/load" 1
    same load 0 "$(<"$DIR/prog/slow/load")"
    same state "not loaded" "$(info "$DIR/prog/slow" state)"
    kill "$pid"
    ! wait "$pid" || fault "it was loaded"
    eventually none pgrep -P "$daemon"
    rmdir "$DIR/prog/slow" "$DIR/prog/quick"
}
