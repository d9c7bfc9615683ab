#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Probes of kernel functions through single events.
# bats file_tags=bpf,root

load kprobe

# way BACKEND: both kinds work, count exactly, and end.
way() {
    local kind before

    program plain
    for kind in kprobe kretprobe; do
        probe "$kind/$FUNCTION" count
        same backend "$1" "$(info "$PROBE" backend)"
        same state attached "$(info "$PROBE" state)"
        counted "$PROBE" 100
        # A program of the user's, in the place of the other.
        put "$PROBE/attach" "$BPF/plain"
        before=$(value plain)
        kcall 10
        same "hits of plain" "$((before + 10))" "$(value plain)"
        put "$PROBE/attach" ""
        kcall 10
        same "hits when detached" "$((before + 10))" "$(value plain)"
        rmdir "$PROBE"
    done
}

@test "a perf event with a link counts every call" {
    start attach_mode=link
    needs kprobe_pmu perf_link
    way pmu+link
}

@test "a perf event without a link counts every call" {
    start attach_mode=ioctl
    needs kprobe_pmu
    way pmu+ioctl
}

@test "an event of tracefs with a link counts every call" {
    start attach_mode=tracefs
    needs kprobe_tracefs perf_link
    way tracefs+link
}

@test "an event of tracefs without a link counts every call" {
    start attach_mode=tracefs-ioctl
    needs kprobe_tracefs
    way tracefs+ioctl
}

@test "an event of tracefs needs no link where the kernel has none" {
    start attach_mode=tracefs
    needs kprobe_tracefs
    lacks perf_link
    way tracefs+ioctl
}

@test "without a mode a program of the user's gets a perf event" {
    start
    needs kprobe_pmu
    program plain
    probe "kprobe/$FUNCTION" "$BPF/plain"
    [[ $(info "$PROBE" backend) == pmu+* ]]
    kcall 100
    same hits 100 "$(value plain)"
}

@test "the events of tracefs go with their probe" {
    start attach_mode=tracefs
    needs kprobe_tracefs
    probe "kprobe/$FUNCTION" count
    grep "probefs_.*$FUNCTION" /sys/kernel/tracing/kprobe_events
    rmdir "$PROBE"
    ! grep "probefs_.*$FUNCTION" /sys/kernel/tracing/kprobe_events || return 1
}

@test "the events of a killed daemon go when the next one starts" {
    start
    needs kprobe_tracefs
    stop
    echo "p:probefs_others/theirs $FUNCTION" >>/sys/kernel/tracing/kprobe_events
    start attach_mode=tracefs
    probe "kprobe/$FUNCTION" count
    kill_daemon
    grep "probefs_.*$FUNCTION" /sys/kernel/tracing/kprobe_events
    start
    run cat /sys/kernel/tracing/kprobe_events
    echo "-:probefs_others/theirs" >>/sys/kernel/tracing/kprobe_events
    same kprobe_events "p:probefs_others/theirs $FUNCTION" "$output"
}

@test "the program sees the cookie" {
    local mode cookie rows=0

    start
    needs kprobe_pmu kprobe_tracefs cookie
    program record
    while IFS='|' read -r mode cookie; do
        remount "attach_mode=$mode"
        mkdir "$DIR/kprobe/$FUNCTION"
        put "$DIR/kprobe/$FUNCTION/cookie" "$cookie"
        put "$DIR/kprobe/$FUNCTION/attach" "$BPF/record"
        kcall 4
        same "cookie by $mode" "$((cookie))" "$(($(value record cookies 3)))"
        same "info's cookie" "$(printf %u "$cookie")" "$(info "$DIR/kprobe/$FUNCTION" cookie)"
        rmdir "$DIR/kprobe/$FUNCTION"
        rows=$((rows + 1))
    done <<'ROWS'
link|0
link|42
link|0xffffffffffffffff
tracefs|0xdeadbeefcafe
ROWS
    [ "$rows" -eq 4 ]
}

@test "another cookie makes the link anew, the same one does not" {
    local id

    start
    needs kprobe_pmu cookie
    program record
    probe "kprobe/$FUNCTION" "$BPF/record"
    put "$PROBE/cookie" 7
    id=$(info "$PROBE" link_id)
    put "$PROBE/cookie" 7
    same link_id "$id" "$(info "$PROBE" link_id)"
    put "$PROBE/cookie" 8
    [ "$(info "$PROBE" link_id)" != "$id" ]
    kcall 1
    same cookie 8 "$(value record cookies 0)"
    same hits 1 "$(value record)"
}

