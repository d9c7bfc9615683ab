#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Copying probes: what tar, rsync and cp carry to another mount works there.
# bats file_tags=fs,bpf,root

# shellcheck disable=SC2011,SC2016,SC2030,SC2031,SC2153,SC2154  # names are ours
load helpers
load users

# Two mounts: probes of all sorts in $FROM, none in $TO.
setup() {
    prepare
    start
    FROM=$DIR/uprobe
    mkdir "$BATS_TEST_TMPDIR/other"
    "$PROBEFS" other "$BATS_TEST_TMPDIR/other" -o foreground \
        2>>"$BATS_TEST_TMPDIR/stderr" 3>&- &
    second=$!
    daemons+=" $second"
    eventually mountpoint -q "$BATS_TEST_TMPDIR/other"
    TO=$BATS_TEST_TMPDIR/other/uprobe
}

teardown() {
    umount "$BATS_TEST_TMPDIR/other"
    wait "$second" || fault "the second daemon ended with $?"
    finish
}

# sources: a probe by label, one by name, one by name whose fields say another
# place, one that is disabled and one that has nothing.
sources() {
    needs uprobe_pmu cookie
    mkdir "$FROM/label" "$FROM/none" "$FROM/off" "$FROM/$NAME:target_one" "$FROM/nowhere:main@x"
    env printf '# mine\npath: %s\nsymbol: target_one\ncookie: 0x7\nattach: count\n' \
        "$TARGET" >"$FROM/label/config"
    put "$FROM/$NAME:target_one/attach" count
    env printf 'path: %s\nsymbol: target_two\nattach: count\n' "$TARGET" >"$FROM/nowhere:main@x/config"
    env printf 'path: %s\nsymbol: target_two\nenabled: 0\nattach: count\n' "$TARGET" >"$FROM/off/config"
    put "$FROM/none/path" "$TARGET"
}

# elsewhere: of rsync and cp, which write attach before the fields.  Where the
# name alone is no place that is refused, and they say so; so it is not for them.
elsewhere() {
    rm -r "$FROM/nowhere:main@x"
    mkdir "$FROM/nowhere:main@x" "$1/nowhere:main@x"
    env printf 'path: %s\nsymbol: target_two\nattach: count\n' "$TARGET" |
        tee "$FROM/nowhere:main@x/config" >"$1/nowhere:main@x/config"
}

# copied: the probes are in $TO what they are in $FROM, and work there.
copied() {
    local probe key

    for probe in label none off "$NAME:target_one" nowhere:main@x; do
        cmp "$FROM/$probe/config" "$TO/$probe/config"
        for key in state path symbol cookie prog_name; do
            same "$key of $probe" "$(info "$FROM/$probe" "$key")" "$(info "$TO/$probe" "$key")"
        done
        same "error of $probe" "" "$(<"$TO/$probe/error")"
    done
    hit target_one 3
    hit target_two 2
    same "hits of the label" 3 "$(hits "$TO/label")"
    same "hits of the name" 3 "$(hits "$TO/$NAME:target_one")"
    same "hits of the other" 2 "$(hits "$TO/nowhere:main@x")"
    same "none is left beside" "" "$(find "$TO" -name '.*' -type f)"
}

@test "tar carries a kind's probes to another mount" {
    local tar

    sources
    # Each but the first onto those that are there.
    for tar in tar tar busybox\ tar busybox\ tar; do
        $tar -C "$DIR" -c uprobe | $tar -C "${TO%/*}" -x
        copied
    done
    same "files of the kind" "available error help" "$(cd "$TO" && find . -maxdepth 1 -type f -printf '%f\n' | sort | xargs)"
}

@test "tar carries probes to a directory and back" {
    sources
    mkdir "$BATS_TEST_TMPDIR/plain"
    tar -C "$DIR" -c uprobe | tar -C "$BATS_TEST_TMPDIR/plain" -x
    tar -C "$BATS_TEST_TMPDIR/plain" -c uprobe | tar -C "${TO%/*}" -x
    copied
}

@test "cpio carries probes to another mount" {
    has cpio
    sources
    (cd "$FROM" && find label none off "$NAME:target_one" nowhere:main@x -depth -print0 |
        cpio -0 -o -H newc 2>/dev/null) | (cd "$TO" && cpio -i -d -u -m)
    copied
}

