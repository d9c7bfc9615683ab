#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Probes that go over to the file which takes the place of theirs.
# How files become others is told the same way on all.
# bats file_tags=bpf,root,ends

# shellcheck disable=SC2030,SC2031,SC2034  # each test is a shell of its own
load helpers
load users.bash

setup() {
    prepare
    start
    PLACE=$BATS_TEST_TMPDIR/bin
    PROG=$PLACE/prog
    mkdir "$PLACE"
    cp "$PROGRAMS/target" "$PROG"
}

# follow KIND: a probe of target_one in $PROG that follows it; $PROBE.
follow() {
    needs uprobe_pmu
    PROBE=$DIR/$1/prog
    mkdir "$PROBE"
    put "$PROBE/path" "$PROG"
    put "$PROBE/symbol" target_one
    put "$PROBE/attach" count
    put "$PROBE/follow" 1
    same followed 0 "$(info "$PROBE" followed)"
}

# replace [FILE]: $PROG becomes another file, as a package manager does it.
replace() {
    cp "${1:-$PROGRAMS/target}" "$PLACE/.new"
    mv "$PLACE/.new" "$PROG"
}

# followed TIMES: so often, and it is attached to what is there.
followed() {
    eventually is_followed "$1" || fault "$(<"$PROBE/info")"
    same state attached "$(info "$PROBE" state)"
}

is_followed() {
    [ "$(info "$PROBE" followed)" -ge "$1" ] && [ -z "$(info "$PROBE" warning)" ]
}

# counts N: what is at $PROG now is counted.
counts() {
    local before

    before=$(hits "$PROBE")
    "$PROG" target_one "$1"
    same "hits" "$((before + $1))" "$(hits "$PROBE")"
}

@test "a probe goes over to the file that takes the place of its" {
    local kind link

    for kind in uprobe uretprobe; do
        follow "$kind"
        link=$(info "$PROBE" link_id)
        counts 2
        replace
        followed 1
        [ -z "$link" ] || [ "$link" != "$(info "$PROBE" link_id)" ]
        counts 3
        same "count so far" 5 "$(hits "$PROBE")"
        replace
        followed 2
        counts 4
        rmdir "$PROBE"
    done
}

@test "however the file becomes another" {
    local what before=0

    follow uprobe
    for what in written removed moved directory link; do
        case $what in
        written) cp "$PROGRAMS/target" "$PROG" ;;
        removed) rm "$PROG" && cp "$PROGRAMS/target" "$PROG" ;;
        moved) mv "$PROG" "$PROG.old" && cp "$PROG.old" "$PROG" ;;
        directory) mv "$PLACE" "$PLACE.old" && cp -r "$PLACE.old" "$PLACE" ;;
        link)
            mv "$PLACE" "$PLACE.1"
            cp -r "$PLACE.1" "$PLACE.2"
            ln -s "${PLACE##*/}.1" "$PLACE"
            ;;
        esac
        if [ "$what" = link ]; then
            eventually same_file
            counts 1
            ln -sfn "$PLACE.2" "$PLACE"
        fi
        eventually same_file || fault "$what: $(<"$PROBE/info")"
        counts 1
        followed "$((before + 1))"
        before=$(info "$PROBE" followed)
    done
}

# The file that is attached is the one at $PROG.
same_file() {
    [ "$(info "$PROBE" inode)" = "$(stat -L -c %D:%i "$PROG")" ] &&
        [ -z "$(info "$PROBE" warning)" ]
}

@test "what cannot be probed is a warning, and the old file stays probed" {
    cp "$PROG" "$PLACE/kept"
    ln "$PROG" "$PLACE/old"
    follow uprobe
    echo "no program" >"$PLACE/.new"
    mv "$PLACE/.new" "$PROG"
    eventually grep -q 'not followed yet: .* not an ELF file' "$PROBE/info"
    same followed 0 "$(info "$PROBE" followed)"
    "$PLACE/old" target_one 3
    same "hits of the old file" 3 "$(hits "$PROBE")"
    replace "$PLACE/kept"
    followed 1
    counts 2
}

@test "follow can be written before the program, and off again" {
    needs uprobe_pmu
    PROBE=$DIR/uprobe/prog
    mkdir "$PROBE"
    put "$PROBE/follow" 1
    same followed '' "$(info "$PROBE" followed)"
    put "$PROBE/path" "$PROG"
    put "$PROBE/symbol" target_one
    put "$PROBE/attach" count
    same followed 0 "$(info "$PROBE" followed)"
    replace
    followed 1
    counts 1
    put "$PROBE/enabled" 0
    replace
    put "$PROBE/enabled" 1
    counts 2
    put "$PROBE/follow" 0
    same followed '' "$(info "$PROBE" followed)"
    replace
    contains warning "is another by now" "$(info "$PROBE" warning)"
    holds "$PROBE/follow" 0
    refused "$PROBE/follow" yes EINVAL "'yes'"
    eventually descriptors_as_idle
}

