#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Static probes as no usual header writes them, and those that are not there.
# The file has the corners, no kernel.
# bats file_tags=bpf,root,ends

load helpers
load usdt

setup_file() {
    [ "$(uname -m)" = x86_64 ] || skip "the probes of usdt_corners are for x86-64"
    shapes
}

@test "notes padded to eight bytes and a base that is not loaded are read" {
    needs cookie
    FILE=$PROGRAMS/usdt_corners
    program usdt_old
    mine pad one 1
    same probes "bss:far bss:near moved:inside moved:start mysql:query__start pad:one pad:two" \
        "$(cut -f 1,2 "$PROBE/available" | tr '\t' : | sort | xargs)"
    put "$PROBE/attach" "$BPF/usdt_old"
    mine pad two 2
    put "$PROBE/attach" "$BPF/usdt_old"
    "$FILE"
    same values $'1: 1 1 fffffffffffffffe\n2: 1 3 4' "$("$PROGRAMS/usdt_values" "$BPF/usdt_old")"
}

@test "a semaphore in .bss is raised where it can be, and warned of" {
    needs uprobe_ref_ctr
    FILE=$PROGRAMS/usdt_corners
    talk "$FILE"
    same before "0 0" "$(ask semaphores)"
    mine bss near
    put "$PROBE/attach" count
    contains warning "the semaphore is in .bss, which processes that start later clear" \
        "$(info "$PROBE" warning)"
    same "one that runs" "1 0" "$(ask semaphores)"
    ask fire
    same hits 1 "$(hits "$PROBE")"
    # Not this one, which starts now.
    "$FILE"
    same "hits of a later process" 1 "$(hits "$PROBE")"
    mine bss far
    put "$PROBE/attach" count
    contains warning "only in memory, where the kernel cannot raise it" "$(info "$PROBE" warning)"
    same "in memory only" "1 0" "$(ask semaphores)"
    ask fire
    same "hits of the other" 0 "$(hits "$PROBE")"
    put "$DIR/usdt/label1/attach" ""
    same after "0 0" "$(ask semaphores)"
    mine bss '*'
    put "$PROBE/attach" count
    same sites 2 "$(info "$PROBE" sites)"
}

@test "a note in the middle of an instruction is refused, the beginning of one is not" {
    FILE=$PROGRAMS/usdt_corners
    mine moved inside
    refused "$PROBE/attach" count EINVAL \
        "is no nop, nor another instruction that can be probed: the file was changed after its notes were made"
    mine moved '*'
    put "$PROBE/attach" count
    same sites 1 "$(info "$PROBE" sites)"
    contains warning "1 of 2 places that match cannot be probed, and were left out" "$(info "$PROBE" warning)"
    "$FILE"
    same hits 1 "$(hits "$PROBE")"
}

@test "what is not there is told with what there is" {
    local file provider name message rows=0 bare=$BATS_TEST_TMPDIR/bare

    echo 'int main(void) { return 0; }' |
        cc -x c -o "$bare" - -Wl,--no-as-needed -lstdc++
    while IFS='|' read -r file provider name message; do
        FILE=$file
        [ "${file:0:1}" = / ] || FILE=$PROGRAMS/$file
        [ "$file" != bare ] || FILE=$bare
        mine "$provider" "$name"
        refused "$PROBE/attach" count ENOENT "$message"
        rows=$((rows + 1))
    done <<'ROWS'
usdt_corners|mysql|query-start|/usdt_corners' has no static probe 'mysql:query-start'; its file 'available' lists those it has; there is 'mysql:query__start'
usdt_corners|postgresql|query-start|there is 'mysql:query__start'
usdt_corners|pda|one|there is 'pad:one'
usdt_corners|pad|three|its file 'available' lists those it has
bare|libstdcxx|throw|/libstdc++.so.6', which it needs, has 'libstdcxx:throw'
bare||throw|has no static probes at all; '
bare|x|none|/libstdc++.so.6', which it needs, has some, such as '
bare|libstdcxx|none|, which it needs, has some, such as 'libstdcxx:
usdt_target|libstdcxx|throw|has no static probe 'libstdcxx:throw'; its file 'available' lists those it has
ROWS
    same rows 9 "$rows"
}

@test "a damaged file of which nothing can be read says what is damaged" {
    local in=$BATS_TEST_TMPDIR message rows=0 at

    at=$(readelf -SW "$SHAPES/pie" | sed -n 's/.*\.note\.stapsdt *NOTE *[0-9a-f]* *\([0-9a-f]*\).*/\1/p')
    head -c "$((16#$at))" "$SHAPES/pie" >"$in/half"
    # The section table is gone, and with it the notes.
    cp /bin/true "$in/outside"
    printf '\xff\xff\xff\x7f' | dd of="$in/outside" bs=1 seek=40 conv=notrunc status=none
    while IFS='|' read -r FILE message; do
        FILE=$in/$FILE
        mine '' '*'
        refused "$PROBE/attach" count ENOEXEC "$message"
        run cat "$PROBE/available"
        same "status of listing" 1 "$status"
        contains error "available: ENOEXEC: '$FILE' is damaged, and no static probe of it can be read: $message" \
            "$(<"$PROBE/error")"
        rows=$((rows + 1))
    done <<'ROWS'
half|its table of sections is malformed or beyond its end
outside|its table of sections is malformed or beyond its end
ROWS
    same rows 2 "$rows"
}