@test "without links on events a cookie and a pin are refused" {
    start attach_mode=ioctl
    needs kprobe_pmu
    probe "kprobe/$FUNCTION" count
    refused "$PROBE/cookie" 1 EOPNOTSUPP "a cookie needs a link"
    refused "$PROBE/pin" "$BPF/pin" EOPNOTSUPP "pin"
    counted "$PROBE" 10
    put "$PROBE/attach" ""
    put "$PROBE/cookie" 1
    refused "$PROBE/attach" count EOPNOTSUPP "a cookie needs a link"
    put "$PROBE/cookie" 0
    put "$PROBE/pin" "$BPF/pin"
    refused "$PROBE/attach" count EOPNOTSUPP "pin"
    same state detached "$(info "$PROBE" state)"
}

@test "the kernel's own number of returns is limited, maxactive raises it" {
    local missed

    start attach_mode=tracefs
    needs kprobe_pmu kprobe_tracefs
    probe kretprobe/__x64_sys_pause count
    kcall -s 60
    [ "$(hits "$PROBE")" -lt 60 ]
    missed=$(info "$PROBE" missed)
    # Until 6.7 the kernel does not say.
    [ -z "$missed" ] || same "hits and missed" 60 "$(($(hits "$PROBE") + missed))"
    rmdir "$PROBE"
    mkdir "$PROBE"
    put "$PROBE/maxactive" 100
    put "$PROBE/attach" count
    kcall -s 60
    same hits 60 "$(hits "$PROBE")"
    [ -z "$missed" ] || same missed 0 "$(info "$PROBE" missed)"
}

@test "maxactive goes to tracefs by itself, and is refused where it cannot" {
    start
    needs kprobe_pmu kprobe_tracefs
    mkdir "$DIR/kretprobe/$FUNCTION"
    put "$DIR/kretprobe/$FUNCTION/maxactive" 4097
    refused "$DIR/kretprobe/$FUNCTION/attach" count ERANGE "the kernel takes at most 4096"
    put "$DIR/kretprobe/$FUNCTION/maxactive" 200
    put "$DIR/kretprobe/$FUNCTION/attach" count
    [[ $(info "$DIR/kretprobe/$FUNCTION" backend) == tracefs+* ]]
    counted "$DIR/kretprobe/$FUNCTION" 10
    remount attach_mode=ioctl
    mkdir "$DIR/kretprobe/$FUNCTION"
    put "$DIR/kretprobe/$FUNCTION/maxactive" 200
    refused "$DIR/kretprobe/$FUNCTION/attach" count EOPNOTSUPP "maxactive needs an event of tracefs"
}

@test "info says what the kernel says" {
    local id

    start attach_mode=link
    needs kprobe_pmu perf_link
    probe "kprobe/$FUNCTION" count
    id=$(info "$PROBE" link_id)
    same link_type perf_event "$(info "$PROBE" link_type)"
    run bpftool -j link show id "$id"
    contains bpftool "\"type\":\"perf_event\",\"prog_id\":$(info "$PROBE" prog_id)}" "$output"
    contains sites "link $id" "$(<"$PROBE/sites")"
}

@test "info has the function and its address from the kernel" {
    start attach_mode=link
    needs kprobe_pmu link_info_perf
    probe "kprobe/$FUNCTION" count
    same function "$FUNCTION" "$(info "$PROBE" function)"
    # Since 5.18 (cc66bb914578) it is after the endbr64, where there is one.
    [[ $(($(info "$PROBE" address) - $(address "$FUNCTION"))) == [04] ]]
    same missed 0 "$(info "$PROBE" missed)"
}

@test "a pinned link outlives the daemon, and can be taken over" {
    local id

    start
    needs kprobe_pmu cookie
    program record
    mkdir "$DIR/kprobe/$FUNCTION"
    put "$DIR/kprobe/$FUNCTION/cookie" 77
    put "$DIR/kprobe/$FUNCTION/pin" "$BPF/pin"
    put "$DIR/kprobe/$FUNCTION/attach" "$BPF/record"
    id=$(info "$DIR/kprobe/$FUNCTION" link_id)
    kill_daemon
    kcall 5
    same "hits without a daemon" 5 "$(value record)"
    start
    probe "kprobe/$FUNCTION" "$BPF/pin"
    same link_id "$id" "$(info "$PROBE" link_id)"
    same adopted yes "$(info "$PROBE" adopted)"
    kcall 5
    same hits 10 "$(value record)"
    same "what was seen" 77 "$(value record cookies 1)"
    rmdir "$PROBE"
    kcall 1
    same "hits of the pin" 11 "$(value record)"
    rm "$BPF/pin"
    kcall 1
    same "hits after it" 11 "$(value record)"
}

