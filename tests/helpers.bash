# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# helpers.bash - what the tests share: a mount of their own for each, and the
# comparison of what was there before with what is there after.
#
# A test finds the mount at $DIR, served by the process $daemon; a bpffs of its
# own at $BPF; and the program that it probes at $TARGET, of which nobody else
# has that copy, so that hits can be counted exactly.  $NAME is $TARGET as it is
# written in the name of a probe.

TOP=$(realpath "$BATS_TEST_DIRNAME/..")
PROBEFS=$(realpath "${PROBEFS:-$TOP/build/plain/mount.probefs}")
# These are not under test, so that no sanitizer need slow them.
PROGRAMS=$TOP/build/plain/tests
TOOL=$PROGRAMS/tool

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
    DIR=$BATS_TEST_TMPDIR/mnt
    BPF=$BATS_TEST_TMPDIR/bpf
    TARGET=$BATS_FILE_TMPDIR/target
    NAME=${TARGET//\//%2F}
    daemon='' daemons='' loaded=''
    export PROBEFS DIR BPF TARGET NAME
    mkdir "$DIR" "$BPF"
    mount -t bpf bpf "$BPF"
    ids >"$BATS_TEST_TMPDIR/ids"
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

mounted() { grep -qF " $DIR fuse.probefs " /proc/self/mounts; }

# stop: unmounts; the daemon must end, and well.
stop() {
    local pid=$daemon status=0

    [ -n "$pid" ] || return 0
    daemon=''
    umount "$DIR" || umount -l "$DIR"
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

# ids: of the programs that a test can leave behind, and of the links with one:
# those that it loaded, and those that come with probefs.
ids() {
    "$TOOL" ids | awk -v loaded="$loaded" '
        BEGIN { split(loaded, list); for (i in list) ours[list[i]] = 1 }
        $3 in ours || $4 ~ /^probefs_/ { print $1, $2, $4 }' | sort
}

# Whether a process has it: then it is somebody else's, who works meanwhile.
held() {
    grep -qsE "^${1%% *}_id:[[:space:]]*$(cut -d ' ' -f 2 <<<"$1")\$" \
        /proc/[0-9]*/fdinfo/*
}

leaked_ids() {
    local id

    ids | comm -13 "$BATS_TEST_TMPDIR/ids" - | while read -r id; do
        held "$id" || echo "$id"
    done
}

leaked_events() {
    local pid

    for pid in $daemons; do
        cat /sys/kernel/tracing/{k,u}probe_events 2>/dev/null |
            grep -F "$(printf 'probefs_%08x' "$pid")" || true
    done
}

leaked_mounts() {
    awk -v "dir=$BATS_TEST_TMPDIR/" 'index($5, dir) == 1 { print $5 }' \
        /proc/self/mountinfo
}

none() { [ -z "$("$@")" ]; }

descriptors_as_before() { [ "$(descriptors)" -le "$descriptors_before" ]; }

# remove_probes: all of them, side by side, and the daemon has no descriptor left
# of them.
remove_probes() {
    local probes=("$DIR"/*/*/)

    [ ! -d "${probes[0]}" ] ||
        printf '%s\0' "${probes[@]}" | xargs -0 -n 4 -P 32 rmdir || return 1
    eventually descriptors_as_before || {
        ls -l "/proc/$daemon/fd"
        fault "the daemon had $descriptors_before descriptors, now $(descriptors)"
    }
}

# finish: the kernel frees some things late, so each is asked for repeatedly.
finish() {
    local what failed=0

    cd / # out of the mount, where a test that failed may be
    [ -z "$daemon" ] || remove_probes || failed=1
    stop || failed=1
    umount "$BPF" || failed=1
    for what in leaked_ids leaked_events leaked_mounts; do
        eventually none "$what" || {
            printf '%s: %s\n' "$what" "$("$what")"
            failed=1
        }
    done
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

# eventually COMMAND...: it succeeds within ten seconds.
eventually() {
    local try

    for try in {1..200}; do
        ! "$@" || return 0
        sleep 0.05
    done
    echo "not after $try tries: $*"
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
    local all=$BATS_FILE_TMPDIR/features

    [ -e "$all" ] || cat "$DIR/features" >"$all"
    grep "^$1"$'\t' "$all" || echo "no feature '$1'"
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
info() { sed -n "s/^$2:\t//p" "$1/info"; }

# hits DIR: of the program `count`.
hits() { sed -n 's/^total:[\t ]*//p' "$1/hits"; }

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
    filter) echo "$PROGRAMS/bpf/socket.bpf.o" ;;
    *) echo "$PROGRAMS/bpf/$1.bpf.o" ;;
    esac
}

# program NAME [none|multi-kprobe|multi-uprobe [PIN]]: loads and pins it, at
# $BPF/NAME if not told.
program() {
    "$TOOL" load "$(object "$1")" "$1" "$BPF/${3:-$1}" "${2:-none}"
    loaded+=" $("$TOOL" id "$BPF/${3:-$1}")"
}

# value NAME [MAP [KEY]]: of a program that is pinned at $BPF/NAME.
value() { "$TOOL" value "$BPF/$1" "${2:-hits}" "${3:-0}"; }
