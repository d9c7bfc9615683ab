#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# What happens to a pin between two steps of the daemon, which is held there.
# bats file_tags=host,bpf,root
# shellcheck disable=SC2030,SC2031,SC2153,SC2154  # the helpers

load helpers

# Numbers of enum bpf_cmd, and the flag of renameat2(2).
OBJ_PIN=6 OBJ_GET=7 EXCHANGE=2

setup() {
    local real=$PROBEFS

    prepare
    CONTROL=$BATS_TEST_TMPDIR/control
    printf '#!/bin/sh\nexec "%s" "%s" "%s" "$@"\n' "$PROGRAMS/inject" "$CONTROL" "$real" \
        >"$BATS_TEST_TMPDIR/wrapper"
    chmod +x "$BATS_TEST_TMPDIR/wrapper"
    PROBEFS=$BATS_TEST_TMPDIR/wrapper
    : >"$CONTROL"
    start attach_mode=link
    needs uprobe_pmu perf_link cookie
    program record
    probe "uprobe/$NAME:target_one"
}

# entries: the names in the bpffs, without those of the kernel's own.
entries() { (cd "$BPF" && printf '%s\n' *) | grep -v '[.]debug$' | sort | xargs; }

# held CALL FILE TEXT: the write of that, which is held at the call; see let_go().
held() {
    echo "$1 -1" >"$CONTROL"
    "$TOOL" write "$2" "$3" >"$BATS_TEST_TMPDIR/answer" 3>&- &
    writer=$!
    eventually in_call
}

# One thread of the daemon waits for the answer about its system call.
in_call() { grep -qs seccomp_do_user_notification "/proc/$daemon"/task/*/{wchan,stack}; }

# let_go ANSWER: the write goes on, and is answered with that.
let_go() {
    : >"$CONTROL"
    wait "$writer"
    same answer "$1" "$(<"$BATS_TEST_TMPDIR/answer")"
}

@test "a path is walked once: what is opened is what is removed" {
    mkdir "$BPF/users" "$BPF/roots"
    put "$PROBE/pin" "$BPF/users/pin"
    put "$PROBE/attach" "$BPF/record"
    program plain none roots/pin
    rmdir "$PROBE"
    ln -s users "$BPF/one"
    ln -s roots "$BPF/two"
    mkdir "$PROBE"
    held "bpf $OBJ_GET" "$PROBE/attach" "$BPF/one/pin"
    same exchange ok "$("$PROGRAMS/vfs" exchange "$BPF/one" "$BPF/two")"
    let_go ok
    put "$PROBE/attach" ""
    [ -e "$BPF/roots/pin" ]
    [ ! -e "$BPF/users/pin" ]
}

@test "a pin that is named by a symlink is removed, and the symlink is not" {
    local link target rows=0

    mkdir "$BPF/inner"
    while IFS='|' read -r link target; do
        echo "row: $link"
        put "$PROBE/pin" "$BPF/inner/pin"
        put "$PROBE/attach" "$BPF/record"
        rmdir "$PROBE"
        ln -s "$target" "$BPF/$link"
        mkdir "$PROBE"
        put "$PROBE/attach" "$BPF/link"
        same pinned "$BPF/link" "$(info "$PROBE" pinned)"
        put "$PROBE/cookie" 5
        [ -L "$BPF/link" ]
        put "$PROBE/attach" ""
        put "$PROBE/pin" ""
        put "$PROBE/cookie" ""
        [ ! -e "$BPF/inner/pin" ]
        [ -L "$BPF/link" ]
        rm "$BPF/$link"
        rows=$((rows + 1))
    done <<ROWS
link|inner/pin
link|$BPF/inner/pin
link|../bpf/inner/../inner/pin
ROWS
    [ "$rows" -eq 3 ]
    ln -s loop "$BPF/loop"
    ln -s nowhere "$BPF/nothing"
    refused "$PROBE/attach" "$BPF/loop" EXDEV "'$BPF/loop' leads through a link of /proc, or through links in a circle"
    refused "$PROBE/attach" "$BPF/nothing" ENOENT "no such file: '$BPF/nothing'"
    refused "$PROBE/attach" /proc/self/exe EINVAL "not in a bpffs"
}

@test "a pin that goes while another takes its place harms nothing" {
    local step answer rows=0

    while IFS='|' read -r step answer; do
        echo "row: $step"
        put "$PROBE/pin" "$BPF/pin"
        put "$PROBE/attach" "$BPF/record"
        held "$step" "$PROBE/cookie" 7
        rm "$BPF/pin"
        let_go "$answer"
        same state attached "$(info "$PROBE" state)"
        same pinned "$BPF/pin" "$(info "$PROBE" pinned)"
        put "$PROBE/cookie" 8
        same entries "pin record" "$(entries)"
        put "$PROBE/attach" ""
        same entries record "$(entries)"
        rows=$((rows + 1))
    done <<ROWS
bpf $OBJ_PIN|ok
rename $EXCHANGE|ok
ROWS
    [ "$rows" -eq 2 ]
}

@test "what took the name of the pin meanwhile stays" {
    program plain none theirs
    put "$PROBE/pin" "$BPF/pin"
    put "$PROBE/attach" "$BPF/record"
    held "rename $EXCHANGE" "$PROBE/cookie" 7
    mv "$BPF/theirs" "$BPF/pin"
    let_go EEXIST
    contains error "'pin' exists already" "$(<"$PROBE/error")"
    same entries "pin record" "$(entries)"
    same "what is there" "$("$TOOL" id "$BPF/pin")" "${loaded##* }"
    same cookie 0 "$(info "$PROBE" cookie)"
    hit target_one 1
    same cookie 0 "$(value record cookies 0)"
    put "$PROBE/attach" ""
    [ -e "$BPF/pin" ]
}

@test "where bpffs exchanges no names, pins are replaced all the same" {
    local symbol rows=0

    for symbol in target_one 'target_glob_*' 'target_glob_?' target_two; do
        echo "rename $EXCHANGE 22" >"$CONTROL"
        put "$PROBE/symbol" "$symbol"
        put "$PROBE/pin" "$BPF/pin"
        put "$PROBE/attach" "$BPF/record"
        put "$PROBE/cookie" "$rows"
        same entries "pin record" "$(entries)"
        same pinned "$BPF/pin" "$(info "$PROBE" pinned)"
        rows=$((rows + 1))
    done
    [ "$rows" -eq 4 ]
    rmdir "$PROBE"
    hit target_two 1
    same hits 1 "$(value record)"
    same cookie 3 "$(value record cookies 0)"
}
