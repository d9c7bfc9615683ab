#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# The tree: what is in it, and making and removing probes; nothing attached.
# bats file_tags=fs,root

# shellcheck disable=SC2016,SC2030,SC2031,SC2153  # inner shells; the helpers
load helpers

@test "the root has the kinds, the objects and what explains them" {
    local kind kinds

    # Those of the manual, which has a row for each.
    kinds=$(sed -n '/^\.Sh SECURITY/,/^\.Sh [^S]/s/^\.It \([a-z_]*\) Ta .*/\1/p' "$TOP/mount.probefs.8" | grep -vx kind)
    [ "$(wc -w <<<"$kinds")" -ge 20 ]
    # shellcheck disable=SC2086
    same root "$(printf '%s\n' README error features link prog $kinds | LC_ALL=C sort | xargs)" \
        "$(cd "$DIR" && echo *)"
    for kind in $kinds; do
        same "$kind" "available error help" "$(cd "$DIR/$kind" && echo *)"
    done
}

@test "a probe has its kind's fields and the common files" {
    local kind name fields rows=0
    local common="attach config cookie enabled error info pin sites"

    while IFS='|' read -r kind name fields; do
        mkdir "$DIR/$kind/$name"
        # shellcheck disable=SC2086
        same "$kind" "$(printf '%s\n' $common $fields | sort | xargs)" \
            "$(cd "$DIR/$kind/$name" && echo *)"
        rows=$((rows + 1))
    done <<'ROWS'
kprobe|do_nothing|offset symbol
kretprobe|do_nothing|maxactive symbol
uprobe|bash:main|available follow force offset path pid ref_ctr_offset symbol
uretprobe|bash:main|available follow force offset path pid ref_ctr_offset symbol
tracepoint|sched:sched_switch|group name
usdt|libc.so.6:libc:setjmp|available follow name path pid provider
netns|sk_lookup|hook netns
xdp|eth0|interface mode netns
tcx|eth0:egress|direction interface netns order revision
netkit|nk0:peer|direction interface netns order revision
netfilter|ipv4:input:0|defrag family hook netns priority
ROWS
    [ "$rows" -eq 11 ]
}

@test "as many probes as max_probes can be made" {
    remount max_probes=3
    mkdir "$DIR/uprobe/a" "$DIR/kprobe/b" "$DIR/tracepoint/c:d"
    run mkdir "$DIR/uprobe/e"
    contains mkdir "No space left on device" "$output"
    contains error "mkdir: ENOSPC: " "$(<"$DIR/uprobe/error")"
    rmdir "$DIR/kprobe/b"
    mkdir "$DIR/uprobe/e"
}