# No inotify instance is left.
descriptors_as_idle() { ! grep -qs ^inotify "/proc/$daemon/fdinfo/"*; }

@test "what a process has is not followed" {
    follow uprobe
    refused "$PROBE/follow" 2 EINVAL "'2'"
    put "$PROBE/follow" 0
    coproc TALK { exec "$PROG" -i 3>&-; }
    tell "target_one 0"
    # shellcheck disable=SC2153  # bash sets it
    put "$PROBE/path" "/proc/$TALK_PID/exe"
    refused "$PROBE/follow" 1 EOPNOTSUPP "is what a process has"
    put "$PROBE/path" "$PROG"
    put "$PROBE/follow" 1
    put "$PROBE/path" "/proc/$TALK_PID/exe"
    contains warning "not followed: '/proc/$TALK_PID/exe' is what a process has" "$(info "$PROBE" warning)"
    tell "target_one 3"
    same hits 3 "$(hits "$PROBE")"
    kill "$TALK_PID"
}

@test "a probe of one process goes over with it" {
    needs uprobe_pmu
    PROBE=$DIR/uprobe/prog
    mkdir "$PROBE"
    put "$PROBE/path" "$PROG"
    put "$PROBE/symbol" target_one
    put "$PROBE/pid" "$$"
    put "$PROBE/attach" count
    put "$PROBE/follow" 1
    replace
    followed 1
    contains info "pid:	$$" "$(<"$PROBE/info")"
    "$PROG" target_one 5
    same "hits by others" 0 "$(hits "$PROBE")"
}

@test "only kinds whose targets are in files have it" {
    local kind

    for kind in uprobe/a uretprobe/a usdt/a; do
        mkdir "$DIR/$kind"
        exactly "$DIR/$kind/follow" '0\n'
        rmdir "$DIR/$kind"
    done
    for kind in kprobe/a kretprobe/a tracepoint/a:b; do
        mkdir "$DIR/$kind"
        [ ! -e "$DIR/$kind/follow" ]
        rmdir "$DIR/$kind"
    done
    contains help "  follow " "$(<"$DIR/uprobe/help")"
    [[ $(<"$DIR/kprobe/help") != *"  follow "* ]]
}

@test "static probes and pins go over too" {
    needs uprobe_pmu perf_link
    cp "$PROGRAMS/usdt_target" "$PROG"
    PROBE=$DIR/usdt/prog
    mkdir "$PROBE"
    put "$PROBE/path" "$PROG"
    put "$PROBE/provider" shape
    put "$PROBE/name" regs
    put "$PROBE/pin" "$BPF/pin"
    put "$PROBE/follow" 1
    put "$PROBE/attach" count
    replace "$PROGRAMS/usdt_target"
    followed 1
    same_file
    same pinned "$BPF/pin" "$(info "$PROBE" pinned)"
    put "$PROBE/pin" ""
}

@test "who polls is woken when it goes over" {
    local watcher

    follow uprobe
    "$VFS" poll "$PROBE/info" 10 >"$BATS_TEST_TMPDIR/answers" 3>&- &
    watcher=$!
    eventually [ -s "$BATS_TEST_TMPDIR/answers" ]
    replace
    wait "$watcher"
    contains poll "quiet ready" "$(xargs <"$BATS_TEST_TMPDIR/answers")"
    followed 1
}

# switches: how often the daemon was woken up.
switches() {
    cat "/proc/$daemon/task/"*/status |
        awk '$1 == "voluntary_ctxt_switches:" { sum += $2 } END { print sum }'
}

