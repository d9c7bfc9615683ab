#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Object files of users: what probefs makes of them is what bpftool makes of the
# same file on the same kernel.
# bats file_tags=bpf,root,ends

# shellcheck disable=SC2030,SC2031,SC2153  # the helpers
load helpers
load object_files

# tools NAME FILE: bpftool loads it, and it is pinned below $BPF/NAME.  Maps that
# are to be pinned by their names are where nobody finds them.
tools() {
    mkdir "$BPF/$1"
    # shellcheck disable=SC2016
    unshare --mount sh -c 'mount -t bpf bpf /sys/fs/bpf && exec bpftool prog loadall "$@"' \
        - "$2" "$BPF/$1" >"$BATS_TEST_TMPDIR/bpftool" 2>&1
}

# shown PATTERN: "TYPE NAME TAG SIZE" of each program of such a name.
shown() {
    bpftool prog show | awk -v names="$1" '
        /^[0-9]+: / { key = $2 " " $4 " " $6; named = $4 ~ names }
        named && $1 == "xlated" { print key, $2 }' | sort
}

# twice: whether all lines come in pairs; says those that do not.
twice() {
    local odd

    odd=$(uniq -c | awk '$1 % 2')
    same "programs that are not alike" "" "$odd"
}

# kernel_has MAJOR.MINOR
kernel_has() {
    local release

    release=$(uname -r)
    [ "$(printf '%s\n' "$1" "${release%%[!0-9.]*}" | sort -V | head -n 1)" = "$1" ]
}

@test "a program of each section is what bpftool loads" {
    local name dir program types='' list

    for name in sections sections_code; do
        [ "$name" = sections ] || has_feature fentry || continue
        put "$name"
        tools "$name" "$PROGRAMS/bpf/$name.bpf.o"
        loads "$name"
    done
    list=$(shown '^on_')
    twice <<<"$list"
    for dir in "$DIR"/prog/sections*/program/*/; do
        program=${dir%/}
        types+="$(<"$dir/type") ${program##*/} $(<"$dir/tag")"$'\n'
    done
    same "types and tags" "$(uniq <<<"$list" | cut -d ' ' -f 1-3)" \
        "$(sort <<<"${types%$'\n'}")"
    [ "$(wc -l <<<"$types")" -ge 57 ]
    same "the attach type of a section" cgroup_inet4_getpeername \
        "$(<"$DIR/prog/sections/program/on_getpeername4/attach_type")"
}

# has_feature NAME
has_feature() { [[ $(feature_line "$1") == *$'\t'yes$'\t'* ]]; }

# may_fail NAME ERROR: whether a kernel may refuse that program so.
may_fail() {
    local since

    case $2 in
    *" came with Linux "*)
        since=${2##* came with Linux }
        ! kernel_has "${since%%[!0-9.]*}"
        ;;
    # Few functions may sleep, before 5.11 no hook of theirs.
    *"is not sleepable"*) [[ $1 == @(f*_s|lsm_s) ]] ;;
    *)
        [[ $1 == lirc_mode2 ]] ||
            { [[ $1 == f* || $1 == lsm* || $1 == iter* ]] && ! has_feature fentry; }
        ;;
    esac
}

@test "sections that bpftool does not know load, or the kernel is too old" {
    local dir name got error loaded=0

    put sections
    loads sections
    put sections_new
    same "a target by its section" file_open \
        "$(<"$DIR/prog/sections_new/program/on_lsm_s/target")"
    for dir in "$DIR"/prog/sections_new/program/*/; do
        name=${dir%/} name=${name##*/on_}
        [ "$name" != freplace ] ||
            echo "id:$(info "$DIR/prog/sections/program/on_xdp" id):on_xdp" >"$dir/target"
        echo 1 >"$dir/autoload"
        got=$("$TOOL" write "$DIR/prog/sections_new/load" 1)
        error=$(<"$DIR/prog/sections_new/error")
        if [ "$got" = ok ]; then
            loaded=$((loaded + 1))
            same "type of $name" "$(<"$dir/type")" "$(info "$dir" type)"
            echo 0 >"$DIR/prog/sections_new/load"
        else
            may_fail "$name" "$error" || fault "$name: $error"
        fi
        echo 0 >"$dir/autoload"
    done
    [ "$loaded" -ge 10 ] || fault "only $loaded of them load"
}

# What Debian's packages have, whose loading is a matter of this kernel only.
of_packages() {
    dpkg-query -L libxdp1 ir-keytable golang-github-cilium-ebpf-dev 2>/dev/null |
        grep -E '/(bpf|protocols|testdata)/[^/]*(\.o|-el\.elf|9-eb\.elf)$'
}

@test "objects of other people load where bpftool loads them" {
    local file name got names='' dir list

    [ "$(of_packages | wc -l)" -ge 40 ] || skip "no packages with objects: tests/deps tools"
    for file in $(of_packages); do
        [ -s "$file" ] || continue
        name=$(tr -c '[:alnum:]\n' _ <<<"${file##*/}")
        put "$name" "$file"
        got=$("$TOOL" write "$DIR/prog/$name/load" 1)
        if tools "$name" "$file"; then
            same "$file ($(<"$DIR/prog/$name/error"))" ok "$got"
        elif [ "$got" = ok ]; then
            # Of these our own table knows more.
            grep -q 'guess program type' "$BATS_TEST_TMPDIR/bpftool" ||
                fault "$file: $(<"$BATS_TEST_TMPDIR/bpftool")"
            echo 0 >"$DIR/prog/$name/load"
        fi
    done
    for dir in "$DIR"/prog/*/program/*/; do
        name=${dir%/}
        names+="|^${name##*/}\$"
    done
    list=$(shown "${names#|}")
    twice <<<"$list"
    [ "$(wc -l <<<"$list")" -ge 28 ] || fault "few programs: $list"
}
