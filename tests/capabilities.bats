#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Capabilities: those of who writes, and those that the daemon keeps.
# bats file_tags=host,bpf,root
# shellcheck disable=SC2030,SC2031

load helpers
load users

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

@test "root without the capability to pass over modes does not" {
    local caps text error rows=0

    needs uprobe_pmu
    probe uprobe/label
    put "$PROBE/symbol" target_one
    cp "$TARGET" "$BATS_TEST_TMPDIR/theirs"
    chmod 0700 "$BATS_TEST_TMPDIR/theirs"
    chown "$ALICE" "$BATS_TEST_TMPDIR/theirs"
    put "$PROBE/path" "$BATS_TEST_TMPDIR/theirs"
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
    probe uprobe/label
    put "$PROBE/symbol" target_one
    cp "$TARGET" "$BATS_TEST_TMPDIR/theirs"
    chmod 0700 "$BATS_TEST_TMPDIR/theirs"
    chown "$ALICE" "$BATS_TEST_TMPDIR/theirs"
    put "$PROBE/path" "$BATS_TEST_TMPDIR/theirs"
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
    # CAP_CHOWN, CAP_KILL, CAP_NET_ADMIN, CAP_SYS_MODULE, CAP_SYS_BOOT, CAP_SYS_TIME
    for cap in 0 5 12 16 22 25; do
        same "capability $cap" 0 $((caps >> cap & 1))
    done
    same bounding "$(sed -n 's/^CapEff:\t//p' "/proc/$daemon/status")" \
        "$(sed -n 's/^CapPrm:\t//p' "/proc/$daemon/status")"
}
