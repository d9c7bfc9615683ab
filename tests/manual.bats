#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# The manual and the READMEs: their lists are the program's tables, and their
# examples work as they stand.
# bats file_tags=host,fs,root
# shellcheck disable=SC2030,SC2031  # bats sets output and status

setup() {
    TOP=$(realpath "$BATS_TEST_DIRNAME/..")
    BUILD=$(realpath "${BUILD:-$TOP/build/plain}")
    PROBEFS=$(realpath "${PROBEFS:-$BUILD/mount.probefs}")
    MANUAL=$TOP/mount.probefs.8
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
    local try

    for try in {1..200}; do
        pgrep probefs | xargs -rI{} grep -lzxF "DIR=$DIR" /proc/{}/environ \
            2>/dev/null | grep -q . || return 0
        sleep 0.05
    done
    echo "a daemon is still there after $try tries"
    return 1
}

# --- Lists ---

mounted() {
    "$PROBEFS" none "$DIR" 3>&-
}

# section NAME: the lines of that section of the manual.
section() {
    awk -v name="$1" '/^\.Sh / { on = $0 == ".Sh " name; next } on' "$MANUAL"
}

# Words, one a line, sorted.
words() {
    tr -s ' ,' '\n' | grep -v '^\.*$' | sort -u
}

# same NAME FILE FILE: what the program has, what the manual has.
same() {
    diff "$2" "$3" >"$BATS_TEST_TMPDIR/diff" || {
        printf '%s: < the program, > the manual\n' "$1"
        cat "$BATS_TEST_TMPDIR/diff"
        return 1
    }
}

# usage FROM TO: the lines of --help between those two.
usage() {
    "$PROBEFS" --help | sed -n "/^$1/,/^$2/p" | sed '1d;/^[^ ]/d'
}

@test "the manual is well-formed" {
    command -v mandoc >/dev/null || skip "no mandoc"
    run mandoc -T lint -W warning "$MANUAL"
    echo "$output"
    [ "$status" -eq 0 ] && [ -z "$output" ]
}

@test "the manual has every mount option" {
    cd "$BATS_TEST_TMPDIR"
    usage options: 'MODE is' | awk '{ sub(/=.*/, "", $1); print $1 }' |
        sort >program
    section OPTIONS | awk '/^\.Bl/ { depth++ } /^\.El/ { depth-- }
        depth == 1 && /^\.It Cm/ { print $3 }' | grep -v '^remount$' |
        sort >manual
    same options program manual
}

@test "the manual has every way to attach" {
    cd "$BATS_TEST_TMPDIR"
    usage 'MODE is' handed | awk '{ print $1 }' | sort >program
    section OPTIONS | awk '/^\.Bl/ { depth++ } /^\.El/ { depth-- }
        depth == 2 && /^\.It Cm/ { print $3 }' | sort >manual
    same attach_mode program manual
}

@test "the manual has every option that is for others" {
    cd "$BATS_TEST_TMPDIR"
    usage handed ignored | words | grep -vx remount >program
    section OPTIONS | sed -n '/^These are handed/,/^are always/p' |
        sed -n 's/^\.Cm //p' | words >manual
    same flags program manual
    "$PROBEFS" --help | sed '1,/^ignored:/d' | words >program
    section OPTIONS | sed -n '/^These are for others/,$p' |
        sed -n 's/^\.Cm //p' | words >manual
    same ignored program manual
}

