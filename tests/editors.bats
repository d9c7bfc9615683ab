#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Editors: what is saved arrives, and a link is not lost on the way.
# bats file_tags=host,bpf,root

load helpers
load users

setup() {
    prepare
    start
    export HOME=$BATS_TEST_TMPDIR TERM=xterm
    probe "uprobe/$NAME:target_one"
    put "$PROBE/cookie" 1
}

# saved EDITOR: the cookie is 2, and nothing was refused on the way.
saved() {
    holds "$PROBE/cookie" 2
    same "error after $1" "" "$(<"$PROBE/error")"
}

@test "vim saves" {
    has vim.tiny
    timeout 120 vim.tiny -N -u NONE -es -c '%s/1/2/' -c wq "$PROBE/cookie" 3>&- </dev/null
    saved vim
    put "$PROBE/cookie" 1
    timeout 120 vim.tiny -N -u NONE -es --cmd 'set backup backupskip= backupcopy=no' \
        -c '%s/1/2/' -c wq "$PROBE/cookie" 3>&- </dev/null
    saved "vim with a backup"
    holds "$PROBE/cookie~" 1
    put "$PROBE/cookie" 1
    timeout 120 vim.tiny -N -u NONE -es --cmd 'set backup backupskip= backupcopy=yes' \
        -c '%s/1/2/' -c wq "$PROBE/cookie" 3>&- </dev/null
    saved "vim with a copy"
}

@test "emacs saves, with a backup" {
    has emacs
    timeout 120 emacs --batch --no-init-file "$PROBE/cookie" \
        --eval '(progn (setq make-backup-files t) (erase-buffer) (insert "2\n") (save-buffer))' 3>&- </dev/null 2>&1
    saved emacs
}

# type_keys SCREEN: as somebody at a keyboard does, who waits for what is said.
type_keys() {
    eventually grep -q 'Exit' "$1"
    printf '2\033[3~'
    eventually grep -q 'Modified' "$1"
    printf '\017'
    eventually grep -q 'File Name to Write' "$1"
    printf '\r'
    eventually grep -qE 'Wrote 1 line|Error' "$1"
    printf '\030'
}

@test "nano saves" {
    local screen=$BATS_TEST_TMPDIR/screen

    has nano script
    : >"$screen"
    timeout 120 script -qfec "nano -I '$PROBE/cookie'" "$screen" 3>&- \
        < <(type_keys "$screen" 2>/dev/null) >/dev/null
    saved nano
}

@test "ed saves" {
    has ed
    printf '%s\n' s/1/2/ w q | ed -s "$PROBE/cookie"
    saved ed
}

@test "an editor does not lose a link" {
    local link

    has vim.tiny emacs
    needs uprobe_pmu
    put "$PROBE/attach" count
    link=$(info "$PROBE" link_id)
    timeout 120 emacs --batch --no-init-file "$PROBE/attach" \
        --eval '(progn (goto-char (point-max)) (insert "# note\n") (save-buffer))' 3>&- </dev/null 2>&1
    same "link after emacs" "$link" "$(info "$PROBE" link_id)"
    grep -q '^# note' "$PROBE/attach"
    timeout 120 vim.tiny -N -u NONE -es --cmd 'set backup backupskip= backupcopy=yes' \
        -c '%s/note/remark/' -c wq "$PROBE/attach" 3>&- </dev/null
    same "link after vim" "$link" "$(info "$PROBE" link_id)"
    grep -q '^# remark' "$PROBE/attach"
}