@test "a pin of another function is not taken over" {
    start
    needs kprobe_pmu cookie link_info_perf
    program record
    mkdir "$DIR/kprobe/$FUNCTION"
    put "$DIR/kprobe/$FUNCTION/pin" "$BPF/pin"
    put "$DIR/kprobe/$FUNCTION/attach" "$BPF/record"
    mkdir "$DIR/kprobe/__x64_sys_pause" "$DIR/kretprobe/$FUNCTION"
    refused "$DIR/kprobe/__x64_sys_pause/attach" "$BPF/pin" EINVAL "is on another target than this probe"
    refused "$DIR/kretprobe/$FUNCTION/attach" "$BPF/pin" EINVAL "is on another target than this probe"
    kcall 1
    same hits 1 "$(value record)"
}

@test "after rmdir nothing is hit any more" {
    local kind round

    start
    needs kprobe_pmu
    program plain
    for round in {1..25}; do
        for kind in kprobe kretprobe; do
            probe "$kind/$FUNCTION" "$BPF/plain"
            rmdir "$PROBE"
            kcall 1
        done
    done
    same "late hits of $round rounds" 0 "$(value plain)"
    probe "kprobe/$FUNCTION" "$BPF/plain"
    kcall 1
    same "hits" 1 "$(value plain)"
}

@test "without tracefs and debugfs a perf event is enough" {
    start
    needs kprobe_pmu
    stop
    # shellcheck disable=SC2016
    run unshare -m bash -euc '
        umount -R /sys/kernel/tracing || true
        umount -R /sys/kernel/debug || true
        "$1" test "$2" -o nomount,attach_mode=ioctl
        mkdir "$2/kprobe/$3"
        echo count >"$2/kprobe/$3/attach"
        "$4/kcall" 10
        cat "$2/kprobe/$3/hits"
        umount "$2"
        "$1" test "$2" -o nomount,attach_mode=tracefs
        mkdir "$2/kprobe/$3"
        echo count >"$2/kprobe/$3/attach" || cat "$2/kprobe/$3/error"
        umount "$2"' - "$PROBEFS" "$DIR" "$FUNCTION" "$PROGRAMS" 3>&-
    echo "$output"
    same status 0 "$status"
    same hits 10 "$(sed -n 's/^total:[\t ]*//p' <<<"$output")"
    contains output "tracefs" "${lines[-1]}"
}

# The examples of the manual that make probes of functions of the kernel, with
# the places of this test; none of cookies where there are no cookies.
examples() {
    local cookies=/cookie$

    [[ $(feature_line cookie) != *yes* ]] || cookies='^$'
    awk '/^\.Sh / { on = $2 == "EXAMPLES" }
        /^\.Bd/ { text = ""; next }
        /^\.Ed/ { if (on && text ~ /probefs\/k(ret)?probe/) printf "%s", text; next }
        sub(/^# /, "") { text = text $0 "\n" }' "$TOP/mount.probefs.8" |
        sed "s,/probefs/,$DIR/,; s,/sys/fs/bpf/,$BPF/,; s,[\\](aq,',g; \\,$cookies,d"
}

@test "what the manual says to type about functions of the kernel works" {
    local made

    start
    needs kprobe_pmu
    command -v bpftool >/dev/null || skip "no bpftool"
    cp "$PROGRAMS/bpf/plain.bpf.o" "$BATS_TEST_TMPDIR/my_prog.bpf.o"
    cd "$BATS_TEST_TMPDIR"
    examples >typed
    echo "$(<typed)"
    bash -e typed >/dev/null
    loaded+=" $("$TOOL" id "$BPF/my_prog")"
    same program "$BPF/my_prog" "$(info "$DIR/kprobe/do_sys_openat2" program)"
    made=$(printf '%s\n' "$DIR"/k*probe/*/ | wc -l)
    [ "$made" -eq 5 ]
    # One by one they take a while to detach.
    if [[ $(feature_line kprobe_multi) == *yes* ]]; then
        put "$DIR/kretprobe/vfs_*/attach" count
        [ "$(info "$DIR/kretprobe/vfs_*" sites)" -gt 10 ]
    fi
    grep -q ' ovl_open.\[overlay\]$' /proc/kallsyms || return 0
    put "$DIR/kprobe/overlay:ovl_open/attach" count
    cat "$TOP/README.md" >/dev/null
    [ "$(hits "$DIR/kprobe/overlay:ovl_open")" -gt 0 ]
}
