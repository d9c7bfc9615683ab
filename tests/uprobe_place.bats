#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Probes of functions of programs: what is no place for one, and why.
# bats file_tags=fs,bpf,root

# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2153  # inner shells; the helpers
load helpers

# place WHAT: where the target says that it is in its file.
place() { "$TARGET" -p | sed -n "s/^$1 //p"; }

# symbol NAME [FILE]: its address.
symbol() { printf '0x%s\n' "$(nm "${2-$TARGET}" | sed -n "s/ . $1\$//p")"; }

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
    objcopy --redefine-sym target_glob_b=target_glob_a \
        "$TARGET" "$BATS_TEST_TMPDIR/twins"
    objcopy --only-keep-debug "$TARGET" "$BATS_TEST_TMPDIR/symbols"
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
uprobe|TARGET:no_such_*|ENOENT|no function matches 'no_such_*' in '$TARGET'; see the file 'available'
uprobe|TARGET:target_one@@V_1|ENOENT|no version '@@V_1' of 'target_one'
uprobe|TARGET:puts|EOPNOTSUPP|'puts' is imported by '$TARGET', not defined in it; probe the library that defines it
uprobe|TARGET:target_counter|EINVAL|'target_counter' of '$TARGET' is data, not a function; the file 'available' has the functions
uprobe|TARGET:target_indirect|EINVAL|is an indirect function: its code at 0x
uprobe|TMP%2Ftwins:target_glob_a|ENOTUNIQ|functions of '$BATS_TEST_TMPDIR/twins' are called
uprobe|TARGET:target_steps+2|EINVAL|is inside an instruction, and a probe there would kill the process; instructions begin at 0x
uprobe|TARGET:target_steps+0x1000|EINVAL|offset 0x1000 is beyond 'target_steps', which has 11 bytes
uprobe|TARGET:target_glob_*+1|EINVAL|an offset cannot go with the pattern 'target_glob_*'
uprobe|TARGET:target_bare+3|EINVAL|offset 0x3 is beyond 'target_bare': 'target_beside' begins at 0x
uprobe|TARGET:target_bare+0x100|EINVAL|offset 0x100 is beyond 'target_bare': 
uprobe|TARGET:_fini+$(($(place data) - $(symbol _fini)))|EINVAL|is not in its code
uprobe|TMP%2Fsymbols:target_one|ENOEXEC|'$BATS_TEST_TMPDIR/symbols' has no code, only the debug symbols of another file
uprobe|TMP%2Fsymbols:target_*|ENOEXEC|'$BATS_TEST_TMPDIR/symbols' has no code
uretprobe|TARGET:target_steps+1|EINVAL|a return probe must be at the start of its function
uprobe|TARGET:target_locked|EOPNOTSUPP|cannot probe the instruction
uprobe|TARGET:0x10|EINVAL|is not in its code; an offset counts from the start of the file, and is no address
uprobe|TARGET:$(place data)|EINVAL|is not in its code
uprobe|TARGET:0x7fffffffffff|EINVAL|is beyond the end of '$TARGET'
uprobe|no-such-program:main|ENOENT|no file 'no-such-program' in /usr/local/sbin, /usr/local/bin, /usr/sbin, /usr/bin, /sbin, /bin; the dynamic linker knows no library 'no-such-program.so.*' either; write its absolute path to 'path'
uprobe|libnosuch.so.9:main|ENOENT|no file 'libnosuch.so.9' in /lib/x86_64-linux-gnu, /usr/lib/x86_64-linux-gnu, /lib64, /usr/lib64, /lib, /usr/lib, /usr/local/lib; write its
uprobe|%2Fnonexistent:main|ENOENT|no such file: '/nonexistent'
uprobe|%2Fetc:main|EINVAL|'/etc' is not a regular file
uprobe|%2Fdev%2Fnull:main|EINVAL|'/dev/null' is not a regular file
uprobe|TMP%2Ffifo:main|EINVAL|is not a regular file
uprobe|TMP%2Floop:main|EXDEV|leads through a link
uprobe|TMP%2Fempty:main|ENOEXEC|cannot probe '
uprobe|TMP%2Fscript:main|ENOEXEC|is a script, not a program; probe its interpreter, '/bin/sh'
uprobe|TMP%2Fshort:main|ENOEXEC|cannot probe '
uprobe|TMP%2Farm:main|ENOEXEC|is for
ROWS
    [ "$rows" -eq 31 ]
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

@test "functions that cannot be probed are left out of a pattern, with a warning" {
    needs uprobe_pmu
    [ "$(uname -m)" = x86_64 ] || skip "the instruction is one of x86-64"
    probe "uprobe/$NAME:target_*e*" count
    contains warning "1 of $(($(info "$PROBE" sites) + 1)) places that match cannot be probed, and were left out" \
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
    start=$(place code)
    probe "uprobe/${BATS_TEST_TMPDIR//\//%2F}%2Fstripped:$start" count
    "$BATS_TEST_TMPDIR/stripped" target_one 6
    same hits 6 "$(hits "$PROBE")"
}

@test "a stripped file has the functions of its debug symbols, wherever they are" {
    local tmp=$BATS_TEST_TMPDIR file

    needs uprobe_pmu
    cd "$tmp"
    objcopy --only-keep-debug "$TARGET" symbols || skip "no objcopy"
    strip -o plain "$TARGET"
    objcopy --add-gnu-debuglink=symbols plain beside
    # As Fedora does: a packed ELF file of symbols in a section.
    xz -k symbols
    objcopy --add-section .gnu_debugdata=symbols.xz plain inside
    for file in beside inside; do
        probe "uprobe/${tmp//\//%2F}%2F$file:target_one" count
        "./$file" target_one 4
        same "hits of $file" 4 "$(hits "$PROBE")"
        grep -q '^target_one	0x' "$PROBE/available"
    done
    # Who looks for another is not told to install what is there.
    probe "uprobe/${tmp//\//%2F}%2Fbeside:target_none"
    refused "$PROBE/attach" count ENOENT "no function 'target_none'"
    [[ $(<"$PROBE/error") != *stripped* ]]
}

@test "a function without a size ends at the next symbol" {
    needs uprobe_pmu
    [ "$(uname -m)" = x86_64 ] || skip "the offsets are those of x86-64"
    probe "uprobe/$NAME:target_bare+1" count
    hit target_bare 5
    same hits 5 "$(hits "$PROBE")"
}

# compile OPTION...: a program that prints a constant; $OTHER is its name here.
compile() {
    echo '#include <stdio.h>
const char constant[] = "the constant"; int main(void) { return puts(constant) < 0; }' |
        gcc -x c -O0 -o "$BATS_TEST_TMPDIR/other" "$@" -
    OTHER=${BATS_TEST_TMPDIR//\//%2F}%2Fother
}

@test "constants in a segment of code are no place for a probe" {
    local place

    needs uprobe_pmu
    compile -pie -fPIE -Wl,-z,noseparate-code
    place=$(symbol constant "$BATS_TEST_TMPDIR/other")
    # The linker did put them there.
    readelf -lW "$BATS_TEST_TMPDIR/other" | grep -q 'LOAD.* R E .*' || fault "no segment"
    probe "uprobe/$OTHER:$place"
    refused "$PROBE/attach" count EINVAL "is not in its code"
    probe "uprobe/$OTHER:_fini+$((place - $(symbol _fini "$BATS_TEST_TMPDIR/other")))"
    refused "$PROBE/attach" count EINVAL "is not in its code"
    probe "uprobe/$OTHER:__GNU_EH_FRAME_HDR"
    refused "$PROBE/attach" count EINVAL "is data, not a function"
    same output "the constant" "$("$BATS_TEST_TMPDIR/other")"
    probe "uprobe/$OTHER:main" count
    same output "the constant" "$("$BATS_TEST_TMPDIR/other")"
    same hits 1 "$(hits "$PROBE")"
}

@test "an address for an offset is told the offset" {
    local address offset

    needs uprobe_pmu
    compile -no-pie -fno-pie -Wl,-Ttext-segment=0x400000
    address=$(symbol main "$BATS_TEST_TMPDIR/other")
    printf -v offset 0x%x $((address - 0x400000))
    printf -v address 0x%x "$address"
    probe "uprobe/$OTHER:$address"
    refused "$PROBE/attach" count EINVAL "is beyond the end of"
    contains error "what is at address $address is at offset $offset" "$(<"$PROBE/error")"
    probe "uprobe/$OTHER:$offset" count
    "$BATS_TEST_TMPDIR/other"
    same hits 1 "$(hits "$PROBE")"
}
