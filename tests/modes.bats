#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Modes and owners: what is given to whom.
# bats file_tags=fs,root

# shellcheck disable=SC2016,SC2030,SC2031,SC2153  # inner shells; the helpers
load helpers
load users

# mode PATH
mode() { stat -c %a "$1"; }

@test "a mode follows the directory's until it is set" {
    local probe=$DIR/uprobe/bash:main dir rw ro rows=0

    while IFS='|' read -r dir rw ro; do
        chmod "$dir" "$DIR/uprobe"
        mkdir -p "$probe"
        chmod "$dir" "$probe"
        same "directory" "$dir" "$(mode "$probe")"
        same "attach in $dir" "$rw" "$(mode "$probe/attach")"
        same "path in $dir" "$rw" "$(mode "$probe/path")"
        same "info in $dir" "$ro" "$(mode "$probe/info")"
        same "help in $dir" "$ro" "$(mode "$DIR/uprobe/help")"
        rows=$((rows + 1))
    done <<'ROWS'
700|600|400
755|644|444
775|664|444
750|640|440
770|660|440
777|666|444
ROWS
    [ "$rows" -eq 6 ]
    chmod 0640 "$probe/attach"
    chmod 0755 "$probe"
    same "attach that was set" 640 "$(mode "$probe/attach")"
    same "cookie that was not" 644 "$(mode "$probe/cookie")"
}

@test "the mode of mkdir and the umask are honoured" {
    mkdir -m 0710 "$DIR/uprobe/a"
    same mode 710 "$(mode "$DIR/uprobe/a")"
    (umask 077 && mkdir "$DIR/uprobe/b")
    same mode 700 "$(mode "$DIR/uprobe/b")"
}

@test "owners, modes and times stay as they are set" {
    mkdir "$DIR/uprobe/a"
    chown 7:8 "$DIR/uprobe/a"
    chmod 0750 "$DIR/uprobe/a"
    touch -d @1000 "$DIR/uprobe/a/attach"
    chown 9:10 "$DIR/uprobe/a/attach"
    chmod 0604 "$DIR/uprobe/a/attach"
    same directory "7 8 750" "$(stat -c '%u %g %a' "$DIR/uprobe/a")"
    same attach "9 10 604 1000" "$(stat -c '%u %g %a %Y' "$DIR/uprobe/a/attach")"
    chown 1:2 "$DIR/uprobe" "$DIR/prog"
    same kind "1 2" "$(stat -c '%u %g' "$DIR/uprobe")"
}

@test "a set-group-ID directory passes its group on" {
    chgrp 12 "$DIR/uprobe"
    mkdir "$DIR/uprobe/a"
    same "group without" 0 "$(stat -c %g "$DIR/uprobe/a")"
    chmod g+s "$DIR/uprobe"
    mkdir "$DIR/uprobe/b"
    same "group with" 12 "$(stat -c %g "$DIR/uprobe/b")"
    same "group of a file" 12 "$(stat -c %g "$DIR/uprobe/b/attach")"
}

@test "a directory can be given to another user" {
    others
    run as "$ALICE" mkdir "$DIR/uprobe/a"
    contains mkdir "Permission denied" "$output"
    chown "$ALICE" "$DIR/uprobe"
    as "$ALICE" mkdir "$DIR/uprobe/a"
    same owner "$ALICE $ALICE" "$(stat -c '%u %g' "$DIR/uprobe/a")"
    as "$ALICE" sh -c 'echo 1 >"$1/cookie" && cat "$1/cookie" "$1/info"' - "$DIR/uprobe/a"
    run as "$ALICE" mkdir "$DIR/kprobe/a"
    contains mkdir "Permission denied" "$output"
    as "$ALICE" rmdir "$DIR/uprobe/a"
}

@test "nobody else sees anything unless let in" {
    others
    chmod 0700 "$DIR"
    run as "$ALICE" ls "$DIR"
    contains ls "Permission denied" "$output"
    remount mode=0755
    as "$ALICE" ls "$DIR" "$DIR/uprobe" "$DIR/link"
    as "$ALICE" cat "$DIR/README" "$DIR/uprobe/help" >"$BATS_TEST_TMPDIR/out"
}

@test "sticky directories keep others' probes" {
    others
    chmod 1777 "$DIR/uprobe"
    mkdir "$DIR/uprobe/mine"
    run as "$ALICE" rmdir "$DIR/uprobe/mine"
    contains rmdir "Operation not permitted" "$output"
}
