#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
#
# Does tests/order find each fault, in a small house that is made up?

# bats file_tags=host

TOP=${BATS_TEST_DIRNAME%/*}

setup() {
    cd "$BATS_TEST_TMPDIR" || return
    mkdir -p fs/tree attach/kernel attach/kind usdt
    code fs/tree/tree 'int bpf(void);' 'int tree(void)' '{' '	return bpf();' '}'
    code attach/kernel/bpf 'int bpf(void)' '{' '	return 0;' '}'
}

# code NAME LINE...: NAME.c, of those lines.
code() {
    printf '%s\n' "${@:2}" >"$1.c"
}

# calls NAME FUNCTION: NAME.c, with a function of its file's name that calls FUNCTION.
calls() {
    code "$1" "int $2(void);" "int ${1##*/}(void)" '{' "	return $2();" '}'
}

lines() { # lines N: that many
    yes '' | head -n "$1"
}

# in_order: compiles the house and looks.
in_order() {
    local file

    while read -r file; do
        mkdir -p "built/${file%/*}"
        cc -I. -c -o "built/${file%.c}.o" "$file"
    done < <(find fs attach usdt -name '*.c')
    "$TOP/tests/order" built
}

# finds FAULT: just that.
finds() {
    run in_order
    [ "$output" = "$1" ]
    [ "$status" = 1 ]
}

@test "a house in order is told nothing" {
    run in_order
    [ "$output" = "" ]
    [ "$status" = 0 ]
}

@test "a call upward is found" {
    calls usdt/note bpf
    finds 'usdt/note uses attach/kernel/bpf (bpf): upward'
}

@test "a variable used upward is found" {
    code attach/kernel/bpf 'int bpf(void)' '{' '	return 0;' '}' 'int features;'
    code usdt/note 'extern int features;' 'int note(void)' '{' '	return features;' '}'
    finds 'usdt/note uses attach/kernel/bpf (features): upward'
}

@test "an include upward is found" {
    touch fs/tree/tree.h
    code usdt/note '#include "fs/tree/tree.h"' 'int note;'
    finds 'usdt/note.c uses fs/tree/tree.h (include): upward'
}

@test "folders of one line do not use each other" {
    mkdir attach/program
    calls attach/program/count kprobe
    calls attach/kind/kprobe bpf
    finds 'attach/program/count uses attach/kind/kprobe (kprobe): upward'
}

@test "two files that call each other are found" {
    calls usdt/note place
    calls usdt/place note
    finds 'usdt/note > usdt/place > usdt/note: a circle of calls'
}

@test "a circle of three files is found" {
    calls usdt/note place
    calls usdt/place list
    calls usdt/list note
    finds 'usdt/list > usdt/note > usdt/place > usdt/list: a circle of calls'
}

@test "headers that include each other are found" {
    printf '#pragma once\n#include "usdt/%s.h"\n' place >usdt/note.h
    printf '#pragma once\n#include "usdt/%s.h"\n' note >usdt/place.h
    finds 'usdt/note.h > usdt/place.h > usdt/note.h: a circle of includes'
}

@test "a folder that has no place in the order is found" {
    mkdir usdt/new
    calls usdt/note new
    calls usdt/new/new bpf
    finds 'usdt/new/new uses attach/kernel/bpf: a folder that is not in the order
usdt/note uses usdt/new/new: a folder that is not in the order'
}

@test "a register names its rows, but does not call them" {
    mkdir attach/kind/uprobe
    code attach/kind/kinds 'extern int kind_uprobe;' 'int *kinds = &kind_uprobe;'
    code attach/kind/uprobe/uprobe 'int kind_uprobe;'
    run in_order
    [ "$output" = "" ]
    calls attach/kind/kinds kind_uprobe
    calls attach/kind/uprobe/uprobe kind_uprobe
    code attach/kind/uprobe/uprobe 'int kind_uprobe(void)' '{' '	return 0;' '}'
    finds 'attach/kind/kinds uses attach/kind/uprobe/uprobe (kind_uprobe): upward'
}

@test "what has no source any more does not count" {
    calls usdt/note bpf
    run in_order
    rm usdt/note.c
    run in_order
    [ "$output" = "" ]
}

@test "a file of 401 lines is found, one of 400 is not" {
    lines 400 >usdt/note.h
    lines 401 >usdt/list.h
    finds 'usdt/list.h: more than 400 lines'
}

@test "a function of 41 lines is found, one of 40 is not" {
    { echo 'int note(void)'; echo '{'; lines 37; echo '	return 0;'; echo '}'; } >usdt/note.c
    { echo 'int list(void)'; echo '{'; lines 38; echo '	return 0;'; echo '}'; } >usdt/list.c
    finds 'usdt/list.c:2: a function of more than 40 lines'
}

@test "a folder of 25 sources is found, one of 24 is not" {
    for i in $(seq 24); do
        code "usdt/note$i"
    done
    run in_order
    [ "$output" = "" ]
    code usdt/note25
    finds 'usdt: more than 24 sources'
}

@test "a loop that declares its counter is found" {
    code usdt/note 'int note(void)' '{' \
        '	for (unsigned int i = 0; i < 4; i++)' '		;' \
        '	for (char *at = "abc"; *at; at++)' '		;' \
        '	return 0;' '}'
    finds 'usdt/note.c:3: a loop declares its counter
usdt/note.c:5: a loop declares its counter'
}

@test "strerror of a bare errno is found" {
    code usdt/note '/* strerror(errno_clamp(errno)) */' '/* strerror(errno) */'
    finds 'usdt/note.c:2: strerror(3) of what errno_clamp() has not seen'
}

@test "a source that was not built is found" {
    mkdir built
    run "$TOP/tests/order" built
    [ "$status" != 0 ]
    [[ $output == *"'built/fs/tree/tree.o': No such file"* ]]
}
