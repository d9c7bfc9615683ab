#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# run/ of a program: what the kernel makes of it on what is written there.
# bats file_tags=fs,bpf,root

# shellcheck disable=SC2030,SC2031  # bats runs each test in a subshell
load helpers
load users

# bytes HEX, and the other way round.
bytes() { printf %b "${1//[0-9a-f][0-9a-f]/\\x&}"; }
hex() { od -An -v -tx1 "$1" | tr -d ' \n'; }

# run_of PROGRAM: loads it; $RUN is its directory.
run_of() {
    [ -e "$BPF/$1" ] || program "$1" section
    RUN=$DIR/prog/$("$TOOL" id "$BPF/$1")/run
}

# 56 bytes of struct __sk_buff with a mark; of struct bpf_sk_lookup one of TCP to
# port 80, as it is since 5.17.
MARK=$(printf '%016x' 0)01000000$(printf '%088x' 0)
LOOKUP=$(printf '%016x' 0)0200000006000000$(printf '%088x' 0)50000000$(printf '%08x' 0)
FRAME=$(seq -s '' -f %02g 10 73)

@test "a program makes of its input what bpftool says" {
    local name data ctx retval out rows=0 ran=0

    cd "$BATS_TEST_TMPDIR"
    while IFS='|' read -r name data ctx; do
        run_of "$name"
        echo "row: $name"
        rows=$((rows + 1))
        bytes "$data" | cat >"$RUN/data_in"
        bytes "$ctx" >"$RUN/ctx_in"
        bytes "$data" >packet
        bytes "$ctx" >context
        # shellcheck disable=SC2086  # words
        if ! out=$(bpftool -j prog run pinned "$BPF/$name" ${data:+data_in packet data_out out} \
            ${ctx:+ctx_in context}); then
            refused "$RUN/go" 1 EOPNOTSUPP "does not run programs of type"
            continue
        fi
        put "$RUN/go" 1
        retval=${out#*\"retval\":}
        same retval "${retval%%[,\}]*}" "$(<"$RUN/retval")"
        [ -z "$data" ] || cmp out "$RUN/data_out"
        [[ $(<"$RUN/duration") =~ ^[0-9]+$ ]]
        ran=$((ran + 1))
        rm -f out
    done <<ROWS
run_xdp|$FRAME|
run_tc|$FRAME|$MARK
run_cgroup_skb|$FRAME|$MARK
run_dissector|$FRAME|
run_lookup||$LOOKUP
ROWS
    # Linux 5.10 does not run the last.
    [ "$rows" -eq 5 ] && [ "$ran" -ge 4 ]
    run_of run_xdp
    same "retval of xdp" 3 "$(<"$RUN/retval")"
    same "data of xdp" "${FRAME:0:26}33${FRAME:28}00000000" "$(hex "$RUN/data_out")"
    run_of run_tc
    same "the mark of tc" 06000000 "$(hex "$RUN/ctx_out" | cut -c 17-24)"
    # To raw tracepoints bpftool gives what the kernel refuses.
    run_of run_raw
    bytes 14000000000000001600000000000000 >"$RUN/ctx_in"
    put "$RUN/go" 1
    same "retval of raw" 42 $(($(<"$RUN/retval") % 1000))
    put "$RUN/cpu" 1
    put "$RUN/go" 1
    same "retval of raw on a CPU" 1042 "$(<"$RUN/retval")"
}

@test "a program of type syscall finds no descriptors, and changes its context" {
    program run_syscall section 2>/dev/null || skip "this kernel has no such programs"
    run_of run_syscall
    bytes 15000000000000000000000000000000 >"$RUN/ctx_in"
    put "$RUN/go" 1
    same ctx_out 15000000000000002a00000000000000 "$(hex "$RUN/ctx_out")"
    holds "$RUN/duration" ""
    # There is the program itself.
    run_of run_close
    bytes 00000000000000000000000000000000 >"$RUN/ctx_in"
    put "$RUN/go" 1
    holds "$RUN/retval" 1
}

@test "of type tracing the functions of the kernel's tests are called, or nothing is" {
    program run_fentry section 2>/dev/null || skip "this kernel has no trampolines"
    run_of run_fentry
    put "$RUN/go" 1
    holds "$RUN/retval" 0
    "$TOOL" load "$PROGRAMS/bpf/raw.bpf.o" raw_btf "$BPF/raw_btf" section
    run_of raw_btf
    refused "$RUN/go" 1 EOPNOTSUPP "the kernel runs programs for fentry, fexit and fmod_ret only"
}

@test "what cannot be run, or not on that, is refused with a sentence" {
    local name file text error part rows=0

    # shellcheck disable=SC2095  # nothing reads
    while IFS='|' read -r name file text error part; do
        run_of "run_$name"
        case $file in
        *_in) bytes "$text" >"$RUN/$file" && file=go text=1 ;;
        go) ;;
        *) [ "$error" = ERANGE ] || { put "$RUN/$file" "$text" && file=go text=1; } ;;
        esac
        refused "$RUN/$file" "$text" "$error" "$part"
        rows=$((rows + 1))
    done <<ROWS
