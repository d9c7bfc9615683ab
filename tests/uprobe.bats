#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Probes of functions of programs: what is hit, and until when.
# bats file_tags=bpf,root

# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2153  # inner shells; the helpers
load helpers

# --- What is hit ---

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

@test "what available prints means the same in a name and in a field" {
    local line name

    needs uprobe_pmu
    mkdir "$DIR/uprobe/list"
    put "$DIR/uprobe/list/path" /lib/x86_64-linux-gnu/libc.so.6
    while read -r line; do
        probe "uprobe/libc.so.6:$line" count
        name=$PROBE
        probe "uprobe/libc.so.6:malloc@field"
        put "$PROBE/symbol" "$line"
        put "$PROBE/attach" count
        same "sites of $line" "$(cut -f 1,2 "$name/sites")" "$(cut -f 1,2 "$PROBE/sites")"
        [ -s "$name/sites" ]
        rmdir "$PROBE" "$name"
    done < <(cut -f 1 "$DIR/uprobe/list/available" |
        grep -E '^(regexec|pthread_cond_wait|getpid|read)(@|$)')
    run mkdir "$DIR/uprobe/libc.so.6:regexec@GLIBC_2.2.5"
    contains mkdir "Invalid argument" "$output"
    contains error "may be a version of the symbol or a label; write '@GLIBC_2.2.5@'" \
        "$(<"$DIR/uprobe/error")"
}

@test "a thread's id is no pid of a process" {
    local tid

    probe "uprobe/$NAME:target_one"
    tid=$(cd "/proc/$daemon/task" && printf '%s\n' [0-9]* | grep -vx "$daemon" | head -n 1)
    put "$PROBE/pid" "$tid"
    refused "$PROBE/attach" count EINVAL "$tid is a thread of process $daemon, and a probe is in all threads or none; write $daemon"
}

@test "versions of a symbol are different functions" {
    local version

    needs uprobe_pmu
    grep -q '^regexec@GLIBC_2.2.5@' <(
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
        "no version '@@NO_1' of 'regexec'"
    contains error "there is 'regexec@@GLIBC_2.3.4'" \
        "$(<"$DIR/uprobe/libc.so.6:regexec@@NO_1/error")"
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

# --- Ends ---

@test "after rmdir nothing is hit any more, nor after an empty line, pinned or not" {
    local round before late=0 pins

    needs uprobe_pmu
    pins=$(feature_line perf_link)
    program plain
    "$TARGET" target_one forever 3>&- &
    for round in {1..50}; do
        probe "uprobe/$NAME:target_one" "$BPF/plain"
        if ((round % 2)); then
            rmdir "$PROBE"
        else
            [[ $pins != *yes* ]] || put "$PROBE/pin" "$BPF/pin"
            put "$PROBE/attach" ""
        fi
        before=$(value plain)
        [ "$(value plain)" = "$before" ] || late=$((late + 1))
        [ ! -d "$PROBE" ] || rmdir "$PROBE"
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
