# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# scratch.bash - what the tests of the names beside a probe's files share.

export VFS=$PROGRAMS/vfs

# made: a probe of which nothing is attached.
made() {
    # shellcheck disable=SC2153  # setup sets it
    PROBE=$DIR/uprobe/$NAME:target_one
    mkdir "$PROBE"
    cd "$PROBE" || return
}

teardown() {
    cd /
    finish
}

# names: those of the probe that are not its own files.
names() {
    local name

    for name in "$PROBE"/* "$PROBE"/.[!.]*; do
        case ${name##*/} in
        attach | available | config | cookie | enabled | error | follow | force | hits | info | offset) ;;
        path | pid | pin | ref_ctr_offset | sites | symbol | '*' | '.[!.]*') ;;
        *) echo "${name##*/}" ;;
        esac
    done | xargs
}
