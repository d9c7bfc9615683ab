# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# shellcheck disable=SC2016,SC2034,SC2154  # inner shells; bats sets output and status
# typed.bash - what the tests of examples share: a place to type them in, and what
# they take for granted.

# --- In the place ---

# mine FILE: what runs here is a copy, so that nobody else is probed.
mine() {
    local file

    file=$(realpath "$1")
    cp -p "$file" "$BATS_TEST_TMPDIR/copy-${file##*/}"
    mount --bind "$BATS_TEST_TMPDIR/copy-${file##*/}" "$file"
}

libraries() { ldconfig -p | awk '$1 ~ /^lib(c|stdc\+\+)\.so\.6$/ && /x86-64/ { print $NF }'; }

# A place to type in: our program where mount(8) looks for it, an empty bpffs, a
# user alice, nothing of which anybody else sees.
stage() {
    local sbin file

    umount -l /probefs 2>/dev/null || true
    sbin=$(realpath /sbin)
    mount -t overlay -o "lowerdir=$BATS_TEST_TMPDIR/sbin:$sbin" none "$sbin"
    mount -t bpf bpf /sys/fs/bpf
    mount --bind "$BATS_TEST_TMPDIR/passwd" /etc/passwd
    mount --bind "$BATS_TEST_TMPDIR/fstab" /etc/fstab
    for file in /usr/bin/bash $(libraries); do
        mine "$file"
    done
    cd "$BATS_TEST_TMPDIR" || exit
    [ ! -e premount ] || {
        mkdir -p /probefs
        mount -t probefs -o mode=0755 probefs /probefs
    }
    provide "$1"
}

# program OBJECT NAME PIN
program() { "$TOOL" load "$TOP/build/plain/tests/bpf/$1.bpf.o" "$2" "/sys/fs/bpf/$3" section; }

# interface: eth0, of a network namespace that is nobody else's.
interface() {
    ip link add eth0 type veth peer name eth1
    ip link set eth0 up
}

# cgroups FILE: where those of version 2 are.
cgroups() {
    local place

    place=$(findmnt -n -o TARGET -t cgroup2 | head -n 1)
    [ -n "$place" ] || mount -t cgroup2 none "${place:=/sys/fs/cgroup}"
    sed -i "s,/sys/fs/cgroup,$place,g" "$1"
}

# their_link FILE: what another tool has attached to eth0.
their_link() {
    local probe=/probefs/xdp/eth0

    program net net_xdp theirs
    mkdir "$probe"
    echo /sys/fs/bpf/theirs >"$probe/attach"
    echo /sys/fs/bpf/their_link >"$probe/pin"
    sed -i "s/17/$(sed -n 's/^link_id:\t//p' "$probe/info")/" "$1"
    rmdir "$probe"
}

# provide FILE: what the examples in it have before they are typed.
provide() {
    local objects=$TOP/build/plain/tests/bpf

    ! grep -q eth0 "$1" || interface
    ! grep -q /sys/fs/cgroup "$1" || cgroups "$1"
    ! grep -q my_iter "$1" || program iter iter_task my_iter
    ! grep -q my_sockets "$1" ||
        "$TOOL" pinmap "$objects/sockmap.bpf.o" sockets /sys/fs/bpf/my_sockets
    ! grep -q my_tcp "$1" || "$TOOL" structops "$objects/cc.bpf.o" 8192 /sys/fs/bpf/my_tcp
    ! grep -q my_part "$1" || {
        program fentry fentry_whole my_target
        sed -i s/my_function/fentry_part/ "$1"
        "$TOOL" load-on "$objects/fentry.bpf.o" fentry_pass /sys/fs/bpf/my_part \
            /sys/fs/bpf/my_target fentry_part
    }
    ! grep -q link/17 "$1" || {
        program net net_xdp my_prog
        their_link "$1"
    }
}

# --- Outside ---

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
    [ ! -e "$TOP/build/plain/tests/bpf/plain.bpf.o" ] || {
        cp "$TOP/build/plain/tests/bpf/plain.bpf.o" "$tmp/my_prog.bpf.o"
        cp "$TOP/build/plain/tests/bpf/web.bpf.o" "$tmp/web.bpf.o"
    }
}

# play FILE: types the lines of the file, as root, each of which must succeed.
play() {
    export TOOL=$TOP/build/plain/tests/tool
    run timeout 120 unshare -m -n --propagation private bash -e -c '
        trap "cd /; umount -l /probefs 2>/dev/null || true" EXIT
        eval "$1"; stage "$2"; . "$2"' bash "$(declare -f \
        stage mine libraries provide program interface cgroups their_link)" "$1" 3>&-
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
    local pattern feature

    while read -r pattern feature; do
        ! grep -qE "$pattern" "$1" ||
            ! grep -q "^$feature	no" "$BATS_TEST_TMPDIR/features" || echo "$feature"
    done <<'ROWS'
cd./probefs/kprobe$ kprobe_pmu
echo.*/cookie$ cookie
echo.*/pin$ perf_link
cd./probefs/tcx$ tcx
cd./probefs/xdp$|link/17 xdp_link
cd./probefs/netfilter$ netfilter_link
cd./probefs/netns$ sk_lookup
cd./probefs/cgroup$ cgroup_link
cd./probefs/lsm_cgroup$ lsm_cgroup
cd./probefs/lsm$ lsm
fentry/|my_part fentry
cd./probefs/perf_event$ perf_link
cd./probefs/iter$ iter
cd./probefs/sockmap$ sockmap_link
my_tcp struct_ops_link
ROWS
    grep -q bpftool "$1" && { command -v bpftool >/dev/null || echo bpftool; }
    # What can be done to these maps has ended kernels.
    ! grep -q my_tcp "$1" || [ -e /run/vm/share ] || echo guest
    true
}

# type_examples [PATTERN]: those of the manual that have a line like it; $typed is
# how many, $untyped what was not typed.  In one place, but for those that mount and
# the one that finds a link.
type_examples() {
    local file why all=$BATS_TEST_TMPDIR/all

    prepare
    examples
    try_features
    typed=0 untyped=
    echo 'set -v' >"$all"
    for file in "$BATS_TEST_TMPDIR"/example-*; do
        grep -q '^# ' "$file" || continue
        grep -qE "${1-}" "$file" || continue
        sed -i 's/^# //' "$file"
        why=$(lacks "$file")
        [ -z "$why" ] || {
            untyped+="no ${why//$'\n'/, }: $(head -n 1 "$file"); "
            continue
        }
        typed=$((typed + 1))
        if head -n 2 "$file" | grep -q '^mount '; then
            play "$file"
        elif grep -q link/17 "$file"; then
            premounted "$file"
        else
            { echo "cd '$BATS_TEST_TMPDIR'" && cat "$file"; } >>"$all"
        fi
    done
    premounted "$all"
}

# premounted FILE: plays it where there is a mount already.
premounted() {
    : >"$BATS_TEST_TMPDIR/premount"
    play "$1"
    rm "$BATS_TEST_TMPDIR/premount"
}
