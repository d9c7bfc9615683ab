#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# A pin keeps its mode and its owner.
# bpffs is the same on all; links of one probe came with 5.15.
# bats file_tags=bpf,root,ends,later

# shellcheck disable=SC2154  # ALICE and BOB: users.bash
load helpers
load users

setup() {
    prepare
    start attach_mode=link
    needs uprobe_pmu perf_link
}

# looks PIN: mode and owner.
looks() { stat -c '%a %u %g' "$1"; }

# beside: another bpffs.
beside() {
    OTHER=$BATS_TEST_TMPDIR/other
    mkdir "$OTHER"
    mount -t bpf bpf "$OTHER"
}

@test "a pin keeps its mode and owner when its link is made anew" {
    local ino file value rows=0

    needs cookie
    program record none one
    program record none two
    probe "uprobe/$NAME:target_one"
    put "$PROBE/pin" "$BPF/pin"
    put "$PROBE/attach" "$BPF/one"
    chown "$ALICE:$BOB" "$BPF/pin"
    chmod 0640 "$BPF/pin"
    while IFS='|' read -r file value; do
        echo "row: $file"
        ino=$(stat -c %i "$BPF/pin")
        put "$PROBE/$file" "$value"
        [ "$(stat -c %i "$BPF/pin")" != "$ino" ]
        same looks "640 $ALICE $BOB" "$(looks "$BPF/pin")"
        rows=$((rows + 1))
    done <<ROWS
cookie|7
attach|$BPF/two
symbol|target_two
ROWS
    [ "$rows" -eq 3 ]
    hit target_two 1
    same hits 1 "$(value two)"
}

@test "it keeps them too where the link before has to go first" {
    needs cookie
    program plain_tp none tp
    probe tracepoint/sched:sched_process_exec
    put "$PROBE/pin" "$BPF/pin"
    put "$PROBE/attach" "$BPF/tp"
    chown "$ALICE:$BOB" "$BPF/pin"
    chmod 0640 "$BPF/pin"
    put "$PROBE/cookie" 7
    same cookie 7 "$(info "$PROBE" cookie)"
    same looks "640 $ALICE $BOB" "$(looks "$BPF/pin")"
}

@test "the pins of several links keep theirs, and new ones get that of the first" {
    needs cookie
    program record
    probe "uprobe/$NAME:target_glob_*" "$BPF/record"
    put "$PROBE/pin" "$BPF/pin"
    chown "$ALICE" "$BPF/pin"
    chmod 0755 "$BPF/pin"
    chown "$BOB:$BOB" "$BPF/pin/0"
    chmod 0604 "$BPF/pin/2"
    put "$PROBE/cookie" 7
    same directory "755 $ALICE 0" "$(looks "$BPF/pin")"
    same first "600 $BOB $BOB" "$(looks "$BPF/pin/0")"
    same second "600 0 0" "$(looks "$BPF/pin/1")"
    same third "604 0 0" "$(looks "$BPF/pin/2")"
    # One link is pinned as the first was; several as the one.
    put "$PROBE/symbol" target_one
    same file "600 $BOB $BOB" "$(looks "$BPF/pin")"
    chmod 0644 "$BPF/pin"
    put "$PROBE/symbol" 'target_glob_*'
    same directory "755 $BOB $BOB" "$(looks "$BPF/pin")"
    same third "644 $BOB $BOB" "$(looks "$BPF/pin/2")"
    rmdir "$PROBE"
    hit target_glob_c 1
    same "hits of the pins" 1 "$(value record)"
}

@test "a pin that moves keeps them: in its bpffs it is renamed" {
    local ino

    program plain
    beside
    probe "uprobe/$NAME:target_one" "$BPF/plain"
    put "$PROBE/pin" "$BPF/pin"
    chown "$ALICE:$BOB" "$BPF/pin"
    chmod 0640 "$BPF/pin"
    mkdir "$BPF/inner"
    ino=$(stat -c %i "$BPF/pin")
    put "$PROBE/pin" "$BPF/inner/moved"
    same ino "$ino" "$(stat -c %i "$BPF/inner/moved")"
    same looks "640 $ALICE $BOB" "$(looks "$BPF/inner/moved")"
    [ ! -e "$BPF/pin" ]
    put "$PROBE/pin" "$OTHER/far"
    same "looks in another bpffs" "640 $ALICE $BOB" "$(looks "$OTHER/far")"
    [ ! -e "$BPF/inner/moved" ]
    same pinned "$OTHER/far" "$(info "$PROBE" pinned)"
    refused "$PROBE/pin" "$BPF/plain" EEXIST "'plain' exists already"
    refused "$PROBE/pin" "$BPF/a.b" EPERM "bpffs takes no '.' in a name"
    refused "$PROBE/pin" "$BATS_TEST_TMPDIR/x" EPERM "is not in a bpffs"
    put "$PROBE/attach" ""
    [ ! -e "$OTHER/far" ]
    umount "$OTHER"
}

@test "the pins of several links move as one" {
    local ino

    program plain
    beside
    probe "uprobe/$NAME:target_glob_*" "$BPF/plain"
    put "$PROBE/pin" "$BPF/pin"
    chmod 0750 "$BPF/pin"
    chmod 0640 "$BPF/pin/1"
    ino=$(stat -c %i "$BPF/pin")
    put "$PROBE/pin" "$BPF/moved"
    same ino "$ino" "$(stat -c %i "$BPF/moved")"
    put "$PROBE/pin" "$OTHER/far"
    same directory "750 0 0" "$(looks "$OTHER/far")"
    same entry "640 0 0" "$(looks "$OTHER/far/1")"
    [ ! -e "$BPF/moved" ]
    put "$PROBE/pin" ""
    [ ! -e "$OTHER/far" ]
    umount "$OTHER"
}

@test "who may not give the new pin to the old one's owner may not remake it" {
    needs cookie
    others
    chmod 0777 "$BPF"
    program record
    chmod 0666 "$BPF/record"
    probe "uprobe/$NAME:target_one"
    chown -R "$ALICE" "$PROBE"
    chmod o+x "$DIR/uprobe"
    asks "$ALICE" "$PROBE/pin" "$BPF/pin" ok
    asks "$ALICE" "$PROBE/attach" "$BPF/record" ok
    same looks "600 $ALICE $ALICE" "$(looks "$BPF/pin")"
    asks "$ALICE" "$PROBE/cookie" 1 ok
    chown "$BOB" "$BPF/pin"
    asks "$ALICE" "$PROBE/cookie" 2 EPERM "the pin 'pin' is of user $BOB and group $ALICE"
    same cookie 1 "$(info "$PROBE" cookie)"
    same looks "600 $BOB $ALICE" "$(looks "$BPF/pin")"
    same names "pin record" "$(cd "$BPF" && echo [pr]*[^g])"
    hit target_one 1
    same cookie 1 "$(value record cookies 0)"
    # Root may.
    put "$PROBE/cookie" 3
    same looks "600 $BOB $ALICE" "$(looks "$BPF/pin")"
    put "$PROBE/attach" ""
}