xdp|go|1|EINVAL|'data_in' has 0 bytes, and a program of type xdp takes 14 at least
xdp|data_in|${FRAME:0:26}|EINVAL|'data_in' has 13 bytes
tc|data_in|${FRAME:0:26}|EINVAL|a program of type sched_cls takes 14 at least
tc|cpu|0|EINVAL|only a program of type raw_tracepoint runs on a CPU of choice
tc|repeat|4294967296|ERANGE|the largest is 4294967295
raw|go|1|EINVAL|'ctx_in' has 8 bytes an argument
raw|repeat|2|EINVAL|runs a program of type raw_tracepoint once: write 1 to 'repeat'
raw|data_in|$FRAME|EINVAL|takes no data: empty 'data_in'
kprobe|go|1|EOPNOTSUPP|this kernel does not run programs of type kprobe for a test
ROWS
    [ "$rows" -eq 9 ]
    refused "$RUN/go" 2 EINVAL "2"
    put "$RUN/go" 0
    holds "$RUN/retval" ""
    # What grows by four bytes each time is cut.
    run_of run_xdp
    bytes "$FRAME" >"$RUN/data_in"
    put "$RUN/repeat" 200
    same errno ENOSPC "$("$TOOL" write "$RUN/go" 1)"
    contains error "'data_out' is cut" "$(<"$RUN/error")"
    same "bytes of data_out" $((64 + 258)) "$(stat -c %s "$RUN/data_out")"
}

@test "a program of an object file is run in its own directory" {
    local web=$DIR/prog/web

    mkdir "$web"
    RUN=$web/program/net_xdp/run
    cp "$PROGRAMS/bpf/net.bpf.o" "$web/object"
    bytes "$FRAME" >"$RUN/data_in"
    same errno ENODATA "$("$TOOL" write "$RUN/go" 1)"
    contains error "it is not loaded; write 1 to 'load'" "$(<"$RUN/error")"
    put "$web/load" 1
    put "$RUN/repeat" 3
    put "$RUN/go" 1
    holds "$RUN/retval" 2
    same data_out "$FRAME" "$(hex "$RUN/data_out")"
    rm "$RUN/data_in" "$RUN/repeat" "$RUN/go"
    [ ! -e "$RUN/data_in" ]
    ls "$RUN" >/dev/null
    holds "$RUN/data_in" ""
    holds "$RUN/repeat" 1
    holds "$web/load" 1
    refused "$RUN/go" 1 EINVAL "'data_in' has 0 bytes"
    # Of other bytes it is another program.
    put "$web/load" 0
    cp "$PROGRAMS/bpf/run.bpf.o" "$web/object"
    [ ! -e "$RUN" ]
    rmdir "$web"
}