@test "every length is the length of what is read" {
    local file

    mkdir "$DIR/uprobe/bash:main" "$DIR/tracepoint/sched:sched_switch"
    put "$DIR/uprobe/bash:main/cookie" 0x2a
    refused "$DIR/uprobe/bash:main/cookie" x EINVAL "not a number"
    for file in "$DIR"/{README,features,uprobe/help,prog/count/info,*/*/*}; do
        # It would take long.
        [[ $file != */available && $file != */prog/* && $file != */link/* ]] ||
            continue
        same "length of $file" "$(wc -c <"$file")" "$(stat -c %s "$file")"
    done
}

@test "what is fixed cannot be made, moved or removed" {
    local command

    mkdir "$DIR/uprobe/a"
    cd "$DIR"
    while read -r command; do
        echo "row: $command"
        # shellcheck disable=SC2086
        run $command
        contains "$command" "Operation not permitted" "$output"
    done <<'ROWS'
rm README
rm prog/count/info
rmdir prog/count
rmdir uprobe
rmdir prog
mkdir newkind
mkdir link/x
mkdir link/x
touch new
touch uprobe/new
touch prog/new
mknod uprobe/pipe p
mknod uprobe/a/null c 1 3
mkfifo uprobe/a/pipe
ln -s README link
ln -s attach uprobe/a/link
ln README uprobe/hard
ln uprobe/a/attach uprobe/a/hard
mv uprobe/a uprobe/b
mv README READYOU
mv uprobe up
ROWS
    [ -d "$DIR/uprobe/a" ]
    cd /
}

@test "what tells cannot be written, not even by root" {
    local file

    mkdir "$DIR/uprobe/a"
    for file in README features uprobe/help uprobe/a/info uprobe/a/sites \
        uprobe/a/error prog/count/info; do
        run bash -c 'echo x >"$1"' - "$DIR/$file"
        contains "$file" "Permission denied" "$output"
        run truncate -s 0 "$DIR/$file"
        contains "$file" "Permission denied" "$output"
    done
}

@test "names that are not there are not there" {
    local name

    for name in x uprobe/x uprobe/x/y prog/x prog/0 prog/01 prog/4294967295 \
        link/0 link/99999999999 uprobe/a/hits; do
        run stat "$DIR/$name"
        contains "$name" "No such file" "$output"
    done
    run rmdir "$DIR/uprobe/none"
    contains rmdir "No such file" "$output"
    run rmdir "$DIR/uprobe/help"
    contains rmdir "Not a directory" "$output"
}

@test "a listing is complete, also while what it lists is removed" {
    local names=("$DIR/uprobe/"{a..z}{a..z})

    mkdir "${names[@]}"
    same "names listed" 676 "$(find "$DIR/uprobe" -mindepth 1 -maxdepth 1 -type d | wc -l)"
    same "names listed once" 676 "$(find "$DIR/uprobe" -mindepth 1 -maxdepth 1 -type d | sort -u | wc -l)"
    # find lists and removes by turns.
    find "$DIR/uprobe" -mindepth 1 -maxdepth 1 -type d -empty -o -type d -exec rmdir {} \; -prune ||
        true
    find "$DIR/uprobe" -mindepth 1 -maxdepth 1 -type d -exec rmdir {} +
    same "names left" "available error help" "$(cd "$DIR/uprobe" && echo *)"
}

@test "types are known without a stat" {
    mkdir "$DIR/uprobe/a"
    # -D of find would; ls --color=never -p stats, python's scandir does not.
    command -v python3 >/dev/null || skip "no python3"
    python3 - "$DIR/uprobe" <<'PY'
import os, sys
types = {e.name: (e.is_dir(follow_symlinks=False), e.inode()) for e in os.scandir(sys.argv[1])}
assert types["a"][0] and not types["help"][0], types
for name, (_, inode) in types.items():
    assert os.stat(sys.argv[1] + "/" + name).st_ino == inode, name
PY
}

@test "a probe can be removed while its files are open" {
    mkdir "$DIR/uprobe/a"
    put "$DIR/uprobe/a/cookie" 77
    exec 7<"$DIR/uprobe/a/cookie" 8>"$DIR/uprobe/a/attach"
    rmdir "$DIR/uprobe/a"
    mkdir "$DIR/uprobe/a"
    read -r line <&7
    same "what was read" 77 "$line"
    run bash -c 'echo count >&8'
    contains write "write error" "$output"
    holds "$DIR/uprobe/a/attach" ""
    holds "$DIR/uprobe/a/cookie" 0
    exec 7<&- 8>&-
}

@test "a probe can be removed while somebody is in it" {
    mkdir "$DIR/uprobe/a"
    cd "$DIR/uprobe/a"
    rmdir "$DIR/uprobe/a"
    mkdir "$DIR/uprobe/a"
    run cat attach
    [ "$status" -ne 0 ]
    cd /
}

@test "numbers of nodes are never used again" {
    local before

    mkdir "$DIR/uprobe/a"
    before=$(stat -c %i "$DIR/uprobe/a")
    rmdir "$DIR/uprobe/a"
    mkdir "$DIR/uprobe/a"
    [ "$(stat -c %i "$DIR/uprobe/a")" != "$before" ]
}

@test "help tells every file, README and features speak" {
    local kind file

    for kind in uprobe tracepoint kprobe usdt; do
        for file in attach cookie pin enabled info sites error; do
            grep -q "^  $file " "$DIR/$kind/help"
        done
        grep -q '^names: ' "$DIR/$kind/help"
        # The example is a name that mkdir takes.
        (cd "$DIR/$kind" && eval "$(sed -n 's/^example: //p' help)")
    done
    grep -q 'mkdir uprobe/libc.so.6:malloc' "$DIR/README"
    ! grep -vP '^[a-z_]+\t(yes|no)\tsince [0-9]\.[0-9]+(\t.+)?$' "$DIR/features" || return 1
    grep -qP '^perf_link\t' "$DIR/features"
    # What came with another kernel did not come since this one.
    ! grep -P 'since (\S+)\tcame with Linux (?!\1\b)' "$DIR/features" || return 1
}

@test "README's example works as it stands" {
    needs uprobe_pmu
    cd "$DIR"
    # The first block of commands.
    sed -n '/^    mkdir/,/^    rmdir/{s/^    //p;/^rmdir/q}' README >"$BATS_TEST_TMPDIR/typed"
    [ "$(wc -l <"$BATS_TEST_TMPDIR/typed")" -eq 5 ]
    bash -eu "$BATS_TEST_TMPDIR/typed" >"$BATS_TEST_TMPDIR/out"
    contains typed "total:" "$(<"$BATS_TEST_TMPDIR/out")"
    cd /
}

@test "available lists what can be probed" {
    grep -qx 'sched:sched_switch' "$DIR/tracepoint/available"
    grep -q "$(printf '\t')$(realpath /bin/bash)\$" "$DIR/uprobe/available"
    mkdir "$DIR/uprobe/$NAME:target_one"
    # The code begins there, says the program itself.
    grep -qP "^target_one\t$("$TARGET" -p | sed -n 's/^code //p')\t[0-9]+\$" \
        "$DIR/uprobe/$NAME:target_one/available"
    ! grep -q '^target_constant' "$DIR/uprobe/$NAME:target_one/available" || return 1
    put "$DIR/uprobe/$NAME:target_one/path" libc.so.6
    grep -q '^regexec@@GLIBC' "$DIR/uprobe/$NAME:target_one/available"
}

@test "programs and links of the kernel are listed by id" {
    local id link

    needs uprobe_pmu link_ids
    program plain
    id=$("$TOOL" id "$BPF/plain")
    [ -e "$DIR/prog/$id" ]
    find "$DIR/prog" -name "$id" | grep -q .
    grep -qxP "name:\tplain" "$DIR/prog/$id/info"
    grep -qxP "type:\tkprobe" "$DIR/prog/$id/info"
    same mode 700 "$(stat -c %a "$DIR/prog/$id")"
    same mode 400 "$(stat -c %a "$DIR/prog/$id/info")"
    rm "$BPF/plain"
    eventually [ ! -e "$DIR/prog/$id" ]
    needs perf_link
    probe "uprobe/$NAME:target_one" count
    link=$(info "$PROBE" link_id)
    find "$DIR/link" -name "$link" | grep -q .
    grep -qxP "link_id:\t$link" "$DIR/link/$link/info"
    grep -qxP "prog_id:\t$(info "$PROBE" prog_id)" "$DIR/link/$link/info"
    rmdir "$PROBE"
    eventually [ ! -e "$DIR/link/$link" ]
}

@test "df leaves it out, and the whole tree can be walked" {
    # Two would say that there are no directories in it.
    same "links of the root" 1 "$(stat -c %h "$DIR")"
    mkdir "$DIR/uprobe/a" "$DIR/tracepoint/sched:sched_switch"
    run df "$DIR"
    [[ ${lines[1]} == *" 0 "*" 0 "* || ${lines[1]} == *" - "* ]]
    # What looks at all processes or links does so for each program and link.
    timeout 120 find "$DIR" \( -path "$DIR/*/available" -o -path "$DIR/prog/*/links" \
        -o -path "$DIR/*/*/holders" -o -path "$DIR/*/[0-9]*/pin" \) -prune -o -type f -print0 |
        xargs -0 cat >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" || true
    # A program may go meanwhile; nothing else is said.
    ! grep -v 'No such file' "$BATS_TEST_TMPDIR/err" || return 1
}
