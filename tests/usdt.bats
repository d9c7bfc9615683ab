#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Static probes: sites, arguments, semaphores, specs, and files of all kinds.
# bats file_tags=bpf,root

load helpers
load usdt

setup_file() {
    [ "$(uname -m)" = x86_64 ] || skip "the probes of usdt_target are for x86-64"
    shapes
}

# mine PROVIDER NAME [COOKIE]: makes a probe of $FILE with that label; its
# directory is $PROBE.
mine() {
    labels=$((${labels:-0} + 1))
    PROBE=$DIR/usdt/label$labels
    mkdir "$PROBE"
    put "$PROBE/path" "$FILE"
    put "$PROBE/provider" "$1"
    put "$PROBE/name" "$2"
    [ -z "${3-}" ] || put "$PROBE/cookie" "$3"
}

# values_are RUN FILE PROGRAM FLAGS: of every shape, with FILE's probes, when RUN
# fires them.
values_are() {
    local name count=0 expected

    FILE=$2
    expected=$("$SHAPES/pie" -e "$4")
    for name in $("$SHAPES/pie" -n); do
        mine shape "$name" "$count"
        put "$PROBE/attach" "$BPF/$3"
        count=$((count + 1))
    done
    "$1"
    same "values of $2 by $3" "$expected" "$("$PROGRAMS/usdt_values" "$BPF/$3")"
}

# restart: the daemon again, which is quicker than removing probes.
restart() {
    stop
    rm -f "$BPF"/usdt_*
    start
}

# talk FILE: a process to fire later; ask LINE: what it answers.
talk() {
    coproc TALK { exec "$1" -i 3>&-; }
    # shellcheck disable=SC2153
    talker=$TALK_PID
}

ask() {
    local answer

    echo "$1" >&"${TALK[1]}"
    read -r answer <&"${TALK[0]}"
    echo "$answer"
}

teardown() {
    [ -z "${talker-}" ] || kill "$talker"
    finish
}

# multi: how a program is loaded for the best that there is.
multi() {
    case $(feature_line uprobe_multi) in
    *$'\t'yes$'\t'*) echo multi-uprobe ;;
    *) echo none ;;
    esac
}

@test "arguments of all shapes are read by a program of libbpf's header" {
    needs cookie
    program usdt_old
    values_are "$SHAPES/pie" "$SHAPES/pie" usdt_old ""
    restart
    program usdt_old
    values_are "$SHAPES/exec" "$SHAPES/exec" usdt_old x
}

@test "arguments with an index are read by a program of the newer layout" {
    needs cookie
    program usdt_index "$(multi)"
    values_are "$SHAPES/pie" "$SHAPES/pie" usdt_index s
    restart
    program usdt_index "$(multi)"
    values_are "$SHAPES/exec" "$SHAPES/exec" usdt_index sx
}

@test "arguments are read however the file was linked" {
    local run file flags rows=0

    needs cookie
    while IFS='|' read -r run file flags; do
        program usdt_index "$(multi)"
        values_are "$SHAPES/$run" "$SHAPES/$file" usdt_index "$flags"
        restart
        rows=$((rows + 1))
    done <<'ROWS'
static|static|sx
static-pie|static-pie|s
lld|lld|s
shared|libshared.so|s
shared-lld|liblld.so|s
ROWS
    same rows 5 "$rows"
}

@test "without cookies arguments are read by addresses of a process, or of a fixed file" {
    lacks cookie
    program usdt_old
    FILE=$SHAPES/pie
    mine shape regs 0
    refused "$PROBE/attach" "$BPF/usdt_old" EOPNOTSUPP "write its id to 'pid'"
    talk "$FILE"
    put "$PROBE/pid" "$talker"
    put "$PROBE/attach" "$BPF/usdt_old"
    FILE=$SHAPES/exec
    mine shape regs2 1
    put "$PROBE/attach" "$BPF/usdt_old"
    ask fire
    "$SHAPES/exec"
    same values "$("$SHAPES/pie" -e | head -n 2)" "$("$PROGRAMS/usdt_values" "$BPF/usdt_old")"
    put "$PROBE/cookie" 5
    "$SHAPES/exec"
    same "after a new cookie" "$("$SHAPES/pie" -e | sed -n '2s/^1/5/p')" \
        "$("$PROGRAMS/usdt_values" "$BPF/usdt_old" | tail -n 1)"
}

