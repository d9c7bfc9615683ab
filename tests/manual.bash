# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# manual.bash - what the tests of the manual share: its sections, and a mount
# that no daemon is left of.

setup() {
    TOP=$(realpath "$BATS_TEST_DIRNAME/..")
    BUILD=$(realpath "${BUILD:-$TOP/build/plain}")
    PROBEFS=$(realpath "${PROBEFS:-$BUILD/mount.probefs}")
    # The mark by which the daemons of this test are known.
    export TOP BUILD PROBEFS DIR=$BATS_TEST_TMPDIR/mnt
    mkdir "$DIR"
    [ -d /probefs ] || : >"$BATS_TEST_TMPDIR/probefs-is-ours"
}

teardown() {
    mountpoint -q "$DIR" && umount -l "$DIR"
    [ ! -e "$BATS_TEST_TMPDIR/probefs-is-ours" ] || [ ! -d /probefs ] ||
        rmdir /probefs
    ended
}

ended() {
    local end=$((SECONDS + 60))

    while ((SECONDS < end)); do
        pgrep probefs | xargs -rI{} grep -lzxF "DIR=$DIR" /proc/{}/environ \
            2>/dev/null | grep -q . || return 0
        sleep 0.05
    done
    echo "a daemon is still there after a minute"
    return 1
}

mounted() {
    "$PROBEFS" none "$DIR" 3>&-
}

# section NAME: the lines of that section of the manual.
section() {
    awk -v name="$1" '/^\.Sh / { on = $0 == ".Sh " name; next } on' "$MANUAL"
}
