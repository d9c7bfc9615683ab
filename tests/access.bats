#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Who may do what: users without and with a directory of their own, and the
# paths and descriptors that they name.
# bats file_tags=host,bpf,root
# shellcheck disable=SC2030,SC2031

load helpers
load users

# given: alice has the uprobes, and her probe of the target is $PROBE.
given() {
    others
    chown "$ALICE" "$DIR/uprobe"
    PROBE=$DIR/uprobe/${1-$NAME:target_one}
    as "$ALICE" mkdir "$PROBE"
}

@test "a user to whom nothing was given is stopped at the door" {
    local command rows=0

    probe "uprobe/$NAME:target_one"
    others
    chmod 0700 "$DIR"
    while read -r command; do
        # shellcheck disable=SC2086
        run as "$ALICE" ${command//DIR/$DIR}
        contains "$command" "Permission denied" "$output"
        rows=$((rows + 1))
    done <<ROWS
ls DIR
cat DIR/README
cat DIR/features
stat DIR/uprobe
ls DIR/uprobe
mkdir DIR/uprobe/mine
mkdir DIR/new
rmdir $PROBE
cat $PROBE/info
cat $PROBE/error
touch $PROBE/attach
touch $PROBE/new
truncate -s 0 $PROBE/attach
cp /dev/null $PROBE/attach
rm $PROBE/attach
mv $PROBE/attach $PROBE/away
chown $ALICE DIR/uprobe
chmod 0777 $PROBE/attach
ln -s x $PROBE/link
cat DIR/prog/count/info
ls DIR/link
ROWS
    [ "$rows" -eq 21 ]
}

@test "a user who may look may do no more than look" {
    local command says rows=0

    remount mode=0755
    others
    (umask 022 && mkdir "$DIR/uprobe/$NAME:target_one")
    PROBE=$DIR/uprobe/$NAME:target_one
    put "$PROBE/attach" count
    while IFS='|' read -r command says; do
        # shellcheck disable=SC2086
        run as "$ALICE" ${command//DIR/$DIR}
        contains "$command" "$says" "$output,$status"
        rows=$((rows + 1))
    done <<ROWS
ls DIR DIR/uprobe DIR/link DIR/prog|,0
cat DIR/README DIR/uprobe/help DIR/prog/count/info|,0
cat $PROBE/info $PROBE/hits $PROBE/attach|,0
mkdir DIR/uprobe/mine|Permission denied
mkdir DIR/new|Permission denied
rmdir $PROBE|Permission denied
cp /dev/null $PROBE/attach|Permission denied
cp /dev/null $PROBE/new|Permission denied
rm -f $PROBE/attach|Permission denied
mv $PROBE/attach $PROBE/away|Permission denied
truncate -s 0 $PROBE/cookie|Permission denied
chmod 0777 $PROBE/attach|Operation not permitted
chmod 0777 DIR/uprobe|Operation not permitted
chown $ALICE $PROBE|Operation not permitted
touch -c -d @1 $PROBE/attach|ermi
cat DIR/prog/$(info "$PROBE" prog_id)/info|Permission denied
ROWS
    [ "$rows" -eq 16 ]
    same state attached "$(info "$PROBE" state)"
}

@test "a user who was given a kind probes what that user can read" {
    needs uprobe_pmu
    given
    asks "$ALICE" "$PROBE/attach" count ok
    hit target_one 4
    same hits 4 "$(as "$ALICE" cat "$PROBE/hits" | sed -n 's/^total:[\t ]*//p')"
    same owner "$ALICE" "$(stat -c %u "$PROBE/attach")"
    asks "$ALICE" "$PROBE/attach" "" ok
    asks "$ALICE" "$PROBE/cookie" 0x10 ok
    asks "$ALICE" "$PROBE/enabled" 0 ok
    as "$ALICE" rm -r "$PROBE"
    run as "$ALICE" mkdir "$DIR/tracepoint/sched:sched_switch"
    contains mkdir "Permission denied" "$output"
}

@test "each thing that a user names is opened as that user" {
    local file text error part rows=0 id

    needs uprobe_pmu
    given label
    program plain
    cp "$TARGET" "$BATS_TEST_TMPDIR/secret"
    chmod 0700 "$BATS_TEST_TMPDIR/secret"
    mkdir -m 0700 "$BATS_TEST_TMPDIR/private"
    cp "$TARGET" "$BATS_TEST_TMPDIR/private/target"
    program plain none theirs
    chown "$ALICE" "$BPF/theirs"
    mkdir -m 0700 "$BPF/private"
    id=$("$TOOL" id "$BPF/plain")
    asks "$ALICE" "$PROBE/symbol" target_one ok
    asks "$ALICE" "$PROBE/path" "$TARGET" ok
    while IFS='|' read -r file text error part; do
        echo "row: $file $text"
        asks "$ALICE" "$PROBE/$file" "$text" "$error" "$part"
        rows=$((rows + 1))
    done <<ROWS
attach|$BPF/plain|EACCES|you may not use the pinned object
attach|$BPF/private/prog|EACCES|you may not open
attach|id:$id|EPERM|naming an object of the kernel by id, tag or name needs
attach|prog/$id|EPERM|naming an object of the kernel by id, tag or name needs
attach|$DIR/prog/$id|EACCES|you may not open
attach|name:plain|EPERM|naming an object
attach|tag:0011223344556677|EPERM|naming an object
attach|/proc/$$/fd/0|EPERM|you may not take descriptors of process
attach|/proc/self/fd/77|ENOENT|
attach|/dev/fd/77|ENOENT|
attach|/proc/4194304/fd/0|ESRCH|no process
attach|/proc/$$/exe|EPERM|'/proc/$$/exe' is of a process that you may not trace
attach|/proc/self/cwd/theirs|EXDEV|'/proc/self/cwd/theirs' leads through a link of /proc
attach|/proc/self/root$BPF/plain|EACCES|you may not use the pinned object
attach|/proc/$$/root$BPF/theirs|EPERM|
attach|/proc/self/root$BPF/theirs|ok|
attach||ok|
attach|$TARGET|EINVAL|not in a bpffs
attach|$BATS_TEST_TMPDIR|EINVAL|not in a bpffs
attach|$BPF/theirs|ok|
attach||ok|
path|$BATS_TEST_TMPDIR/secret|ok|
attach|count|EACCES|you may not open
path|$BATS_TEST_TMPDIR/private/target|ok|
attach|count|EACCES|you may not open
path|/proc/$$/exe|ok|
attach|count|EPERM|'/proc/$$/exe' is of a process that you may not trace
path|/dev/null|ok|
attach|count|EINVAL|'/dev/null' is not a regular file
path|$BATS_TEST_TMPDIR|ok|
attach|count|E*|
path|$TARGET|ok|
attach|count|ok|
pin|$BPF/private/pin|EACCES|
pin|$BATS_TEST_TMPDIR/pin|E*|
ROWS
    [ "$rows" -eq 35 ]
}

@test "a user pins where that user may, and takes that pin away" {
    needs uprobe_pmu perf_link
    given
    asks "$ALICE" "$PROBE/attach" count ok
    mkdir "$BPF/alice"
    chown "$ALICE" "$BPF/alice"
    asks "$ALICE" "$PROBE/pin" "$BPF/alice/link" ok
    same owner "$ALICE" "$(stat -c %u "$BPF/alice/link")"
    asks "$ALICE" "$PROBE/pin" "$BPF/alice/other" ok
    [ ! -e "$BPF/alice/link" ]
    # What is root's is not removed for her.
    chown root "$BPF/alice"
    asks "$ALICE" "$PROBE/pin" "" EACCES "you may not remove the pin"
    [ -e "$BPF/alice/other" ]
    chown "$ALICE" "$BPF/alice"
    asks "$ALICE" "$PROBE/pin" "" ok
    [ ! -e "$BPF/alice/other" ]
}

@test "a user's groups count" {
    local write

    needs uprobe_pmu
    given
    cp "$TARGET" "$BATS_TEST_TMPDIR/grouped"
    chgrp "$BOB" "$BATS_TEST_TMPDIR/grouped"
    chmod 0750 "$BATS_TEST_TMPDIR/grouped"
    asks "$ALICE" "$PROBE/path" "$BATS_TEST_TMPDIR/grouped" ok
    asks "$ALICE" "$PROBE/attach" count EACCES "you may not open"
    write=("$TOOL" write "$PROBE/attach" count)
    same "with the group" ok "$(setpriv --reuid="$ALICE" --regid="$ALICE" \
        --groups="$ALICE,$BOB" "${write[@]}")"
}

@test "a descriptor is taken from who may be traced" {
    needs uprobe_pmu
    given
    program plain
    # Hers, from root's hand, and that of another process of hers.
    same own ok "$("$TOOL" with "$BPF/plain" 7 setpriv --reuid="$ALICE" \
        --regid="$ALICE" --clear-groups "$TOOL" write "$PROBE/attach" /proc/self/fd/7)"
    asks "$ALICE" "$PROBE/attach" "" ok
    "$TOOL" with "$BPF/plain" 7 setpriv --reuid="$ALICE" --regid="$ALICE" \
        --clear-groups sleep 60 3>&- &
    sleeper=$!
    eventually [ -e "/proc/$sleeper/fd/7" ]
    eventually grep -q "^Uid:.$ALICE" "/proc/$sleeper/status"
    eventually grep -qx sleep "/proc/$sleeper/comm"
    asks "$ALICE" "$PROBE/attach" "/proc/$sleeper/fd/7" ok
    asks "$ALICE" "$PROBE/attach" "" ok
    kill "$sleeper"
    "$TOOL" with "$BPF/plain" 7 sleep 60 3>&- &
    sleeper=$!
    eventually [ -e "/proc/$sleeper/fd/7" ]
    asks "$ALICE" "$PROBE/attach" "/proc/$sleeper/fd/7" EPERM "you may not take descriptors"
    put "$PROBE/attach" "/proc/$sleeper/fd/7"
    kill "$sleeper"
}

@test "who writes must have opened" {
    given
    same "root through alice's" EPERM "$("$VFS" foreign "$ALICE" "$PROBE/attach" count)"
    contains error "attach: EPERM: opened by user $ALICE of group $ALICE, written by user 0 of" "$(<"$PROBE/error")"
    run setpriv --reuid="$ALICE" --regid="$ALICE" --clear-groups \
        bash -c 'echo count >&7' 7>"$PROBE/attach"
    contains write "Operation not permitted" "$output"
    holds "$PROBE/attach" ""
    same "alice through alice's" ok "$(as "$ALICE" "$TOOL" write "$PROBE/cookie" 4)"
}

@test "a path that changes while it is looked up gains nothing" {
    local secret

    needs uprobe_pmu
    given label
    mkdir "$BATS_TEST_TMPDIR/flip"
    cp "$TARGET" "$BATS_TEST_TMPDIR/flip/mine"
    cp "$TARGET" "$BATS_TEST_TMPDIR/secret"
    chmod 0700 "$BATS_TEST_TMPDIR/secret"
    ln -s "$BATS_TEST_TMPDIR/secret" "$BATS_TEST_TMPDIR/flip/theirs"
    chown -h "$ALICE" "$BATS_TEST_TMPDIR/flip" "$BATS_TEST_TMPDIR/flip/"*
    secret=$(stat -c %i "$BATS_TEST_TMPDIR/secret")
    as "$ALICE" "$VFS" flip "$BATS_TEST_TMPDIR/flip/mine" "$BATS_TEST_TMPDIR/flip/theirs" 3>&- &
    flipper=$!
    asks "$ALICE" "$PROBE/symbol" target_one ok
    asks "$ALICE" "$PROBE/path" "$BATS_TEST_TMPDIR/flip/mine" ok
    for _ in {1..50}; do
        case $(as "$ALICE" "$TOOL" write "$PROBE/attach" count) in
        ok)
            [[ $(info "$PROBE" inode) != *":$secret" ]]
            put "$PROBE/attach" ""
            ;;
        EACCES) ;;
        *) fault "$(<"$PROBE/error")" ;;
        esac
    done
    kill "$flipper"
}

