# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# entries.bash - the rows about the pairs of a large map, for run; $work, $bench,
# $build and what prints rows are its.

# large MOUNT PIN PAIRS: an object in prog/ whose map `many` has as many, pinned.
large() {
    local object=$1/prog/large

    mkdir "$object" &&
        cp "$build/tests/bpf/maps.bpf.o" "$object/object" &&
        echo "$3" >"$object/map/many/max_entries" &&
        echo 1 >"$object/load" &&
        echo "$2" >"$object/map/many/pin" &&
        "$bench/entries" fill "$2" "$3"
}

# takes COMMAND...: its microseconds.
takes() {
    local start
    start=$(microseconds)
    "$@" >/dev/null && echo $(($(microseconds) - start))
}

# One after the other, in turns; then how much larger the daemon is by that.
entries_rows() {
    local pin=/sys/fs/bpf/bench-$$-many i daemon before after
    start mnt-entries
    if ! large "$work/mnt-entries" "$pin" 1000000; then
        could_not "entries of 1,000,000 pairs, to bpftool map dump"
        return
    fi
    head -n 1 "$work/mnt-entries/prog/large/map/many/entries" >/dev/null
    before=$(resident "$daemon")
    for ((i = 0; i < 3; i++)); do
        takes cat "$work/mnt-entries/prog/large/map/many/entries" >>"$work/by-cat"
        takes bpftool map dump pinned "$pin" >>"$work/by-bpftool"
        "$bench/entries" read "$pin" >>"$work/by-code"
    done
    after=$(resident "$daemon")
    ratio "entries of 1,000,000 pairs, to bpftool map dump" ms 0.2 \
        "$(scaled "$(middle <"$work/by-cat")" 1000)" \
        "$(scaled "$(middle <"$work/by-bpftool")" 1000)"
    ratio "  to reading them without a file" ms - \
        "$(scaled "$(middle <"$work/by-cat")" 1000)" \
        "$(awk '{ print $1 }' "$work/by-code" | middle)"
    limit "  resident, more by them" MiB 2 "$(scaled $((after - before)) 1024)"
    rm "$pin"
}
