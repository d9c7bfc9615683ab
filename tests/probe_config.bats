#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# The file config: all that a probe is, in one write, which is one change.
# bats file_tags=fs,bpf,root

# shellcheck disable=SC2016,SC2030,SC2034,SC2031,SC2154  # inner shells; bats sets output
load helpers

# declare_probe TEXT: writes it to config in one piece.
declare_probe() { same "write of config" ok "$("$TOOL" write "$PROBE/config" "$1")"; }

# lines [FILE=VALUE...]: what config has of a uprobe, with these values.
lines() {
    local -A value=([offset]=0 [pid]=0 [ref_ctr_offset]=0 [force]=0 [cookie]=0 [enabled]=1 [follow]=0)
    local file pair

    for pair; do
        value[${pair%%=*}]=${pair#*=}
    done
    for file in path symbol offset pid ref_ctr_offset force cookie pin enabled follow attach; do
        echo "$file:${value[$file]:+ ${value[$file]}}"
    done
}

labelled() {
    PROBE=$DIR/uprobe/label
    mkdir "$PROBE"
    WHERE="path: $TARGET"
}

@test "config has a line for each file, fields first, attach last" {
    labelled
    same config "$(lines)" "$(<"$PROBE/config")"
    same length "$(wc -c <"$PROBE/config")" "$(stat -c %s "$PROBE/config")"
    echo 0x2a >"$PROBE/cookie"
    env printf '# a comment\n /bin/sh \n' >"$PROBE/path"
    same config "$(lines path=/bin/sh cookie=0x2a)" "$(<"$PROBE/config")"
    PROBE=$DIR/uprobe/libc.so.6:malloc+0x10
    mkdir "$PROBE"
    same config "$(lines path=libc.so.6 symbol=malloc offset=16)" "$(<"$PROBE/config")"
    mkdir "$DIR/tracepoint/sched:sched_switch"
    same config $'group: sched\nname: sched_switch\ncookie: 0\npin:\nenabled: 1\nattach:' \
        "$(<"$DIR/tracepoint/sched:sched_switch/config")"
}

@test "one write makes a probe, whatever the order of its lines" {
    local text

    needs uprobe_pmu perf_link
    labelled
    text="# what it is for

	attach :count 
pin: $BPF/link
symbol: target_one
cookie: 0x2a
# where
$WHERE
"
    declare_probe "$text"
    same error "" "$(<"$PROBE/error")"
    same state attached "$(info "$PROBE" state)"
    same cookie 42 "$(info "$PROBE" cookie)"
    [ -e "$BPF/link" ]
    hit target_one 3
    same hits 3 "$(hits "$PROBE")"
    exactly "$PROBE/config" "${text//$'\n'/\\n}"
    holds "$PROBE/attach" count
    holds "$PROBE/path" "$TARGET"
    holds "$PROBE/cookie" 0x2a
}

@test "the same lines again touch nothing, nor do others that say the same" {
    local link

    needs uprobe_pmu cookie
    labelled
    declare_probe "$WHERE"$'\nsymbol: target_one\ncookie: 7\nattach: count\n'
    same write ok "$("$TOOL" write "$PROBE/cookie" $'# mine\n7\n')"
    link=$(info "$PROBE" link_id)
    hit target_one 2
    cat "$PROBE/config" >"$BATS_TEST_TMPDIR/config"
    cat "$BATS_TEST_TMPDIR/config" >"$PROBE/config"
    declare_probe "$(lines "path=$TARGET" symbol=target_one cookie=7 attach=count)"
    declare_probe $'attach: count\ncookie: 7\nsymbol:target_one\n'"$WHERE"
    same link "$link" "$(info "$PROBE" link_id)"
    same hits 2 "$(hits "$PROBE")"
    # What a file says is as it was written to that.
    holds "$PROBE/cookie" $'# mine\n7'
    same error "" "$(<"$PROBE/error")"
}

@test "config is read back as it was written while it is true" {
    local text

    needs uprobe_pmu cookie
    labelled
    text="# mine"$'\n'"$WHERE"$'\nsymbol: target_one\nattach: count'
    declare_probe "$text"
    same config "$text" "$(<"$PROBE/config")"
    echo 5 >"$PROBE/cookie"
    same "another cookie" "$(lines "path=$TARGET" symbol=target_one cookie=5 attach=count)" \
        "$(<"$PROBE/config")"
    echo 0 >"$PROBE/cookie"
    same "the old one" "$text" "$(<"$PROBE/config")"
    echo >"$PROBE/attach"
    same "nothing attached" "$(lines "path=$TARGET" symbol=target_one)" "$(<"$PROBE/config")"
}

@test "what cannot be changed alone is changed together" {
    needs uprobe_pmu
    labelled
    cp "$PROGRAMS/target" "$BATS_TEST_TMPDIR/other"
    declare_probe "$WHERE"$'\nsymbol: target_one\nattach: count\n'
    refused "$PROBE/symbol" nosuch ENOENT nosuch
    declare_probe "path: /proc/$$/root$BATS_TEST_TMPDIR/other"$'\nsymbol: target_two\nattach: count\n'
    "$BATS_TEST_TMPDIR/other" target_two 4
    hit target_two 1
    same hits 4 "$(hits "$PROBE")"
    same symbol target_two "$(info "$PROBE" symbol)"
}

# one_link SYMBOL COOKIE: all that is written makes one link, whose id is the next.
# Others on the machine may make one meanwhile, so it is tried again.
one_link() {
    local before

    before=$(info "$PROBE" link_id)
    declare_probe "cookie: $2"$'\nattach: count\npath: '"/proc/$$/root$TARGET"$'\nsymbol: '"$1"
    [ "$(info "$PROBE" link_id)" -eq $((before + 1)) ] || {
        declare_probe "$WHERE"$'\nsymbol: target_one\nattach: count\n'
        false
    }
}

@test "a write attaches once, whatever it changes" {
    local long

    needs uprobe_pmu perf_link
    labelled
    declare_probe "$WHERE"$'\nsymbol: target_one\nattach: count\n'
    eventually one_link target_two 7
    same cookie 7 "$(info "$PROBE" cookie)"
    same symbol target_two "$(info "$PROBE" symbol)"
    # As long as it may be.
    long=$(<"$PROBE/config")
    printf -v long '%s\n#%*s' "$long" $((4096 - ${#long} - 3)) x
    declare_probe "$long"$'\n'
    exactly "$PROBE/config" "$long\n"
    hit target_two 2
    same hits 2 "$(hits "$PROBE")"
}

@test "a probe moves to another path by one write, and its pin with it" {
    local link

    needs uprobe_pmu perf_link
    labelled
    declare_probe "$WHERE"$'\nsymbol: target_one\nattach: count\npin: '"$BPF/a"
    link=$(info "$PROBE" link_id)
    declare_probe "$WHERE"$'\nsymbol: target_one\nattach: count\npin: '"$BPF/b"
    same link "$link" "$(info "$PROBE" link_id)"
    [ ! -e "$BPF/a" ] && [ -e "$BPF/b" ]
    declare_probe "$WHERE"$'\nsymbol: target_two\nattach: count\npin: '"$BPF/c"
    [ ! -e "$BPF/b" ] && [ -e "$BPF/c" ]
    same pinned "$BPF/c" "$(info "$PROBE" pinned)"
    hit target_two 2
    same hits 2 "$(hits "$PROBE")"
    declare_probe "$WHERE"$'\nsymbol: target_one\nattach: count\n'
    [ ! -e "$BPF/c" ]
    # It is the same program, that goes on counting.
    hit target_one 3
    same hits 5 "$(hits "$PROBE")"
}

@test "what is refused changes nothing, and says which line" {
    local text message config link rows=0

    needs uprobe_pmu cookie
    labelled
    declare_probe "$WHERE"$'\nsymbol: target_one\ncookie: 7\nattach: count\n'
    config=$(<"$PROBE/config")
    link=$(info "$PROBE" link_id)
    while IFS='|' read -r text message; do
        printf -v text %b "$text"
        text=${text//WHERE/$WHERE}
        message=${message//NL/$'\n'}
        echo "row: $text"
        same write "${message%% *}" "$("$TOOL" write "$PROBE/config" "$text")"
        contains error "config: ${message%% *}: ${message#* }" "$(<"$PROBE/error")"
        same config "$config" "$(<"$PROBE/config")"
        same link "$link" "$(info "$PROBE" link_id)"
        rows=$((rows + 1))
    done <<'ROWS'
# c\ncokie: 7\n|EINVAL line 2: 'cokie' is no file that is written; those are path, symbol, offset, pid, ref_ctr_offset, force, cookie, pin, enabled, follow, attachNL  cokie: 7NL  ^
WHERE\n  info: 7\n|EINVAL line 2: 'info' is no file
config: 7\n|EINVAL line 1: 'config' is no file
: 7\n|EINVAL line 1: '' is no file
pid: 1\n\n pid: 1|EINVAL line 3: 'pid' is in line 1 alreadyNL   pid: 1NL   ^
pid: 1\n\tpid|EINVAL line 2: no colon; write 'file: value'
cookie: # none|EINVAL line 1: a value cannot begin with '#'; a comment has a line of its ownNL  cookie: # noneNL          ^
WHERE\ncookie:  12x|EINVAL line 2, 'cookie': not a number: '12x'NL  cookie:  12xNL             ^
enabled: yes\n|EINVAL line 1, 'enabled': neither 0 nor 1: 'yes'NL  enabled: yesNL           ^
pin: here\n|EINVAL line 1, 'pin': 'here' is not an absolute path
offset: 0x10000000000000000|ERANGE line 1, 'offset':
attach: nosuch\nsymbol: target_one\nWHERE|ENOENT line 1, 'attach': there is no built-in program or object file 'nosuch'; 'ls prog' lists themNL  attach: nosuchNL          ^
attach: count\nsymbol: nosuch\nWHERE|ENOENT no function 'nosuch' in
attach: count\nsymbol: target_one\n|EINVAL the field 'path' is not set; write the binary's path to it
attach: count\nWHERE|EINVAL neither 'symbol' nor 'offset' is set
attach: count\nWHERE\nsymbol: target_one\npin: /nowhere/x|ENOENT no such file: '/nowhere'
ROWS
    [ "$rows" -eq 16 ]
    same write E2BIG "$("$TOOL" write "$PROBE/config" "$(printf '#%4096s' x)")"
    same config "$config" "$(<"$PROBE/config")"
    run bash -c 'printf "pid: 0\0\n" >"$1"' - "$PROBE/config"
    contains error "config: EINVAL: a NUL byte in the text" "$(<"$PROBE/error")"
    same link "$link" "$(info "$PROBE" link_id)"
    hit target_one 2
    same hits 2 "$(hits "$PROBE")"
}

@test "files without a line say what they did after mkdir" {
    needs uprobe_pmu cookie
    PROBE=$DIR/uprobe/$NAME:target_one@x
    mkdir "$PROBE"
    declare_probe $'cookie: 7\nattach: count\n'
    hit target_one 2
    same hits 2 "$(hits "$PROBE")"
    declare_probe $'symbol: target_two\nattach: count\n'
    holds "$PROBE/cookie" 0
    same symbol target_two "$(info "$PROBE" symbol)"
    declare_probe $'offset: 0\n'
    same state detached "$(info "$PROBE" state)"
    holds "$PROBE/symbol" target_one
    # A line that says nothing is not the same as none.
    declare_probe $'symbol:\n'
    holds "$PROBE/symbol" ""
    declare_probe $'attach: count\nenabled: 0\n'
    same state disabled "$(info "$PROBE" state)"
    holds "$PROBE/symbol" target_one
    declare_probe $'attach: count\n'
    same state attached "$(info "$PROBE" state)"
    same write ok "$("$TOOL" write "$PROBE/config" $'\n')"
    same state detached "$(info "$PROBE" state)"
}

@test "cat of a config onto another copies the probe" {
    needs uprobe_pmu cookie
    labelled
    declare_probe "$WHERE"$'\nsymbol: target_one\ncookie: 7\nattach: count\n'
    echo 8 >"$PROBE/cookie"
    mkdir "$DIR/uprobe/copy"
    cat "$PROBE/config" >"$DIR/uprobe/copy/config"
    same config "$(<"$PROBE/config")" "$(<"$DIR/uprobe/copy/config")"
    hit target_one 2
    same hits 2 "$(hits "$PROBE")"
    same hits 2 "$(hits "$DIR/uprobe/copy")"
    same cookie 8 "$(info "$DIR/uprobe/copy" cookie)"
}

# again KIND NAME FEATURE [FILE=VALUE...]: a probe of that name is attached, and its
# config, which is carried to another, is all that it is.
again() {
    local probe=$DIR/$1/$2 copy=$DIR/$1/$2@copy pair

    [ "$2" != label ] || copy=$DIR/$1/copy
    [[ $(feature_line "$3") == *$'\t'yes$'\t'* ]] || return 0
    mkdir "$probe" "$copy"
    for pair in "${@:4}"; do
        put "$probe/${pair%%=*}" "${pair#*=}"
    done
    put "$probe/attach" count
    cat "$probe/config" >"$BATS_TEST_TMPDIR/config"
    # Some hooks have room for one.
    rmdir "$probe"
    cat "$BATS_TEST_TMPDIR/config" >"$copy/config" || fault "$(<"$copy/error")"
    cmp "$BATS_TEST_TMPDIR/config" "$copy/config"
    same "state of $1" attached "$(info "$copy" state)"
    for pair in "${@:4}"; do
        holds "$copy/${pair%%=*}" "${pair#*=}"
    done
    rmdir "$copy"
    kinds=$((kinds + 1))
}

# every_kind: of those that `count` is for, in whatever network namespace.
every_kind() {
    local kinds=0

    again uprobe label uprobe_pmu "path=$TARGET" symbol=target_one offset=0 "pid=$$"
    again uretprobe "$NAME:target_two" uprobe_pmu
    again usdt label uprobe_ref_ctr "path=$PROGRAMS/usdt_target" provider=shape name=const
    again kprobe do_nanosleep kprobe_pmu
    again kretprobe do_nanosleep kprobe_pmu
    again tracepoint sched:sched_process_exec btf
    again raw_tracepoint sched_process_exec btf
    again perf_event cpu-clock perf_link period=100000000 "pid=$$" cpus=0
    again fentry do_nanosleep fentry
    again fexit do_nanosleep fentry
    again cgroup label cgroup_link "path=$GROUP" hook=egress
    again netns sk_lookup sk_lookup
    again xdp lo xdp_link mode=skb
    again tcx lo:ingress tcx order=first
    again netfilter ipv4:prerouting:7 netfilter_link
    [ "$kinds" -ge 9 ] || fault "only $kinds kinds"
}

@test "the config of each kind is all that its probe is" {
    load cgroup
    mounted_cgroup=''
    cgroup2
    CGROUP=probefs-test-$$
    GROUP=$MOUNT/$CGROUP
    mkdir "$GROUP"
    export -f again every_kind put holds info same fault feature_line
    export GROUP PROGRAMS TARGET NAME DIR BATS_TEST_TMPDIR BATS_FILE_TMPDIR
    run unshare --net bash -eEc every_kind
    echo "$output"
    same status 0 "$status"
}

@test "a config that is written line by line is one in the end" {
    needs uprobe_pmu cookie
    labelled
    # Bash's printf writes each line by itself.
    printf '%s\nsymbol: target_one\ncookie: 7\nattach: count\n' "$WHERE" >"$PROBE/config"
    same state attached "$(info "$PROBE" state)"
    same cookie 7 "$(info "$PROBE" cookie)"
    { echo "$WHERE" && echo 'symbol: target_two' && echo 'attach: count'; } >"$PROBE/config"
    same symbol target_two "$(info "$PROBE" symbol)"
    same cookie 0 "$(info "$PROBE" cookie)"
    run bash -c 'printf "%s\nsymbol: target_one\nattach: nosuch\n" "$1" >"$2"' - "$WHERE" "$PROBE/config"
    contains write "No such file" "$output"
    contains error "line 3, 'attach': there is no built-in program" "$(<"$PROBE/error")"
    same symbol target_two "$(info "$PROBE" symbol)"
    same config "$WHERE"$'\nsymbol: target_two\nattach: count' "$(<"$PROBE/config")"
}

@test "a line that is appended is added, or refused where it is there" {
    needs uprobe_pmu cookie
    labelled
    declare_probe "$WHERE"$'\nsymbol: target_one\nattach: count'
    echo 'cookie: 7' >>"$PROBE/config"
    same config "$WHERE"$'\nsymbol: target_one\nattach: count\ncookie: 7' "$(<"$PROBE/config")"
    same cookie 7 "$(info "$PROBE" cookie)"
    run bash -c 'echo "cookie: 8" >>"$1"' - "$PROBE/config"
    contains write "Invalid argument" "$output"
    contains error "line 5: 'cookie' is in line 4 already" "$(<"$PROBE/error")"
    sed -i 's/cookie: 7/cookie: 8/' "$PROBE/config"
    same cookie 8 "$(info "$PROBE" cookie)"
}

@test "what is renamed onto config is taken whole, or stays" {
    needs uprobe_pmu
    labelled
    cd "$PROBE"
    printf '%s\nsymbol: target_one\nattach: count\n' "$WHERE" >new
    mv new config
    same state attached "$(info . state)"
    echo 'cookie: x' >new
    same rename EINVAL "$("$PROGRAMS/vfs" rename new config)"
    holds new 'cookie: x'
    same state attached "$(info . state)"
    mv config config.old
    [ ! -e config ]
    same state attached "$(info . state)"
    sed -i s/target_one/target_two/ config.old
    mv config.old config
    same symbol target_two "$(info . symbol)"
    cd /
}

@test "a link that is adopted, and its cookie and pin, are in config" {
    needs uprobe_pmu cookie
    labelled
    declare_probe "$WHERE"$'\nsymbol: target_one\ncookie: 7\nattach: count\npin: '"$BPF/link"
    mkdir "$DIR/uprobe/other"
    link=$(info "$PROBE" link_id)
    rmdir "$PROBE"
    PROBE=$DIR/uprobe/other
    declare_probe "$WHERE"$'\nsymbol: target_one\nattach: '"$BPF/link"
    same link "$link" "$(info "$PROBE" link_id)"
    same config "$(lines "path=$TARGET" symbol=target_one cookie=7 "pin=$BPF/link" "attach=$BPF/link")" \
        "$(<"$PROBE/config")"
    declare_probe "$(<"$PROBE/config")"
    same link "$link" "$(info "$PROBE" link_id)"
}
