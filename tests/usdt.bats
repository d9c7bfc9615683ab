#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Static probes: names and patterns, sites, semaphores, refusals.
# bats file_tags=bpf,root

load helpers
load usdt

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
    contains warning "1 of 2 places that match cannot be probed, and were left out" "$(info "$PROBE" warning)"
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
    put "$PROBE/attach" count
    contains waits "'path' is not set" "$(info "$PROBE" waits)"
    put "$PROBE/path" "$SHAPES/pie"
    contains waits "'name' is not set" "$(info "$PROBE" waits)"
    put "$PROBE/name" regs
    same sites 1 "$(info "$PROBE" sites)"
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
    # A kernel that tells it (6.16) tells it of both kinds of link.
    case $(info "$PROBE" ref_ctr) in
    '') ;;
    *) same ref_ctr "$(awk -F '\t' '$2 == "third" { print $4 }' "$PROBE/available")" \
        "$(info "$PROBE" ref_ctr)" ;;
    esac
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

@test "with nop5 the call behind the nop is probed" {
    local plain five

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
    for _ in {1..20}; do
        ask fire >/dev/null
    done
    same values $'2: 20 1 2222222222222222 5\n3: 20 16 17 18 14 15 f0 ffffffff80000001 80000001' \
        "$("$PROGRAMS/usdt_values" "$BPF/usdt_index")"
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

@test "a session, which follows a function's return, is on no static probe" {
    needs uprobe_session
    program multi session-uprobe
    FILE=$SHAPES/pie
    mine glob_x one
    refused "$PROBE/attach" "$BPF/multi" EINVAL "so it needs the start of a function"
}
