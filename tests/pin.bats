#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Pins: making, moving and removing them, and taking over what is pinned.
# bpffs is the same on all; links of one probe came with 5.15.
# bats file_tags=bpf,root,ends,later

# shellcheck disable=SC2016,SC2030,SC2031,SC2153  # inner shells; the helpers
load helpers

# The other ways do not differ here: one link, or one a site.
setup() {
    prepare
    start attach_mode=link
    needs uprobe_pmu perf_link
}

# names DIR: without those of the kernel's own (CONFIG_BPF_PRELOAD).
names() { (cd "$1" && printf '%s\n' *) | grep -v '[.]debug$' | sort -n | xargs; }

@test "a pin is a file, is moved, and is removed" {
    local id

    program plain
    probe "uprobe/$NAME:target_one" "$BPF/plain"
    id=$(info "$PROBE" link_id)
    put "$PROBE/pin" "$BPF/one"
    same mode 600 "$(stat -c %a "$BPF/one")"
    same pinned "$BPF/one" "$(info "$PROBE" pinned)"
    put "$PROBE/pin" "$BPF/two"
    [ ! -e "$BPF/one" ]
    [ -e "$BPF/two" ]
    holds "$PROBE/pin" "$BPF/two"
    put "$PROBE/pin" ""
    [ ! -e "$BPF/two" ]
    holds "$PROBE/pin" ""
    same pinned "" "$(info "$PROBE" pinned)"
    same link_id "$id" "$(info "$PROBE" link_id)"
    hit target_one 1
    same hits 1 "$(value plain)"
}

@test "several links are pinned as a directory" {
    program plain
    probe "uprobe/$NAME:target_glob_*" "$BPF/plain"
    put "$PROBE/pin" "$BPF/many"
    same entries "0 1 2" "$(names "$BPF/many")"
    put "$PROBE/pin" "$BPF/moved"
    [ ! -e "$BPF/many" ]
    same entries "0 1 2" "$(names "$BPF/moved")"
    rmdir "$PROBE"
    hit target_glob_b 2
    same "hits of the pins" 2 "$(value plain)"
    mkdir "$PROBE"
    put "$PROBE/attach" "$BPF/moved"
    same adopted yes "$(info "$PROBE" adopted)"
    same sites 3 "$(info "$PROBE" sites)"
    hit target_glob_a 1
    hit target_glob_c 1
    same hits 4 "$(value plain)"
    put "$PROBE/attach" ""
    [ ! -e "$BPF/moved" ]
    hit target_glob_a 1
    same "hits in the end" 4 "$(value plain)"
}

@test "a pin outlives its probe, and detaching removes it" {
    program plain
    probe "uprobe/$NAME:target_one" "$BPF/plain"
    put "$PROBE/pin" "$BPF/pin"
    rmdir "$PROBE"
    hit target_one 3
    same "hits after rmdir" 3 "$(value plain)"
    mkdir "$PROBE"
    put "$PROBE/attach" "$BPF/pin"
    put "$PROBE/attach" ""
    [ ! -e "$BPF/pin" ]
    hit target_one 3
    same "hits when detached" 3 "$(value plain)"
}

