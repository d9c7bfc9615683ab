#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# What a user may load is what bpf(2) lets that user load.
# bats file_tags=bpf,root,host

# shellcheck disable=SC2030,SC2031,SC2153  # the helpers
load helpers
load users

# with CAPS COMMAND...: as a user with these capabilities only.
with() {
    setpriv --reuid=65534 --regid=65534 --clear-groups \
        --inh-caps="$1" --ambient-caps="$1" "${@:2}"
}

# by_libbpf CAPS NAME: "ok", or what the kernel says.
by_libbpf() {
    local said

    if said=$(with "$1" "$TOOL" load "$OBJECT" "on_$2" "$BPF/$2" section 2>&1); then
        rm "$BPF/$2"
        echo ok
    else
        case $said in
        *"not permitted"*) echo EPERM ;;
        *"denied"*) echo EACCES ;;
        *) echo "$said" ;;
        esac
    fi
}

# says CAPS NAME ERROR: the sentence names a capability that is missing.
says() {
    local part

    for part in CAP_BPF CAP_PERFMON CAP_NET_ADMIN; do
        [[ $3 != *"$part"* ]] || return 0
    done
    fault "$2 with $1: $3"
}

@test "a user loads what its capabilities let it load" {
    local caps dir name want got rows=0 allowed=0

    others
    OBJECT=$BATS_FILE_TMPDIR/rights.bpf.o
    cp "$PROGRAMS/bpf/rights.bpf.o" "$OBJECT"
    chmod 1777 "$BPF"
    chmod 0711 "$DIR/prog"
    chown 65534 "$DIR/prog"
    with -all mkdir "$DIR/prog/rights"
    cat "$OBJECT" >"$DIR/prog/rights/object"
    for dir in "$DIR"/prog/rights/program/*/; do
        name=${dir%/} name=${name##*/on_}
        echo 1 >"$dir/autoload"
        for caps in -all +bpf +bpf,+perfmon +bpf,+net_admin +perfmon,+net_admin +sys_admin; do
            want=$(by_libbpf "$caps" "$name")
            got=$(with "$caps" "$TOOL" write "$DIR/prog/rights/load" 1)
            same "$name with $caps ($(<"$DIR/prog/rights/error"))" "$want" "$got"
            rows=$((rows + 1))
            if [ "$got" = ok ]; then
                allowed=$((allowed + 1))
                same "uid of $name" 65534 "$(info "$dir" uid)"
                echo 0 >"$DIR/prog/rights/load"
            else
                says "$caps" "$name" "$(<"$DIR/prog/rights/error")"
            fi
        done
        echo 0 >"$dir/autoload"
    done
    same rows 126 "$rows"
    # 4 types take CAP_BPF, 4 CAP_PERFMON, too, and 13 CAP_NET_ADMIN, too.
    same "what is allowed" $((4 * 4 + 4 * 2 + 13 * 2)) "$allowed"
}
