#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# The examples of the manual and the READMEs: they work as they stand.
# bats file_tags=host,fs,root
# shellcheck disable=SC2030,SC2031  # bats sets output and status

load hardened
load manual

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

@test "the hardened unit in the manual is one, and its commands work" {
    local file=$BATS_TEST_TMPDIR/probefs.service under=

    command -v systemd-analyze >/dev/null || skip "no systemd-analyze"
    prepare
    hardened_unit >"$file"
    # None of what makes a mount namespace; its start, and its end.
    ! grep -E '^(Private|Protect|Bind|ReadOnly|ReadWrite|Inaccessible|Exec(Paths|NoExec)|Temporary|Root|Mount|DynamicUser)' "$file" ||
        return 1
    # Sanitizers make calls of their own.
    [[ $PROBEFS != */plain/* ]] || under="'$TOP/tests/confine' '$file' "
    cat >"$BATS_TEST_TMPDIR/typed" <<END
systemd-analyze verify "$file" 2>&1 | sed 's/^/verify: /'
mount -t tmpfs -o mode=0755 tmpfs /run
$(sed -n "s/^ExecStartPre=//p; s,^ExecStart=,$under,p" "$file")
findmnt -n -o FSTYPE /run/probefs/fs | grep -x fuse.probefs
cat /run/probefs/fs/features
$(sed -n 's/^ExecStop=//p' "$file")
END
    play "$BATS_TEST_TMPDIR/typed"
    echo "$output"
    [[ $output == *$'\nuprobe_pmu\t'* ]]
    [[ $output != *"verify: "*probefs.service* ]]
}

# manifest: what the manual has for Kubernetes.
manifest() {
    section CONTAINERS | sed -n '/^\.It Kubernetes/,/^\.Ed/p' |
        sed '1,/^\.Bd/d;$d'
}

@test "the manifests of Kubernetes in the manual have what they need" {
    python3 -c 'import yaml' 2>/dev/null || skip "no yaml for python: tests/deps tools"
    manifest >"$BATS_TEST_TMPDIR/manifest.yml"
    python3 - "$BATS_TEST_TMPDIR/manifest.yml" <<'PY'
import sys, yaml

def only(things):
    assert len(things) == 1, things
    return things[0]

def checked(pod, propagation):
    """The container of a pod that has the parent directory, so propagated."""
    container, volume = only(pod["containers"]), only(pod["volumes"])
    mount = only(container["volumeMounts"])
    assert mount == {"name": volume["name"], "mountPath": "/run/probefs",
                     "mountPropagation": propagation}, mount
    assert volume["hostPath"] == {"path": "/run/probefs",
                                  "type": "DirectoryOrCreate"}, volume
    return container

daemons, user = yaml.safe_load_all(open(sys.argv[1]))
assert (daemons["apiVersion"], daemons["kind"]) == ("apps/v1", "DaemonSet")
template = daemons["spec"]["template"]
labels = daemons["spec"]["selector"]["matchLabels"]
assert labels and labels == template["metadata"]["labels"], labels
container = checked(template["spec"], "Bidirectional")
assert template["spec"]["hostPID"] is True
assert container["securityContext"] == {"privileged": True}
assert container["command"][:2] == ["sh", "-c"], container["command"]
script = only(container["command"][2:])
assert script.endswith(" probefs /run/probefs/fs -o foreground"), script

assert (user["apiVersion"], user["kind"]) == ("v1", "Pod")
container = checked(user["spec"], "HostToContainer")
assert "hostPID" not in user["spec"] and "securityContext" not in container
PY
}

# docker_says ARGUMENT...: up to where a server would be needed.
docker_says() {
    docker --host "unix://$BATS_TEST_TMPDIR/none" "$@" image 2>&1 || true
}

@test "the lines for Docker and Podman in the manual are the same, and Docker's" {
    local -a lines

    mapfile -t lines < <(section CONTAINERS | sed -n 's/^\(docker\|podman\) //p')
    [ "${#lines[@]}" -eq 2 ]
    [ "${lines[0]}" = "${lines[1]}" ]
    [[ ${lines[0]} == *src=/run/probefs,*bind-propagation=rslave\ ... ]]
    command -v docker >/dev/null || skip "no docker here; the rest was checked"
    # shellcheck disable=SC2086
    set -- ${lines[0]% ...}
    [[ $(docker_says "$@") == *"Cannot connect"* ]]
    [[ $(docker_says "${@/bind-propagation/propagate}") == *"unexpected key"* ]]
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
    echo count >uprobe/libc.so.6:malloc/attach
    sed -n '/^Where to look/,$p' README |
        sed -n 's/^    \([^ ]* [^ ]*\( [^ ]\+\)*\).*/\1/p' |
        sed 's,KIND,uprobe,; s,PROBE,uprobe/libc.so.6:malloc,' \
            >"$BATS_TEST_TMPDIR/typed"
    [ "$(wc -l <"$BATS_TEST_TMPDIR/typed")" -eq "$(sed -n '/^Where to look/,$p' README | grep -c '^    ')" ]
    bash -e "$BATS_TEST_TMPDIR/typed" >/dev/null
    cd /
}
