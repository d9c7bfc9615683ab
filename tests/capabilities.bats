#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Capabilities: those of who writes, and those that the daemon keeps.
# bats file_tags=host,bpf,root
# shellcheck disable=SC2030,SC2031

load helpers
load users
load hardened

# with_caps CAP,... COMMAND...: as alice, with these capabilities.
with_caps() {
    setpriv --reuid="$ALICE" --regid="$ALICE" --clear-groups \
        --inh-caps="$1" --ambient-caps="$1" "${@:2}"
}

# without_caps CAP,... COMMAND...: as root, but for these.
without_caps() {
    setpriv --bounding-set="$1" --inh-caps=-all "${@:2}"
}

# given: alice has the uprobes, and her probe of the target is $PROBE.
given() {
    others
    chown "$ALICE" "$DIR/uprobe"
    PROBE=$DIR/uprobe/$NAME:target_one
    as "$ALICE" mkdir "$PROBE"
}

# theirs: a probe of a binary that none but alice may read.
theirs() {
    probe uprobe/label
    put "$PROBE/symbol" target_one
    cp "$TARGET" "$BATS_TEST_TMPDIR/theirs"
    chmod 0700 "$BATS_TEST_TMPDIR/theirs"
    chown "$ALICE" "$BATS_TEST_TMPDIR/theirs"
    put "$PROBE/path" "$BATS_TEST_TMPDIR/theirs"
}

@test "root without the capability to pass over modes does not" {
    local caps text error rows=0

    needs uprobe_pmu
    theirs
    program plain
    chown "$ALICE" "$BPF/plain"
    while IFS='|' read -r caps text error; do
        same "$text with $caps" "$error" \
            "$(without_caps "$caps" "$TOOL" write "$PROBE/attach" "$text")"
        put "$PROBE/attach" ""
        rows=$((rows + 1))
    done <<ROWS
-dac_override,-dac_read_search|count|EACCES
-dac_override|count|ok
-dac_read_search|count|ok
-net_admin|count|ok
-dac_override,-dac_read_search|$BPF/plain|EACCES
-net_admin|$BPF/plain|ok
ROWS
    [ "$rows" -eq 6 ]
    # The daemon itself has them still, for the next.
    put "$PROBE/attach" "$BPF/plain"
}

@test "the root of a user namespace without ids of its own passes over no modes" {
    unshare --user --map-root-user true || skip "no user namespaces here"
    needs uprobe_pmu
    theirs
    same "in the namespace" EACCES \
        "$(unshare --user --map-root-user "$TOOL" write "$PROBE/attach" count)"
    same "outside" ok "$("$TOOL" write "$PROBE/attach" count)"
}

@test "programs are named by id with the capability that bpf(2) asks for" {
    local caps error id rows=0

    needs uprobe_pmu
    given
    program plain
    id=$("$TOOL" id "$BPF/plain")
    while IFS='|' read -r caps error; do
        same "with $caps" "$error" \
            "$(with_caps "$caps" "$TOOL" write "$PROBE/attach" "id:$id")"
        rows=$((rows + 1))
    done <<'ROWS'
+bpf|EPERM
+bpf,+perfmon|EPERM
+sys_ptrace|EPERM
+sys_admin|ok
ROWS
    [ "$rows" -eq 4 ]
}

@test "descriptors are taken of a process that has no more capabilities" {
    local caps error rows=0

    needs uprobe_pmu
    given
    program plain
    while IFS='|' read -r caps error; do
        "$TOOL" with "$BPF/plain" 7 setpriv --reuid="$ALICE" --regid="$ALICE" \
            --clear-groups --inh-caps=+net_raw --ambient-caps=+net_raw sleep 60 3>&- &
        sleeper=$!
        eventually grep -qx sleep "/proc/$sleeper/comm"
        same "with $caps" "$error" \
            "$(with_caps "$caps" "$TOOL" write "$PROBE/attach" "/proc/$sleeper/fd/7")"
        put "$PROBE/attach" ""
        kill "$sleeper"
        rows=$((rows + 1))
    done <<'ROWS'
+net_admin|EPERM
+net_raw|ok
+net_raw,+net_admin|ok
+sys_ptrace|ok
ROWS
    [ "$rows" -eq 4 ]
}

