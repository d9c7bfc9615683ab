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
