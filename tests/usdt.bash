# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# usdt.bash - what the tests of static probes share.
#
# usdt_target is linked in several ways, in a folder beside the programs, where
# it is found by who comes later.

SHAPES=$PROGRAMS/usdt
OURS+='|usdt_old|usdt_index'
export OURS

# shape NAME LINK...: usdt_target, if it is older than its source.
shape() {
    local out=$SHAPES/$1 source=$TOP/tests/usdt_target.c

    shift
    [ "$out" -nt "$source" ] || {
        cc -O1 -g -o "$out.$$" "$source" "$@" && mv "$out.$$" "$out"
    }
}

# shapes: all of them. The program `shared` has its probes in libshared.so.
shapes() {
    # shellcheck disable=SC2016  # the dynamic linker expands it
    local beside='-Wl,-rpath,$ORIGIN'

    mkdir -p "$SHAPES"
    shape pie -pie -fPIE
    shape exec -no-pie -fno-pie
    shape static -static -no-pie -fno-pie
    shape static-pie -static-pie -fPIE
    shape lld -fuse-ld=lld -pie -fPIE
    shape libshared.so -shared -fPIC -DUSDT_LIBRARY
    shape liblld.so -shared -fPIC -DUSDT_LIBRARY -fuse-ld=lld
    shape shared -DUSDT_MAIN -L"$SHAPES" -lshared "$beside"
    shape shared-lld -DUSDT_MAIN -L"$SHAPES" -llld "$beside"
}

setup_file() {
    [ "$(uname -m)" = x86_64 ] || skip "the probes of usdt_target are for x86-64"
    shapes
}

# mine PROVIDER NAME [COOKIE]: makes a probe of $FILE with that label; its
# directory is $PROBE.
mine() {
    labels=$((${labels:-0} + 1))
    PROBE=$DIR/usdt/label$labels
    mkdir "$PROBE"
    put "$PROBE/path" "$FILE"
    put "$PROBE/provider" "$1"
    put "$PROBE/name" "$2"
    [ -z "${3-}" ] || put "$PROBE/cookie" "$3"
}

# values_are RUN FILE PROGRAM FLAGS: of every shape, with FILE's probes, when RUN
# fires them.
values_are() {
    local name count=0 expected

    FILE=$2
    expected=$("$SHAPES/pie" -e "$4")
    for name in $("$SHAPES/pie" -n); do
        mine shape "$name" "$count"
        put "$PROBE/attach" "$BPF/$3"
        count=$((count + 1))
    done
    "$1"
    same "values of $2 by $3" "$expected" "$("$PROGRAMS/usdt_values" "$BPF/$3")"
}

# restart: the daemon again, which is quicker than removing probes.
restart() {
    stop
    rm -f "$BPF"/usdt_*
    start
}

# talk COMMAND...: a process to fire later; ask LINE: what it answers.
talk() {
    coproc TALK { exec "$@" -i 3>&-; }
    # shellcheck disable=SC2153
    talker=$TALK_PID
}

ask() {
    local answer

    echo "$1" >&"${TALK[1]}"
    read -r answer <&"${TALK[0]}"
    echo "$answer"
}

teardown() {
    [ -z "${talker-}" ] || kill "$talker"
    finish
}

# multi: how a program is loaded for the best that there is.
multi() {
    case $(feature_line uprobe_multi) in
    *$'\t'yes$'\t'*) echo multi-uprobe ;;
    *) echo none ;;
    esac
}
