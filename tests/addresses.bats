#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Addresses of the kernel are for those who see them in /proc/kallsyms.
# The settings have meant the same since before the first guest.
# bats file_tags=bpf,root,ends

# shellcheck disable=SC2016  # inner shells
load kprobe
load users

ZEROS=0x0000000000000000

setup() {
    prepare
    settings=$(sysctl -n kernel.kptr_restrict kernel.perf_event_paranoid | paste -sd' ')
}

teardown() {
    # shellcheck disable=SC2086  # two words
    [ ! -e /run/vm/share ] || restrict $settings
    finish
}

# restrict KPTR_RESTRICT PARANOID: in guests only.
restrict() {
    sysctl -qw "kernel.kptr_restrict=$1" "kernel.perf_event_paranoid=$2"
}

# as_reader WHO COMMAND...
as_reader() {
    case $1 in
    root) "${@:2}" ;;
    alice) as "$ALICE" "${@:2}" ;;
    weak) setpriv --bounding-set=-syslog --inh-caps=-syslog "${@:2}" ;;
    esac
}

# sees WHO: as /proc/kallsyms has it.
sees() {
    as_reader "$1" awk '$2 ~ /[tT]/ { exit $1 ~ /^0*$/ } ' /proc/kallsyms
}

# tells WHO FILE ADDRESS: the file has it, or zeros, as kallsyms has.
tells() {
    local text wanted=$3

    sees "$1" || wanted=$ZEROS
    text=$(as_reader "$1" cat "$2")
    contains "${2##*/} to $1" "$wanted" "$text"
    [[ $wanted == "$3" || $text != *"$3"* ]] || fault "${2##*/} tells $1 the address"
    same "length to $1" "$(stat -c %s "$2")" "$(as_reader "$1" stat -c %s "$2")"
}

@test "error tells an address to those only who see it in kallsyms" {
    local where=0xfffffffffffff000 who

    has setpriv
    others
    start mode=0755
    probe "kprobe/$where"
    "$TOOL" write "$PROBE/attach" count
    contains error "$where is not in a function of the kernel" "$(<"$PROBE/error")"
    for who in root weak alice; do
        tells "$who" "$PROBE/error" "$where"
    done
}

@test "info, sites and link/ID/info do so too, under each setting" {
    local where setting who id

    [ -e /run/vm/share ] || skip "not in a guest"
    has setpriv
    others
    start mode=0755,attach_mode=link
    needs kprobe_pmu link_info_perf kallsyms
    probe "kprobe/$FUNCTION" count
    where=$(info "$PROBE" address)
    id=$(info "$PROBE" link_id)
    [[ $where == 0xffffffff* ]]
    for setting in "0 1" "0 2" "1 1" "1 2"; do
        echo "setting: $setting"
        # shellcheck disable=SC2086  # two words
        restrict $setting
        for who in root weak alice; do
            tells "$who" "$PROBE/info" "$where"
            tells "$who" "$PROBE/sites" "$where"
        done
        tells root "$DIR/link/$id/info" "$where"
        tells weak "$DIR/link/$id/info" "$where"
    done
    # Nobody sees them, root neither, and what the kernel hides is left out.
    restrict 2 2
    run sees root
    [ "$status" -ne 0 ]
    [[ $(<"$PROBE/info") != *"$where"* ]]
}