@test "what is no file for it is refused without being touched" {
    local kind rows=0

    probe uprobe/label
    put "$PROBE/symbol" f
    mkfifo "$BATS_TEST_TMPDIR/fifo"
    mknod "$BATS_TEST_TMPDIR/null" c 1 3
    mkdir "$BATS_TEST_TMPDIR/dir"
    ln -s loop "$BATS_TEST_TMPDIR/loop"
    echo text >"$BATS_TEST_TMPDIR/text"
    : >"$BATS_TEST_TMPDIR/empty"
    while read -r kind; do
        put "$PROBE/path" "$BATS_TEST_TMPDIR/$kind"
        same "$kind as binary" "" "$(timeout 120 "$TOOL" write "$PROBE/attach" count | grep -xE 'ok|ETIMEDOUT' || true)"
        same "$kind as program" "" \
            "$(timeout 120 "$TOOL" write "$PROBE/attach" "$BATS_TEST_TMPDIR/$kind" | grep -xE 'ok|ETIMEDOUT' || true)"
        contains error "attach: E" "$(<"$PROBE/error")"
        rows=$((rows + 1))
    done <<'ROWS'
fifo
null
dir
loop
text
empty
missing
mnt
mnt/README
mnt/uprobe/label
mnt/uprobe/label/attach
mnt/uprobe/label/path
mnt/uprobe/none
ROWS
    [ "$rows" -eq 13 ]
}

