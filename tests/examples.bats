#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# The examples of the manual and the READMEs: they work as they stand.
# bats file_tags=host,fs,root
# shellcheck disable=SC2030,SC2031,SC2154  # bats and typed.bash set them

load hardened
load manual
load typed

@test "what the manual says to type works" {
    type_examples
    echo "# not typed: $untyped" >&3
    [ "$typed" -ge 20 ]
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
    [ "$(wc -l <"$BATS_TEST_TMPDIR/typed")" -ge 16 ]
    play "$BATS_TEST_TMPDIR/typed"
    [ "$(grep -c ^total: <<<"$output")" -eq 2 ]
    [[ $output == *"state:	attached"* ]]
}

# commands TEXT: the lines of the one of the blocks of CONTAINERS that has it.
commands() {
    section CONTAINERS | awk -v text="$1" '
        /^\.Bd/ { block = ""; on = 1; next }
        /^\.Ed/ { if (on && index(block, text)) printf "%s", block; on = 0 }
        on { block = block $0 "\n" }'
}

@test "what the manual has a host with containers do works" {
    local typed=$BATS_TEST_TMPDIR/typed

    prepare
    {
        echo 'mount -t tmpfs -o mode=0755 tmpfs /run'
        commands make-shared
        echo 'findmnt -n -o PROPAGATION /run/probefs | grep -x shared'
        echo 'umount /run/probefs/fs'
        commands chown
        echo 'stat -c "%a %u" /run/probefs/fs /run/probefs/fs/uprobe'
        echo 'umount /run/probefs/fs'
    } >"$typed"
    [ "$(wc -l <"$typed")" -eq 12 ]
    play "$typed"
    [[ $output == *$'711 0\n711 100000'* ]]
}

@test "what the manual says of copies works" {
    local typed=$BATS_TEST_TMPDIR/typed

    command -v rsync >/dev/null || skip "no rsync here: tests/deps tools"
    prepare
    : >"$BATS_TEST_TMPDIR/premount"
    {
        echo 'mkdir /probefs/uprobe/lines'
        echo 'echo /usr/bin/bash >/probefs/uprobe/lines/path'
        echo 'echo readline >/probefs/uprobe/lines/symbol'
        echo 'echo count >/probefs/uprobe/lines/attach'
        echo 'mount -t probefs probefs /mnt'
        # Each of them has nothing to build on.
        commands rsync | sed 's,^,test ! -d /mnt/uprobe/lines || rmdir /mnt/uprobe/lines; ,; /&& cp -a\|^.*; cp/s/^.*; cp/cp/'
        echo 'cmp /probefs/uprobe/lines/config /mnt/uprobe/lines/config'
        echo 'umount /mnt'
    } >"$typed"
    [ "$(grep -c rsync "$typed")" -eq 2 ]
    play "$typed"
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
