# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# names.bash - the rows about finding functions by name, for run; $work and what
# prints rows are its, and timed and milliseconds are usdt.bash's.

# many_functions FILE: makes a library with 100,000 functions of C++.
many_functions() {
    awk 'BEGIN {
        for (i = 0; i < 100000; i++) {
            name = sprintf("_ZN4many5scopeI4typeiE9function_%05dERKSt6vectorIS1_SaIS1_EEi", i)
            printf ".globl %s\n.type %s,@function\n%s: push %%rbp\nret\n.size %s,2\n", name, name, name, name
        }
    }' >"$1.s"
    cc -shared -nostdlib -o "$1" "$1.s"
    rm "$1.s"
}

attach_once() {
    echo count >"$1/attach"
    echo >"$1/attach"
}

names_rows() {
    local dir=$1/uprobe/many file=$work/many.so i
    many_functions "$file"
    mkdir "$dir"
    echo "$file" >"$dir/path"
    for ((i = 0; i < 9; i++)); do
        timed "$work/names-list" cat "$dir/available"
        timed "$work/names-nmC" nm -C "$file"
        timed "$work/names-nm" nm "$file"
        nm "$file" | awk 'NR == 50000 { print $3 }' >"$dir/symbol"
        timed "$work/names-symbol" attach_once "$dir"
        echo 'many::scope<type, int>::function_05000' >"$dir/symbol"
        timed "$work/names-plain" attach_once "$dir"
    done
    ratio "100,000 functions of C++ listed, to nm -C" ms 1.5 \
        "$(milliseconds "$work/names-list")" "$(milliseconds "$work/names-nmC")"
    ratio "one of them by its symbol, attached and detached, to nm" ms 1 \
        "$(milliseconds "$work/names-symbol")" "$(milliseconds "$work/names-nm")"
    ratio "one of them by its plain name, to nm -C" ms 1.5 \
        "$(milliseconds "$work/names-plain")" "$(milliseconds "$work/names-nmC")"
    rmdir "$dir"
}
