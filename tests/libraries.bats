#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Which file is meant by the name of a program or library, and where a function
# is that is not in it.
# Files are found the same way on all.
# bats file_tags=bpf,root,fs

# shellcheck disable=SC2016,SC2034,SC2030,SC2031,SC2153  # inner shells; the helpers
load helpers

@test "a library may be named without its version" {
    needs uprobe_pmu
    coproc TALK { exec "$TARGET" -i 3>&-; }
    probe uprobe/libc:regexec
    put "$PROBE/pid" "$TALK_PID"
    put "$PROBE/attach" count
    tell "regexec 10"
    same hits 10 "$(hits "$PROBE")"
    kill "$TALK_PID"
    probe uprobe/ld-linux-x86-64
    put "$PROBE/path" libm
    contains available $'\nsin' "$(<"$PROBE/available")"
}

# cache LIBRARY...: a cache of the dynamic linker with these, and where they are.
cache() {
    local library dir=$BATS_TEST_TMPDIR/lib serial=0

    mkdir "$dir"
    for library in "$@"; do
        serial=$((serial + 1))
        echo "int only_$serial(void) { return $serial; }" |
            "${CC:-cc}" -x c -shared -Wl,-soname,"$library" -o "$dir/$library" -
    done
    echo "$dir" >"$dir/conf"
    /sbin/ldconfig -X -f "$dir/conf" -C "$dir/cache"
}

# with_cache SCRIPT: where that cache is the machine's.
with_cache() {
    unshare -m bash -euc "mount --bind '$BATS_TEST_TMPDIR/lib/cache' /etc/ld.so.cache
        $1" 3>&-
}

@test "a name of several libraries is refused, and they are listed" {
    cache libprobefs_two.so.1 libprobefs_two.so.2 libprobefs_twos.so.1 \
        libprobefs_one.so.7.1
    probe uprobe/one
    put "$PROBE/path" libprobefs_two
    put "$PROBE/symbol" only_1
    run with_cache "echo count >'$PROBE/attach'"
    contains write "Name not unique" "$output"
    contains error "attach: ENOTUNIQ: 2 libraries are called 'libprobefs_two'; write one of them; 'libprobefs_two.so." \
        "$(<"$PROBE/error")"
    contains error "'libprobefs_two.so.1'" "$(<"$PROBE/error")"
    contains error "'libprobefs_two.so.2'" "$(<"$PROBE/error")"
    put "$PROBE/path" libprobefs_one
    run with_cache "cut -f 1 '$PROBE/available'"
    contains available only_4 "$output"
    put "$PROBE/path" libprobefs_one.so.6
    run with_cache "echo count >'$PROBE/attach'"
    contains error "ENOENT: no file 'libprobefs_one.so.6' in" "$(<"$PROBE/error")"
    contains error "there is 'libprobefs_one.so.7.1'" "$(<"$PROBE/error")"
}

@test "two names of one library are one" {
    cache libprobefs_two.so.1
    ln -s libprobefs_two.so.1 "$BATS_TEST_TMPDIR/lib/libprobefs_two.so"
    ln "$BATS_TEST_TMPDIR/lib/libprobefs_two.so.1" "$BATS_TEST_TMPDIR/lib/libprobefs_two.so.2"
    /sbin/ldconfig -X -f "$BATS_TEST_TMPDIR/lib/conf" -C "$BATS_TEST_TMPDIR/lib/cache"
    probe uprobe/one
    put "$PROBE/path" libprobefs_two
    run with_cache "cut -f 1 '$PROBE/available'"
    contains available only_1 "$output"
}

