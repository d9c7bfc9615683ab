#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# The order of the programs on a hook of tcx, and all of them told.
# bats file_tags=net,later
# shellcheck disable=SC2154

load helpers
load net

# chain: the programs on the hook of $PROBE, by their names.
chain() {
    awk -F '\t' '{ printf "%s%s", separator, $2; separator = " " }' "$PROBE/sites"
}

# in_order NAME ORDER: a program of that name, put there.
in_order() {
    program net_tcx section "$1"
    probe "tcx/v0:egress@$1"
    put "$PROBE/order" "$2"
    there "$PROBE/attach" "$BPF/$1"
}

# ids: of the programs on the hook, in their order.
ids() {
    awk -F '\t' '{ sub(/prog /, "", $3); printf "%s%s", separator, $3; separator = " " }' "$PROBE/sites"
}

# id NAME: of the program that is pinned there.
id() { "$TOOL" id "$BPF/$1"; }

link_of() { info "$DIR/tcx/v0:egress@$1" link_id; }

@test "programs run in the order that is asked for" {
    needs tcx
    in_order a last
    in_order b first
    same order "$(id b) $(id a)" "$(ids)"
    in_order c "after $(id b)"
    same order "$(id b) $(id c) $(id a)" "$(ids)"
    in_order d "before link:$(link_of c)"
    same order "$(id b) $(id d) $(id c) $(id a)" "$(ids)"
    put "$DIR/tcx/v0:egress@a/pin" "$BPF/link"
    in_order e "before $BPF/link"
    same order "$(id b) $(id d) $(id c) $(id e) $(id a)" "$(ids)"
    in_order f "after $BPF/b"
    same order "$(id b) $(id f) $(id d) $(id c) $(id e) $(id a)" "$(ids)"
    # Another order is another place.
    PROBE=$DIR/tcx/v0:egress@f
    there "$PROBE/order" "after prog:$(id a)"
    same order "$(id b) $(id d) $(id c) $(id e) $(id a) $(id f)" "$(ids)"
    same programs 6 "$(info "$PROBE" hook_programs)"
    # All of them see the packets.
    within "$SENDER" frames v0 30
    for name in a b c d e f; do
        same "hits of $name" 30 "$(value $name)"
    done
    rm "$BPF/link"
}

@test "programs of others are told, and which is the probe's own" {
    needs tcx
    in_order a ""
    nsenter --net="/proc/$NET/ns/net" "$PROGRAMS/tool" id "$BPF/a" >/dev/null
    PROBE=$DIR/tcx/v0:egress@a
    same sites $'1\tnet_tcx\tprog '"$(id a)"$'\tlink '"$(link_of a)"$'\tthis' "$(<"$PROBE/sites")"
    in_order b first
    PROBE=$DIR/tcx/v0:egress@a
    same sites $'1\tnet_tcx\tprog '"$(id b)"$'\tlink '"$(link_of b)"$'\n2\tnet_tcx\tprog '"$(id a)"$'\tlink '"$(link_of a)"$'\tthis' \
        "$(<"$PROBE/sites")"
}

@test "the same program is on a hook once, and gets another place" {
    needs tcx
    in_order a last
    probe tcx/v0:egress@twice
    not_there "$PROBE/attach" "$BPF/a" EEXIST "the program is on 'v0:egress' already"
    in_order b first
    PROBE=$DIR/tcx/v0:egress@a
    there "$PROBE/order" first
    same order "$(id a) $(id b)" "$(ids)"
}

@test "a revision that has passed is refused, and the new one told" {
    local now

    needs tcx
    in_order a last
    now=$(info "$PROBE" hook_revision)
    probe tcx/v0:egress@b
    put "$PROBE/revision" $((now + 1))
    not_there "$PROBE/attach" count ESTALE "it is $now now"
    put "$PROBE/revision" "$now"
    there "$PROBE/attach" count
    same revision $((now + 1)) "$(info "$PROBE" hook_revision)"
    # The value that is there is no new expectation.
    there "$PROBE/attach" count
    same state attached "$(info "$PROBE" state)"
}

@test "an anchor is not kept by the probe that names it" {
    needs tcx
    in_order a last
    put "$PROBE/pin" "$BPF/link"
    in_order b "before $BPF/link"
    PROBE=$DIR/tcx/v0:egress@a
    rm "$BPF/link"
    rmdir "$PROBE"
    PROBE=$DIR/tcx/v0:egress@b
    same order "$(id b)" "$(ids)"
}

@test "a revision is looked at once, and not by what the change does itself" {
    local now

    needs tcx
    in_order a last
    now=$(info "$PROBE" hook_revision)
    there "$PROBE/revision" "$now"
    same state attached "$(info "$PROBE" state)"
    in_order b first
    PROBE=$DIR/tcx/v0:egress@a
    now=$(info "$PROBE" link_id)
    not_there "$PROBE/order" first ESTALE "are not of revision"
    same "link id" "$now" "$(info "$PROBE" link_id)"
    same order "$(id b) $(id a)" "$(ids)"
}
