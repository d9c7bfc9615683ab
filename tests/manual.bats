#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# The manual and README.md: their lists are the program's tables.
# bats file_tags=host,fs,root
# shellcheck disable=SC2030,SC2031  # bats sets output and status

load hardened
load manual

# Words, one a line, sorted.
words() {
    tr -s ' ,' '\n' | grep -v '^\.*$' | sort -u
}

# same NAME FILE FILE: what the program has, what the manual has.
same() {
    diff "$2" "$3" >"$BATS_TEST_TMPDIR/diff" || {
        printf '%s: < the program, > the manual\n' "$1"
        cat "$BATS_TEST_TMPDIR/diff"
        return 1
    }
}

# usage FROM TO: the lines of --help between those two.
usage() {
    "$PROBEFS" --help | sed -n "/^$1/,/^$2/p" | sed '1d;/^[^ ]/d'
}

@test "the manual is well-formed" {
    command -v mandoc >/dev/null || skip "no mandoc"
    run mandoc -T lint -W warning "$MANUAL"
    echo "$output"
    [ "$status" -eq 0 ] && [ -z "$output" ]
}

@test "the manual has every mount option" {
    cd "$BATS_TEST_TMPDIR"
    usage options: 'MODE is' | awk '{ sub(/=.*/, "", $1); print $1 }' |
        sort >program
    section OPTIONS | awk '/^\.Bl/ { depth++ } /^\.El/ { depth-- }
        depth == 1 && /^\.It Cm/ { print $3 }' | grep -v '^remount$' |
        sort >manual
    same options program manual
}

@test "the manual has every way to attach" {
    cd "$BATS_TEST_TMPDIR"
    usage 'MODE is' handed | awk '{ print $1 }' | sort >program
    section OPTIONS | awk '/^\.Bl/ { depth++ } /^\.El/ { depth-- }
        depth == 2 && /^\.It Cm/ { print $3 }' | sort >manual
    same attach_mode program manual
}

@test "the manual has every option that is for others" {
    cd "$BATS_TEST_TMPDIR"
    usage handed ignored | words | grep -vx remount >program
    section OPTIONS | sed -n '/^These are handed/,/^are always/p' |
        sed -n 's/^\.Cm //p' | words >manual
    same flags program manual
    "$PROBEFS" --help | sed '1,/^ignored:/d' | words >program
    section OPTIONS | sed -n '/^These are for others/,$p' |
        sed -n 's/^\.Cm //p' | words >manual
    same ignored program manual
}

@test "the manual has every kind, its names and its fields" {
    local kind

    mounted
    cd "$BATS_TEST_TMPDIR"
    for kind in "$DIR"/*/help; do
        kind=$(basename "$(dirname "$kind")")
        # The item of the kind, as it stands in the manual.
        section FILES | awk -v kind="$kind" '/^\.Ss/ { on = 0 }
            /^\.It Cm/ { on = 0; for (i = 3; i <= NF; i++) on = on || $i == kind }
            on' >item
        sed -n 's/^names: //p' "$DIR/$kind/help" | sed 's/;.*//; s/ or /, /' |
            tr , '\n' | tr -d ' ' | sort >program
        sed -n 's/^\.Dl //p' item | sort >manual
        same "names of $kind" program manual
        sed -n '/^files:/,/^  attach /p' "$DIR/$kind/help" | sed '1d;$d' |
            awk '{ print $1 }' | sort >program
        sed -n 's/^\.It Pa \([a-z_]*\)$/\1/p' item | sort >manual
        same "fields of $kind" program manual
        grep -qF "\`$kind\`" "$TOP/README.md" || {
            echo "not in README.md: $kind"
            return 1
        }
    done
}

@test "the manual has every file of a probe" {
    mounted
    cd "$BATS_TEST_TMPDIR"
    sed -n '/^  attach /,/^$/p' "$DIR"/{uprobe,iter}/help |
        awk 'NF { print $1 }' | sort -u >program
    section FILES | sed -n '/^\.Ss Files/,/^\.Ss Programs/p' |
        sed -n 's/^\.It Pa \([a-z]*\)$/\1/p' | sort >manual
    same files program manual
}

@test "the manual has every form of reference" {
    mounted
    cd "$BATS_TEST_TMPDIR"
    sed -n '/^what may be written/,$p' "$DIR/uprobe/help" |
        awk -F '  +' '/^  / { gsub(" ", "", $2); print $2 }' | sort >program
    section FILES | sed -n '/^\.Ss Programs$/,/^\.S[sh] [^P]/p' | sed -n 's/^\.It //p' |
        grep -vx 'empty line' |
        sed 's/^[A-Z][a-z] //; s/ Ns//g; s/ [A-Z][a-z] //g; s/ //g' | sort >manual
    same references program manual
}