@test "rsync carries probes, and the second time nothing" {
    local link

    has rsync
    sources
    elsewhere "$TO"
    rsync -a "$FROM/label" "$FROM/none" "$FROM/off" "$FROM/$NAME:target_one" "$TO/"
    copied
    link=$(info "$TO/label" link_id)
    # Their numbers are their own.
    same changes "" "$(rsync -ai --exclude=hits --exclude=info --exclude=sites \
        "$FROM/label" "$FROM/none" "$FROM/off" "$FROM/$NAME:target_one" "$TO/")"
    rsync -a "$FROM/label" "$TO/"
    same "link id" "$link" "$(info "$TO/label" link_id)"
}

@test "rsync carries a kind as it is, whatever was there, by the probes' config" {
    local link

    has rsync
    sources
    # One that is no more, and places that are none.
    mkdir "$TO/more" "$TO/label"
    env printf 'path: %s\nsymbol: target_one\nattach: count\n' "$TARGET" >"$TO/more/config"
    put "$TO/label/path" /nowhere
    put "$TO/label/symbol" nosuch
    same "time of help" 0 "$(stat -c %Y "$TO/help")"
    rsync -a --exclude=attach "$FROM/" "$TO/"
    copied
    link=$(info "$TO/label" link_id)
    rsync -a --delete "$FROM/" "$TO/"
    same "link id" "$link" "$(info "$TO/label" link_id)"
    [ ! -e "$TO/more" ]
}

