#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Probes of functions of programs: each way to attach, and each reason not to.
# bats file_tags=bpf,root

# shellcheck disable=SC2016,SC2030,SC2031,SC2153  # inner shells; the helpers
load helpers

# --- Ways ---

# way MODE BACKEND [FEATURE...]: entry and return, by `count` and by a program of
# the user's; every call is counted, and none after.
way() {
    local kind

    needs "${@:3}"
    remount "attach_mode=$1"
    program plain
    for kind in uprobe uretprobe; do
        probe "$kind/$NAME:target_one" count
        same backend "$2" "$(info "$PROBE" backend)"
        same state attached "$(info "$PROBE" state)"
        hit target_one 1000
        same "hits of $kind" 1000 "$(hits "$PROBE")"
        put "$PROBE/attach" "$BPF/plain"
        "$TOOL" reset "$BPF/plain" hits
        hit target_one 100
        same "hits of plain" 100 "$(value plain)"
        put "$PROBE/attach" ""
        hit target_one 100
        same "hits when detached" 100 "$(value plain)"
        rmdir "$PROBE"
    done
}

@test "a perf event with a link counts every call" {
    way link pmu+link uprobe_pmu perf_link
}

@test "a perf event without a link counts every call" {
    way ioctl pmu+ioctl uprobe_pmu
}

@test "an event of tracefs with a link counts every call" {
    way tracefs tracefs+link uprobe_tracefs perf_link
}

@test "an event of tracefs without a link counts every call" {
    way tracefs-ioctl tracefs+ioctl uprobe_tracefs
}

@test "an event of tracefs needs no link where the kernel has none" {
    lacks perf_link
    way tracefs tracefs+ioctl uprobe_tracefs
}

@test "a multi link counts every call" {
    local kind

    needs uprobe_multi
    remount attach_mode=multi
    program plain multi-uprobe
    for kind in uprobe uretprobe; do
        probe "$kind/$NAME:target_one" count
        same backend multi "$(info "$PROBE" backend)"
        hit target_one 1000
        same "hits of $kind" 1000 "$(hits "$PROBE")"
        put "$PROBE/attach" "$BPF/plain"
        "$TOOL" reset "$BPF/plain" hits
        hit target_one 100
        same "hits of plain" 100 "$(value plain)"
        rmdir "$PROBE"
    done
}

@test "without a mode count gets a multi link where there are any" {
    needs uprobe_multi
    probe "uprobe/$NAME:target_one" count
    same backend multi "$(info "$PROBE" backend)"
    same link_type uprobe_multi "$(info "$PROBE" link_type)"
}

@test "without a mode a program gets the way that it was loaded for" {
    needs uprobe_multi uprobe_pmu
    program plain none single
    program plain multi-uprobe many
    probe "uprobe/$NAME:target_one@1" "$BPF/single"
    same "backend of single" pmu+link "$(info "$PROBE" backend)"
    probe "uprobe/$NAME:target_one@2" "$BPF/many"
    same "backend of many" multi "$(info "$PROBE" backend)"
    hit target_one 10
    same "hits of single" 10 "$(value single)"
    same "hits of many" 10 "$(value many)"
}

@test "a program that was not loaded for a multi link is refused there" {
    needs uprobe_multi
    remount attach_mode=multi
    program plain
    probe "uprobe/$NAME:target_one"
    refused "$PROBE/attach" "$BPF/plain" EINVAL "the program was not loaded for a multi link"
}

