#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Everyday tools: what each writes arrives, and walking the tree ends.
# bats file_tags=host,bpf,root
# shellcheck disable=SC2016

load helpers
load users

teardown() {
    cd /
    finish
}

@test "each tool that changes a file in its way changes a probe's" {
    local command rows=0 probe=$DIR/uprobe/a

    cd "$BATS_TEST_TMPDIR"
    while read -r command; do
        has "${command%% *}"
        mkdir "$probe"
        echo 1 >"$probe/cookie"
        echo 2 >two
        touch -d @1000000000 two
        echo "row: $command"
        (cd "$probe" && timeout 120 bash -euc "${command//TWO/$BATS_TEST_TMPDIR/two}" </dev/null)
        holds "$probe/cookie" 2
        same "error after $command" "" "$(<"$probe/error")"
        rm -r "$probe"
        rows=$((rows + 1))
    done <<'ROWS'
sed -i s/1/2/ cookie
sed -i.bak s/1/2/ cookie && test "$(cat cookie.bak)" = 1
busybox sed -i s/1/2/ cookie
perl -pi -e s/1/2/ cookie
perl -pi.orig -e s/1/2/ cookie && test "$(cat cookie.orig)" = 1
cp TWO cookie
cp -f TWO cookie
cp -p TWO cookie
cp -b TWO cookie && test "$(cat cookie~)" = 1
cp --remove-destination TWO cookie
install -m 0640 TWO cookie && test "$(stat -c %a cookie)" = 640
install -b TWO cookie && test "$(cat cookie~)" = 1
mv TWO cookie
dd if=TWO of=cookie bs=1 status=none
dd if=TWO of=cookie conv=fsync status=none
tee cookie <TWO
cat TWO >cookie
cat TWO >>cookie
printf 2 >cookie
rsync -a TWO cookie
rsync --inplace TWO cookie
tar -c -C "$(dirname TWO)" --transform s/two/cookie/ two | tar -x
tar -c -C "$(dirname TWO)" --transform s/two/cookie/ two | tar -x --overwrite
python3 -c 'import os; open("t","w").write("2\n"); os.replace("t","cookie")'
python3 -c 'import pathlib; pathlib.Path("cookie").write_text("2")'
python3 -c 'import shutil; shutil.copyfile("TWO","cookie")'
python3 -c 'import shutil; shutil.copy2("TWO","cookie")'
awk '{ print $0 + 1 >"cookie" }' cookie
ed -s cookie <<<$'s/1/2/\nw\nq'
flock cookie cp TWO cookie
ROWS
    [ "$rows" -eq 30 ]
}

@test "a tool that keeps a link's value keeps the link" {
    local command link rows=0

    needs uprobe_pmu
    probe "uprobe/$NAME:target_one" count
    link=$(info "$PROBE" link_id)
    printf 'count\n' >"$BATS_TEST_TMPDIR/attach"
    while read -r command; do
        echo "row: $command"
        (cd "$PROBE" && bash -euc "${command//NEW/$BATS_TEST_TMPDIR/attach}" </dev/null)
        same "link after $command" "$link" "$(info "$PROBE" link_id)"
        rows=$((rows + 1))
    done <<'ROWS'
sed -i s/count/count/ attach
sed -i.bak s/count/count/ attach
cp NEW attach
cp -b NEW attach
printf count >attach
printf '# managed\ncount\n' | cat >attach
rsync -a NEW attach
touch attach
chmod 0640 attach
truncate -s 0 attach
ROWS
    [ "$rows" -eq 10 ]
}

@test "rsync has nothing to do the second time" {
    has rsync
    mkdir -p "$BATS_TEST_TMPDIR/from/a"
    echo 5 >"$BATS_TEST_TMPDIR/from/a/cookie"
    echo target_one >"$BATS_TEST_TMPDIR/from/a/symbol"
    mkdir -m 0750 "$BATS_TEST_TMPDIR/from/b"
    # What has the same length and time is the same to it.
    touch -d @1000000000 "$BATS_TEST_TMPDIR/from/a/"*
    rsync -a "$BATS_TEST_TMPDIR/from/" "$DIR/uprobe/"
    holds "$DIR/uprobe/a/cookie" 5
    holds "$DIR/uprobe/a/symbol" target_one
    same mode 750 "$(stat -c %a "$DIR/uprobe/b")"
    same "second run" "" "$(rsync -ai "$BATS_TEST_TMPDIR/from/" "$DIR/uprobe/")"
    echo 6 >"$BATS_TEST_TMPDIR/from/a/cookie"
    contains "third run" cookie "$(rsync -ai "$BATS_TEST_TMPDIR/from/" "$DIR/uprobe/")"
    holds "$DIR/uprobe/a/cookie" 6
}