@test "what happens beside the file wakes nobody" {
    local before

    [[ $PROBEFS != */thread/* ]] || skip "TSan has a thread that wakes up"
    follow uprobe
    # Those who serve wait for one another's last words.
    sleep 2
    before=$(switches)
    touch "$PLACE/other" "$BATS_TEST_TMPDIR/beside"
    mv "$PLACE/other" "$PLACE/another"
    rm "$PLACE/another"
    "$PROG" target_one 1
    sleep 1
    same wake-ups "$before" "$(switches)"
    replace
    followed 1
}

# --- As whom ---

# delegate: $PROBE, and the files, are alice's.
delegate() {
    others
    chmod 0755 "$PLACE"
    chown -R "$ALICE" "$PLACE"
    chmod 0755 "$DIR/uprobe"
    PROBE=$DIR/uprobe/prog
    mkdir "$PROBE"
    chown "$ALICE" "$PROBE"
    put "$PROBE/attach" ''
    asks "$ALICE" "$PROBE/path" "$PROG" ok
    asks "$ALICE" "$PROBE/symbol" target_one ok
}

@test "a file that its writer may not read is not followed" {
    needs uprobe_pmu
    delegate
    put "$PROBE/attach" count
    asks "$ALICE" "$PROBE/follow" 1 ok
    # Root's own, by a link that leads there.
    mkdir -m 0700 "$BATS_TEST_TMPDIR/secret"
    cp "$PROGRAMS/target" "$BATS_TEST_TMPDIR/secret/prog"
    as "$ALICE" ln -sf "$BATS_TEST_TMPDIR/secret/prog" "$PROG"
    eventually grep -q 'not followed yet: you may not open' "$PROBE/info" ||
        fault "$(<"$PROBE/info")"
    same followed 0 "$(info "$PROBE" followed)"
    "$BATS_TEST_TMPDIR/secret/prog" target_one 5
    same "hits of root's file" 0 "$(hits "$PROBE")"
    # One that may be executed only.
    install -m 0711 "$PROGRAMS/target" "$PLACE/.new"
    mv "$PLACE/.new" "$PROG"
    eventually grep -q 'not followed yet: you may not open' "$PROBE/info"
    same followed 0 "$(info "$PROBE" followed)"
    # chmod is a change as well.
    chmod 0755 "$PROG"
    followed 1
    counts 2
}

@test "a writer's namespace is the one that is looked at" {
    local inside=$BATS_TEST_TMPDIR/inside holder

    needs uprobe_pmu
    mkdir "$inside"
    unshare --mount --propagation private sleep 600 3>&- &
    holder=$!
    eventually in_sleep "$holder"
    nsenter --mount="/proc/$holder/ns/mnt" mount -t tmpfs inside "$inside"
    nsenter --mount="/proc/$holder/ns/mnt" cp "$PROGRAMS/target" "$inside/prog"
    PROBE=$DIR/uprobe/prog
    mkdir "$PROBE"
    put "$PROBE/symbol" target_one
    nsenter --mount="/proc/$holder/ns/mnt" "$TOOL" write "$PROBE/path" "$inside/prog"
    same attach ok "$(nsenter --mount="/proc/$holder/ns/mnt" "$TOOL" write "$PROBE/attach" count)"
    put_inside "$holder" follow 1
    same state attached "$(info "$PROBE" state)"
    # Another file of that path, in our namespace.
    cp "$PROGRAMS/target" "$inside/prog"
    nsenter --mount="/proc/$holder/ns/mnt" cp "$PROGRAMS/target" "$inside/new"
    nsenter --mount="/proc/$holder/ns/mnt" mv "$inside/new" "$inside/prog"
    followed 1
    "$inside/prog" target_one 7
    same "hits outside" 0 "$(hits "$PROBE")"
    nsenter --mount="/proc/$holder/ns/mnt" "$inside/prog" target_one 4
    same "hits inside" 4 "$(hits "$PROBE")"
    # The namespace ends; the file is held by what is attached.
    kill "$holder"
    wait "$holder" || true
    [ "$(info "$PROBE" followed)" -eq 1 ]
    # Its mounts may be taken apart by now.
    [[ $(info "$PROBE" state) == @(attached|gone) ]]
    rmdir "$PROBE"
}

in_sleep() { [ "$(<"/proc/$1/comm")" = sleep ]; }

# put_inside HOLDER FILE TEXT
put_inside() {
    same "$2" ok "$(nsenter --mount="/proc/$1/ns/mnt" "$TOOL" write "$PROBE/$2" "$3")"
}

@test "a user has a bounded number of followers, root's are not fewer for it" {
    local i got=ok

    needs uprobe_pmu
    delegate
    rmdir "$PROBE"
    mkdir "$DIR"/uprobe/p{1..65}
    chown "$ALICE" "$DIR"/uprobe/p{1..65}
    for i in {1..65}; do
        PROBE=$DIR/uprobe/p$i
        put "$PROBE/path" "$PROG"
        put "$PROBE/symbol" target_one
        put "$PROBE/attach" count
        got=$(as "$ALICE" "$TOOL" write "$PROBE/follow" 1)
        [ "$got" = ok ] || break
    done
    same "followers of a user" 65 "$i"
    same errno ENOSPC "$got"
    contains error "too many probes are followed" "$(<"$PROBE/error")"
    exactly "$PROBE/follow" '0\n'
    put "$PROBE/follow" 1
    same followed 0 "$(info "$PROBE" followed)"
}