# items FROM: the files that have an item in that subsection, sorted.
items() {
    section FILES | awk -v name=".Ss $1" '/^\.Ss / { on = $0 == name; next } on' |
        sed -n 's/^\.It Pa //p' | sed 's/ Ns [^,]*//g' | words | tr -d / | sort -u
}

@test "the manual has every file below prog" {
    local web=$DIR/prog/web

    mounted
    cd "$BATS_TEST_TMPDIR"
    mkdir "$web"
    cp "$BUILD/tests/bpf/raw.bpf.o" "$web/object"
    { ls "$web" && ls "$web/program/raw"; } | words >program
    items "Object files" >manual
    same "files of an object file" program manual
    { ls "$web/map/hits" && echo data; } | words >program
    items "Maps and variables" >manual
    same "files of a map" program manual
    ls "$web/program/raw/run" | words >program
    items "Running a program" >manual
    same "files of a run" program manual
}

@test "the manual says what each kind needs and does" {
    mounted
    cd "$BATS_TEST_TMPDIR"
    for help in "$DIR"/*/help; do
        kind=${help%/help}
        awk -v kind="${kind##*/}" '/^who may use it: /{ use = /root/ ? "alters" : "observes" }
            /^to attach a program/{ sub(".*: ", ""); sub("no cap.*", "none"); need = $0 }
            END { print kind, need, use }' "$help"
    done | sort >program
    [ "$(wc -l <program)" -ge 6 ]
    section SECURITY | sed -n 's/^\.It \([a-z_]*\) Ta \(.*\) Ta \(.*\)$/\1 \2 \3/p' | sort >manual
    same rights program manual
}

@test "the manual has every feature, every built-in program, every kernel tested" {
    local name

    mounted
    cd "$BATS_TEST_TMPDIR"
    cut -f 1 "$DIR/features" | sort >program
    section KERNELS | sed -n '1,/^Of the kernels/s/^\.It //p' | words >manual
    same features program manual
    for name in $(find "$DIR/prog" -mindepth 1 -maxdepth 1 -name '[a-z]*' -type d -printf '%f\n') \
        $(awk '!/^ *(#|$)/ { print $1 }' "$TOP/tests/vm/kernels"); do
        grep -qwF -- "$name" "$MANUAL" || {
            echo "not in the manual: $name"
            return 1
        }
    done
}

# sources: all that the program is made of, each file in one line, since a call
# may go over several.
sources() {
    find "$TOP" -path "$TOP/build" -prune -o -path "$TOP/tests" -prune -o \
        -name '*.c' -print | while read -r file; do
        tr -s ' \t\n' ' ' <"$file"
        echo
    done
}

@test "the manual explains every errno" {
    cd "$BATS_TEST_TMPDIR"
    sources >all
    {
        grep -ohE '\bfail(_at)?\( ?[a-z_>.-]+, E[A-Z0-9]+' all
        grep -ohE '\.code = E[A-Z0-9]+' all
        # EBADF: of a descriptor that no open() gave; ESTALE: the kernel comes again.
        grep -ohE '(return|err =|: ?) ?-E[A-Z0-9]+;' all | grep -vE 'EBADF|ESTALE'
        # ENOTSUP: another name of EOPNOTSUPP.
    } | grep -oE '\bE[A-Z0-9]+' | grep -vx ENOTSUP | sort -u >program
    [ "$(wc -l <program)" -ge 25 ]
    section DIAGNOSTICS | sed -n 's/^\.It Bq Er //p' | sort >manual
    comm -23 program manual >missing
    cat missing
    [ ! -s missing ]
}

@test "the manual and its hardened unit have every capability that is kept" {
    cd "$BATS_TEST_TMPDIR"
    sed -n 's/^\t{ \(CAP_[A-Z_]*\), .*/\1/p' "$TOP"/fs/*/caps.c | sort >program
    [ "$(wc -l <program)" -ge 10 ]
    hardened_unit | sed -n 's/^CapabilityBoundingSet=//p' | words >unit
    same unit program unit
    section SECURITY | sed -n '/^The daemon gives up/,$p' |
        grep -o 'CAP_[A-Z_]*' | sort >manual
    same SECURITY program manual
}

@test "README.md has every make variable and target" {
    local name

    for name in $(sed -n 's/^\([A-Z_]*\) *?=.*/\1/p' "$TOP/Makefile") \
        $(sed -n 's/^\([a-z_.-]*\):[^#]*## .*/\1/p' "$TOP/Makefile"); do
        grep -q "^|.*\`$name\`" "$TOP/README.md" || {
            echo "not in README.md: $name"
            return 1
        }
    done
    [ "$(wc -l <"$TOP/README.md")" -le 130 ]
}
