# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# users.bash - what the tests of other users, containers and dead servers share.

VFS=$PROGRAMS/vfs
ALICE=54321
BOB=54322
export VFS ALICE BOB

# others: lets other users reach the mount, what is beside it, and copies of the
# programs, since where these are may be closed to them.
others() {
    local program

    for program in tool vfs; do
        [ -e "$BATS_FILE_TMPDIR/$program" ] ||
            cp "$PROGRAMS/$program" "$BATS_FILE_TMPDIR/"
    done
    TOOL=$BATS_FILE_TMPDIR/tool
    VFS=$BATS_FILE_TMPDIR/vfs
    chmod o+x "$BATS_RUN_TMPDIR" "$(dirname "$BATS_TEST_TMPDIR")" \
        "$BATS_TEST_TMPDIR" "$(dirname "$BATS_FILE_TMPDIR")" \
        "$BATS_FILE_TMPDIR" "$DIR"
}

# as UID COMMAND...: as a user who is in no other group and has no capability.
as() {
    setpriv --reuid="$1" --regid="$1" --clear-groups "${@:2}"
}

# asks UID FILE TEXT ERRNO [PART]: the write of that line gives that errno, or
# "ok", or what fits the pattern; a refusal has its sentence, with PART in it.
asks() {
    local dir=${2%/*} got

    got=$(as "$1" "$TOOL" write "$2" "$3"$'\n')
    # shellcheck disable=SC2053
    [[ $got == $4 ]] ||
        same "user $1 writes ${3:0:80} to ${2##*/} ($(<"$dir/error"))" "$4" "$got"
    [ "$got" = ok ] || contains error "${2##*/}: $got: ${5-}" "$(<"$dir/error")"
}

# has PROGRAM...: or it is skipped.
has() {
    local program

    for program in "$@"; do
        command -v "$program" >/dev/null ||
            skip "no $program here: tests/deps tools"
    done
}