@test "a script is refused, and what runs it is named" {
    local text message rows=0 file=$BATS_TEST_TMPDIR/script

    probe uprobe/one
    put "$PROBE/symbol" main
    while IFS='|' read -r text message; do
        printf '%b\n' "$text" >"$file"
        put "$PROBE/path" "$file"
        refused "$PROBE/attach" count ENOEXEC "'$file' $message"
        rows=$((rows + 1))
    done <<'ROWS'
#!/bin/bash -e\ntrue|is a script, not a program; probe its interpreter, '/bin/bash'
#! /usr/bin/env -S python3 -u\n|is a script, not a program; probe its interpreter, 'python3'
#!/usr/bin/env perl|is a script, not a program; probe its interpreter, 'perl'
/* GNU ld script */\nOUTPUT_FORMAT(elf64-x86-64)\nGROUP ( /lib/libc.so.6 /usr/lib/libc_nonshared.a )|is a script for the linker, not a library; it leads to '/lib/libc.so.6'
INPUT(libtinfo.so.6 -lm)|is a script for the linker, not a library; it leads to 'libtinfo.so.6'
ROWS
    [ "$rows" -eq 5 ]
}

@test "a function of another library is refused, and the library is named" {
    local name symbol error message rows=0

    while IFS='|' read -r name symbol error message; do
        mkdir "$DIR/uprobe/$name:$symbol"
        refused "$DIR/uprobe/$name:$symbol/attach" count "$error" "$message"
        contains error "$message" "$(<"$DIR/uprobe/$name:$symbol/error")"
        rows=$((rows + 1))
    done <<ROWS
libpthread.so.0|pthread_create|ENOENT|; 'libc.so.6' has it
libpthread|pthread_create|ENOENT|; 'libc.so.6' has it
libdl|dlopen|ENOENT|; 'libc.so.6' has it
$NAME|regexec|EOPNOTSUPP|probe the library that defines it; it is 'libc.so.6'
$NAME|qsort|ENOENT|; 'libc.so.6' has it
ROWS
    [ "$rows" -eq 5 ]
}

@test "an indirect function is refused, and others are proposed" {
    mkdir "$DIR/uprobe/libc:memcmp"
    refused "$DIR/uprobe/libc:memcmp/attach" count EINVAL "is an indirect function"
    # Not "*memcmp*", which matches wmemcmp; without debug symbols none is known.
    [[ $(<"$DIR/uprobe/libc:memcmp/error") == *"'__memcmp_*' matches them all, such as '__memcmp_"* ||
        $(<"$DIR/uprobe/libc:memcmp/error") == *"try '*memcmp*'"* ]]
    # The target has its symbols.
    mkdir "$DIR/uprobe/$NAME:target_indirect"
    refused "$DIR/uprobe/$NAME:target_indirect/attach" count EINVAL \
        "'target_indirect_*' matches them all, such as 'target_indirect_one'"
}

@test "of an indirect function no other function is proposed" {
    local file=$BATS_TEST_TMPDIR/pick.so name

    [ "$(uname -m)" = x86_64 ] || skip "the assembler's ret is that of x86-64"
    for name in __picks_a unpick_a __pick_a __pick_b pick; do
        printf '.globl %s\n.type %s,@function\n%s: ret\n.size %s,1\n' \
            "$name" "$name" "$name" "$name"
    done >"$file.s"
    echo '.type pick,@gnu_indirect_function' >>"$file.s"
    "${CC:-cc}" -shared -nostdlib -o "$file" "$file.s"
    probe uprobe/one
    put "$PROBE/path" "$file"
    put "$PROBE/symbol" pick
    refused "$PROBE/attach" count EINVAL "; '__pick_*' matches them all, such as '__pick_"
}

@test "what the compiler made of a function is told" {
    local file=$BATS_TEST_TMPDIR/made.so

    printf '.type %s,@function\n%s: ret\n.size %s,1\n' \
        once.isra.0 once.isra.0 once.isra.0 >"$file.s"
    "${CC:-cc}" -shared -nostdlib -o "$file" "$file.s"
    probe uprobe/one
    put "$PROBE/path" "$file"
    put "$PROBE/symbol" once
    refused "$PROBE/attach" count ENOENT "no function 'once' in '$file'; the compiler made 'once.isra.0' of it"
    put "$PROBE/symbol" twice
    refused "$PROBE/attach" count ENOENT \
        "no function 'twice' in '$file'; the compiler may have put it into its callers; see the file 'available'"
    strip "$file"
    refused "$PROBE/attach" count ENOENT "the file is stripped and shows only what it exports"
}