@test "without links on events a cookie and a pin are refused" {
    local mode

    needs uprobe_pmu uprobe_tracefs
    for mode in ioctl tracefs-ioctl; do
        remount "attach_mode=$mode"
        probe "uprobe/$NAME:target_one" count
        refused "$PROBE/cookie" 1 EOPNOTSUPP "a cookie needs a link on the event (5.15)"
        refused "$PROBE/pin" "$BPF/pin" EOPNOTSUPP "no link to pin"
        hit target_one 10
        same hits 10 "$(hits "$PROBE")"
        put "$PROBE/attach" ""
        put "$PROBE/cookie" 1
        refused "$PROBE/attach" count EOPNOTSUPP "a cookie needs a link on the event"
        put "$PROBE/cookie" ""
        put "$PROBE/pin" "$BPF/pin"
        refused "$PROBE/attach" count EOPNOTSUPP "no link to pin"
        [ ! -e "$BPF/pin" ]
    done
}

@test "the program sees the cookie" {
    local mode way cookie rows=0

    needs cookie uprobe_multi uprobe_pmu uprobe_tracefs
    while IFS='|' read -r mode way cookie; do
        remount "attach_mode=$mode"
        program record "$way" "record$rows"
        probe "uprobe/$NAME:target_one"
        put "$PROBE/cookie" "$cookie"
        put "$PROBE/attach" "$BPF/record$rows"
        hit target_one 4
        same "cookie by $mode" "$(printf %u "$cookie")" "$(value "record$rows" cookies 3)"
        same "cookie in info" "$(printf %u "$cookie")" "$(info "$PROBE" cookie)"
        rmdir "$PROBE"
        rows=$((rows + 1))
    done <<'ROWS'
multi|multi-uprobe|0
multi|multi-uprobe|0xffffffffffffffff
link|none|42
link|none|18446744073709551615
tracefs|none|0xdeadbeefcafe
ROWS
    [ "$rows" -eq 5 ]
}

@test "the program sees the cookie on kernels without multi links too" {
    needs cookie uprobe_pmu
    lacks uprobe_multi
    program record
    probe "uprobe/$NAME:target_one"
    put "$PROBE/cookie" 0xffffffffffffffff
    put "$PROBE/attach" "$BPF/record"
    hit target_one 1
    same cookie 18446744073709551615 "$(value record cookies 0)"
}

# --- What is hit ---

# answer: reads the answers of the target up to its "ok"; $said is what came.
answer() {
    local line

    said=''
    while IFS= read -r line <&"${TALK[0]}" && [ "$line" != ok ]; do
        said+=$line
    done
}

# tell LINE: to the target that reads lines.
tell() {
    echo "$1" >&"${TALK[1]}"
    answer
}

@test "with a pid only that process is hit" {
    local mode

    needs uprobe_pmu uprobe_tracefs
    coproc TALK { exec "$TARGET" -i 3>&-; }
    for mode in auto ioctl tracefs; do
        remount "attach_mode=$mode"
        probe "uprobe/$NAME:target_one"
        # shellcheck disable=SC2153  # bash sets it
        put "$PROBE/pid" "$TALK_PID"
        put "$PROBE/attach" count
        hit target_one 100
        same "hits by another, $mode" 0 "$(hits "$PROBE")"
        tell "target_one 10"
        same "hits by $mode" 10 "$(hits "$PROBE")"
        contains info "pid:	$TALK_PID" "$(<"$PROBE/info")"
    done
    kill "$TALK_PID"
}