@test "a pin outlives a killed daemon and is adopted by the next" {
    local mode way rows=0 id

    while IFS='|' read -r mode way; do
        [ "$way" = none ] || [[ $(feature_line uprobe_multi) == *yes* ]] || continue
        echo "row: $mode"
        remount "attach_mode=$mode"
        program plain "$way" "plain$rows"
        probe "uprobe/$NAME:target_one"
        put "$PROBE/cookie" 7
        put "$PROBE/pin" "$BPF/pin$rows"
        put "$PROBE/attach" "$BPF/plain$rows"
        id=$(info "$PROBE" link_id)
        kill_daemon
        hit target_one 5
        same "hits without a daemon" 5 "$(value "plain$rows")"
        start
        probe "uprobe/$NAME:target_one" "$BPF/pin$rows"
        same state attached "$(info "$PROBE" state)"
        same link_id "$id" "$(info "$PROBE" link_id)"
        same adopted yes "$(info "$PROBE" adopted)"
        holds "$PROBE/attach" "$BPF/pin$rows"
        holds "$PROBE/pin" "$BPF/pin$rows"
        [[ $(feature_line link_info_perf) != *yes* ]] || holds "$PROBE/cookie" 7
        hit target_one 5
        same "hits when adopted" 10 "$(value "plain$rows")"
        # It is a probe like any other now.
        put "$PROBE/enabled" 0
        [ ! -e "$BPF/pin$rows" ]
        hit target_one 5
        same "hits when disabled" 10 "$(value "plain$rows")"
        same "events of the killed daemon" "" "$(left | grep ^event)"
        put "$PROBE/enabled" 1
        hit target_one 1
        same "hits when enabled" 11 "$(value "plain$rows")"
        put "$PROBE/attach" ""
        rows=$((rows + 1))
    done <<'ROWS'
link|none
tracefs|none
multi|multi-uprobe
ROWS
    [ "$rows" -ge 2 ]
}

@test "a pinned count is adopted with its hits" {
    probe "uprobe/$NAME:target_one"
    put "$PROBE/pin" "$BPF/pin"
    put "$PROBE/attach" count
    hit target_one 4
    rmdir "$PROBE"
    hit target_one 4
    mkdir "$PROBE"
    put "$PROBE/attach" "$BPF/pin"
    hit target_one 4
    same hits 12 "$(hits "$PROBE")"
    put "$PROBE/attach" ""
}

@test "a pinned link of another target or kind is refused, and stays" {
    local kind name needed message rows=0

    program plain
    program plain_tp
    probe "uprobe/$NAME:target_one" "$BPF/plain"
    put "$PROBE/pin" "$BPF/pin"
    probe tracepoint/sched:sched_process_exec "$BPF/plain_tp"
    put "$PROBE/pin" "$BPF/pin_tp"
    rmdir "$PROBE"
    program plain none again
    probe "uprobe/$NAME:target_glob_*@pinned" "$BPF/again"
    put "$PROBE/pin" "$BPF/many"
    while IFS='|' read -r kind name pin needed message; do
        echo "row: $kind $name $pin"
        [[ -z $needed || $(feature_line "$needed") == *yes* ]] || {
            rows=$((rows + 1))
            continue
        }
        probe "$kind/${name/TARGET/$NAME}"
        refused "$PROBE/attach" "$BPF/$pin" EINVAL "$message"
        rmdir "$PROBE"
        rows=$((rows + 1))
    done <<'ROWS'
uprobe|TARGET:target_two|pin|link_info_perf|is on another target than this probe
uretprobe|TARGET:target_one|pin|link_info_perf|is on another target than this probe
uprobe|TARGET:target_one@2|pin_tp||
tracepoint|sched:sched_process_exec|pin||
uprobe|TARGET:target_*wo|pin|link_info_perf|is on another target than this probe
uprobe|TARGET:target_glob_*|pin||
uprobe|TARGET:target_one@2|many||the pin holds 3 links, this probe has 1 sites
ROWS
    [ "$rows" -eq 7 ]
    hit target_one 1
    same hits 1 "$(value plain)"
    rm "$BPF/pin_tp"
}

@test "a link that others made by the file's path is on that file only" {
    local offset copy=$BATS_TEST_TMPDIR/copy

    needs link_info_perf
    cp "$TARGET" "$copy"
    program plain
    probe "uprobe/$NAME:target_one"
    offset=$(sed -n 's/^target_one\t\(0x[0-9a-f]*\)\t.*/\1/p' "$PROBE/available")
    "$TOOL" uprobe "$BPF/plain" "$TARGET" "$offset" "$BPF/theirs"
    mkdir "$DIR/uprobe/${copy//\//%2F}:target_one"
    refused "$DIR/uprobe/${copy//\//%2F}:target_one/attach" "$BPF/theirs" EINVAL \
        "is on another target than this probe, see 'link/"
    put "$PROBE/attach" "$BPF/theirs"
    same file "$TARGET" "$(info "$PROBE" file)"
    hit target_one 2
    same hits 2 "$(value plain)"
    put "$PROBE/attach" ""
    [ ! -e "$BPF/theirs" ]
}

