#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Every static probe of the distribution's own programs and libraries.
# bats file_tags=host,bpf,root

load helpers
load usdt

# real FILE: every probe of it, as readelf counts them, attached and detached, by
# a pattern and each by its name. On a kernel without multi links, where detaching
# takes long, eight of them.
real() {
    local count names dirs i

    FILE=$(realpath "$1" 2>/dev/null) || skip "no $1 here"
    count=$(readelf -nW "$FILE" 2>/dev/null | grep -c NT_STAPSDT || true)
    [ "$count" -gt 0 ] || skip "$FILE has no static probes"
    mine '' '*'
    same "sites of $FILE" "$count" "$(wc -l <"$PROBE/available")"
    mapfile -t names < <(cut -f 1,2 "$PROBE/available" | sort -u)
    if [ "$(multi)" = none ]; then
        mapfile -t names < <(printf '%s\n' "${names[@]}" | shuf -n 8)
    else
        put "$PROBE/attach" count
        same "sites attached" "$count" "$(info "$PROBE" sites)"
    fi
    rmdir "$PROBE"
    dirs=("${!names[@]}")
    dirs=("${dirs[@]/#/$DIR/usdt/}")
    mkdir "${dirs[@]}"
    for i in "${!names[@]}"; do
        put "${dirs[i]}/path" "$FILE"
        put "${dirs[i]}/provider" "${names[i]%%$'\t'*}"
        put "${dirs[i]}/name" "${names[i]#*$'\t'}"
        put "${dirs[i]}/attach" count
    done
    [ "$(multi)" = none ] || same "sites of all names" "$count" "$(sites_of_all)"
}

# sites_of_all: of all probes together.
sites_of_all() {
    grep -h '^sites:' "$DIR"/usdt/*/info | awk '{ n += $2 } END { print n }'
}

@test "every probe of libstdc++ can be attached" {
    real /usr/lib/x86_64-linux-gnu/libstdc++.so.6
}

@test "every probe of python can be attached" {
    real /usr/bin/python3.11
}

@test "every probe of a compiler can be attached" {
    real "$(cc -print-prog-name=cc1plus)"
}

@test "every probe of postgres can be attached" {
    real "$(echo /usr/lib/postgresql/*/bin/postgres)"
}

@test "every probe of a java virtual machine can be attached" {
    local files=(/usr/lib/jvm/*/lib/server/libjvm.so)

    real "${files[0]}"
}
