#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# How functions of the kernel are named, and which cannot be probed.
# kallsyms, ftrace and the blacklist are read the same way on all.
# bats file_tags=bpf,root,ends

load kprobe

@test "an offset must be the start of an instruction" {
    local offset good=0 bad=0

    start
    needs kprobe_pmu
    for offset in {1..12}; do
        mkdir "$DIR/kprobe/$FUNCTION+$offset"
        if echo count 2>/dev/null >"$DIR/kprobe/$FUNCTION+$offset/attach"; then
            good=$((good + 1))
        else
            contains error "attach: EINVAL: '$FUNCTION' has no instruction that begins at this offset" \
                "$(<"$DIR/kprobe/$FUNCTION+$offset/error")"
            bad=$((bad + 1))
        fi
    done
    printf 'good %d, bad %d\n' "$good" "$bad"
    [ "$good" -gt 0 ]
    [ "$bad" -gt 0 ]
    kcall 10
    for offset in {1..12}; do
        [ ! -e "$DIR/kprobe/$FUNCTION+$offset/hits" ] ||
            same "hits at $offset" 10 "$(hits "$DIR/kprobe/$FUNCTION+$offset")"
    done
}

@test "an offset past the function's end is refused" {
    start
    needs kprobe_pmu
    mkdir "$DIR/kprobe/$FUNCTION+0x1000"
    refused "$DIR/kprobe/$FUNCTION+0x1000/attach" count EINVAL \
        "offset 0x1000 is outside of '$FUNCTION', which has "
}

@test "a system call is found by its plain name" {
    local mode

    start
    needs kprobe_pmu kprobe_tracefs
    for mode in ioctl tracefs; do
        remount "attach_mode=$mode"
        probe kprobe/sys_sched_rr_get_interval count
        counted "$PROBE" 10
        contains sites "$FUNCTION" "$(<"$PROBE/sites")"
        same symbol sys_sched_rr_get_interval "$(<"$PROBE/symbol")"
    done
}

@test "a function is found by its address" {
    local mode kind where

    start
    needs kprobe_pmu kprobe_tracefs kallsyms
    where=$(address "$FUNCTION")
    for mode in ioctl tracefs auto; do
        remount "attach_mode=$mode"
        for kind in kprobe kretprobe; do
            probe "$kind/$where" count
            counted "$PROBE" 10
            contains sites $'\t'"$FUNCTION"$'\t' "$(<"$PROBE/sites")"
        done
    done
    where=$(printf '0x%x' $((where + 1)))
    mkdir "$DIR/kretprobe/$where"
    refused "$DIR/kretprobe/$where/attach" count EINVAL "$where is inside of '$FUNCTION'"
    mkdir "$DIR/kprobe/0x10"
    refused "$DIR/kprobe/0x10/attach" count EINVAL "0x10 is not in a function of the kernel"
}

