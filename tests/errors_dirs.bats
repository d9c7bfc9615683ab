#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# What a directory does not do, and files that were meant to be others: `error`
# says what to do.
# bats file_tags=fs,root

# shellcheck disable=SC2030,SC2031,SC2153
load helpers
load users

# kinds: all, in the order of the directory, as a sentence has them.
kinds() {
    find "$DIR" -mindepth 2 -maxdepth 2 -name help -printf '%h\n' |
        awk -F / '{ all = all sep $NF; sep = ", " } END { print all }'
}

@test "what a directory does not do is told in its error" {
    local dir command sentence rows=0

    mkdir "$DIR/uprobe/a" "$DIR/uprobe/a/d"
    touch "$DIR/uprobe/a/x"
    while IFS='|' read -r dir command sentence; do
        echo "row: $dir $command"
        run bash -c "cd '$DIR/$dir' && $command"
        [ "$status" -ne 0 ]
        contains "$command" "Operation not permitted" "$output"
        same error "$sentence" "$(cat "$DIR/$dir/error")"
        rows=$((rows + 1))
    done <<ROWS
.|mkdir nothing|mkdir: EPERM: there is no kind 'nothing'; the kinds are $(kinds)
.|mkdir uprobes|mkdir: EPERM: there is no kind 'uprobes'; did you mean 'uprobe'?
.|touch foo|create: EPERM: no file can be made at the root; a probe is a directory, made in that of its kind
.|rm README|remove: EPERM: what is at the root comes with the mount
.|rmdir uprobe|remove: EPERM: what is at the root comes with the mount
.|mv uprobe uprobes|rename: EPERM: what is at the root keeps its name
.|ln -s a b|link: EPERM: there are no links here
.|mkfifo b|mknod: EPERM: there are no pipes, sockets and devices here
.|mkfifo prog/b|mknod: EPERM: there are no pipes, sockets and devices here
.|touch prog/foo|create: EPERM: an object file has a directory: make it with mkdir, and copy the file to 'object' in it
.|mkdir link/foo|mkdir: EPERM: the kernel's programs and links are listed here, and not made
.|rmdir prog/count|remove: EPERM: built-in programs come with the mount, and those of the kernel are listed here and not removed
uprobe|touch foo|create: EPERM: a probe is a directory: make it with mkdir
uprobe|mv a b|rename: EPERM: a probe's name is its target and keeps it: make another with mkdir, and remove this one with rmdir
uprobe|mv -T a ../uretprobe/a|rename: EPERM: a probe's name is its target and keeps it: make another with mkdir, and remove this one with rmdir
uprobe|mv help x|rename: EPERM: a probe's name is its target and keeps it: make another with mkdir, and remove this one with rmdir
uprobe|ln -s a b|link: EPERM: there are no links here: for a second probe of a target make one with another @LABEL
uprobe|mkfifo b|mknod: EPERM: a probe is a directory: make it with mkdir
uprobe/a|mkfifo b|mknod: EPERM: such a directory holds files and empty directories only
uprobe/a|ln x y|link: EPERM: such a directory holds files and empty directories only
uprobe/a|mv attach cookie|rename: EPERM: only a file that does not come with the directory can be renamed onto one that does
uprobe/a|touch d/y|create: EPERM: a directory beside the files of a probe or program holds nothing
ROWS
    [ "$rows" -eq 22 ]
    [ -d "$DIR/uprobe/a/d" ] && [ -e "$DIR/uprobe/help" ]
}

@test "a path in the name of a probe is told how to be written" {
    local sentence="mkdir: EPERM: a directory beside the files of a probe or program holds nothing; in a name write each '/' of a path as %2F: 'uprobe/%2Fusr%2Fbin%2Fbash:main'; 'uprobe/usr' is a probe by now: remove it with rmdir"

    run mkdir -p "$DIR/uprobe/usr/bin/bash:main"
    contains mkdir "Operation not permitted" "$output"
    holds "$DIR/uprobe/usr/error" "$sentence"
    # Where a refused mkdir is looked for.
    holds "$DIR/uprobe/error" "$sentence"
    rmdir "$DIR/uprobe/usr"
    mkdir "$DIR/uprobe/%2Fusr%2Fbin%2Fbash:main"
    holds "$DIR/uprobe/%2Fusr%2Fbin%2Fbash:main/path" /usr/bin/bash
    holds "$DIR/uprobe/error" ""
    # A kind without paths.
    run mkdir -p "$DIR/kprobe/a/b/c"
    holds "$DIR/kprobe/error" "mkdir: EPERM: a directory beside the files of a probe or program holds nothing"
}

# stray NAME SENTENCE: while there is a file of that name in the probe.
stray() {
    echo count >"$1"
    same "error of $1" "$1: $2" "$(<error)"
    same "info of $1" "'$1' is $2" "$(info . warning)"
    rm "$1"
    same "error without $1" "" "$(<error)"
    same "info without $1" "" "$(info . warning)"
}

@test "a file whose name is near that of a probe's is told as a mistake" {
    local name meant rows=0

    probe uprobe/a
    cd "$PROBE"
    while read -r name meant; do
        stray "$name" "no file of a probe, so it does nothing; did you mean '$meant'?"
        rows=$((rows + 1))
    done <<'ROWS'
atach attach
attahc attach
Attach attach
ATTACH attach
cokie cookie
cookies cookie
pni pin
pins pin
enable enabled
paht path
offest offset
symbl symbol
hit hits
ref_ctr_offsets ref_ctr_offset
ROWS
    [ "$rows" -eq 14 ]
    for name in maxactive provider group hits; do
        stray "$name" "a file of other probes, but not of this one, so it does nothing"
    done
    # What is written to the right file is taken, and the mistake still told.
    echo x >atach
    echo 5 >cookie
    contains error "did you mean 'attach'?" "$(<error)"
    refused "$PROBE/cookie" x EINVAL "not a number"
    contains error "did you mean 'attach'?" "$(<error)"
    mv atach x
    same "a renamed one" "cookie: EINVAL: not a number: 'x'" "$(head -n 1 error)"
    same "without a mistake" "" "$(grep mean error || true)"
}

@test "the names that tools make are no mistakes" {
    local name

    probe uprobe/a
    cd "$PROBE"
    for name in .attach.swp .attach.swpx 4913 attach~ .#attach '#attach#' attach.tmp \
        attach.augnew .ansible_tmpab3dEf7gattach attach20261120-29078-a63ur8 .chef-attach1 \
        .attach.Ab1cDe sedAbCdEf attachAbCdEf attach.cf-after-edit attach.bak attach.1.2@3~ \
        x copy notes readme; do
        echo x >"$name"
        same "error of $name" "" "$(<error)"
        same "info of $name" "" "$(info . warning)"
        rm "$name"
    done
    mkdir attach.lock bin
    same "error of a lock" "" "$(<error)"
}

@test "a user's refusal is kept where that user can read it" {
    others
    chmod 0711 "$DIR"
    chmod 0755 "$DIR/uprobe"
    run as "$ALICE" touch "$DIR/uprobe/x"
    # The modes refuse it: nobody asked the file system.
    contains touch "Permission denied" "$output"
    holds "$DIR/uprobe/error" ""
    chmod 0777 "$DIR/uprobe"
    run as "$ALICE" touch "$DIR/uprobe/x"
    contains error "make it with mkdir" "$(as "$ALICE" cat "$DIR/uprobe/error")"
}