@test "the manual has every kind, its names and its fields" {
    local kind

    mounted
    cd "$BATS_TEST_TMPDIR"
    for kind in "$DIR"/*/help; do
        kind=$(basename "$(dirname "$kind")")
        # The item of the kind, as it stands in the manual.
        section FILES | awk -v kind="$kind" '/^\.Ss/ { on = 0 }
            /^\.It Cm/ { on = 0; for (i = 3; i <= NF; i++) on = on || $i == kind }
            on' >item
        sed -n 's/^names: //p' "$DIR/$kind/help" | sed 's/;.*//; s/ or /, /' |
            tr , '\n' | tr -d ' ' | sort >program
        sed -n 's/^\.Dl //p' item | sort >manual
        same "names of $kind" program manual
        sed -n '/^files:/,/^  attach /p' "$DIR/$kind/help" | sed '1d;$d' |
            awk '{ print $1 }' | sort >program
        sed -n 's/^\.It Pa //p' item | sort >manual
        same "fields of $kind" program manual
    done
}

@test "the manual has every file of a probe" {
    mounted
    cd "$BATS_TEST_TMPDIR"
    sed -n '/^  attach /,/^$/p' "$DIR/uprobe/help" |
        awk 'NF { print $1 }' | sort >program
    section FILES | sed -n '/^\.Ss Files/,/^\.Ss Programs/p' |
        sed -n 's/^\.It Pa \([a-z]*\)$/\1/p' | sort >manual
    same files program manual
}

@test "the manual has every form of reference" {
    mounted
    cd "$BATS_TEST_TMPDIR"
    sed -n '/^what may be written/,$p' "$DIR/uprobe/help" |
        awk '/^  / { print $1 }' | sort >program
    section FILES | sed -n '/^\.Ss Programs/,$p' | sed -n 's/^\.It //p' |
        grep -vx 'empty line' |
        sed 's/^[A-Z][a-z] //; s/ Ns//g; s/ [A-Z][a-z] //g; s/ //g' | sort >manual
    same references program manual
}

@test "the manual has every feature, every built-in program, every kernel tested" {
    local name

    mounted
    cd "$BATS_TEST_TMPDIR"
    cut -f 1 "$DIR/features" | sort >program
    section KERNELS | sed -n '1,/^Of the kernels/s/^\.It //p' | words >manual
    same features program manual
    for name in $(find "$DIR/prog" -name '[a-z]*' -type f -printf '%f\n') \
        $(awk '!/^ *(#|$)/ { print $1 }' "$TOP/tests/vm/kernels"); do
        grep -qwF -- "$name" "$MANUAL" || {
            echo "not in the manual: $name"
            return 1
        }
    done
}

