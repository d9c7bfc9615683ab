# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# usdt.bash - the rows about static probes, for run; $work, $bench, $build and
# what prints rows are its.

# timed FILE COMMAND...: adds the microseconds that it takes to the file.
timed() {
    local file=$1 start
    shift
    start=$(microseconds)
    "$@" >/dev/null 2>&1 || return 1
    echo $(($(microseconds) - start)) >>"$file"
}

# at_most SECONDS COMMAND...: being stopped then is no failure.
at_most() {
    local status=0
    timeout "$@" || status=$?
    ((status == 0 || status == 124))
}

milliseconds() { scaled "$(middle <"$1")" 1000; }

# fresh FILE: of a version that nobody has read, and that may be kept.
fresh() {
    touch "$1"
    sleep 0.1
}

usdt_probe() {
    mkdir "$1/usdt/$2"
    echo "$3" >"$1/usdt/$2/path"
    echo "$4" >"$1/usdt/$2/provider"
    echo "$5" >"$1/usdt/$2/name"
}

# listed NAME ROUNDS AVAILABLE FILE TARGET TIMES: cold, against readelf; and
# against bpftrace and bcc's tplist, which are run so many TIMES, and are stopped
# after four minutes.
listed() {
    local i tool name=$1 available=$3 file=$4 in=$work/listed-$1
    for ((i = 0; i < $2; i++)); do
        fresh "$file"
        timed "$in-ours" cat "$available"
        timed "$in-readelf" readelf -nW "$file"
        ((i < $6)) || continue
        timed "$in-bpftrace" at_most 60 bpftrace -l "usdt:$file:*" ||
            die "bpftrace does not list $file"
        timed "$in-tplist" at_most 60 tplist-bpfcc -l "$file" ||
            die "tplist does not list $file"
    done
    ratio "$name listed, to readelf -n" ms 1 \
        "$(milliseconds "$in-ours")" "$(milliseconds "$in-readelf")"
    for tool in bpftrace tplist; do
        ratio "$name listed, to $tool -l" ms "$5" \
            "$(milliseconds "$in-ours")" "$(milliseconds "$in-$tool")"
    done
}

# bpftrace_ready PROBES: the microseconds until it has attached them, 10 ms more
# at most. Its end, which takes long, is not counted.
bpftrace_ready() {
    local start word
    start=$(microseconds)
    bpftrace -e "$1 { @ = count() } interval:ms:10 { printf(\"ready\\n\"); exit() }" 2>/dev/null |
        while read -r word; do
            [[ $word != ready* ]] || echo $(($(microseconds) - start))
        done | head -n 1
}

jvm_rows() {
    local files=(/usr/lib/jvm/*/lib/server/libjvm.so) file=$work/libjvm.so dir=$1/usdt/jvm
    local i
    [[ -e ${files[0]} ]] || {
        could_not "static probes of libjvm.so: there is none"
        return
    }
    cp "${files[0]}" "$file"
    usdt_probe "$1" jvm "$file" 'hotspot' '*'
    listed "libjvm.so" 9 "$dir/available" "$file" 0.1 3
    cat "$dir/available" >/dev/null
    limit "libjvm.so listed from the index" ms 0.2 \
        "$(scaled "$("$bench/reads" "$dir/available" "$dir/available" 500 | cut -d ' ' -f 1)" 1000)"
    for ((i = 0; i < 3; i++)); do
        sleep 0.2
        timed "$work/hotspot-ours" sh -c "echo count >$dir/attach"
        echo >"$dir/attach"
        sleep 0.2
        bpftrace_ready "usdt:$file:hotspot:*" >>"$work/hotspot-theirs"
    done
    if [[ -s $work/hotspot-theirs ]]; then
        ratio "all hotspot:* of libjvm.so attached, to bpftrace" ms - \
            "$(milliseconds "$work/hotspot-ours")" "$(milliseconds "$work/hotspot-theirs")"
    else
        could_not "all hotspot:* of libjvm.so attached by bpftrace"
    fi
    rmdir "$dir"
}

# A mount of its own, to see what the list takes.
notes_rows() {
    local file=$work/notes some=$work/some in
    start mnt-notes
    "$build/tests/usdt_notes" "$file" 100000
    "$build/tests/usdt_notes" "$some" 10000
    usdt_probe "$work/mnt-notes" some "$some" many '*'
    usdt_probe "$work/mnt-notes" notes "$file" many '*'
    listed "100,000 notes" 5 "$work/mnt-notes/usdt/notes/available" "$file" 0.01 1
    in=$work/notes-some
    for _ in 1 2 3; do
        fresh "$some"
        timed "$in" cat "$work/mnt-notes/usdt/some/available"
    done
    ratio "100,000 notes listed, to 10,000" ms 11 \
        "$(milliseconds "$work/listed-100,000 notes-ours")" "$(milliseconds "$in")"
    limit "resident after 100,000 notes, at most" MiB 64 \
        "$(scaled "$(awk '$1 == "VmHWM:" { print $2 }' "/proc/$daemon/status")" 1024)"
}

call_sites_rows() {
    local dir=$1/usdt/${work//\//%2F}%2Fcallsites:many:one attaching='' detaching=''
    "$build/tests/usdt_notes" "$work/callsites" 10000 one
    read -r attaching detaching < <("$bench/sites" "$dir" count 5) || true
    if [[ -z $detaching ]]; then
        could_not "10,000 call sites of a static probe"
        return
    fi
    limit "10,000 call sites of a static probe: attach" s 0.2 "$(scaled "$attaching" 1e6)"
    limit "10,000 call sites of a static probe: detach" s 0.2 "$(scaled "$detaching" 1e6)"
}

many_probes() {
    local i
    for ((i = 1; i <= 64; i++)); do
        usdt_probe "$1" "bench$i" "$work/callsites" many one
        echo "$i" >"$1/usdt/bench$i/cookie"
        echo count >"$1/usdt/bench$i/attach"
    done
}

removal_rows() {
    "$build/tests/usdt_notes" "$work/callsites" 10 one
    many_probes "$1"
    limit "64 multi-linked probes detached at once, by attach" s 0.3 \
        "$(scaled "$("$bench/usdt" detach "$1/usdt/bench" 64)" 1e6)"
    "$bench/usdt" removal "$1/usdt/bench" 64 >/dev/null
    many_probes "$1"
    limit "64 multi-linked probes removed at once, by rmdir" s 0.3 \
        "$(scaled "$("$bench/usdt" removal "$1/usdt/bench" 64)" 1e6)"
}

second_rows() {
    local pin=/sys/fs/bpf/bench-$$-usdt ours reference cycle calls
    "$build/tests/usdt_notes" "$work/second" 1000
    "$bench/load" "$build/tests/bpf/plain.bpf.o" plain uprobe_multi "$pin"
    sleep 0.1
    cat "$work/second" >/dev/null
    read -r ours reference cycle calls < <("$bench/usdt" second "$1" "$pin" "$work/second" 50)
    rm -f "$pin"
    ratio "a further static probe of a file, until attached, to the call" us 1.2 "$ours" "$reference"
    ratio "  attached and removed" us 1.2 "$cycle" "$calls"
}

usdt_rows() {
    jvm_rows "$1"
    notes_rows
    call_sites_rows "$1"
    removal_rows "$1"
    second_rows "$1"
}
