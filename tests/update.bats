#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Programs take each other's place in a link that stays; whose they may be.
# bats file_tags=net,root
# shellcheck disable=SC2154

load helpers
load net
load users

# programs: of three names, for tcx.
programs() {
    local name

    needs tcx
    for name in first second third; do
        program net_tcx section "$name"
    done
}

id_of() { "$TOOL" id "$BPF/$1"; }

@test "NEW if OLD replaces OLD and nothing else" {
    local link

    programs
    on tcx/lo:egress "$BPF/first"
    link=$(info "$PROBE" link_id)
    not_there "$PROBE/attach" "$BPF/third if $BPF/second" EPERM "it is not '$BPF/second' that is attached, but 'net_tcx' (id $(id_of first))"
    not_there "$PROBE/attach" "$BPF/third if $BPF/none" ENOENT "'$BPF/none'"
    same attach "$BPF/first" "$(cat "$PROBE/attach")"
    there "$PROBE/attach" "$BPF/second if $BPF/first"
    same attach "$BPF/second" "$(cat "$PROBE/attach")"
    # It is in force, whatever was there before.
    there "$PROBE/attach" "$BPF/second if $BPF/first"
    there "$PROBE/attach" "id:$(id_of third) if id:$(id_of second)"
    same prog_id "$(id_of third)" "$(info "$PROBE" prog_id)"
    same link_id "$link" "$(info "$PROBE" link_id)"
    there "$PROBE/attach" ""
    not_there "$PROBE/attach" "$BPF/first if $BPF/second" EPERM "nothing is attached"
    there "$PROBE/attach" "$BPF/first"
}

@test "a link that others have updated says so, and is not overwritten" {
    local link

    programs
    on tcx/lo:egress "$BPF/first"
    link=$(info "$PROBE" link_id)
    there "$PROBE/pin" "$BPF/pin"
    # Another tool, which knows nothing of the probe.
    put "$DIR/link/$link/prog" "$BPF/second"
    same attach "id:$(id_of second)" "$(cat "$PROBE/attach")"
    same prog_id "$(id_of second)" "$(info "$PROBE" prog_id)"
    contains warning "given another program" "$(info "$PROBE" warning)"
    not_there "$PROBE/attach" "$BPF/third" EPERM "another program by now, 'net_tcx' (id $(id_of second))"
    not_there "$PROBE/attach" "$BPF/first" EPERM "another program by now"
    same prog_id "$(id_of second)" "$(info "$PROBE" prog_id)"
    there "$PROBE/attach" "$BPF/third if id:$(id_of second)"
    same attach "$BPF/third" "$(cat "$PROBE/attach")"
    same link_id "$link" "$(info "$PROBE" link_id)"
    same pinned "$BPF/pin" "$(info "$PROBE" pinned)"
    [[ -z $(info "$PROBE" warning) ]]
    there "$PROBE/pin" ""
}

# with CAPS COMMAND...: as Alice, who has these capabilities.
with() {
    setpriv --reuid="$ALICE" --regid="$ALICE" --clear-groups \
        --inh-caps="-all$1" --ambient-caps="-all$1" "${@:2}"
}

writes() { "$TOOL" write "$PROBE/attach" "$1"$'\n'; }

@test "kinds that alter are root's, unless allow names them" {
    others
    chmod 0777 "$DIR/tcx"
    ! as "$ALICE" mkdir "$DIR/tcx/lo:egress" || fault "Alice made one"
    contains error "the mount option allow leaves tcx to root" "$(<"$DIR/tcx/error")"
    remount mode=0755,allow=tcx:uprobe
    chmod 0777 "$DIR/tcx"
    as "$ALICE" mkdir "$DIR/tcx/lo:egress"
    PROBE=$DIR/tcx/lo:egress
}

@test "others' programs need the capability that loading them needs" {
    others
    export -f writes
    export TOOL PROBE
    # The root of the tests loaded it, and Alice may use the pin.
    program plain
    chmod 0666 "$BPF/plain"
    chmod 0755 "$BPF"
    chmod 0777 "$DIR/tracepoint"
    PROBE=$DIR/tracepoint/syscalls:sys_enter_getpriority
    as "$ALICE" mkdir "$PROBE"
    with "" bash -c 'writes count' >"$BATS_TEST_TMPDIR/got"
    same "errno without" EPERM "$(<"$BATS_TEST_TMPDIR/got")"
    contains error "a program of probefs needs CAP_PERFMON, or CAP_SYS_ADMIN" "$(<"$PROBE/error")"
    same "errno of others" EPERM "$(with "" bash -c "writes $BPF/plain")"
    same "errno with another capability" EPERM "$(with ,+chown bash -c 'writes count')"
    same "errno with it" ok "$(with ,+perfmon bash -c 'writes count')"
    same "errno with all" ok "$(with ,+sys_admin bash -c 'writes count')"
    rmdir "$PROBE"
}