@test "the manual explains every errno" {
    cd "$BATS_TEST_TMPDIR"
    grep -ohE 'fail(_at)?\([[:space:]]*e, E[A-Z0-9]+' "$TOP"/fs/*.c \
        "$TOP"/attach/*.c | grep -oE 'E[A-Z0-9]+$' | sort -u >program
    grep -ohE '\.code = E[A-Z0-9]+' "$TOP"/attach/*.c |
        grep -oE 'E[A-Z0-9]+$' >>program
    # EBADF: of a descriptor that no open() gave; ESTALE: the kernel comes again.
    grep -ohE '(return|err =) -E[A-Z0-9]+;' "$TOP"/fs/*.c |
        grep -oE 'E[A-Z0-9]+' | grep -vxE 'EBADF|ESTALE' >>program
    sort -u -o program program
    section DIAGNOSTICS | sed -n 's/^\.It Bq Er //p' | sort >manual
    comm -23 program manual >missing
    cat missing
    [ ! -s missing ]
}

@test "README.md has every make variable and target" {
    local name

    for name in $(sed -n 's/^\([A-Z_]*\) *?=.*/\1/p' "$TOP/Makefile") \
        $(sed -n 's/^\([a-z_.-]*\):[^#]*## .*/\1/p' "$TOP/Makefile"); do
        grep -q "^|.*\`$name\`" "$TOP/README.md" || {
            echo "not in README.md: $name"
            return 1
        }
    done
    [ "$(wc -l <"$TOP/README.md")" -le 120 ]
}

# --- Examples ---

# A place to type in: our program where mount(8) looks for it, an empty bpffs, a
# user alice, nothing of which anybody else sees.
stage() {
    local sbin

    umount -l /probefs 2>/dev/null || true
    sbin=$(realpath /sbin)
    mount -t overlay -o "lowerdir=$BATS_TEST_TMPDIR/sbin:$sbin" none "$sbin"
    mount -t bpf bpf /sys/fs/bpf
    mount --bind "$BATS_TEST_TMPDIR/passwd" /etc/passwd
    mount --bind "$BATS_TEST_TMPDIR/fstab" /etc/fstab
    cd "$BATS_TEST_TMPDIR" || exit
    [ ! -e premount ] || {
        mkdir -p /probefs
        mount -t probefs -o mode=0755 probefs /probefs
    }
}

prepare() {
    local tmp=$BATS_TEST_TMPDIR

    grep -qw overlay /proc/filesystems || modprobe overlay 2>/dev/null ||
        skip "no overlayfs, to put mount.probefs where mount(8) looks"
    mkdir -p "$tmp/sbin"
    cp "$PROBEFS" "$tmp/sbin/mount.probefs"
    cp "$PROBEFS" "$tmp/sbin/mount.fuse.probefs"
    cp "$PROBEFS" "$tmp/sbin/probefs"
    { cat /etc/passwd && echo 'alice:x:4242:4242::/:/bin/sh'; } >"$tmp/passwd"
    [ -e "$tmp/fstab" ] || : >"$tmp/fstab"
    [ ! -e "$BUILD/tests/bpf/plain.bpf.o" ] ||
        cp "$BUILD/tests/bpf/plain.bpf.o" "$tmp/my_prog.bpf.o"
}

# play FILE: types the lines of the file, as root, each of which must succeed.
play() {
    # shellcheck disable=SC2016  # the inner shell's
    run timeout 120 unshare -m --propagation private bash -e -c '
        trap "cd /; umount -l /probefs 2>/dev/null || true" EXIT
        eval "$1"; stage; . "$2"' bash "$(declare -f stage)" "$1" 3>&-
    [ "$status" -eq 0 ] || {
        printf 'status %d of:\n%s\n---\n%s\n' "$status" "$(cat "$1")" "$output"
        return 1
    }
    ended
}

# The examples of the manual: example-01, ... in the test's directory.
examples() {
    section EXAMPLES | awk -v to="$BATS_TEST_TMPDIR/example-" '
        /^\.Bd/ { file = sprintf("%s%02d", to, ++n); next }
        /^\.Ed/ { file = ""; next }
        file { gsub(/\\\(aq/, "\047"); print >file }'
}

# example TEXT: the one that has this text.
example() {
    grep -lF -- "$1" "$BATS_TEST_TMPDIR"/example-*
}

try_features() {
    mounted
    cp "$DIR/features" "$BATS_TEST_TMPDIR/features"
    umount "$DIR"
}

# lacks FILE: the feature of this kernel that an example needs and does not have.
lacks() {
    local feature

    for feature in $(
        grep -q 'kprobe$' "$1" && echo kprobe_pmu
        grep -q '/cookie$' "$1" && echo cookie
        grep -q '/pin$' "$1" && echo perf_link
    ); do
        grep -q "^$feature	no" "$BATS_TEST_TMPDIR/features" && echo "$feature"
    done
    grep -q bpftool "$1" && { command -v bpftool >/dev/null || echo bpftool; }
    true
}

@test "what the manual says to type works" {
    local file why typed=0

    prepare
    examples
    try_features
    for file in "$BATS_TEST_TMPDIR"/example-*; do
        grep -q '^# ' "$file" || continue
        sed -i 's/^# //' "$file"
        why=$(lacks "$file")
        [ -z "$why" ] || {
            echo "# not typed, no $why: $(head -n 1 "$file")" >&3
            continue
        }
        : >"$BATS_TEST_TMPDIR/premount"
        ! head -n 2 "$file" | grep -q '^mount ' ||
            rm "$BATS_TEST_TMPDIR/premount"
        play "$file"
        typed=$((typed + 1))
    done
    [ "$typed" -ge 7 ]
}

@test "a line of fstab as in the manual mounts" {
    examples
    cp "$(example 'nofail')" "$BATS_TEST_TMPDIR/fstab"
    prepare
    cat >"$BATS_TEST_TMPDIR/typed" <<'END'
mkdir -p /probefs
mount /probefs
findmnt -n -o FSTYPE /probefs | grep -x fuse.probefs
[ "$(stat -c %a /probefs)" = 755 ]
mount -o remount,ro /probefs
! mkdir /probefs/uprobe/x
mount -o remount,rw /probefs
mkdir /probefs/uprobe/x
mount -a
[ "$(grep -c ' /probefs ' /proc/self/mountinfo)" = 1 ]
END
    play "$BATS_TEST_TMPDIR/typed"
}

@test "the unit of systemd in the manual is one" {
    command -v systemd-analyze >/dev/null || skip "no systemd-analyze"
    examples
    mkdir "$BATS_TEST_TMPDIR/units"
    cp "$(example '[Mount]')" "$BATS_TEST_TMPDIR/units/probefs.mount"
    run systemd-analyze verify "$BATS_TEST_TMPDIR/units/probefs.mount"
    echo "$output"
    [[ $output != *probefs.mount* ]]
}

@test "a fragment of tmpfiles.d as in the manual makes a probe, again and again" {
    command -v systemd-tmpfiles >/dev/null || skip "no systemd-tmpfiles"
    try_features
    grep -q '^cookie	yes' "$BATS_TEST_TMPDIR/features" || skip "no cookies"
    examples
    cp "$(example 'w /probefs')" "$BATS_TEST_TMPDIR/probes.conf"
    prepare
    : >"$BATS_TEST_TMPDIR/premount"
    cat >"$BATS_TEST_TMPDIR/typed" <<'END'
systemd-tmpfiles --create "$PWD/probes.conf"
cd /probefs/uprobe/libc.so.6:malloc
grep -x 'state:	attached' info
grep -x 'cookie:	42' info
before=$(grep link_id info)
systemd-tmpfiles --create "$OLDPWD/probes.conf"
[ "$(grep link_id info)" = "$before" ]
END
    play "$BATS_TEST_TMPDIR/typed"
}

@test "the session of README.md works as typed" {
    prepare
    # shellcheck disable=SC2016
    sed -n '/^```sh$/,/^```$/p' "$TOP/README.md" | sed '1d;$d' \
        >"$BATS_TEST_TMPDIR/typed"
    [ "$(wc -l <"$BATS_TEST_TMPDIR/typed")" -ge 8 ]
    play "$BATS_TEST_TMPDIR/typed"
    [[ $output == *total:* && $output == *"state:	attached"* ]]
}

@test "what the file README says to type works" {
    mounted
    cd "$DIR"
    # Up to what needs a program of one's own.
    sed -n '/^    /p; /is built in/q' README |
        sed 's/^    //' >"$BATS_TEST_TMPDIR/typed"
    [ "$(wc -l <"$BATS_TEST_TMPDIR/typed")" -eq 5 ]
    bash -e "$BATS_TEST_TMPDIR/typed"
    # The places to look; the second column is no part of the command.
    mkdir uprobe/libc.so.6:malloc
    sed -n '/^Where to look/,$p' README |
        sed -n 's/^    \([^ ]* [^ ]*\( [^ ]\+\)*\).*/\1/p' |
        sed 's,KIND,uprobe,; s,PROBE,uprobe/libc.so.6:malloc,' \
            >"$BATS_TEST_TMPDIR/typed"
    [ "$(wc -l <"$BATS_TEST_TMPDIR/typed")" -eq 8 ]
    bash -e "$BATS_TEST_TMPDIR/typed" >/dev/null
    cd /
}
