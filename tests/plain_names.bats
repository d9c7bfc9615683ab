#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Functions of C++ and Rust by the names that people read.
# No kernel sees such a name.
# bats file_tags=bpf,root,fs

# shellcheck disable=SC2016,SC2030,SC2031,SC2153  # inner shells; the helpers
load helpers

setup_file() {
    cp "$PROGRAMS/plain_target" "$BATS_FILE_TMPDIR/target"
}

# Each function of the target is called 1, 2, 4, ... times: a sum names them all.
@test "a plain name means its functions, and no others" {
    local symbol sum rows=0

    needs uprobe_pmu
    probe uprobe/one
    put "$PROBE/path" "$TARGET"
    while IFS='|' read -r symbol sum; do
        echo "row: $symbol"
        put "$PROBE/symbol" "$symbol"
        put "$PROBE/attach" count
        "$TARGET"
        same "$symbol" "$sum" "$(hits "$PROBE")"
        same "symbol as written" "$symbol" "$(<"$PROBE/symbol")"
        put "$PROBE/attach" ""
        rows=$((rows + 1))
    done <<'ROWS'
_ZN3foo3barEi|1
_ZN3foo3ba*|279
foo::bar(int)|1
foo::bar( int )|1
foo::bar(char const*)|2
foo::bar(char const *)|2
foo::bar(char*)|2
foo::bar<long>|4
foo::bar<long>(long)|4
void foo::bar<long>(long)|4
foo::bar|7
::foo::bar|7
foo::bar*|7
foo::ba?|23
foo::operator+|8
foo::baz|16
foo::*|31
*::baz*|16
foo::baz() [clone .part.0]|256
demo::work|96
demo::task|128
demo::*|224
ROWS
    [ "$rows" -eq 22 ]
}

@test "a plain name can be the name of the probe" {
    needs uprobe_pmu
    probe "uprobe/$NAME:foo::bar(int)" count
    probe "uretprobe/$NAME:foo::bar@all" count
    probe "uprobe/$NAME:foo::operator+" count
    probe "uprobe/$NAME:foo::operator+(foo const&)+0@again" count
    probe "uprobe/$NAME:demo::*@rust" count
    "$TARGET"
    same "one" 1 "$(hits "$DIR/uprobe/$NAME:foo::bar(int)")"
    same "returns" 7 "$(hits "$DIR/uretprobe/$NAME:foo::bar@all")"
    same "an operator" 8 "$(hits "$DIR/uprobe/$NAME:foo::operator+")"
    same "an operator and an offset" 8 \
        "$(hits "$DIR/uprobe/$NAME:foo::operator+(foo const&)+0@again")"
    same "Rust" 224 "$(hits "$DIR/uprobe/$NAME:demo::*@rust")"
    contains sites _ZN3foo3barEi "$(<"$DIR/uprobe/$NAME:foo::bar(int)/sites")"
}

@test "the list of functions has their plain names" {
    probe uprobe/one
    put "$PROBE/path" "$TARGET"
    same "C++" "void foo::bar<long>(long)" \
        "$(awk -F '\t' '$1 == "_ZN3foo3barIlEEvT_" { print $4 }' "$PROBE/available")"
    same "Rust" demo::work \
        "$(awk -F '\t' '$1 ~ /work/ { print $4; exit }' "$PROBE/available")"
    same "C" 3 "$(awk -F '\t' '$1 == "main" { print NF }' "$PROBE/available")"
}

@test "each plain name of the list can be written back" {
    local plain rows=0

    needs uprobe_pmu
    probe uprobe/one
    put "$PROBE/path" "$TARGET"
    while read -r plain; do
        put "$PROBE/symbol" "$plain"
        put "$PROBE/attach" count
        put "$PROBE/attach" ""
        rows=$((rows + 1))
    done < <(awk -F '\t' 'NF == 4 { print $4 }' "$PROBE/available")
    [ "$rows" -eq 9 ]
}

@test "a plain name that means nothing is refused" {
    local symbol error message rows=0

    probe uprobe/one
    put "$PROBE/path" "$TARGET"
    while IFS='|' read -r symbol error message; do
        put "$PROBE/symbol" "$symbol"
        refused "$PROBE/attach" count "$error" "$message"
        rows=$((rows + 1))
    done <<ROWS
foo::none|ENOENT|no function 'foo::none' in '$TARGET'; the compiler may have put it into its callers; see the file 'available'
foo::bar(long)|ENOENT|no function 'foo::bar(long)'
bar|ENOENT|no function 'bar'
none::*|ENOENT|no function matches 'none::*'
_ZN3foo3bazEi|ENOENT|no function
ROWS
    [ "$rows" -eq 5 ]
    put "$PROBE/symbol" foo::bar
    put "$PROBE/offset" 1
    refused "$PROBE/attach" count EINVAL \
        "an offset cannot go with the name of several functions, 'foo::bar'"
}

@test "a symbol made to blow up is listed, and hurts nobody" {
    local object=$BATS_TEST_TMPDIR/odd.so doubling=_Z1f1aIS_S_E digit

    for digit in {0..9} {A..T}; do
        doubling+=S_IS${digit}_S${digit}_E
    done
    printf '.globl %s\n.type %s,@function\n%s: ret\n.size %s,1\n' \
        "$doubling" "$doubling" "$doubling" "$doubling" >"$object.s"
    "${CC:-cc}" -shared -nostdlib -o "$object" "$object.s"
    probe uprobe/one
    put "$PROBE/path" "$object"
    same columns 3 "$(awk -F '\t' '/^_Z1f/ { print NF }' "$PROBE/available")"
    put "$PROBE/symbol" "f(a)"
    refused "$PROBE/attach" count ENOENT "no function 'f(a)'"
}
