#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# prog/NAME/: object files that users bring, loaded, set, attached and replaced.
# bats file_tags=fs,bpf,root

# shellcheck disable=SC2016,SC2030,SC2031,SC2034  # subshells; the helpers
load helpers
load users

OBJECTS=$PROGRAMS/bpf

kcall() { "$PROGRAMS/kcall" "$@"; }

# object NAME FILE: a directory of that name with that object file.
object() {
    mkdir "$DIR/prog/$1"
    cp "$OBJECTS/$2.bpf.o" "$DIR/prog/$1/object"
}

# only PROGRAM: what else raw.bpf.o has is for kernels that have it.
only() {
    local name

    for name in raw raw_greedy raw_cookie raw_writable raw_btf; do
        [ "$name" = "$1" ] || echo 0 >"$OBJ/program/$name/autoload"
    done
}

# entries DIR: how many.
entries() {
    local names=("$1"/*)

    echo "${#names[@]}"
}

# field NAME FILE: of the lines `key:<TAB>value`.
field() { sed -n "s/^$1:\t//p" "$2"; }

@test "an object is set, loaded, attached by each reference, and replaced under its links" {
    local P=$DIR/raw_tracepoint/sys_enter reference id
    OBJ=$DIR/prog/web

    object web raw
    same state "not loaded" "$(field state "$OBJ/info")"
    same programs "raw raw_btf raw_cookie raw_greedy raw_writable" "$(echo "$OBJ"/program/* | sed "s,$OBJ/program/,,g")"
    same maps "cookies hits" "$(echo "$OBJ"/map/* | sed "s,$OBJ/map/,,g")"
    same license "Dual BSD/GPL" "$(<"$OBJ/license")"
    contains info $'map:\thits\tarray\tkey 4\t' "$(<"$OBJ/info")"
    same type raw_tracepoint "$(<"$OBJ/program/raw/type")"
    same "tag and BTF" "" "$(cat "$OBJ/program/raw/tag" "$OBJ/program/raw/btf")"
    same section raw_tp "$(<"$OBJ/program/raw/section")"
    only raw
    same autoload 0 "$(<"$OBJ/program/raw_cookie/autoload")"
    refused "$OBJ/program/raw/autoload" 2 EINVAL ""
    put "$OBJ/log_level" 1
    put "$OBJ/load" 1
    same state loaded "$(field state "$OBJ/info")"
    contains log "processed " "$(<"$OBJ/log")"
    refused "$OBJ/program/raw/autoload" 0 EBUSY "write 0 to 'load' first"
    put "$OBJ/program/raw/autoload" 1
    put "$OBJ/program/raw/pin" "$BPF/raw"
    id=$(field id "$OBJ/program/raw/info")
    same id "$id" "$("$TOOL" id "$BPF/raw")"
    same BTF "$(field btf_id "$OBJ/program/raw/info")" "$(<"$OBJ/program/raw/btf")"
    same tag "$(field tag "$OBJ/program/raw/info")" "$(<"$OBJ/program/raw/tag")"
    same "prog/ID/info" "$(sed '/^run/d' "$DIR/prog/$id/info")" "$(sed '/^run/d' "$OBJ/program/raw/info")"

    mkdir "$P"
    for reference in prog/web/program/raw prog/web/raw prog/web web/raw web \
        "$OBJ" "$OBJ/program/raw"; do
        put "$P/attach" "$reference"
        same "$reference" "$id" "$(info "$P" prog_id)"
    done
    refused "$P/attach" web/raw_cookie ENODATA "'autoload' is 0"
    refused "$P/attach" web/nothing ENOENT "there is no program 'nothing' in it; 'ls program' lists them"
    refused "$P/attach" prog/web/map/hits EINVAL "not a program, but a map"
    kcall 7

    # The same bytes and settings touch nothing; others are loaded anew, and the
    # link goes on with what it has.
    cp "$OBJECTS/raw.bpf.o" "$OBJ/object"
    put "$OBJ/load" 1
    same id "$id" "$(field id "$OBJ/program/raw/info")"
    cp "$OBJECTS/plain.bpf.o" "$OBJ/object"
    printf 'no ELF' >"$OBJ/object"
    refused "$OBJ/load" 1 EINVAL ELF
    same state loaded "$(field state "$OBJ/info")"
    contains changed "since it was loaded" "$(<"$OBJ/info")"
    same id "$id" "$(field id "$OBJ/program/raw/info")"
    put "$OBJ/load" 0
    same "after unloading" "" "$(ls "$OBJ/program")"
    kcall 3
    same hits 10 "$(value raw)"
    same "still attached" "$id" "$(info "$P" prog_id)"
    refused "$P/attach" web ENODATA "it is not loaded"
    rm -rf "$OBJ"
    [ ! -e "$OBJ" ]
    kcall 1
    same hits 11 "$(value raw)"
    rmdir "$P"
}

@test "an object file is copied by whatever copies files" {
    local file=$OBJECTS/raw.bpf.o size O
    OBJ=$DIR/prog/web
    O=$OBJ/object

    size=$(stat -c %s "$file")
    mkdir "$OBJ"
    cp "$file" "$O" && cmp "$file" "$O"
    same size "$size" "$(stat -c %s "$O")"
    install -m 600 "$file" "$O" && cmp "$file" "$O"
    dd if="$file" of="$O" bs=1000 status=none && cmp "$file" "$O"
    cat "$file" >"$O" && cmp "$file" "$O"
    cp "$file" "$OBJ/.tmp"
    # The first scratch of a mount has the least number.
    contains listing ".tmp btf data " "$(timeout 60 ls -A "$OBJ" | xargs)"
    mv "$OBJ/.tmp" "$O" && cmp "$file" "$O"
    tar -C "$DIR/prog" -cf "$BATS_TEST_TMPDIR/web.tar" web
    timeout 60 tar -C "$DIR/prog" -xf "$BATS_TEST_TMPDIR/web.tar" && cmp "$file" "$O"
    # What was looked at is not what is written then.
    same state "not loaded" "$(field state "$OBJ/info")"
    : >"$O"
    same size 0 "$(stat -c %s "$O")"
    head -c 100 "$file" >>"$O"
    same "in it" "" "$(ls "$OBJ/program")"
    tail -c +101 "$file" >>"$O" && cmp "$file" "$O"
    same programs 5 "$(entries "$OBJ/program")"
    truncate -s 64 "$O"
    cmp -n 64 "$file" "$O"
    same size 64 "$(stat -c %s "$O")"
    rm "$O"
    refused "$OBJ/load" 1 ENODATA "there is no object yet; copy one into 'object'"
    [ ! -e "$O" ]
    cp "$file" "$O" && cmp "$file" "$O"

    # Others cannot have the name; it stays, and goes with all that is there.
    run mkdir "$OBJ" "$DIR/prog/count" "$DIR/prog/12x"
    [ "$status" -eq 1 ]
    same error "mkdir: EINVAL: '12x' begins with a digit, as the ids of the kernel's programs do" "$(<"$DIR/prog/error")"
    run mkdir "$DIR/prog/id:5"
    [ "$status" -eq 1 ]
    same error "mkdir: EINVAL: 'id:5' has a ':' or a blank in it, as no name in 'attach' has" "$(<"$DIR/prog/error")"
    run mv "$OBJ" "$DIR/prog/other"
    [ "$status" -eq 1 ]
    contains error "rename: EPERM: the name of a program stays" "$(<"$DIR/prog/error")"
    : >"$OBJ/scratch"
    rmdir "$OBJ"
    [ ! -e "$OBJ" ]
}

@test "what is no object file that can be loaded says why" {
    local file=$OBJECTS/raw.bpf.o bad=$BATS_TEST_TMPDIR/bad
    OBJ=$DIR/prog/bad

    mkdir "$bad" "$OBJ"
    : >"$bad/ENODATA-empty"
    head -c 3000 "$file" >"$bad/EINVAL-truncated"
    { head -c 5 "$file"; printf '\2'; tail -c +7 "$file"; } >"$bad/EINVAL-foreign-endian"
    { head -c 4 "$file"; printf '\1'; tail -c +6 "$file"; } >"$bad/EINVAL-32-bit"
    cp "$TARGET" "$bad/EINVAL-not-bpf"
    echo text >"$bad/EINVAL-text"
    for file in "$bad"/*; do
        echo "row: ${file##*/}"
        cp "$file" "$OBJ/object"
        same programs "" "$(ls "$OBJ/program")"
        file=${file##*/}
        refused "$OBJ/load" 1 "${file%%-*}" " "
    done
    refused "$OBJ/load" yes EINVAL ""
    refused "$OBJ/log_level" 8 EINVAL "'8' is no sum"
    refused "$OBJ/btf" /dev/null EINVAL ""

    cp "$OBJECTS/many.bpf.o" "$OBJ/object"
    same programs 1000 "$(entries "$OBJ/program")"

    remount max_object=4K
    mkdir "$OBJ"
    refused_bytes "$OBJECTS/raw.bpf.o"
}

# refused_bytes FILE: is too large, and what was written before that is there.
refused_bytes() {
    run dd if="$1" of="$OBJ/object" bs=1024
    [ "$status" -eq 1 ]
    contains error "object: EFBIG: an object file has at most 4096 bytes" "$(<"$OBJ/error")"
    same size 4096 "$(stat -c %s "$OBJ/object")"
}

# loader FILE TEXT: Alice, who may load programs, writes it.
loader() {
    same "writing $2 to $1" ok "$(setpriv --reuid="$ALICE" --regid="$ALICE" --clear-groups \
        --inh-caps=+bpf,+perfmon --ambient-caps=+bpf,+perfmon "$TOOL" write "$1" "$2")"
}

@test "a user loads what bpf(2) would let that user load" {
    local P

    others
    chmod 0711 "$DIR/prog" "$DIR/raw_tracepoint"
    chown "$ALICE" "$DIR/prog" "$DIR/raw_tracepoint"
    cp "$OBJECTS/raw.bpf.o" "$BATS_FILE_TMPDIR/object.o"
    OBJ=$DIR/prog/hers
    as "$ALICE" mkdir "$OBJ"
    as "$ALICE" cp "$BATS_FILE_TMPDIR/object.o" "$OBJ/object"
    only raw
    asks "$ALICE" "$OBJ/load" 1 EPERM
    loader "$OBJ/load" 1
    same uid "$ALICE" "$(field uid "$OBJ/program/raw/info")"
    P=$DIR/raw_tracepoint/sys_enter
    as "$ALICE" mkdir "$P"
    as "$ALICE" "$TOOL" write "$P/attach" hers/raw
    same state attached "$(info "$P" state)"
    as "$ALICE" mkdir "$DIR/prog/own"
    as "$ALICE" cp "$BATS_FILE_TMPDIR/object.o" "$DIR/prog/own/object"
    # Before 5.19 no map is described to a user without CAP_BPF.
    loader "$DIR/prog/own/map/hits/reuse" hers/map/hits
    chmod 0700 "$OBJ"
    mkdir "$DIR/raw_tracepoint/sys_exit"
    chown "$BOB" "$DIR/raw_tracepoint/sys_exit"
    asks "$BOB" "$DIR/raw_tracepoint/sys_exit/attach" hers/raw EACCES "a directory on the way there may not be searched"
    echo 0 >"$OBJ/load"
    echo 1 >"$OBJ/load"
    same uid 0 "$(field uid "$OBJ/program/raw/info")"
    asks "$ALICE" "$P/attach" hers/raw EPERM "a program of another user needs CAP_PERFMON"
    asks "$ALICE" "$OBJ/program/raw/pin" "$BPF/hers" EPERM "it was loaded by user 0"
    asks "$ALICE" "$OBJ/map/hits/put" "0 1" EPERM "it was loaded by user 0"
    asks "$ALICE" "$DIR/prog/own/map/hits/reuse" "$OBJ/map/hits" EPERM "it was loaded by user 0"
    put "$DIR/prog/own/map/hits/reuse" ""
    asks "$ALICE" "$DIR/prog/own/map/hits/reuse" hers/map/hits EPERM "it was loaded by user 0"
    rmdir "$DIR/prog/own"
    rmdir "$OBJ"
}