@test "what has nothing to tell yet is no reason to stop" {
    local how

    has rsync
    mkdir "$FROM/label" "$DIR/usdt/label" "$DIR/iter/task@label"
    same available "" "$(cat "$FROM/label/available")"
    same error "available: ENODATA: the field 'path' is not set; write the binary's path to it" \
        "$(<"$FROM/label/error")"
    for how in uprobe usdt iter; do
        rsync -a "$DIR/$how/" "${TO%/*}/$how/"
        cmp "$DIR/$how"/*label/config "${TO%/*}/$how"/*label/config
    done
    rm -r "${TO%/*}/usdt/label"
    mkdir "${TO%/*}/usdt/label"
    cp -a --remove-destination "$DIR/usdt/label/." "${TO%/*}/usdt/label"
    cmp "$DIR/usdt/label/config" "${TO%/*}/usdt/label/config"
}

@test "rsync carries probes to a directory and back" {
    has rsync
    sources
    elsewhere "$TO"
    rsync -a "$FROM" "$BATS_TEST_TMPDIR/plain"
    rsync -a "$BATS_TEST_TMPDIR/plain/uprobe"/{label,none,off,"$NAME:target_one"} "$TO/"
    copied
}

@test "cp carries probes into directories that are there" {
    local probe

    sources
    elsewhere "$TO"
    for probe in label none off "$NAME:target_one"; do
        mkdir "$TO/$probe"
        cp -a --remove-destination "$FROM/$probe/." "$TO/$probe"
    done
    copied
    # What only tells is not written, but that is no reason to stop.
    mkdir "$TO/plain"
    run cp -a "$FROM/label/." "$TO/plain"
    same status 1 "$status"
    contains cp "info': Permission denied" "$output"
    cmp "$FROM/label/config" "$TO/plain/config"
    same state attached "$(info "$TO/plain" state)"
}

@test "a static probe by label is carried, too" {
    local name

    needs uprobe_ref_ctr cookie
    mkdir "$DIR/usdt/label"
    put "$DIR/usdt/label/path" "$PROGRAMS/usdt_target"
    name=$(head -n 1 "$DIR/usdt/label/available" | cut -f 2)
    put "$DIR/usdt/label/name" "$name"
    put "$DIR/usdt/label/attach" count
    tar -C "$DIR" -c usdt | tar -C "${TO%/*}" -x
    cmp "$DIR/usdt/label/config" "${TO%/*}/usdt/label/config"
    same state attached "$(info "${TO%/*}/usdt/label" state)"
    same sites "$(info "$DIR/usdt/label" sites)" "$(info "${TO%/*}/usdt/label" sites)"
}

@test "a program that is written before its place waits for it" {
    needs uprobe_pmu cookie
    PROBE=$FROM/label
    mkdir "$PROBE"
    put "$PROBE/attach" count
    same state waiting "$(info "$PROBE" state)"
    same waits "the field 'path' is not set; write the binary's path to it" "$(info "$PROBE" waits)"
    same error "attach: waits: the field 'path' is not set; write the binary's path to it" "$(<"$PROBE/error")"
    holds "$PROBE/attach" count
    put "$PROBE/cookie" 7
    put "$PROBE/path" "$TARGET"
    contains waits "neither 'symbol' nor 'offset' is set" "$(info "$PROBE" waits)"
    # What would complete it and cannot be attached to is refused, and it waits on.
    same write ENOENT "$("$TOOL" write "$PROBE/symbol" nosuch)"
    same state waiting "$(info "$PROBE" state)"
    put "$PROBE/enabled" 0
    same state disabled "$(info "$PROBE" state)"
    put "$PROBE/symbol" target_one
    same state disabled "$(info "$PROBE" state)"
    put "$PROBE/enabled" 1
    same state attached "$(info "$PROBE" state)"
    same waits "" "$(info "$PROBE" waits)"
    same error "" "$(<"$PROBE/error")"
    hit target_one 3
    same hits 3 "$(hits "$PROBE")"
    same cookie 7 "$(info "$PROBE" cookie)"
    # What is attached does not go back to waiting.
    refused "$PROBE/path" "# none" EINVAL "the field 'path' is not set"
}

@test "a program of one's own waits, a link does not, and an empty line ends it" {
    needs uprobe_pmu cookie
    program plain
    PROBE=$FROM/label
    mkdir "$PROBE"
    put "$PROBE/attach" "$BPF/plain"
    put "$PROBE/pin" "$BPF/link"
    same state waiting "$(info "$PROBE" state)"
    put "$PROBE/attach" ""
    same state detached "$(info "$PROBE" state)"
    put "$PROBE/attach" "$BPF/plain"
    put "$PROBE/symbol" target_one
    put "$PROBE/path" "$TARGET"
    same state attached "$(info "$PROBE" state)"
    [ -e "$BPF/link" ]
    hit target_one 2
    same hits 2 "$(value plain)"
    mkdir "$FROM/other"
    refused "$FROM/other/attach" "$BPF/link" EINVAL "the field 'path' is not set"
}

@test "files are listed fields first, then the others, attach and config last" {
    needs uprobe_pmu
    probe "uprobe/$NAME:target_one" count
    same files "hits path symbol offset pid ref_ctr_offset force cookie pin enabled info sites error available follow attach config" \
        "$(ls -U "$PROBE" | xargs)"
    same kind "help available error" "$(ls -U "$DIR/tracepoint" | xargs)"
}

@test "what is attached keeps what is removed, until it is detached" {
    local link

    needs uprobe_pmu cookie
    probe "uprobe/$NAME:target_one@x"
    put "$PROBE/cookie" 7
    put "$PROBE/symbol" target_two
    put "$PROBE/attach" count
    link=$(info "$PROBE" link_id)
    rm "$PROBE/cookie" "$PROBE/symbol" "$PROBE/enabled" "$PROBE/path" "$PROBE/config"
    [ ! -e "$PROBE/symbol" ]
    same link "$link" "$(info "$PROBE" link_id)"
    same cookie 7 "$(info "$PROBE" cookie)"
    : >"$PROBE/symbol"
    holds "$PROBE/symbol" target_two
    : >"$PROBE/config"
    contains config "cookie: 7" "$(<"$PROBE/config")"
    rm "$PROBE/attach"
    same state detached "$(info "$PROBE" state)"
    rm "$PROBE/symbol"
    : >"$PROBE/symbol"
    holds "$PROBE/symbol" target_one
}

@test "rm -r of a disabled probe does not attach it on the way" {
    needs uprobe_pmu
    probe "uprobe/$NAME:target_one"
    put "$PROBE/enabled" 0
    put "$PROBE/attach" count
    rm "$PROBE/enabled"
    same state disabled "$(info "$PROBE" state)"
    rm -r "$PROBE"
    [ ! -e "$PROBE" ]
}

@test "the files of a kind that are removed come back" {
    cd "$FROM"
    rm help error
    [ ! -e help ]
    run rm help
    contains rm "No such file" "$output"
    same files "available error help" "$(echo *)"
    grep -q '^names:' help
    rm help
    (set -C && echo x >help)
    grep -q '^names:' help
    run bash -c 'echo x >help'
    contains write "Permission denied" "$output"
    run touch new
    contains touch "Operation not permitted" "$output"
    cd /
}
