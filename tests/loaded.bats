#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# What a program was loaded for, and what it is put on.  A program on what it was
# not loaded for reads a context that is not there: where probefs lets one
# through, the kernel panics.  So this is for guests only.
# bats file_tags=bpf,root,later
# shellcheck disable=SC2153  # $NAME is the helpers'

load kprobe

# Each program asks for its cookie.
TYPES='none multi-kprobe multi-uprobe session-kprobe session-uprobe'

setup() {
    # Only vm/init makes it.
    [ -e /run/vm/share ] || skip "not in a guest: what fails here panics the kernel"
    prepare
}

teardown() {
    [ ! -e /run/vm/share ] || finish
}

# section TYPE: by which name the refusals call it.
section() {
    case $1 in
    none) echo kprobe ;;
    multi-*) echo "${1#*-}.multi" ;;
    session-*) echo "${1#*-}.session" ;;
    esac
}

# known TYPE: the kernel tells such programs from others.
known() { [[ $1 != none ]] && "$TOOL" told "$BPF/$1"; }

# possible TYPE: the kernel has such links.
possible() {
    local feature
    feature=$(section "$1")
    [[ $(feature_line "${feature/./_}") == *$'\t'yes$'\t'* ]]
}

# expected MODE PLACE TYPE: how often a call is counted; 0: it is refused.
expected() {
    local type=$3
    ! known "$type" || possible "$type" || type=impossible
    known "$3" || type=none
    case $type:$1:$2 in
    none:multi:*) echo 0 ;;
    none:*) echo 1 ;;
    session-kprobe:auto:kprobe | session-kprobe:multi:kprobe | \
    session-uprobe:auto:uprobe | session-uprobe:multi:uprobe) echo 2 ;;
    multi-kprobe:auto:kprobe | multi-kprobe:multi:kprobe | \
    multi-kprobe:auto:kretprobe | multi-kprobe:multi:kretprobe | \
    multi-uprobe:auto:uprobe | multi-uprobe:multi:uprobe | \
    multi-uprobe:auto:uretprobe | multi-uprobe:multi:uretprobe) echo 1 ;;
    *) echo 0 ;;
    esac
}

# inside: the offset of an instruction that is not the first of the function.
inside() {
    local offset
    for offset in 4 5; do
        mkdir "$DIR/kprobe/$FUNCTION+$offset"
        if echo "$BPF/none" >"$DIR/kprobe/$FUNCTION+$offset/attach"; then
            rmdir "$DIR/kprobe/$FUNCTION+$offset"
            echo "$offset"
            return
        fi 2>/dev/null
        rmdir "$DIR/kprobe/$FUNCTION+$offset"
    done
    fault "no instruction to probe in $FUNCTION"
}

# programs: one of each type, pinned at $BPF/TYPE.
programs() {
    local type
    for type in $TYPES; do
        program multi "$type" "$type"
    done
}

call_all() {
    kcall 5
    hit target_one 5
}

# refuses TYPE PART: with one of the errnos for what is of the wrong type.
refuses() {
    local got
    got=$("$TOOL" write "$PROBE/attach" "$BPF/$1")
    [[ $got == EINVAL || $got == EOPNOTSUPP ]] || fault "answered $got"
    contains error "$2" "$(<"$PROBE/error")"
    same attach "" "$(<"$PROBE/attach")"
}

# pair MODE PLACE TYPE: attaches, calls, and looks at what was counted.
pair() {
    local cookie=7 times
    echo "pair: $*"
    times=$(expected "$1" "$2" "$3")
    [[ $1 != *ioctl ]] || cookie=0
    "$TOOL" reset "$BPF/$3" hits
    put "$PROBE/cookie" "$cookie"
    if ((times)); then
        put "$PROBE/attach" "$BPF/$3"
    elif ! known "$3"; then
        refuses "$3" "multi link"
    else
        refuses "$3" "was loaded for $(section "$3"), "
    fi
    call_all
    same hits "$((5 * times))" "$(value "$3")"
    # Where the kernel does not know the type, what the cookie is does not matter.
    if [[ $3 == none ]] || known "$3"; then
        same "sum of the cookies" "$((5 * times * cookie))" "$(value "$3" hits 1)"
    fi
    [[ $times != 2 ]] || same backend session "$(info "$PROBE" backend)"
    put "$PROBE/attach" ""
}

# pairs MODE: each place with each type.
pairs() {
    local place name type
    start
    needs cookie
    programs
    local offset
    offset=$(inside)
    remount "attach_mode=$1"
    while IFS='|' read -r place name; do
        probe "$name"
        for type in $TYPES; do
            pair "$1" "$place" "$type"
        done
        rmdir "$PROBE"
    done <<ROWS
kprobe|kprobe/$FUNCTION
inside|kprobe/$FUNCTION+$offset
kretprobe|kretprobe/$FUNCTION
uprobe|uprobe/$NAME:target_one
uretprobe|uretprobe/$NAME:target_one
ROWS
}

@test "attach_mode=auto puts no program on what it was not loaded for" { pairs auto; }
@test "attach_mode=multi puts no program on what it was not loaded for" { pairs multi; }
@test "attach_mode=link puts no program on what it was not loaded for" { pairs link; }
@test "attach_mode=ioctl puts no program on what it was not loaded for" { pairs ioctl; }
@test "attach_mode=tracefs puts no program on what it was not loaded for" { pairs tracefs; }
@test "attach_mode=tracefs-ioctl puts no program on what it was not loaded for" { pairs tracefs-ioctl; }

@test "a pattern of kernel functions gets one session" {
    start
    needs kprobe_session
    program multi session-kprobe
    probe 'kprobe/*sys_sched_rr_get_interval*'
    put "$PROBE/cookie" 3
    put "$PROBE/attach" "$BPF/multi"
    same backend session "$(info "$PROBE" backend)"
    same "number of links" 1 "$(info "$PROBE" link_id | wc -w)"
    kcall 10
    same hits 20 "$(value multi)"
    same "sum of the cookies" 60 "$(value multi hits 1)"
}

@test "a pinned session is taken over as one" {
    local id

    start
    needs kprobe_session
    program multi session-kprobe
    probe "kprobe/$FUNCTION" "$BPF/multi"
    put "$PROBE/pin" "$BPF/pin"
    id=$(info "$PROBE" link_id)
    kill_daemon
    start
    probe "kprobe/$FUNCTION" "$BPF/pin"
    same backend session "$(info "$PROBE" backend)"
    same link_id "$id" "$(info "$PROBE" link_id)"
    kcall 5
    same hits 10 "$(value multi)"
    put "$PROBE/pin" ""
}