@test "a probe of one process of a library finds its arguments" {
    lacks cookie
    program usdt_old
    FILE=$SHAPES/libshared.so
    talk "$SHAPES/shared"
    mine shape symbol 3
    put "$PROBE/pid" "$talker"
    put "$PROBE/attach" "$BPF/usdt_old"
    ask fire
    same values "3: 1 11111111 2222222222222222 4444444444444444 !" \
        "$("$PROGRAMS/usdt_values" "$BPF/usdt_old")"
}

@test "all probes of a pattern have one multi link, or a link each" {
    FILE=$SHAPES/pie
    mine shape '*'
    put "$PROBE/attach" count
    same sites 11 "$(info "$PROBE" sites)"
    same "lines of sites" 11 "$(wc -l <"$PROBE/sites")"
    "$FILE"
    same hits 11 "$(hits "$PROBE")"
    needs uprobe_multi
    same backend multi "$(info "$PROBE" backend)"
    same links 1 "$(info "$PROBE" link_id | wc -w)"
}

@test "sites shows what each argument is, and why one cannot be had" {
    local part

    needs cookie
    FILE=$SHAPES/pie
    program usdt_old
    mine shape bad
    put "$PROBE/attach" "$BPF/usdt_old"
    for part in "arg1: u32 in edi" "arg2: unavailable: %xmm0 is a vector register" \
        "arg5: unavailable: " "arg7: s32 constant 7"; do
        contains sites "$part" "$(<"$PROBE/sites")"
    done
    mine shape index
    put "$PROBE/attach" "$BPF/usdt_old"
    contains sites "arg1: unavailable: an index needs a program built with" "$(<"$PROBE/sites")"
}

@test "every call site of a probe is attached, with its own arguments" {
    needs cookie
    FILE=$SHAPES/pie
    program usdt_index "$(multi)"
    mine sites place 4
    put "$PROBE/attach" "$BPF/usdt_index"
    same sites 3 "$(info "$PROBE" sites)"
    same "sites with arguments" "constant 1 constant 2 in edi" \
        "$(sed 's/.*arg1: u32 //' "$PROBE/sites" | xargs)"
    "$FILE"
    same values "4: 3 3" "$("$PROGRAMS/usdt_values" "$BPF/usdt_index")"
    same cookie 4 "$(info "$PROBE" cookie)"
}

@test "patterns may be in provider and name, and a name may look like one" {
    local provider name count rows=0

    FILE=$SHAPES/pie
    while IFS='|' read -r provider name count; do
        echo "row: $provider $name"
        mine "$provider" "$name"
        put "$PROBE/attach" count
        same "sites of $provider:$name" "$count" "$(info "$PROBE" sites)"
        rows=$((rows + 1))
    done <<'ROWS'
glob_*|one|2
glob_?|one|2
|one|2
glob_x|*|2
glob_y|b[r]|1
glob_y|?r|1
glob_y|*|3
mixed|*|1
ROWS
    same rows 8 "$rows"
    contains warning "1 sites cannot be probed and were left out" "$(info "$PROBE" warning)"
    mine glob_z '*'
    refused "$PROBE/attach" count ENOENT "has no static probe 'glob_z:*'"
}

