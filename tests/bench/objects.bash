# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# objects.bash - the rows about users' object files, for run; $work, $bench,
# $build, $daemon and what prints rows are its.

# loads_rows MOUNT NAME WHAT
loads_rows() {
    local object=$build/tests/bpf/$2.bpf.o ours tool library

    mkdir "$1/prog/$2"
    cp "$object" "$1/prog/$2/object"
    read -r ours tool library < <("$bench/objects" "$1/prog/$2" "$object" \
        "/sys/fs/bpf/bench-$$-$2" "$rounds") || {
        could_not "load $3"
        return
    }
    ratio "load $3, to bpftool prog load" ms 1.25 \
        "$(scaled "$ours" 1000)" "$(scaled "$tool" 1000)"
    ratio "load $3, to libbpf in process" ms 1.1 \
        "$(scaled "$ours" 1000)" "$(scaled "$library" 1000)"
    rmdir "$1/prog/$2"
}

objects_rows() {
    local before dir=$1/prog/again i

    loads_rows "$1" core "an object with CO-RE"
    loads_rows "$1" globals "an object"
    mkdir "$dir"
    cp "$build/tests/bpf/core.bpf.o" "$dir/object"
    for ((i = 0; i < 110; i++)); do
        ((i != 10)) || before=$(resident "$daemon")
        echo 1 >"$dir/load" && echo 0 >"$dir/load" || {
            could_not "growth by 100 loads"
            return
        }
    done
    limit "growth by 100 loads" KiB 64 $(($(resident "$daemon") - before))
    rmdir "$dir"
}
