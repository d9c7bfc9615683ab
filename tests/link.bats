#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# The files of a probe and its link: what a write to one does to the other.
# bats file_tags=fs,bpf,root

# shellcheck disable=SC2016,SC2030,SC2031,SC2153  # inner shells; the helpers
load helpers

# orders WORD...: all of them, a line each.
orders() {
    local i rest

    [ $# -gt 1 ] || { echo "$1" && return; }
    for ((i = 1; i <= $#; i++)); do
        rest=("${@:1:i-1}" "${@:i+1}")
        orders "${rest[@]}" | sed "s/^/${!i} /"
    done
}

# ends_up FILE...: they are written in that order, and say then what was written.
ends_up() {
    local file

    for file in "$@"; do
        put "$PROBE/$file" "${texts[$file]}"
    done
    for file in "$@"; do
        holds "$PROBE/$file" "${texts[$file]}"
    done
}

@test "cookie, pin and enabled take effect in any order" {
    local order rows=0
    local -A texts=([attach]=$BPF/record [cookie]=0x2a [pin]=$BPF/pin [enabled]=1)

    needs uprobe_pmu cookie
    program record
    while read -ra order; do
        echo "row: ${order[*]}"
        probe "uprobe/$NAME:target_one"
        # Without this it would be in force before it is written.
        put "$PROBE/enabled" 0
        ends_up "${order[@]}"
        "$TOOL" reset "$BPF/record" hits
        hit target_one 3
        same "hits" 3 "$(value record)"
        same "cookie seen" 42 "$(value record cookies 2)"
        same "cookie told" 42 "$(info "$PROBE" cookie)"
        same "pin told" "$BPF/pin" "$(info "$PROBE" pinned)"
        put "$PROBE/attach" ""
        [ ! -e "$BPF/pin" ]
        rmdir "$PROBE"
        rows=$((rows + 1))
    done < <(orders cookie enabled attach pin)
    [ "$rows" -eq 24 ]
}

@test "what was attached before makes no difference to the order" {
    local order rows=0
    local -A texts=([attach]=$BPF/record [cookie]=0x2a [pin]=$BPF/pin [symbol]=target_one)

    needs uprobe_pmu cookie
    program record
    program plain
    while read -ra order; do
        echo "row: ${order[*]}"
        probe "uprobe/$NAME:target_two"
        put "$PROBE/cookie" 7
        put "$PROBE/pin" "$BPF/old"
        put "$PROBE/attach" "$BPF/plain"
        ends_up "${order[@]}"
        "$TOOL" reset "$BPF/record" hits
        hit target_one 1
        hit target_two 10
        same "hits" 1 "$(value record)"
        same "cookie seen" 42 "$(value record cookies 0)"
        same "hits of the old one" 0 "$(value plain)"
        [ ! -e "$BPF/old" ]
        [ -e "$BPF/pin" ]
        put "$PROBE/attach" ""
        rmdir "$PROBE"
        rows=$((rows + 1))
    done < <(orders cookie symbol attach pin)
    [ "$rows" -eq 24 ]
}

@test "when it is not enabled in the end, nothing is there, in any order" {
    local order rows=0
    local -A texts=([attach]=$BPF/record [cookie]=0x2a [pin]=$BPF/pin [enabled]=0)

    needs uprobe_pmu cookie
    program record
    while read -ra order; do
        echo "row: ${order[*]}"
        probe "uprobe/$NAME:target_one"
        ends_up "${order[@]}"
        same state disabled "$(info "$PROBE" state)"
        [ ! -e "$BPF/pin" ]
        "$TOOL" reset "$BPF/record" hits
        hit target_one 3
        same "hits" 0 "$(value record)"
        put "$PROBE/enabled" 1
        hit target_one 1
        same "cookie seen" 42 "$(value record cookies 0)"
        same "pin told" "$BPF/pin" "$(info "$PROBE" pinned)"
        put "$PROBE/attach" ""
        rmdir "$PROBE"
        rows=$((rows + 1))
    done < <(orders cookie enabled attach pin)
    [ "$rows" -eq 24 ]
}

@test "what is in force already touches nothing when written again" {
    local file text link id ino rows=0

    needs uprobe_pmu cookie
    program record
    probe "uprobe/$NAME:target_one"
    put "$PROBE/cookie" 42
    put "$PROBE/pin" "$BPF/pin"
    put "$PROBE/attach" "$BPF/record"
    link=$(info "$PROBE" link_id)
    id=$(info "$PROBE" prog_id)
    ino=$(stat -c %i "$BPF/pin")
    while IFS='|' read -r file text; do
        echo "row: $file $text"
        put "$PROBE/$file" "$text"
        holds "$PROBE/$file" "$text"
        same link_id "$link" "$(info "$PROBE" link_id)"
        same "pin" "$ino" "$(stat -c %i "$BPF/pin")"
        rows=$((rows + 1))
    done <<ROWS
attach|$BPF/record
attach|id:$id
attach|name:record
attach|$DIR/prog/$id
attach|$BPF/pin
attach|  $BPF/record
cookie|42
cookie|0x2a
pin|$BPF/pin
enabled|1
symbol|target_one
offset|0x0
pid|0
ROWS
    [ "$rows" -eq 13 ]
    hit target_one 5
    same hits 5 "$(value record)"
}

@test "a program of the same path but another id takes the place of the first" {
    local link

    needs uprobe_pmu
    program plain
    probe "uprobe/$NAME:target_one" "$BPF/plain"
    link=$(info "$PROBE" prog_id)
    hit target_one 2
    mv "$BPF/plain" "$BPF/old"
    program plain
    put "$PROBE/attach" "$BPF/plain"
    [ "$(info "$PROBE" prog_id)" != "$link" ]
    hit target_one 3
    same "hits of the first" 2 "$(value old)"
    same "hits of the second" 3 "$(value plain)"
}

@test "another cookie or field makes the link anew" {
    local link

    needs uprobe_pmu cookie
    program record
    probe "uprobe/$NAME:target_one" "$BPF/record"
    link=$(info "$PROBE" link_id)
    put "$PROBE/cookie" 9
    [ "$(info "$PROBE" link_id)" != "$link" ]
    hit target_one 1
    same cookie 9 "$(value record cookies 0)"
    put "$PROBE/symbol" target_two
    hit target_one 10
    hit target_two 1
    same hits 2 "$(value record)"
    same cookie 9 "$(value record cookies 1)"
    contains sites target_two "$(<"$PROBE/sites")"
}

@test "a field that cannot be is refused, and what was attached goes on" {
    local file text error message rows=0

    needs uprobe_pmu
    probe "uprobe/$NAME:target_one" count
    while IFS='|' read -r file text error message; do
        refused "$PROBE/$file" "$text" "$error" "$message"
        rows=$((rows + 1))
    done <<'ROWS'
symbol|no_such_function|ENOENT|no function 'no_such_function'
symbol|# none|EINVAL|neither 'symbol' nor 'offset' is set
path|/nonexistent|ENOENT|no such file: '/nonexistent'
path|# none|EINVAL|the field 'path' is not set
path|/etc/passwd|ENOEXEC|cannot probe '/etc/passwd'
path|/etc|EINVAL|is not a regular file
offset|99999|EINVAL|is beyond 'target_one'
pid|2147483647|ESRCH|there is no process 2147483647
ref_ctr_offset|3|EINVAL|odd
ROWS
    [ "$rows" -eq 9 ]
    hit target_one 4
    same hits 4 "$(hits "$PROBE")"
}

@test "enabled takes the link away, keeps the rest, and makes it again" {
    needs uprobe_pmu cookie
    program record
    probe "uprobe/$NAME:target_one"
    put "$PROBE/cookie" 5
    put "$PROBE/pin" "$BPF/pin"
    put "$PROBE/attach" "$BPF/record"
    put "$PROBE/enabled" 0
    same state disabled "$(info "$PROBE" state)"
    [ ! -e "$BPF/pin" ]
    hit target_one 3
    same "hits when disabled" 0 "$(value record)"
    holds "$PROBE/attach" "$BPF/record"
    # The program is kept, even if its own pin goes.
    mv "$BPF/record" "$BPF/kept"
    put "$PROBE/enabled" 1
    same state attached "$(info "$PROBE" state)"
    [ -e "$BPF/pin" ]
    hit target_one 3
    same "hits when enabled" 3 "$(value kept)"
    same cookie 5 "$(value kept cookies 0)"
}

@test "count goes on when its link is made anew, and begins anew when attached" {
    needs uprobe_pmu
    probe "uprobe/$NAME:target_one" count
    hit target_one 3
    put "$PROBE/enabled" 0
    put "$PROBE/enabled" 1
    hit target_one 3
    same "hits when enabled again" 6 "$(hits "$PROBE")"
    if [[ $(feature_line cookie) == *yes* ]]; then
        put "$PROBE/cookie" 4
        same "hits with another cookie" 6 "$(hits "$PROBE")"
    fi
    put "$PROBE/attach" ""
    put "$PROBE/attach" count
    same "hits when attached again" 0 "$(hits "$PROBE")"
}

@test "a program can be written while not enabled, and waits" {
    needs uprobe_pmu
    probe "uprobe/$NAME:target_one"
    put "$PROBE/enabled" 0
    put "$PROBE/attach" count
    same state disabled "$(info "$PROBE" state)"
    [ ! -e "$PROBE/hits" ]
    put "$PROBE/enabled" ""
    hit target_one 2
    same hits 2 "$(hits "$PROBE")"
    put "$PROBE/attach" ""
    same state detached "$(info "$PROBE" state)"
    [ ! -e "$PROBE/hits" ]
    put "$PROBE/enabled" 0
    put "$PROBE/enabled" 1
    same state detached "$(info "$PROBE" state)"
}

@test "comments around a program are kept" {
    needs uprobe_pmu
    probe "uprobe/$NAME:target_one"
    env printf '# managed\n\ncount\n# end\n' >"$PROBE/attach"
    exactly "$PROBE/attach" '# managed\n\ncount\n# end\n'
    hit target_one 1
    same hits 1 "$(hits "$PROBE")"
}

@test "an empty write to attach detaches" {
    local text

    needs uprobe_pmu
    program plain
    probe "uprobe/$NAME:target_one"
    for text in '\n' '# nothing\n' ' \n\t\n'; do
        put "$PROBE/attach" "$BPF/plain"
        printf %b "$text" >"$PROBE/attach"
        same state detached "$(info "$PROBE" state)"
    done
    hit target_one 5
    same hits 0 "$(value plain)"
}