@test "names say what is probed, and labels tell probes apart" {
    local name

    for name in "pie:shape:regs" "pie:shape:regs@second" "pie:glob_y:b[r]"; do
        probe "usdt/${SHAPES//\//%2F}%2F$name" count
        same path "$SHAPES/pie" "$(<"$PROBE/path")"
        same sites 1 "$(info "$PROBE" sites)"
    done
    "$SHAPES/pie"
    same hits 1 "$(hits "$DIR/usdt/${SHAPES//\//%2F}%2Fpie:shape:regs@second")"
    probe usdt/mine
    refused "$PROBE/attach" count EINVAL "'path' is not set"
    put "$PROBE/path" "$SHAPES/pie"
    refused "$PROBE/attach" count EINVAL "'name' is not set"
}

@test "semaphores are raised while a probe is there, once a site" {
    needs uprobe_ref_ctr
    FILE=$SHAPES/pie
    talk "$FILE"
    same before "0 0" "$(ask semaphores)"
    mine sema first
    put "$PROBE/attach" count
    same "one probe" "1 0" "$(ask semaphores)"
    mine sema second
    put "$PROBE/attach" count
    same "two probes" "2 0" "$(ask semaphores)"
    mine sema third
    put "$PROBE/attach" count
    same "the other" "2 1" "$(ask semaphores)"
    ask fire
    same hits 1 "$(hits "$PROBE")"
    rmdir "$PROBE" "$DIR/usdt/label1"
    same "one less" "1 0" "$(ask semaphores)"
    put "$DIR/usdt/label2/attach" ""
    same after "0 0" "$(ask semaphores)"
}

@test "a semaphore is raised in the one process only that is probed" {
    local other

    needs uprobe_ref_ctr
    FILE=$SHAPES/pie
    coproc OTHER { exec "$FILE" -i 3>&-; }
    other=$OTHER_PID
    eval "exec {to}>&${OTHER[1]} {from}<&${OTHER[0]}"
    talk "$FILE"
    mine sema '*'
    put "$PROBE/pid" "$talker"
    put "$PROBE/attach" count
    same probed "2 1" "$(ask semaphores)"
    echo semaphores >&"$to"
    read -r answer <&"$from"
    same "the other" "0 0" "$answer"
    echo fire >&"$to"
    read -r answer <&"$from"
    same "hits of the other" 0 "$(hits "$PROBE")"
    ask fire
    same hits 3 "$(hits "$PROBE")"
    kill "$other"
}

@test "a new cookie reaches the program, and no spec is lost" {
    local round

    needs cookie
    FILE=$SHAPES/pie
    program usdt_index "$(multi)"
    mine shape regs2 1
    put "$PROBE/attach" "$BPF/usdt_index"
    for round in {2..7}; do
        put "$PROBE/cookie" "$round"
    done
    "$FILE"
    same cookie 7 "$(info "$PROBE" cookie)"
    same values "7: 1 16 17 18 14 15 f0 ffffffff80000001 80000001" \
        "$("$PROGRAMS/usdt_values" "$BPF/usdt_index")"
    same "specs in the map" 1 "$("$PROGRAMS/usdt_values" -s "$BPF/usdt_index")"
    put "$PROBE/attach" ""
    same "specs in the map" 0 "$("$PROGRAMS/usdt_values" -s "$BPF/usdt_index")"
}

@test "a pinned probe outlives the daemon, and its specs are not given to others" {
    local id

    needs cookie
    FILE=$SHAPES/pie
    program usdt_index "$(multi)"
    mine shape regs2 7
    put "$PROBE/attach" "$BPF/usdt_index"
    put "$PROBE/pin" "$BPF/pin"
    id=$(info "$PROBE" link_id)
    kill_daemon
    "$FILE"
    start
    mine shape const 8
    put "$PROBE/attach" "$BPF/usdt_index"
    mine shape regs2
    put "$PROBE/attach" "$BPF/pin"
    same link_id "$id" "$(info "$PROBE" link_id)"
    "$FILE"
    same values $'7: 2 16 17 18 14 15 f0 ffffffff80000001 80000001\n8: 1' \
        "$("$PROGRAMS/usdt_values" "$BPF/usdt_index" | sed 's/^8: 1 .*/8: 1/')"
    same specs 2 "$("$PROGRAMS/usdt_values" -s "$BPF/usdt_index")"
    contains sites "arg1: u64 in rbp" "$(<"$PROBE/sites")"
    case $(feature_line uprobe_multi) in
    *$'\t'yes$'\t'*)
        # A kernel that tells a link's cookie.
        same cookie 7 "$(info "$PROBE" cookie)"
        same cookie 7 "$(<"$PROBE/cookie")"
        ;;
    esac
    put "$PROBE/pin" ""
    rmdir "$PROBE"
    "$FILE"
    same "values after rmdir" "7: 2" \
        "$("$PROGRAMS/usdt_values" "$BPF/usdt_index" | sed -n 's/^\(7: 2\).*/\1/p')"
}

@test "with nop5 the call behind the nop is probed" {
    local plain five round

    needs cookie
    FILE=$SHAPES/pie
    program usdt_index "$(multi)"
    mine nop5 five 1
    put "$PROBE/attach" "$BPF/usdt_index"
    plain=$(cut -f 1 "$PROBE/sites")
    remount nop5
    mine nop5 five 2
    put "$PROBE/attach" "$BPF/usdt_index"
    five=$(cut -f 1 "$PROBE/sites")
    same offset "$((plain + 1))" "$((five))"
    mine shape regs2 3
    put "$PROBE/attach" "$BPF/usdt_index"
    talk "$FILE"
    for round in {1..20}; do
        ask fire >/dev/null
    done
    same values $'2: 20 1 2222222222222222 5\n3: 20 16 17 18 14 15 f0 ffffffff80000001 80000001' \
        "$("$PROGRAMS/usdt_values" "$BPF/usdt_index")"
}