@test "a pid is that of all threads, where the kernel means one" {
    needs uprobe_multi uprobe_pmu
    coproc TALK { exec "$TARGET" -i 3>&-; }
    probe "uprobe/$NAME:target_one"
    put "$PROBE/pid" "$TALK_PID"
    put "$PROBE/attach" count
    [[ $(info "$PROBE" backend) == "$(
        [[ $(feature_line uprobe_multi_pid) == *yes* ]] && echo multi || echo pmu+link
    )" ]]
    kill "$TALK_PID"
}

@test "the semaphore is raised while the probe is there" {
    local mode counter

    needs uprobe_ref_ctr uprobe_tracefs
    counter=$("$TARGET" -p | sed -n 's/^counter //p')
    coproc TALK { exec "$TARGET" -i 3>&-; }
    tell "counter 0"
    same "counter before" 0 "$said"
    for mode in auto ioctl tracefs; do
        remount "attach_mode=$mode"
        probe "uprobe/$NAME:target_one"
        put "$PROBE/ref_ctr_offset" "$counter"
        put "$PROBE/attach" count
        tell "counter 0"
        same "counter by $mode" 1 "$said"
        tell "target_one 5"
        same hits 5 "$(hits "$PROBE")"
        rmdir "$PROBE"
        tell "counter 0"
        same "counter after $mode" 0 "$said"
    done
    kill "$TALK_PID"
}

@test "two probes of one place must agree on the semaphore" {
    needs uprobe_ref_ctr
    probe "uprobe/$NAME:target_one" count
    probe "uprobe/$NAME:target_one@2"
    put "$PROBE/ref_ctr_offset" "$("$TARGET" -p | sed -n 's/^counter //p')"
    # A process must have it mapped for the kernel to look.
    coproc TALK { exec "$TARGET" -i 3>&-; }
    refused "$PROBE/attach" count EINVAL "another probe there has another one"
    kill "$TALK_PID"
}

@test "an offset is counted from the symbol, or from the file's start" {
    local start

    needs uprobe_pmu
    [ "$(uname -m)" = x86_64 ] || skip "the offsets are those of x86-64"
    start=$(awk '$1 == "target_steps" { print $2 }' <(
        mkdir "$DIR/uprobe/$NAME:x" && cat "$DIR/uprobe/$NAME:x/available"
    ))
    probe "uprobe/$NAME:target_steps+1" count
    contains sites $'\ttarget_steps+0x1\t' "$(<"$PROBE/sites")"
    probe "uprobe/$NAME:$(printf '0x%x' $((start + 4)))" count
    contains sites $'\ttarget_steps+0x4\t' "$(<"$PROBE/sites")"
    hit target_steps 10
    same "hits at +1" 10 "$(hits "$DIR/uprobe/$NAME:target_steps+1")"
    same "hits at +4" 10 "$(hits "$PROBE")"
}

@test "a pattern is one probe with many sites" {
    local mode way rows=0

    needs uprobe_pmu uprobe_tracefs
    while IFS='|' read -r mode way; do
        [ "$way" != multi-uprobe ] || [[ $(feature_line uprobe_multi) == *yes* ]] || continue
        remount "attach_mode=$mode"
        program plain "$way" "plain$rows"
        probe "uprobe/$NAME:target_glob_*" "$BPF/plain$rows"
        same sites 3 "$(info "$PROBE" sites)"
        same "lines of sites" 3 "$(wc -l <"$PROBE/sites")"
        same "symbols" "target_glob_a target_glob_b target_glob_c" \
            "$(cut -f 2 "$PROBE/sites" | sort | xargs)"
        hit target_glob_a 1
        hit target_glob_b 20
        hit target_glob_c 300
        hit target_one 4000
        same "hits by $mode" 321 "$(value "plain$rows")"
        rmdir "$PROBE"
        rows=$((rows + 1))
    done <<'ROWS'
ioctl|none
tracefs|none
auto|none
multi|multi-uprobe
ROWS
    [ "$rows" -ge 3 ]
    probe "uretprobe/$NAME:target_glob_?" count
    hit target_glob_b 2
    same "hits of returns" 2 "$(hits "$PROBE")"
}

@test "probes of one place do not disturb each other" {
    needs uprobe_pmu
    probe "uprobe/$NAME:target_one" count
    hit target_one 1
    probe "uprobe/$NAME:target_one@2" count
    hit target_one 10
    rmdir "$DIR/uprobe/$NAME:target_one"
    hit target_one 100
    same "hits of the second" 110 "$(hits "$PROBE")"
}

@test "hits are those of each processor" {
    needs uprobe_pmu
    probe "uprobe/$NAME:target_one" count
    taskset -c 0 "$TARGET" target_one 70
    same hits 70 "$(hits "$PROBE")"
    same "hits of processor 0" 70 "$(sed -n 's/^cpu0:[\t ]*//p' "$PROBE/hits")"
    same "lines" 2 "$(wc -l <"$PROBE/hits")"
}

@test "versions of a symbol are different functions" {
    local version

    needs uprobe_pmu
    grep -q '^regexec@GLIBC_2.2.5' <(
        mkdir "$DIR/uprobe/libc.so.6:x" && cat "$DIR/uprobe/libc.so.6:x/available"
    ) || skip "no old regexec in this libc"
    for version in @@GLIBC_2.3.4 @GLIBC_2.2.5@ ''; do
        probe "uprobe/libc.so.6:regexec$version" count
    done
    coproc TALK { exec "$TARGET" -i 3>&-; }
    for version in @@GLIBC_2.3.4 @GLIBC_2.2.5@ ''; do
        put "$DIR/uprobe/libc.so.6:regexec$version/pid" "$TALK_PID"
    done
    tell "regexec 10"
    same "hits of the default" 10 "$(hits "$DIR/uprobe/libc.so.6:regexec@@GLIBC_2.3.4")"
    same "hits of the old" 0 "$(hits "$DIR/uprobe/libc.so.6:regexec@GLIBC_2.2.5@")"
    same "hits without a version" 10 "$(hits "$DIR/uprobe/libc.so.6:regexec")"
    kill "$TALK_PID"
    mkdir "$DIR/uprobe/libc.so.6:regexec@@NO_1"
    refused "$DIR/uprobe/libc.so.6:regexec@@NO_1/attach" count ENOENT \
        "no function 'regexec' of version NO_1"
}

@test "a binary is found as a shell and the dynamic linker find it" {
    local binary file rows=0

    needs uprobe_pmu
    while IFS='|' read -r binary file; do
        probe "uprobe/$binary:*exit*"
        put "$PROBE/symbol" "${file#*:}"
        put "$PROBE/attach" count
        same "file" "$(realpath "${file%:*}")" "$(realpath "$(info "$PROBE" file)")"
        rows=$((rows + 1))
    done <<ROWS
libc.so.6|$(ldd "$TARGET" | sed -n 's/.*libc.so.6 => \([^ ]*\).*/\1/p'):regexec
%2Fbin%2Fbash|/bin/bash:readline
bash|/bin/bash:readline
ROWS
    [ "$rows" -eq 3 ]
}

@test "a deleted file of a process can be probed no more, a renamed one goes on" {
    needs uprobe_pmu
    cp "$TARGET" "$BATS_TEST_TMPDIR/copy"
    probe "uprobe/${BATS_TEST_TMPDIR//\//%2F}%2Fcopy:target_one" count
    mv "$BATS_TEST_TMPDIR/copy" "$BATS_TEST_TMPDIR/moved"
    "$BATS_TEST_TMPDIR/moved" target_one 5
    same hits 5 "$(hits "$PROBE")"
    put "$PROBE/attach" ""
    refused "$PROBE/attach" count ENOENT "no such file"
}

@test "an adopted or made link tells where it is" {
    needs uprobe_pmu link_info_perf
    probe "uprobe/$NAME:target_one" count
    same file "$TARGET" "$(info "$PROBE" file)"
    same sites "$("$TARGET" -p | sed -n 's/^code //p')" "$(cut -f 1 "$PROBE/sites")"
    same "link id" "$(info "$PROBE" link_id)" "$(sed -n 's/.*\tlink \([0-9]*\).*/\1/p' "$PROBE/sites")"
    same prog_name probefs_count "$(info "$PROBE" prog_name)"
    same prog_type kprobe "$(info "$PROBE" prog_type)"
    same target "$NAME:target_one" "$(info "$PROBE" target)"
    same program count "$(info "$PROBE" program)"
}

# --- What cannot be probed ---

# duplicate: a name that two functions of the target have.
duplicate() {
    mkdir "$DIR/uprobe/$NAME:x"
    cut -f 1 "$DIR/uprobe/$NAME:x/available" | sort | uniq -d | grep -v '[.]' | sed q
    rmdir "$DIR/uprobe/$NAME:x"
}

@test "what is no place for a probe is refused with the reason" {
    local name error message rows=0 kind

    needs uprobe_pmu
    [ "$(uname -m)" = x86_64 ] || skip "the offsets are those of x86-64"
    : >"$BATS_TEST_TMPDIR/empty"
    printf '#!/bin/sh\n' >"$BATS_TEST_TMPDIR/script"
    head -c 100 "$TARGET" >"$BATS_TEST_TMPDIR/short"
    cp "$TARGET" "$BATS_TEST_TMPDIR/arm"
    # e_machine: EM_AARCH64.
    printf '\xb7' | dd of="$BATS_TEST_TMPDIR/arm" bs=1 seek=18 conv=notrunc status=none
    mkfifo "$BATS_TEST_TMPDIR/fifo"
    ln -s loop "$BATS_TEST_TMPDIR/loop"
    while IFS='|' read -r kind name error message; do
        echo "row: $kind $name"
        name=${name/TARGET/$NAME}
        mkdir "$DIR/$kind/${name/TMP/${BATS_TEST_TMPDIR//\//%2F}}"
        refused "$DIR/$kind/${name/TMP/${BATS_TEST_TMPDIR//\//%2F}}/attach" count "$error" "$message"
        rows=$((rows + 1))
    done <<ROWS
uprobe|TARGET:no_such_function|ENOENT|no function 'no_such_function' in '$TARGET'
uprobe|TARGET:no_such_*|ENOENT|no function matches 'no_such_*'
uprobe|TARGET:target_one@@V_1|ENOENT|no function 'target_one' of version V_1
uprobe|TARGET:puts|EOPNOTSUPP|'puts' is imported by '$TARGET', not defined in it; probe the library that defines it
uprobe|TARGET:target_counter|EINVAL|'target_counter' of '$TARGET' is data, not a function
uprobe|TARGET:target_indirect|EINVAL|is an indirect function: its code at 0x
uprobe|TARGET:$(duplicate)|ENOTUNIQ|functions of '$TARGET' are called
uprobe|TARGET:target_steps+2|EINVAL|is inside an instruction, and a probe there would kill the process; instructions begin at 0x
uprobe|TARGET:target_steps+0x1000|EINVAL|offset 0x1000 is beyond 'target_steps', which has 11 bytes
uprobe|TARGET:target_glob_*+1|EINVAL|an offset cannot go with the pattern 'target_glob_*'
uretprobe|TARGET:target_steps+1|EINVAL|a return probe must be at the start of its function
uprobe|TARGET:target_locked|EOPNOTSUPP|cannot probe the instruction
uprobe|TARGET:0x10|EINVAL|is not in its code; an offset counts from the start of the file, and is no address
uprobe|TARGET:$("$TARGET" -p | sed -n 's/^data //p')|EINVAL|is not in its code
uprobe|TARGET:0x7fffffffffff|EINVAL|is beyond the end of '$TARGET'
uprobe|no-such-program:main|ENOENT|no file 'no-such-program' in /usr/local/sbin
uprobe|libnosuch.so.9:main|ENOENT|no file 'libnosuch.so.9' in
uprobe|%2Fnonexistent:main|ENOENT|no such file: '/nonexistent'
uprobe|%2Fetc:main|EINVAL|'/etc' is not a regular file
uprobe|%2Fdev%2Fnull:main|EINVAL|'/dev/null' is not a regular file
uprobe|TMP%2Ffifo:main|EINVAL|is not a regular file
uprobe|TMP%2Floop:main|EXDEV|leads through a link
uprobe|TMP%2Fempty:main|ENOEXEC|cannot probe '
uprobe|TMP%2Fscript:main|ENOEXEC|cannot probe '
uprobe|TMP%2Fshort:main|ENOEXEC|cannot probe '
uprobe|TMP%2Farm:main|ENOEXEC|is for
uprobe|label|EINVAL|the field 'path' is not set; write the binary's path to it
ROWS
    [ "$rows" -eq 27 ]
    # Nothing was put anywhere.
    hit target_steps 10
    hit target_locked 10
}

@test "a path that is too long is refused" {
    mkdir "$DIR/uprobe/a"
    put "$DIR/uprobe/a/symbol" main
    put "$DIR/uprobe/a/path" "/$(printf '%4090s' '' | tr ' ' x)"
    refused "$DIR/uprobe/a/attach" count ENAMETOOLONG "too long"
    put "$DIR/uprobe/a/path" "bin/sh"
    refused "$DIR/uprobe/a/attach" count EINVAL "'bin/sh' is a relative path"
}

@test "force attaches where the checks say no" {
    needs uprobe_pmu
    [ "$(uname -m)" = x86_64 ] || skip "the offsets are those of x86-64"
    probe "uprobe/$NAME:target_steps+5"
    refused "$PROBE/attach" count EINVAL "is inside an instruction"
    put "$PROBE/force" 1
    put "$PROBE/attach" count
    # As was said.
    run "$TARGET" target_steps 1
    [ "$status" -ge 128 ]
    refused "$PROBE/force" 0 EINVAL "is inside an instruction"
    rmdir "$PROBE"
    hit target_steps 1
}

@test "an instruction that the kernel cannot probe is refused, and nobody hangs" {
    local mode

    needs uprobe_pmu uprobe_tracefs
    [ "$(uname -m)" = x86_64 ] || skip "the instruction is one of x86-64"
    # The kernel says 524 when a process has it mapped.
    coproc TALK { exec "$TARGET" -i 3>&-; }
    tell "target_locked 1"
    for mode in auto ioctl tracefs; do
        remount "attach_mode=$mode"
        probe "uprobe/$NAME:target_locked"
        put "$PROBE/force" 1
        refused "$PROBE/attach" count EOPNOTSUPP "cannot probe the instruction"
    done
    tell "target_locked 1"
    kill "$TALK_PID"
}

@test "a site that fails takes the others back" {
    local mode

    needs uprobe_pmu uprobe_tracefs
    [ "$(uname -m)" = x86_64 ] || skip "the instruction is one of x86-64"
    coproc TALK { exec "$TARGET" -i 3>&-; }
    tell "target_locked 1"
    for mode in auto ioctl tracefs; do
        remount "attach_mode=$mode"
        program plain none "plain_$mode"
        probe "uprobe/$NAME:target_*e*"
        put "$PROBE/force" 1
        refused "$PROBE/attach" "$BPF/plain_$mode" EOPNOTSUPP "cannot probe the instruction"
        hit target_one 1
        hit target_steps 1
        same "hits of nothing" 0 "$(value "plain_$mode")"
    done
    kill "$TALK_PID"
}

@test "functions that cannot be probed are left out of a pattern, with a warning" {
    needs uprobe_pmu
    [ "$(uname -m)" = x86_64 ] || skip "the instruction is one of x86-64"
    probe "uprobe/$NAME:target_*e*" count
    contains warning "1 functions that match begin with an instruction that the kernel cannot probe" \
        "$(info "$PROBE" warning)"
    contains sites $'\ttarget_one\t' "$(<"$PROBE/sites")"
    [[ $(<"$PROBE/sites") != *target_locked* ]]
    hit target_one 3
    hit target_locked 3
    same hits 3 "$(hits "$PROBE")"
}

@test "return probes into Go programs are warned about" {
    needs uprobe_pmu
    cp "$TARGET" "$BATS_TEST_TMPDIR/gopher"
    # What the Go linker leaves in every program.
    : >"$BATS_TEST_TMPDIR/note"
    objcopy --add-section .go.buildinfo="$BATS_TEST_TMPDIR/note" \
        --add-section .note.go.buildid="$BATS_TEST_TMPDIR/note" \
        --add-section .gopclntab="$BATS_TEST_TMPDIR/note" "$BATS_TEST_TMPDIR/gopher" ||
        skip "no objcopy"
    probe "uretprobe/${BATS_TEST_TMPDIR//\//%2F}%2Fgopher:target_one" count
    contains warning "is a Go program: a return probe crashes it" "$(info "$PROBE" warning)"
    probe "uprobe/${BATS_TEST_TMPDIR//\//%2F}%2Fgopher:target_one" count
    same warning "" "$(info "$PROBE" warning)"
}

@test "a stripped file is told of, and its offsets work" {
    local start

    needs uprobe_pmu
    strip -o "$BATS_TEST_TMPDIR/stripped" "$TARGET" || skip "no strip"
    probe "uprobe/${BATS_TEST_TMPDIR//\//%2F}%2Fstripped:target_one"
    refused "$PROBE/attach" count ENOENT "the file is stripped"
    start=$("$BATS_TEST_TMPDIR/stripped" -p | sed -n 's/^code //p')
    probe "uprobe/${BATS_TEST_TMPDIR//\//%2F}%2Fstripped:$start" count
    "$BATS_TEST_TMPDIR/stripped" target_one 6
    same hits 6 "$(hits "$PROBE")"
}

# --- Ends ---

@test "after rmdir nothing is hit any more" {
    local round before late=0

    needs uprobe_pmu
    program plain
    "$TARGET" target_one forever 3>&- &
    for round in {1..50}; do
        probe "uprobe/$NAME:target_one" "$BPF/plain"
        rmdir "$PROBE"
        before=$(value plain)
        [ "$(value plain)" = "$before" ] || late=$((late + 1))
    done
    kill $!
    same "late hits of $round rounds" 0 "$late"
    [ "$before" -gt 0 ]
}

@test "the events of tracefs go with their probe" {
    local events=/sys/kernel/tracing/uprobe_events

    needs uprobe_tracefs
    remount attach_mode=tracefs
    probe "uprobe/$NAME:target_glob_*" count
    same events 3 "$(grep -c "$(printf 'probefs_%08x' "$daemon")" "$events")"
    rmdir "$PROBE"
    ! grep "$(printf 'probefs_%08x' "$daemon")" "$events" || return 1
}

@test "the events of a killed daemon go when the next one starts, others' stay" {
    local events=/sys/kernel/tracing/uprobe_events mark

    needs uprobe_tracefs
    echo "p:probefs_others/theirs $TARGET:$("$TARGET" -p | sed -n 's/^code //p')" >>"$events"
    echo "p:others_$$/theirs $TARGET:$("$TARGET" -p | sed -n 's/^code //p')" >>"$events"
    remount attach_mode=tracefs
    probe "uprobe/$NAME:target_glob_*" count
    mark=$(printf 'probefs_%08x' "$daemon")
    kill_daemon
    same "events of the dead" 3 "$(grep -c "$mark" "$events")"
    start
    # Those of the living, too.
    probe "uprobe/$NAME:target_one" count
    run cat "$events"
    echo "-:probefs_others/theirs" >>"$events"
    echo "-:others_$$/theirs" >>"$events"
    [[ $output != *"$mark"* ]]
    contains "events" "p:probefs_others/theirs" "$output"
    contains "events" "p:others_$$/theirs" "$output"
}

@test "an unmount detaches what is not pinned" {
    needs uprobe_pmu
    program plain
    probe "uprobe/$NAME:target_one" "$BPF/plain"
    hit target_one 1
    stop
    hit target_one 5
    same hits 1 "$(value plain)"
}