@test "a benchmark tells the mean, and a signal ends it" {
    local pid

    run_of run_cgroup_skb
    bytes "$FRAME" >"$RUN/data_in"
    put "$RUN/repeat" 1000000
    put "$RUN/go" 1
    [[ $(<"$RUN/duration") =~ ^[0-9]+$ ]]
    holds "$RUN/retval" 0
    put "$RUN/repeat" 4294967295
    "$TOOL" write "$RUN/go" 1 >"$BATS_TEST_TMPDIR/errno" 2>&1 &
    pid=$!
    eventually runs
    kill -9 "$pid"
    wait "$pid" || true
    eventually none runs_child
    contains error EINTR "$(<"$RUN/error")"
    holds "$RUN/retval" 0
}

# runs_child: the process that runs a program for the daemon.
runs_child() { pgrep -P "$daemon" || true; }
runs() { [ -n "$(runs_child)" ]; }

@test "data_in and ctx_in are files of bytes" {
    local file=$BATS_TEST_TMPDIR/file

    run_of run_tc
    head -c 300000 /dev/urandom >"$file"
    cp "$file" "$RUN/data_in"
    cmp "$file" "$RUN/data_in"
    dd if="$file" of="$RUN/ctx_in" bs=4k count=2 status=none
    cmp -n 8192 "$file" "$RUN/ctx_in"
    echo x | dd of="$RUN/ctx_in" bs=1 seek=8190 conv=notrunc status=none
    echo y >>"$RUN/ctx_in"
    same "the end of ctx_in" 780a790a "$(hex "$RUN/ctx_in" | tail -c 8)"
    truncate -s 3 "$RUN/ctx_in"
    cmp -n 3 "$file" "$RUN/ctx_in"
    truncate -s 5 "$RUN/ctx_in"
    same "bytes of ctx_in" 5 "$(stat -c %s "$RUN/ctx_in")"
    : >"$RUN/ctx_in"
    holds "$RUN/ctx_in" ""
    run truncate -s 1048577 "$RUN/data_in"
    contains output "File too large" "$output"
    contains error "EFBIG: more than 1048576 bytes" "$(<"$RUN/error")"
    cmp "$file" "$RUN/data_in"
    same mode "600 200 400" "$(stat -c %a "$RUN"/{data_in,go,data_out} | xargs)"
    put "$RUN/flags" 0x2
    holds "$RUN/flags" 0x2
    put "$RUN/flags" ""
    holds "$RUN/flags" 0
}

@test "who has the directory needs the capability as well, and has a share" {
    local i

    run_of run_tc
    remount "mode=0755,uid=$ALICE"
    others
    # Of what another user has loaded.
    as "$ALICE" mkdir "$DIR/prog/web"
    as "$ALICE" dd of="$DIR/prog/web/object" status=none <"$PROGRAMS/bpf/net.bpf.o"
    put "$DIR/prog/web/load" 1
    asks "$ALICE" "$DIR/prog/web/program/net_xdp/run/go" 1 EPERM "it was loaded by user 0: that takes this user, or CAP_SYS_ADMIN"
    rmdir "$DIR/prog/web"
    asks "$ALICE" "$RUN/go" 1 EPERM "running a program of the kernel by its id needs CAP_SYS_ADMIN"
    as "$ALICE" truncate -s 1M "$RUN/data_in"
    for ((i = 0; i < 15; i++)); do
        program run_tc section "tc$i"
        as "$ALICE" truncate -s 1M "$DIR/prog/$("$TOOL" id "$BPF/tc$i")/run/data_in" || break
    done
    same "how many there was room for" 14 "$i"
    contains error "ENOSPC: what you have in directories 'run' is all that one may have" \
        "$(<"$DIR/prog/$("$TOOL" id "$BPF/tc$i")/run/error")"
}
