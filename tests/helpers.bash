# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# helpers.bash - what the tests share: a mount of their own for each, and the
# comparison of what was there before with what is there after.
#
# A test finds the mount at $DIR, served by the process $daemon; a bpffs of its
# own at $BPF; and the program that it probes at $TARGET, of which nobody else
# has that copy, so that hits can be counted exactly.  $NAME is $TARGET as it is
# written in the name of a probe.

# Guests emulate each instruction, so a process that a helper does without is
# time won: the shell reads files and waits by itself.

TOP=${BATS_TEST_DIRNAME%/*}
PROBEFS=${PROBEFS:-$TOP/build/plain/mount.probefs}
[[ $PROBEFS == /* ]] || PROBEFS=$PWD/$PROBEFS
# These are not under test, so that no sanitizer need slow them.
PROGRAMS=$TOP/build/plain/tests
TOOL=$PROGRAMS/tool

# A pipe that nobody writes to, to wait at without a process.
exec {clock}<> <(:)

setup_file() {
    cp "$PROGRAMS/target" "$BATS_FILE_TMPDIR/target"
}

setup() {
    prepare
    start
}

teardown() {
    finish
}

prepare() {
    few_traps
    DIR=$BATS_TEST_TMPDIR/mnt
    BPF=$BATS_TEST_TMPDIR/bpf
    TARGET=$BATS_FILE_TMPDIR/target
    NAME=${TARGET//\//%2F}
    daemon='' daemons='' loaded=''
    export PROBEFS DIR BPF TARGET NAME
    left_before=$(left)
    mkdir "$DIR" "$BPF"
    mount -t bpf bpf "$BPF"
}

# bats looks where it is before each command, which takes a hundred times as long
# as the command; to know where a test failed it is enough to look then.
few_traps() {
    trap - DEBUG
    trap failed_here ERR
}

failed_here() {
    bats_error_trap
    bats_capture_stack_trace
}

# --- The daemon ---

# start [OPTIONS]: mounts; the daemon is a child, whose end is waited for.
start() {
    [ -z "$daemon" ] || fault "mounted already"
    "$PROBEFS" test "$DIR" -o "foreground${1:+,$1}" \
        2>>"$BATS_TEST_TMPDIR/stderr" 3>&- &
    daemon=$!
    daemons+=" $daemon"
    eventually mounted || fault "not mounted: $(<"$BATS_TEST_TMPDIR/stderr")"
    descriptors_before=$(descriptors)
}

# injected FILE: daemons that are started from now on have the system calls fail
# that FILE tells, see inject.c.
injected() {
    local wrapper=$BATS_TEST_TMPDIR/wrapper

    : >"$1"
    printf '#!/bin/sh\nexec "%s" "%s" "%s" "$@"\n' "$PROGRAMS/inject" "$1" "$PROBEFS" >"$wrapper"
    chmod +x "$wrapper"
    PROBEFS=$wrapper
}

mounted() {
    local mounts

    read -rd '' mounts </proc/self/mounts || true
    [[ $mounts == *" $DIR fuse.probefs "* ]]
}

# stop: unmounts; the daemon must end, and well.
stop() {
    local pid=$daemon status=0

    [ -n "$pid" ] || return 0
    daemon=''
    umount "$DIR" || umount -l "$DIR" || kill "$pid"
    wait "$pid" || status=$?
    [ "$status" -eq 0 ] ||
        fault "the daemon ended with $status: $(<"$BATS_TEST_TMPDIR/stderr")"
}

# remount OPTIONS: the same directory, with other options.
remount() {
    stop
    start "$1"
}

# kill_daemon: without a chance to clean up.
kill_daemon() {
    kill -9 "$daemon"
    wait "$daemon" || true
    daemon=''
    umount -l "$DIR"
}

# descriptors: how many the daemon has.
descriptors() {
    local fds=("/proc/$daemon/fd"/*)

    echo "${#fds[@]}"
}

# --- What must be as it was ---

# left: what a test can leave behind: programs that it loaded or that come with
# probefs, their links, its daemons' events in tracefs, its mounts.
left() { "$PROGRAMS/left" "$BATS_TEST_TMPDIR" "$daemons" "$loaded"; }

# leaked: what is left that was not there before the test.
leaked() {
    local line

    while IFS= read -r line; do
        [[ $'\n'$left_before$'\n' == *$'\n'"$line"$'\n'* ]] || echo "$line"
    done < <(left)
}

none() { [ -z "$("$@")" ]; }

descriptors_as_before() { [ "$(descriptors)" -le "$descriptors_before" ]; }

# remove_probes: all of them, side by side, and the daemon has no descriptor left
# of them.
remove_probes() {
    local dir probes=()

    for dir in "$DIR"/*/*/; do
        [[ $dir == "$DIR"/link/* || $dir == "$DIR"/prog/@([0-9]*|count)/ ]] ||
            probes+=("$dir")
    done

    [ ! -d "${probes[0]-}" ] ||
        printf '%s\0' "${probes[@]}" | xargs -0 -n 4 -P 32 rmdir || return 1
    eventually descriptors_as_before || {
        ls -l "/proc/$daemon/fd"
        fault "the daemon had $descriptors_before descriptors, now $(descriptors)"
    }
}

# finish: the kernel frees some things late, so it is asked repeatedly.
finish() {
    local failed=0

    cd / # out of the mount, where a test that failed may be
    ! mounted || remove_probes || failed=1
    stop || failed=1
    umount "$BPF" || failed=1
    eventually none leaked || {
        printf 'leaked: %s\n' "$(leaked)"
        failed=1
    }
    # bats calls teardown where no ERR trap is.
    [ "$failed" -eq 0 ] || bats_capture_stack_trace
    return "$failed"
}

# --- Saying what is wrong ---

fault() {
    echo "$*"
    return 1
}

# same WHAT EXPECTED ACTUAL
same() {
    [ "$2" = "$3" ] || {
        printf '%s: expected %q, got %q\n' "$1" "$2" "$3"
        return 1
    }
}

# contains WHAT PART TEXT
contains() {
    [[ $3 == *"$2"* ]] || {
        printf '%s: expected %q in it, got %q\n' "$1" "$2" "$3"
        return 1
    }
}

# eventually COMMAND...: it succeeds, on a loaded machine after a minute.
eventually() {
    local end=$((SECONDS + 60))

    while ((SECONDS < end)); do
        ! "$@" || return 0
        read -rt 0.02 -u "$clock" || true
    done
    echo "not after a minute: $*"
    return 1
}

# --- Probes ---

# needs FEATURE...: skips where the kernel lacks one, as the file `features` says.
needs() {
    local feature line

    for feature in "$@"; do
        line=$(feature_line "$feature")
        [[ $line == *$'\t'yes$'\t'* ]] || skip "$line"
    done
}

# lacks FEATURE: skips where the kernel has it.
lacks() {
    [[ $(feature_line "$1") != *$'\t'yes$'\t'* ]] || skip "this kernel has $1"
}

feature_line() {
    local all=$BATS_FILE_TMPDIR/features line

    [ -e "$all" ] || cat "$DIR/features" >"$all"
    while IFS= read -r line; do
        [[ $line != "$1"$'\t'* ]] || {
            echo "$line"
            return
        }
    done <"$all"
    echo "no feature '$1'"
}

# probe KIND/NAME [ATTACH]: makes one; its directory is $PROBE then.
probe() {
    PROBE=$DIR/$1
    mkdir "$PROBE"
    [ -z "${2-}" ] || put "$PROBE/attach" "$2"
}

# put FILE TEXT: as a user does.
put() {
    echo "$2" 2>/dev/null >"$1" || {
        printf 'writing %q to %s: %s\n' "$2" "$1" "$(<"${1%/*}/error")"
        return 1
    }
}

# holds FILE TEXT: and a newline at most.
holds() {
    same "$1" "$2" "$(<"$1")"
}

# exactly FILE TEXT: byte for byte; TEXT as printf's %b has it.
exactly() {
    printf %b "$2" >"$BATS_TEST_TMPDIR/expected"
    cmp "$BATS_TEST_TMPDIR/expected" "$1" || {
        printf '%s: expected %q, got %q\n' "$1" "$2" "$(<"$1")"
        return 1
    }
}

# What a refused write may not change.
state() {
    local line

    [ -e "$1/info" ] || return 0
    [ ! -e "$1/attach" ] ||
        echo "$(<"$1/attach")" "$(<"$1/cookie")" "$(<"$1/pin")" "$(<"$1/enabled")"
    while IFS= read -r line; do
        case $line in
        *run_* | missed:* | recursion_*) ;;
        *) echo "$line" ;;
        esac
    done <"$1/info"
}

# refused FILE TEXT ERRNO PART: the write fails with that errno, `error` tells it
# with a sentence that has PART in it, and nothing changes.
refused() {
    local dir=${1%/*} before error

    before=$(state "$dir")
    same "errno of writing ${2:0:80} to ${1##*/} ($(<"$dir/error"))" "$3" \
        "$("$TOOL" write "$1" "$2")"
    error=$(<"$dir/error")
    contains error "${1##*/}: $3: " "$error"
    contains error "$4" "$error"
    same "state after a refusal" "$before" "$(state "$dir")"
}

# info DIR KEY
info() {
    local line

    while IFS= read -r line; do
        [[ $line != "$2:"$'\t'* ]] || echo "${line#*$'\t'}"
    done <"$1/info"
}

# hits DIR: of the program `count`.
hits() {
    local key number

    while read -r key number; do
        [ "$key" != total: ] || echo "$number"
    done <"$1/hits"
}

# hit FUNCTION COUNT: of the target.
hit() { "$TARGET" "$@"; }

# answer: reads the answers of the target up to its "ok"; $said is what came.
answer() {
    local line

    said=''
    while IFS= read -r line <&"${TALK[0]}" && [ "$line" != ok ]; do
        said+=$line
    done
}

# tell LINE: to a target that reads lines, the coprocess TALK.
tell() {
    echo "$1" >&"${TALK[1]}"
    answer
}

# object PROGRAM: the object that has it.
object() {
    case $1 in
    plain*) echo "$PROGRAMS/bpf/plain.bpf.o" ;;
    record*) echo "$PROGRAMS/bpf/record.bpf.o" ;;
    net_*) echo "$PROGRAMS/bpf/net.bpf.o" ;;
    iter*) echo "$PROGRAMS/bpf/iter.bpf.o" ;;
    elem*) echo "$PROGRAMS/bpf/elem.bpf.o" ;;
    sockmap_*) echo "$PROGRAMS/bpf/sockmap.bpf.o" ;;
    lsm_cgroup_*) echo "$PROGRAMS/bpf/lsm_cgroup.bpf.o" ;;
    cgroup_*) echo "$PROGRAMS/bpf/cgroup.bpf.o" ;;
    fentry_*) echo "$PROGRAMS/bpf/fentry.bpf.o" ;;
    run_*) echo "$PROGRAMS/bpf/run.bpf.o" ;;
    filter) echo "$PROGRAMS/bpf/socket.bpf.o" ;;
    *) echo "$PROGRAMS/bpf/$1.bpf.o" ;;
    esac
}

# program NAME [none|section|netfilter|multi-kprobe|multi-uprobe [PIN]]: loads and
# pins it, at $BPF/NAME if not told.
program() {
    "$TOOL" load "$(object "$1")" "$1" "$BPF/${3:-$1}" "${2:-none}"
    loaded+=" $("$TOOL" id "$BPF/${3:-$1}")"
}

# value NAME [MAP [KEY]]: of a program that is pinned at $BPF/NAME.
value() { "$TOOL" value "$BPF/$1" "${2:-hits}" "${3:-0}"; }