@test "kinds that are not allowed are root's alone" {
    remount allow=uprobe:usdt,mode=0755
    others
    chown "$ALICE" "$DIR/"{uprobe,usdt,tracepoint,kprobe}
    as "$ALICE" mkdir "$DIR/uprobe/a" "$DIR/usdt/a"
    run as "$ALICE" mkdir "$DIR/tracepoint/sched:sched_switch"
    contains mkdir "Operation not permitted" "$output"
    contains error "mkdir: EPERM: " "$(<"$DIR/tracepoint/error")"
    mkdir "$DIR/tracepoint/sched:sched_switch" "$DIR/kprobe/vfs_read"
    # Nor may she use one that root made and gave her.
    chown "$ALICE" "$DIR/tracepoint/sched:sched_switch"
    asks "$ALICE" "$DIR/tracepoint/sched:sched_switch/attach" count EPERM
}

@test "a user has a share of the probes" {
    remount max_user_probes=2,max_probes=100
    others
    chown "$ALICE" "$DIR/uprobe"
    chmod 0777 "$DIR/uprobe"
    as "$ALICE" mkdir "$DIR/uprobe/"{a,b}
    run as "$ALICE" mkdir "$DIR/uprobe/c"
    contains mkdir "No space left on device" "$output"
    contains error "mkdir: ENOSPC: you have 2 probes" "$(<"$DIR/uprobe/error")"
    as "$BOB" mkdir "$DIR/uprobe/d"
    mkdir "$DIR/uprobe/"{e,f,g}
    as "$ALICE" rmdir "$DIR/uprobe/a"
    as "$ALICE" mkdir "$DIR/uprobe/c"
    # Given away it is still hers who made it.
    chown "$BOB" "$DIR/uprobe/c"
    run as "$ALICE" mkdir "$DIR/uprobe/h"
    contains mkdir "No space left on device" "$output"
}