@test "the daemon has given up what it does not need" {
    local caps

    caps=$((16#$(sed -n 's/^CapEff:\t//p' "/proc/$daemon/status")))
    # CAP_KILL, CAP_NET_RAW, CAP_SYS_MODULE, CAP_SYS_BOOT, CAP_SYS_TIME, CAP_MKNOD
    for cap in 5 13 16 22 25 27; do
        same "capability $cap" 0 $((caps >> cap & 1))
    done
    same bounding "$(sed -n 's/^CapEff:\t//p' "/proc/$daemon/status")" \
        "$(sed -n 's/^CapPrm:\t//p' "/proc/$daemon/status")"
}

# under COMMAND...: what is mounted goes, and comes back with a daemon run by it.
under() {
    stop
    printf '#!/bin/sh\nexec%s "$@"\n' "$(printf ' %q' "$@" "$PROBEFS")" \
        >"$BATS_TEST_TMPDIR/under"
    chmod +x "$BATS_TEST_TMPDIR/under"
    PROBEFS=$BATS_TEST_TMPDIR/under
    start
}

@test "a daemon that cannot become a user opens nothing for that user" {
    needs uprobe_pmu
    under setpriv --bounding-set=-setuid
    others
    chown "$ALICE" "$DIR/uprobe"
    PROBE=$DIR/uprobe/$NAME:target_one
    as "$ALICE" mkdir "$PROBE"
    asks "$ALICE" "$PROBE/attach" count EPERM "probefs could not become user $ALICE"
    contains error "it needs CAP_SETUID and CAP_SETGID" "$(<"$PROBE/error")"
    asks "$ALICE" "$PROBE/attach" "$BPF/none" EPERM "probefs could not become user $ALICE"
    # Root's it can.
    put "$PROBE/attach" count
    stop
    PROBEFS=$TOP/build/plain/mount.probefs
    start
    under setpriv --bounding-set=-setgid
    mkdir "$DIR/uprobe/$NAME:target_one"
    refused "$DIR/uprobe/$NAME:target_one/attach" count EPERM "probefs could not become user 0"
}

@test "the hardened unit bounds what the daemon keeps, neither more nor less" {
    local kept unit=$BATS_TEST_TMPDIR/probefs.service

    kept=$(grep '^Cap' "/proc/$daemon/status")
    hardened_unit >"$unit"
    same "the unit's bounding set" "$(sed -n 's/^CapBnd:\t//p' <<<"$kept")" \
        "$(setpriv --bounding-set="$(bounding_set "$unit")" \
            sed -n 's/^CapBnd:\t//p' /proc/self/status)"
    under setpriv --bounding-set="$(bounding_set "$unit")"
    same capabilities "$kept" "$(grep '^Cap' "/proc/$daemon/status")"
}

@test "under the hardened unit a session goes as without it" {
    local mode unit=$BATS_TEST_TMPDIR/probefs.service

    [[ $PROBEFS == */plain/* ]] || skip "sanitizers make calls of their own"
    command -v systemd-analyze >/dev/null || skip "no systemd-analyze"
    needs uprobe_pmu perf_link
    cat "$DIR/features" >"$BATS_TEST_TMPDIR/features"
    hardened_unit >"$unit"
    under setpriv --no-new-privs --bounding-set="$(bounding_set "$unit")" \
        "$TOP/tests/confine" "$unit"
    same seccomp 2 "$(sed -n 's/^Seccomp:\t//p' "/proc/$daemon/status")"
    diff "$BATS_TEST_TMPDIR/features" "$DIR/features"
    program plain
    given
    # Alice's, by a path and by a descriptor of her own.
    cp "$TARGET" "$BATS_TEST_TMPDIR/theirs"
    asks "$ALICE" "$PROBE/path" "$BATS_TEST_TMPDIR/theirs" ok
    asks "$ALICE" "$PROBE/attach" count ok
    "$BATS_TEST_TMPDIR/theirs" target_one 3
    same hits 3 "$(hits "$PROBE")"
    as "$ALICE" rmdir "$PROBE"
    # A child of the daemon's confines itself more.
    mkdir "$DIR/prog/$NAME"
    cp "$PROGRAMS/bpf/plain.bpf.o" "$DIR/prog/$NAME/object"
    echo 1 >"$DIR/prog/$NAME/load"
    same loaded plain "$(<"$DIR/prog/$NAME/program/plain/name")"
    rmdir "$DIR/prog/$NAME"
    # By its path, its id and a descriptor of another process.
    probe "uprobe/$NAME:target_one" "$BPF/plain"
    put "$PROBE/attach" ""
    put "$PROBE/attach" "id:$("$TOOL" id "$BPF/plain")"
    put "$PROBE/attach" ""
    same descriptor ok \
        "$("$TOOL" with "$BPF/plain" 7 "$TOOL" write "$PROBE/attach" /proc/self/fd/7)"
    # Pinned, moved, left, adopted, unpinned.
    put "$PROBE/pin" "$BPF/link"
    put "$PROBE/pin" "$BPF/moved"
    rmdir "$PROBE"
    probe "uprobe/$NAME:target_one" "$BPF/moved"
    hit target_one 2
    same "hits of the pinned" 2 "$(value plain)"
    put "$PROBE/pin" ""
    [ ! -e "$BPF/moved" ]
    rm -r "$PROBE"
    # The other kinds, each whole.
    probe tracepoint/syscalls:sys_enter_getpid count
    probe usdt/libstdc++.so.6:libstdcxx:throw count
    # In the network namespace of the writer, which the daemon enters.
    probe xdp/lo
    same "another namespace" ok \
        "$(unshare --net "$TOOL" write "$PROBE/attach" count)"
    rmdir "$PROBE"
    objects=("$DIR"/link/*/ "$DIR"/prog/*/)
    cat "$DIR"/*/available "$DIR"/*/*/info "$DIR"/*/*/sites "$DIR"/prog/*/{info,maps} \
        "$DIR"/link/*/{info,prog} "${objects[0]}"* "${objects[-1]}"* >/dev/null 2>"$BATS_TEST_TMPDIR/errors" || true
    for mode in link ioctl tracefs; do
        remount "attach_mode=$mode"
        probe "uprobe/$NAME:target_one" count
        hit target_one 2
        same "hits, $mode" 2 "$(hits "$PROBE")"
    done
}
