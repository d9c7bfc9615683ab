# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# object_files.bash - what the tests of users' objects share.

# put NAME [FILE]: an object in a directory of that name.
put() {
    mkdir "$DIR/prog/$1"
    cat "${2:-$PROGRAMS/bpf/$1.bpf.o}" >"$DIR/prog/$1/object"
}

# loads NAME: it is loaded.
loads() {
    local got

    got=$("$TOOL" write "$DIR/prog/$1/load" 1)
    same "loading $1 ($(<"$DIR/prog/$1/error"))" ok "$got"
}