@test "a link for one process is that of a probe for the process" {
    needs uprobe_multi_pid
    remount attach_mode=multi
    program plain multi-uprobe
    probe "uprobe/$NAME:target_one"
    put "$PROBE/pid" $$
    put "$PROBE/pin" "$BPF/pin"
    put "$PROBE/attach" "$BPF/plain"
    probe "uprobe/$NAME:target_one@all"
    refused "$PROBE/attach" "$BPF/pin" EINVAL "is on another target than this probe"
    put "$PROBE/pid" $$
    put "$PROBE/attach" "$BPF/pin"
    put "$PROBE/attach" ""
}

@test "a link whose pin is not the one that was asked for is refused" {
    program plain
    probe "uprobe/$NAME:target_one" "$BPF/plain"
    put "$PROBE/pin" "$BPF/pin"
    probe "uprobe/$NAME:target_one@2"
    put "$PROBE/pin" "$BPF/other"
    refused "$PROBE/attach" "$BPF/pin" EINVAL \
        "'pin' of this probe is '$BPF/other', and the link is pinned at '$BPF/pin'"
    put "$PROBE/pin" "$BPF/pin"
    put "$PROBE/attach" "$BPF/pin"
    put "$PROBE/attach" ""
}

@test "a link is taken over by its descriptor, and pinned where it was asked for" {
    local id

    program plain
    probe "uprobe/$NAME:target_one" "$BPF/plain"
    put "$PROBE/pin" "$BPF/pin"
    id=$(info "$PROBE" link_id)
    rmdir "$PROBE"
    mkdir "$PROBE"
    put "$PROBE/pin" "$BPF/other"
    "$TOOL" with "$BPF/pin" 9 bash -c 'echo /proc/self/fd/9 >"$1"' - "$PROBE/attach"
    same link_id "$id" "$(info "$PROBE" link_id)"
    holds "$PROBE/pin" "$BPF/other"
    same pinned "$BPF/other" "$(info "$PROBE" pinned)"
    [ -e "$BPF/other" ]
    rm "$BPF/pin"
    hit target_one 3
    same hits 3 "$(value plain)"
    # It is remade like any other.
    put "$PROBE/enabled" 0
    put "$PROBE/enabled" 1
    holds "$PROBE/pin" "$BPF/other"
    put "$PROBE/attach" ""
    [ ! -e "$BPF/other" ]
}

@test "a link with another cookie than the probe's is refused" {
    needs cookie link_info_perf
    program record
    probe "uprobe/$NAME:target_one"
    put "$PROBE/cookie" 7
    put "$PROBE/pin" "$BPF/pin"
    put "$PROBE/attach" "$BPF/record"
    probe "uprobe/$NAME:target_one@2"
    put "$PROBE/cookie" 8
    refused "$PROBE/attach" "$BPF/pin" EINVAL "the link has the cookie 7, this probe 8; write the link's cookie first"
    put "$PROBE/cookie" 7
    put "$PROBE/enabled" 0
    refused "$PROBE/attach" "$BPF/pin" EINVAL "a pinned link cannot wait; write 1 to 'enabled' first"
}