@test "a program without a spec map gets the cookie itself" {
    needs cookie
    FILE=$SHAPES/pie
    program record
    mine shape regs 77
    put "$PROBE/attach" "$BPF/record"
    "$FILE"
    same cookie 77 "$(value record cookies 0)"
    same "cookie of info" 77 "$(info "$PROBE" cookie)"
}

@test "what cannot be probed is refused with the reason" {
    local provider name message rows=0

    FILE=$SHAPES/pie
    while IFS='|' read -r provider name message; do
        mine "$provider" "$name"
        refused "$PROBE/attach" count EINVAL "$message"
        rows=$((rows + 1))
    done <<'ROWS'
fault|data|a segment that is not executable
fault|nowhere|in no segment of the file
fault|text|is among the instructions
fault|odd|is at an odd offset
fault|lost|is in no segment of the file
mixed|bad|a segment that is not executable
clash|*|with different semaphores
ROWS
    same rows 7 "$rows"
}

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
    run cat "$PROBE/available"
    [ "$status" -ne 0 ]
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
        run timeout 10 cat "$PROBE/available"
        same "status of listing $name" 1 "$status"
        rows=$((rows + 1))
    done <<'ROWS'
empty|ENOEXEC|
text|ENOEXEC|
directory|EINVAL|not a regular file
fifo|EINVAL|not a regular file
/dev/null|EINVAL|not a regular file
core|ENOEXEC|
relocatable|ENOEXEC|
sparse|ENOEXEC|
header|ENOEXEC|
missing|ENOENT|
ROWS
    same rows 10 "$rows"
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
        same "lines of $FILE" "$expected" "$(timeout 20 cat "$PROBE/available" | wc -l)"
        put "$PROBE/attach" count
        same sites 1 "$(info "$PROBE" sites)"
    done
}

@test "a file that shrinks while it is read harms nobody" {
    local round

    FILE=$BATS_TEST_TMPDIR/shrinking
    mine many '*'
    for round in {1..20}; do
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

# real FILE: every probe of it, as readelf counts them, attached and detached.
real() {
    local count names name

    FILE=$(realpath "$1" 2>/dev/null) || skip "no $1 here"
    count=$(readelf -nW "$FILE" 2>/dev/null | grep -c NT_STAPSDT || true)
    [ "$count" -gt 0 ] || skip "$FILE has no static probes"
    mine '' '*'
    same "sites of $FILE" "$count" "$(wc -l <"$PROBE/available")"
    case $(feature_line uprobe_multi) in
    *$'\t'yes$'\t'*)
        put "$PROBE/attach" count
        same "sites attached" "$count" "$(info "$PROBE" sites)"
        ;;
    esac
    mapfile -t names < <(cut -f 1,2 "$PROBE/available" | sort -u | shuf -n "${2:-8}" --random-source=<(yes))
    rmdir "$PROBE"
    for name in "${names[@]}"; do
        mine "${name%%$'\t'*}" "${name#*$'\t'}"
        put "$PROBE/attach" count
    done
}

@test "every probe of libstdc++ can be attached" {
    real /usr/lib/x86_64-linux-gnu/libstdc++.so.6 3
}

@test "every probe of python can be attached" {
    real /usr/bin/python3.11
}

@test "every probe of a compiler can be attached" {
    real "$(cc -print-prog-name=cc1plus)" 4
}

@test "every probe of postgres can be attached" {
    real "$(echo /usr/lib/postgresql/*/bin/postgres)"
}

@test "every probe of a java virtual machine can be attached" {
    local files=(/usr/lib/jvm/*/lib/server/libjvm.so)

    real "${files[0]}"
}

@test "the probes of a java virtual machine share the specs of one program" {
    local files=(/usr/lib/jvm/*/lib/server/libjvm.so)

    needs uprobe_multi
    FILE=$(realpath "${files[0]}" 2>/dev/null) || skip "no java virtual machine here"
    program usdt_old multi-uprobe
    mine 'hotspot*' '*'
    put "$PROBE/attach" "$BPF/usdt_old"
    [ "$(info "$PROBE" sites)" -gt 400 ]
    [ "$("$PROGRAMS/usdt_values" -s "$BPF/usdt_old")" -lt 256 ]
    rmdir "$PROBE"
    same specs 0 "$("$PROGRAMS/usdt_values" -s "$BPF/usdt_old")"
    program usdt_index multi-uprobe
    mine 'hotspot*' '*'
    refused "$PROBE/attach" "$BPF/usdt_index" E2BIG "different argument specs are needed"
    same specs 0 "$("$PROGRAMS/usdt_values" -s "$BPF/usdt_index")"
}
