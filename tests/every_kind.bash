# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# shellcheck disable=SC2154  # the helpers'
# every_kind.bash - what a probe of any kind keeps.

setup() {
    prepare
    start
    network
    mounted_cgroup=''
    cgroup2
    CGROUP=probefs-test-$$
    GROUP=$MOUNT/$CGROUP
    mkdir "$GROUP"
    program filter section
    OTHER=$BPF/filter
}

teardown() {
    local failed=0

    rmdir "$GROUP" || failed=1
    [ -z "$mounted_cgroup" ] || umount "$MOUNT" || failed=1
    end_spaces
    rm -rf "$BPF"/{filter,iter_task,sockets,pin}
    finish || failed=1
    return "$failed"
}

# written FILE TEXT: prints the errno, or ok.
written() {
    case $1 in
    "$DIR"/net* | "$DIR"/xdp/* | "$DIR"/tcx/*) within "$TOOL" write "$1" "$2"$'\n' ;;
    *) "$TOOL" write "$1" "$2"$'\n' ;;
    esac
}

# takes FILE TEXT: it is written.
takes() { same "writing ${2:0:80} to $1 ($(<"${1%/*}/error"))" ok "$(written "$1" "$2")"; }

# ids: of the probe's links.
ids() { sed -n 's/.*\tlink \([0-9]*\).*/\1/p' "$PROBE/sites"; }

# none_of IDS: the kernel has those links no more.
none_of() {
    local id

    for id in $1; do
        [ ! -e "$DIR/link/$id" ] || return 1
    done
}

# makes NAME FIELD=VALUE...: the probe, with its fields, the last one first.
makes() {
    local i field

    probe "$1"
    for ((i = $#; i > 1; i--)); do
        field=${!i}
        takes "$PROBE/${field%%=*}" "${field#*=}"
    done
}

# takes_cookie: the kernel gives programs of this kind one; else the write is
# refused with a reason, and 0 stays.
takes_cookie() {
    local got

    got=$(written "$PROBE/cookie" 7)
    [ "$got" != ok ] || return 0
    [[ $got == EOPNOTSUPP || $got == EINVAL ]] || fault "$PROBE: cookie: $got"
    contains error "cookie: $got: " "$(<"$PROBE/error")"
    same cookie 0 "$(<"$PROBE/cookie")"
    return 1
}

# attached IDS: and with that program.
attached() {
    same "links of $PROBE" "$1" "$(ids)"
    same "attach of $PROBE" "$ATTACH" "$(<"$PROBE/attach")"
    same "state of $PROBE" attached "$(info "$PROBE" state)"
}

# The same bytes again touch nothing.
twice() {
    local mode file links

    links=$(ids)
    [ -n "$links" ]
    while read -r mode file; do
        [[ $mode == 4* || $file == */attach ]] || takes "$file" "$(<"$file")"
    done < <(stat -c '%a %n' "$PROBE"/*)
    takes "$PROBE/attach" "$ATTACH"
    attached "$links"
}

refuses_others() {
    local links what

    links=$(ids)
    for what in "$BPF/none:ENOENT" "$OTHER:EINVAL"; do
        same "$PROBE: ${what%:*}" "${what##*:}" "$(written "$PROBE/attach" "${what%:*}")"
        contains error "attach: ${what##*:}: " "$(<"$PROBE/error")"
        attached "$links"
    done
}

goes_and_comes() {
    local links

    links=$(ids)
    takes "$PROBE/enabled" 0
    same "links while it is off" "" "$(ids)"
    same state disabled "$(info "$PROBE" state)"
    eventually none_of "$links"
    takes "$PROBE/enabled" 1
    attached "$(ids)"
    takes "$PROBE/attach" ""
    same state detached "$(info "$PROBE" state)"
    takes "$PROBE/attach" "$ATTACH"
    [ -n "$(ids)" ]
}

# The pin of one is adopted by another.
pinned_and_adopted() {
    local links

    takes "$PROBE/pin" "$BPF/pin"
    links=$(ids)
    attached "$links"
    [ -e "$BPF/pin" ]
    same "pinned" "$BPF/pin" "$(info "$PROBE" pinned | head -n 1)"
    rmdir "$PROBE"
    makes "$@"
    takes "$PROBE/attach" "$BPF/pin"
    same "links, adopted" "$links" "$(ids)"
    rmdir "$PROBE"
    rm -r "$BPF/pin"
    eventually none_of "$links"
}

# copied NAME: as one write of `config`.
copied() {
    local config

    config=$(<"$PROBE/config")
    rmdir "$PROBE"
    probe "$1"
    takes "$PROBE/config" "$config"
    same "config of $1" "$config" "$(<"$PROBE/config")"
    attached "$(ids)"
}

# keeps ATTACH KIND/NAME FIELD=VALUE...: all that this file is about; $OTHER is a
# program that no kind takes.
keeps() {
    local cookie=0

    ATTACH=$1
    shift
    echo "# $*"
    makes "$@"
    ! takes_cookie || cookie=7
    takes "$PROBE/attach" "$ATTACH"
    same "cookie of $PROBE" "$cookie" "$(<"$PROBE/cookie")"
    twice
    refuses_others
    goes_and_comes
    copied "$1"
    pinned_and_adopted "$@"
}