@test "a pin that cannot be made refuses the write, also that of the program" {
    local path error message rows=0

    program plain
    : >"$BATS_TEST_TMPDIR/file"
    mkdir "$BPF/taken"
    probe "uprobe/$NAME:target_one" "$BPF/plain"
    probe "uprobe/$NAME:target_one@2"
    while IFS='|' read -r path error message; do
        echo "row: $path"
        refused "$DIR/uprobe/$NAME:target_one/pin" "$path" "$error" "$message"
        put "$PROBE/pin" "$path"
        refused "$PROBE/attach" "$BPF/plain" "$error" "$message"
        rows=$((rows + 1))
    done <<ROWS
$BPF/plain|EEXIST|'plain' exists already; remove it, or write another path
$BPF/taken|EEXIST|'taken' exists already
$BPF/a.b|EPERM|bpffs takes no '.' in a name: 'a.b'
$BPF/none/x|ENOENT|no such file
$BPF/plain/x|ENOTDIR|
$BATS_TEST_TMPDIR/x|EPERM|the directory of 'x' is not in a bpffs
/x|EPERM|the directory of 'x' is not in a bpffs
/dev/null/x|ENOTDIR|
$BPF/|EINVAL|is not an absolute path of a file
$BPF/$(printf '%256s' '' | tr ' ' x)|ENAMETOOLONG|the name is too long
ROWS
    [ "$rows" -eq 10 ]
    hit target_one 1
    same hits 1 "$(value plain)"
    refused "$PROBE/pin" relative EINVAL "'relative' is not an absolute path"
}

@test "a read-only bpffs refuses pins" {
    mkdir "$BATS_TEST_TMPDIR/ro"
    mount -t bpf -o ro bpf "$BATS_TEST_TMPDIR/ro"
    probe "uprobe/$NAME:target_one" count
    refused "$PROBE/pin" "$BATS_TEST_TMPDIR/ro/x" EROFS "the bpffs of 'x' is read-only"
    umount "$BATS_TEST_TMPDIR/ro"
}

@test "a pin that somebody removed reads empty, and can be made again" {
    local id

    program plain
    probe "uprobe/$NAME:target_one" "$BPF/plain"
    put "$PROBE/pin" "$BPF/pin"
    id=$(info "$PROBE" link_id)
    rm "$BPF/pin"
    holds "$PROBE/pin" ""
    same pinned "" "$(info "$PROBE" pinned)"
    same state attached "$(info "$PROBE" state)"
    put "$PROBE/pin" "$BPF/pin"
    [ -e "$BPF/pin" ]
    same link_id "$id" "$(info "$PROBE" link_id)"
    # Another's pin of that name is not ours to remove.
    rm "$BPF/pin"
    program plain none pin
    holds "$PROBE/pin" ""
    put "$PROBE/attach" ""
    [ -e "$BPF/pin" ]
}

@test "a new program and a new cookie keep the pin's name" {
    local ino

    needs cookie
    program record none one
    program record none two
    probe "uprobe/$NAME:target_one"
    put "$PROBE/pin" "$BPF/pin"
    put "$PROBE/attach" "$BPF/one"
    ino=$(stat -c %i "$BPF/pin")
    put "$PROBE/attach" "$BPF/two"
    [ "$(stat -c %i "$BPF/pin")" != "$ino" ]
    put "$PROBE/cookie" 3
    same "names" "one pin two" "$(names "$BPF")"
    rmdir "$PROBE"
    hit target_one 1
    same "hits of the first" 0 "$(value one)"
    same "hits of the second" 1 "$(value two)"
    same cookie 3 "$(value two cookies 0)"
}

@test "a pin moves with a pattern's links when their number changes" {
    program plain
    probe "uprobe/$NAME:target_one" "$BPF/plain"
    put "$PROBE/pin" "$BPF/pin"
    [ -f "$BPF/pin" ]
    put "$PROBE/symbol" 'target_glob_*'
    [ -d "$BPF/pin" ]
    same entries "0 1 2" "$(names "$BPF/pin")"
    put "$PROBE/symbol" target_two
    [ -f "$BPF/pin" ]
    hit target_two 1
    same hits 1 "$(value plain)"
}

@test "a directory of pins with a program in it is refused" {
    program plain
    probe "uprobe/$NAME:target_glob_*"
    mkdir "$BPF/mixed"
    program plain none mixed/0
    refused "$PROBE/attach" "$BPF/mixed" EINVAL \
        "'0' in the directory is not a link, but a program"
}