@test "a name of several functions is refused, each is found by its address" {
    local name kind where
    local -a places

    start
    needs kprobe_pmu kallsyms
    # Not one of those that the kernel will not have probed.
    name=$(awk '
        FILENAME ~ /kallsyms/ { if ($2 ~ /[tTwW]/) count[$3]++; next }
        NF == 1 && $1 !~ /[.]/ && count[$1] == 2 && ++seen[$1] == 2 { print $1; exit }' \
        /proc/kallsyms /sys/kernel/tracing/available_filter_functions)
    mapfile -t places < <(awk -v name="$name" '
        $3 == name { sub(/^0*/, "", $1); print "0x" $1 }' /proc/kallsyms)
    mkdir "$DIR/kprobe/$name"
    refused "$DIR/kprobe/$name/attach" count EADDRNOTAVAIL \
        "'$name' is the name of 2 functions; use one of 0x"
    for where in "${places[@]}"; do
        contains error "$where (vmlinux)" "$(<"$DIR/kprobe/$name/error")"
        for kind in kprobe kretprobe; do
            probe "$kind/$where" count
            contains sites $'\t'"$name"$'\t' "$(<"$PROBE/sites")"
        done
    done
}

@test "a function that shares its name with a variable is found" {
    local mode kind name

    start
    needs kprobe_pmu kprobe_tracefs kallsyms
    name=$(awk '
        FILENAME ~ /functions/ { traced[$1]++; next }
        { all[$3]++; if ($2 ~ /[tTwW]/) functions[$3]++ }
        END {
            for (name in functions)
                if (all[name] > 1 && functions[name] == 1 && traced[name] == 1) print name
        }' /sys/kernel/tracing/available_filter_functions /proc/kallsyms | sort | head -n 1)
    [ -n "$name" ] || skip "no variable has a function's name in this kernel"
    echo "function: $name"
    for mode in auto ioctl tracefs; do
        remount "attach_mode=$mode"
        for kind in kprobe kretprobe; do
            probe "$kind/$name" count
            contains sites $'\t'"$name"$'\t' "$(<"$PROBE/sites")"
            same state attached "$(info "$PROBE" state)"
        done
        probe "kprobe/${name%?}?" count
        contains sites $'\t'"$name"$'\t' "$(<"$PROBE/sites")"
    done
}

@test "an address is taken as kallsyms prints it" {
    local where

    start
    needs kprobe_pmu kallsyms
    where=$(awk -v name="$FUNCTION" '$3 == name { print $1; exit }' /proc/kallsyms)
    probe "kprobe/$where" count
    counted "$PROBE" 10
    contains sites $'\t'"$FUNCTION"$'\t' "$(<"$PROBE/sites")"
}

# without_kallsyms: for guests only, until it is unmounted.
without_kallsyms() {
    [ -e /run/vm/share ] || skip "not in a guest"
    mount --bind /dev/null /proc/kallsyms
}

@test "without kallsyms the prefix of a system call is tried" {
    local mode failed=0

    start
    needs kprobe_pmu kprobe_tracefs
    program plain
    without_kallsyms
    for mode in auto link ioctl tracefs tracefs-ioctl; do
        remount "attach_mode=$mode" || failed=1
        [[ $mode != link || $(feature_line perf_link) == *yes* ]] || continue
        { probe kprobe/sys_sched_rr_get_interval count &&
            counted "$PROBE" 10 &&
            contains sites "$FUNCTION" "$(<"$PROBE/sites")" &&
            put "$PROBE/attach" "$BPF/plain" &&
            probe kretprobe/sys_sched_rr_get_interval "$BPF/plain" &&
            mkdir "$DIR/kprobe/sys_no_such_call" &&
            ! echo count >"$DIR/kprobe/sys_no_such_call/attach" &&
            contains error "'sys_no_such_call' is not " \
                "$(<"$DIR/kprobe/sys_no_such_call/error")"; } || failed=1
    done
    umount /proc/kallsyms
    [ "$failed" -eq 0 ]
}

@test "a name may have dots" {
    local name mode

    start
    needs kprobe_pmu kprobe_tracefs
    name=$(awk '
        FILENAME ~ /kallsyms/ { if ($3 ~ /[.]/) count[$3]++; next }
        count[$1] == 1 { print $1; exit }' \
        /proc/kallsyms /sys/kernel/tracing/available_filter_functions)
    [ -n "$name" ]
    for mode in ioctl tracefs auto; do
        remount "attach_mode=$mode"
        probe "kprobe/$name" count
        contains sites "$name" "$(<"$PROBE/sites")"
    done
    # Without the suffix there is no such function, most often.
    grep -q " ${name%%.*}\$" /proc/kallsyms || {
        mkdir "$DIR/kprobe/${name%%.*}"
        refused "$DIR/kprobe/${name%%.*}/attach" count ENOENT "the compiler made '${name%%.*}."
    }
}

@test "functions of modules are found with and without the module's name" {
    local mode

    start
    needs kprobe_pmu kprobe_tracefs
    overlay
    for mode in ioctl tracefs auto; do
        remount "attach_mode=$mode"
        probe kprobe/overlay:ovl_statfs count
        probe kprobe/ovl_statfs count
        probe kretprobe/overlay:ovl_statfs count
        stat -f / >/dev/null
        same "hits with module" 1 "$(hits "$DIR/kprobe/overlay:ovl_statfs")"
        same "hits without" 1 "$(hits "$DIR/kprobe/ovl_statfs")"
        same "returns" 1 "$(hits "$DIR/kretprobe/overlay:ovl_statfs")"
    done
    probe "kprobe/vmlinux:$FUNCTION" count
    counted "$PROBE" 10
}

@test "a wrong module is told from one that is not loaded" {
    local name message rows=0

    start
    needs kprobe_pmu
    while IFS='|' read -r name message; do
        mkdir "$DIR/kprobe/$name"
        refused "$DIR/kprobe/$name/attach" count ENOENT "$message"
        rows=$((rows + 1))
    done <<ROWS
nosuch:nosuch_open|no such kernel function 'nosuch:nosuch_open'; the module 'nosuch' is not loaded
nosuch:$FUNCTION|the module 'nosuch' is not loaded; there is 'vmlinux:$FUNCTION'
vmlinux:nosuch|no such kernel function 'vmlinux:nosuch'
ROWS
    [ "$rows" -eq 3 ]
    grep -q '\[overlay\]$' /proc/kallsyms || return 0
    mkdir "$DIR/kprobe/overlay:$FUNCTION"
    refused "$DIR/kprobe/overlay:$FUNCTION/attach" count ENOENT "there is 'vmlinux:$FUNCTION'"
}

@test "a module can go while it is probed" {
    start
    needs kprobe_pmu
    modprobe dummy numdummies=0 || skip "no module dummy"
    probe kprobe/dummy:dummy_setup count
    if rmmod dummy; then
        modprobe dummy numdummies=0
        rmdir "$PROBE"
        probe kprobe/dummy:dummy_setup count
    fi
    ip link add probefs0 type dummy
    ip link del probefs0
    same hits 1 "$(hits "$PROBE")"
    rmdir "$PROBE"
    rmmod dummy
    mkdir "$PROBE"
    refused "$PROBE/attach" count ENOENT "the module 'dummy' is not loaded"
}

# A function that ftrace does not know, and that is not on the blacklist.
untraceable() {
    awk '
        FILENAME ~ /blacklist/ { bad[$2] = 1; next }
        FILENAME ~ /functions/ { bad[$1] = 1; next }
        $2 == "T" && NF == 3 && $3 ~ /^(clear_page|copy_page|copy_user|memcpy|memset|memmove|rep_)/ && !bad[$3] {
            print $3
            exit
        }' /sys/kernel/debug/kprobes/blacklist \
        /sys/kernel/tracing/available_filter_functions /proc/kallsyms
}

@test "what cannot be probed is refused with the reason, whatever the way" {
    local mode name error message rows ran=0

    start
    needs kprobe_pmu kprobe_tracefs kallsyms kprobe_blacklist
    rows=$(cat <<ROWS
no_such_function_at_all|ENOENT|no such kernel function 'no_such_function_at_all'
asm_exc_divide_error|EINVAL|is on the kernel's list of functions that a kprobe could break
linux_banner|EINVAL|'linux_banner' is data
start_kernel|EINVAL|'start_kernel' ran when the kernel booted and is gone (__init)
$(untraceable)|EINVAL|is not among the functions that the kernel traces
ROWS
    )
    program plain
    for mode in auto ioctl tracefs; do
        remount "attach_mode=$mode"
        while IFS='|' read -r name error message; do
            printf 'row %s %s\n' "$mode" "$name"
            mkdir "$DIR/kprobe/$name"
            refused "$DIR/kprobe/$name/attach" count "$error" "$message"
            # The reason is looked for alike, whosever program it is.
            [ "$mode" != auto ] ||
                refused "$DIR/kprobe/$name/attach" "$BPF/plain" "$error" "$message"
            ran=$((ran + 1))
        done <<<"$rows"
    done
    [ "$ran" -eq 15 ]
}

@test "the padding before a function is not the function" {
    start
    needs kprobe_pmu
    grep -q " __pfx_$FUNCTION\$" /proc/kallsyms || skip "no padding in this kernel"
    mkdir "$DIR/kprobe/__pfx_$FUNCTION"
    refused "$DIR/kprobe/__pfx_$FUNCTION/attach" count EINVAL "is the padding before a function"
}
