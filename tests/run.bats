#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# The runner of the tests: what it leaves when it is interrupted.
# bats file_tags=host,root

load mount

# ours: the processes of the run, by a word in their environment.
ours() {
    grep -lzxFs "OURS=$BATS_TEST_TMPDIR" /proc/[0-9]*/environ |
        grep -vxF "/proc/$runner/environ" || true
}

# running NAME: one of ours is a process of that name.
running() {
    local file

    while read -r file; do
        [ "$(cat "${file%/environ}/comm" 2>/dev/null)" != "$1" ] || return 0
    done < <(ours)
    return 1
}

none_ours() { [ -z "$(ours)" ] && [ ! -e "/proc/$runner/exe" ]; }

@test "an interrupted run leaves no process and no mount" {
    local where suite process signal arguments rows=0

    mkdir "$BATS_TEST_TMPDIR/tmp"
    while IFS='|' read -r where suite process signal; do
        echo "row: $where $suite $signal"
        read -ra arguments <<<"$where $suite"
        env OURS="$BATS_TEST_TMPDIR" TMPDIR="$BATS_TEST_TMPDIR/tmp" \
            LOG="$BATS_TEST_TMPDIR/log" BUILD=build/plain \
            "$BATS_TEST_DIRNAME/run" "${arguments[@]}" >"$BATS_TEST_TMPDIR/out" 2>&1 3>&- &
        runner=$!
        eventually running "$process" || {
            cat "$BATS_TEST_TMPDIR/out"
            return 1
        }
        kill "-$signal" "$runner"
        eventually none_ours
        ! wait "$runner"
        [ -z "$(places)" ]
        [ -z "$(ls "$BATS_TEST_TMPDIR/tmp")" ]
        rows=$((rows + 1))
    done <<'ROWS'
--host|hang.bats|hang|TERM
--host|daemon.bats|mount.probefs|TERM
--host|unit/note poll.bats|vfs|HUP
--guest 5.10|unit/fail|qemu-system-x86|TERM
ROWS
    [ "$rows" -eq 4 ]
}
