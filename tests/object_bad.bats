#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Object files of users that are damaged or large.
# bats file_tags=bpf,root,host

# shellcheck disable=SC2030,SC2031,SC2153  # the helpers
load helpers
load object_files

@test "damaged objects leave the daemon as it was" {
    local pid=$daemon got

    put fentry "$PROGRAMS/bpf/values.bpf.o"
    got=$("$PROGRAMS/mutants" "$DIR/prog/fentry" "$PROGRAMS/bpf/values.bpf.o" "${MUTANTS:-100}" "$RANDOM")
    [[ $got =~ ^loaded\ [1-9] ]] || fault "$got"
    echo "# $got" >&3
    same "the daemon" "$pid" "$daemon"
    kill -0 "$pid"
    cat "$PROGRAMS/bpf/values.bpf.o" >"$DIR/prog/fentry/object"
    loads fentry
}

@test "an object has a thousand programs" {
    local names

    put many
    loads many
    names=("$DIR"/prog/many/program/*/)
    same "programs" 1000 "${#names[@]}"
    same "of the last" 1000 "$(bpftool prog show | grep -cE ' name on_[0-9]{3} ')"
}