@test "a probe can be saved and restored with tar, rsync and cp" {
    local file

    probe "uprobe/bash:main@a"
    mkdir "$BATS_TEST_TMPDIR/"{tar,rsync,cp}
    echo 77 >"$PROBE/cookie"
    echo x >"$PROBE/symbol"
    tar -c -C "$DIR/uprobe" bash:main@a | tar -x -C "$BATS_TEST_TMPDIR/tar"
    rsync -a "$PROBE" "$BATS_TEST_TMPDIR/rsync"
    cp -a "$PROBE" "$BATS_TEST_TMPDIR/cp"
    for file in attach cookie symbol info; do
        cmp "$PROBE/$file" "$BATS_TEST_TMPDIR/tar/bash:main@a/$file"
        cmp "$PROBE/$file" "$BATS_TEST_TMPDIR/rsync/bash:main@a/$file"
        cmp "$PROBE/$file" "$BATS_TEST_TMPDIR/cp/bash:main@a/$file"
    done
    rm -r "$PROBE"
    mkdir "$PROBE"
    timeout 120 tar -x -C "$DIR/uprobe" -f <(tar -c -C "$BATS_TEST_TMPDIR/tar" bash:main@a/cookie bash:main@a/symbol)
    holds "$PROBE/cookie" 77
    holds "$PROBE/symbol" x
}

@test "readers of all sorts read the same" {
    local reader rows=0

    mkdir "$DIR/uprobe/a"
    echo 0x2a >"$DIR/uprobe/a/cookie"
    cd "$DIR/uprobe/a"
    while read -r reader; do
        same "$reader" 0x2a "$(timeout 120 bash -euc "$reader" </dev/null)"
        rows=$((rows + 1))
    done <<'ROWS'
cat cookie
head -n 1 cookie
tail -n 1 cookie
sed p -n cookie
sort cookie
busybox cat cookie
perl -pe 1 cookie
tar -cO cookie | tar -xO
python3 -c 'print(open("cookie").read(), end="")'
python3 -c 'import shutil; shutil.copyfile("cookie", "copy")' && cat copy
python3 -c 'import os; print(os.read(os.open("cookie", 0), os.stat("cookie").st_size).decode(), end="")'
test -s cookie && read -r x <cookie && echo "$x"
ROWS
    [ "$rows" -eq 12 ]
}

@test "a probe can be removed by every tool that removes" {
    local command rows=0

    needs uprobe_pmu
    while read -r command; do
        PROBE=$DIR/uprobe/label
        mkdir "$PROBE"
        put "$PROBE/path" "$TARGET"
        put "$PROBE/symbol" target_one
        put "$PROBE/attach" count
        touch "$PROBE/left"
        echo "row: $command"
        timeout 120 bash -euc "${command//PROBE/$PROBE}" </dev/null
        [ ! -e "$PROBE" ]
        rows=$((rows + 1))
    done <<'ROWS'
rm -r PROBE
rm -rf PROBE
rmdir PROBE
find PROBE -delete
busybox rm -r PROBE
python3 -c 'import shutil; shutil.rmtree("PROBE")'
perl -MFile::Path=remove_tree -e 'remove_tree("PROBE"); exit -e "PROBE"'
cd PROBE && rm -rf PROBE
exec 7<PROBE/attach 8>PROBE/cookie 9<PROBE/hits && rm -rf PROBE
ROWS
    [ "$rows" -eq 9 ]
}

# walks COMMAND...: it ends, and misses only programs and links that went meanwhile.
walks() {
    local out=$BATS_TEST_TMPDIR/out said=$BATS_TEST_TMPDIR/said

    timeout 120 "$@" >"$out" 2>"$said" || [ $? -ne 124 ]
    ! grep -vE 'No such file or directory|File removed before|file changed as|Removing leading' "$said"
}

@test "walking over the whole mount ends" {
    mkdir "$DIR/tracepoint/sched:sched_switch"
    probe "uprobe/$NAME:target_one"
    walks grep -rq "no such text" "$DIR/uprobe" "$DIR/tracepoint" "$DIR/README" "$DIR/prog" "$DIR/link"
    walks find "$DIR" -type f
    walks ls -lRa "$DIR"
    walks du -s "$DIR"
    walks tar -cf - --exclude=available "$DIR"
    walks grep -rc . "$DIR"
}

@test "what cannot be copied into is said, and leaves nothing half done" {
    mkdir -p "$BATS_TEST_TMPDIR/from/new"
    echo 5 >"$BATS_TEST_TMPDIR/from/new/cookie"
    # cp makes the directory, so it expects it to be empty: O_EXCL.
    run cp -r "$BATS_TEST_TMPDIR/from/new" "$DIR/uprobe/"
    contains cp "File exists" "$output"
    holds "$DIR/uprobe/new/cookie" 0
    # The second time it is there already.
    cp -r "$BATS_TEST_TMPDIR/from/new" "$DIR/uprobe/"
    holds "$DIR/uprobe/new/cookie" 5
    run mv "$DIR/uprobe/new" "$DIR/uprobe/other"
    contains mv "Operation not permitted" "$output"
    run python3 -c 'import os, sys; os.setxattr(sys.argv[1], "user.x", b"y")' "$DIR/uprobe/new/cookie"
    contains setxattr "Operation not supported" "$output"
}
