#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Files with static probes: what they list, and files that are strange or hostile.
# bats file_tags=fs,bpf,root

load helpers
load usdt

@test "available of a probe lists every site as it is in the note" {
    FILE=$SHAPES/pie
    mine shape regs
    same "number of lines" "$(readelf -nW "$FILE" 2>/dev/null | grep -c NT_STAPSDT)" \
        "$(wc -l <"$PROBE/available")"
    same "lines in another form" "" \
        "$(grep -vP '^[^\t]+\t[^\t]+\t(0x[0-9a-f]+|-)\t(0x[0-9a-f]+|-)\t[^\t]*$' "$PROBE/available" || true)"
    same "arguments as in the note" "8@%rbp 8@%rsi -8@%rdi 8@%r14 8@%r15 1@%ecx -4@%rbx 4@%ebx" \
        "$(awk -F '\t' '$2 == "regs2" { print $5 }' "$PROBE/available")"
    same "sites of one probe" 3 "$(grep -c '^sites.place' "$PROBE/available")"
    same "what cannot be probed" "fault data - 0x0 " \
        "$(grep '^fault.data' "$PROBE/available" | tr '\t' ' ')"
    same "semaphore that cannot be counted" - "$(awk -F '\t' '$2 == "odd" { print $4 }' "$PROBE/available")"
    same semaphores 3 "$(awk -F '\t' '$1 == "sema" && $4 != "0x0"' "$PROBE/available" | wc -l)"
    put "$PROBE/path" ""
    same "available without a path" "" "$(cat "$PROBE/available")"
    contains error "'path' is not set" "$(<"$PROBE/error")"
}

@test "available of the kind lists the probes of mapped files, once each" {
    FILE=$SHAPES/libshared.so
    talk "$SHAPES/shared"
    same "probes of $FILE" "sites place" \
        "$(grep -F "$FILE"$'\t'sites$'\t' "$DIR/usdt/available" | cut -f 2,3 | tr '\t' ' ')"
    same "probes, each once" "" "$(sort "$DIR/usdt/available" | uniq -d)"
}

@test "a file for another machine is listed, and refused at attach" {
    local bytes name rows=0

    while IFS='|' read -r name bytes; do
        FILE=$BATS_TEST_TMPDIR/file$rows
        cp "$SHAPES/pie" "$FILE"
        # e_machine
        printf '%b' "$bytes" | dd of="$FILE" bs=1 seek=18 conv=notrunc status=none
        mine shape const
        same "lines of $name" "$(readelf -nW "$SHAPES/pie" 2>/dev/null | grep -c NT_STAPSDT)" \
            "$(wc -l <"$PROBE/available")"
        refused "$PROBE/attach" count ENOEXEC "is for $name"
        rows=$((rows + 1))
    done <<'ROWS'
AArch64|\xb7\x00
RISC-V|\xf3\x00
another machine|\xe7\x03
ROWS
    same rows 3 "$rows"
    FILE=$TOP/tests/data/usdt/file/exec32
    mine demo '*'
    same "lines of $FILE" 3 "$(wc -l <"$PROBE/available")"
    refused "$PROBE/attach" count ENOEXEC "32 bit"
}

@test "what is no file with probes is refused with the reason" {
    local name errno message rows=0 in=$BATS_TEST_TMPDIR

    : >"$in/empty"
    echo "nothing of the kind, but long enough to hold a header of an ELF file" >"$in/text"
    mkdir "$in/directory"
    mkfifo "$in/fifo"
    cp "$SHAPES/pie" "$in/relocatable"
    printf '\x01' | dd of="$in/relocatable" bs=1 seek=16 conv=notrunc status=none
    cp "$SHAPES/pie" "$in/core"
    printf '\x04' | dd of="$in/core" bs=1 seek=16 conv=notrunc status=none
    truncate -s 4G "$in/sparse"
    head -c 40 "$SHAPES/pie" >"$in/header"
    while IFS='|' read -r name errno message; do
        FILE=$in/$name
        [ "${name:0:1}" != / ] || FILE=$name
        mine '' '*'
        refused "$PROBE/attach" count "$errno" "$message"
        run timeout 120 cat "$PROBE/available"
        same "status of listing $name" 1 "$status"
        rows=$((rows + 1))
    done <<'ROWS'
empty|ENOEXEC|not an ELF file but empty: its size is 0
/proc/version|ENOEXEC|not an ELF file but empty: its size is 0
text|ENOEXEC|it begins with 'noth', not with '\177ELF'
directory|EINVAL|not a regular file
fifo|EINVAL|not a regular file
/dev/null|EINVAL|not a regular file
core|ENOEXEC|
relocatable|ENOEXEC|
sparse|ENOEXEC|it begins with '\000\000\000\000', not with '\177ELF'
header|ENOEXEC|
missing|ENOENT|
ROWS
    same rows 11 "$rows"
    FILE=/bin/true
    mine '' '*'
    refused "$PROBE/attach" count ENOENT "has no static probe"
    same "probes of $FILE" "" "$(cat "$PROBE/available")"
}

@test "a file that is broken or strange in part is read as far as it goes" {
    local in=$BATS_TEST_TMPDIR expected

    expected=$(readelf -nW "$SHAPES/pie" 2>/dev/null | grep -c NT_STAPSDT)
    # The section table is outside the file, where the notes are then sought.
    cp "$SHAPES/pie" "$in/outside"
    printf '\xff\xff\xff\x7f' | dd of="$in/outside" bs=1 seek=40 conv=notrunc status=none
    cp "$SHAPES/pie" "$in/sparse"
    truncate -s 4G "$in/sparse"
    cp "$SHAPES/pie" "$in/packed"
    objcopy --compress-debug-sections=zlib "$in/packed"
    strip "$in/packed"
    for FILE in "$in"/*; do
        [ -f "$FILE" ] && [ -x "$FILE" ] || continue
        echo "file: $FILE"
        mine shape const
        same "lines of $FILE" "$expected" "$(timeout 120 cat "$PROBE/available" | wc -l)"
        put "$PROBE/attach" count
        same sites 1 "$(info "$PROBE" sites)"
    done
}

@test "a file that shrinks while it is read harms nobody" {
    FILE=$BATS_TEST_TMPDIR/shrinking
    mine many '*'
    for _ in {1..20}; do
        "$PROGRAMS/usdt_notes" "$FILE" 2000
        {
            truncate -s 200K "$FILE"
            truncate -s 50 "$FILE"
        } &
        cat "$PROBE/available" >/dev/null 2>&1 || true
        wait "$!"
    done
    "$PROGRAMS/usdt_notes" "$FILE" 20
    eventually same "lines in the end" 20 "$(wc -l <"$PROBE/available")"
}

@test "a hundred thousand notes are listed within 64 MiB" {
    FILE=$BATS_TEST_TMPDIR/many
    "$PROGRAMS/usdt_notes" "$FILE" 100000
    mine many probe_09999?
    same lines 100000 "$(wc -l <"$PROBE/available")"
    put "$PROBE/attach" count
    same sites 10 "$(info "$PROBE" sites)"
    case $PROBEFS in
    */plain/*) ;;
    *) return 0 ;; # sanitizers need memory of their own
    esac
    [ "$(memory)" -le 65536 ] || fault "the daemon took $(memory) kB"
}

# memory: the most that the daemon has had resident, in kB.
memory() { awk '$1 == "VmHWM:" { print $2 }' "/proc/$daemon/status"; }
