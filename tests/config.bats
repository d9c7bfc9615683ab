#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Configuration tools: what they declare is there after the first run, and the
# second changes nothing.
# bats file_tags=host,bpf,root

load helpers
load users

EXAMPLES=$TOP/tests/examples

# example FILE: as it is, but for where things are; in $EXAMPLE.
example() {
    EXAMPLE=$BATS_TEST_TMPDIR/$1
    sed "s|/probefs|$DIR|g; s|/sys/fs/bpf|$BPF|g" "$EXAMPLES/$1" >"$EXAMPLE"
    program plain none my_prog
}

# declared: what each of the examples declares is there.
declared() {
    local lookups=$DIR/uprobe/libc.so.6:getaddrinfo

    same "the first" count "$(info "$DIR/uprobe/bash:readline" program)"
    same "the first" attached "$(info "$DIR/uprobe/bash:readline" state)"
    same "the second" plain "$(info "$lookups" prog_name)"
    same cookie 42 "$(info "$lookups" cookie)"
    same pinned "$BPF/my_link" "$(info "$lookups" pinned)"
    same error "" "$(cat "$DIR/uprobe/bash:readline/error" "$lookups/error")"
}

# links: the ids, which change when something is made anew.
links() { info "$DIR/uprobe/bash:readline" link_id && info "$DIR/uprobe/libc.so.6:getaddrinfo" link_id; }

# twice COMMAND...: what it declares is declared, then the same again.
twice() {
    local before

    "$@"
    declared
    before=$(links)
    "$@"
    declared
    same "links after the second run" "$before" "$(links)"
}

play() {
    ANSIBLE_LOCALHOST_WARNING=False ANSIBLE_NOCOWS=1 ANSIBLE_HOME=$BATS_TEST_TMPDIR/ansible \
        HOME=$BATS_TEST_TMPDIR ANSIBLE_LOCAL_TEMP=$BATS_TEST_TMPDIR/ansible \
        ANSIBLE_PYTHON_INTERPRETER=/usr/bin/python3 \
        ansible-playbook -i localhost, "$@" 3>&- >"$BATS_TEST_TMPDIR/out" 2>&1 || {
        cat "$BATS_TEST_TMPDIR/out"
        return 1
    }
}

recap() { sed -n 's/.*\(changed=[0-9]*\).*\(failed=[0-9]*\).*/\1 \2/p' "$BATS_TEST_TMPDIR/out"; }

@test "Ansible: the second run changes nothing, nor does a check" {
    has ansible-playbook
    needs uprobe_pmu perf_link
    example ansible.yml
    play -C "$EXAMPLE"
    same "check of the first run" "changed=4 failed=0" "$(recap | sed 's/changed=[1-9]/changed=4/')"
    same "probes after it" "" "$(find "$DIR/uprobe" -mindepth 1 -type d)"
    play "$EXAMPLE"
    same "first run" "changed=4 failed=0" "$(recap | sed 's/changed=./changed=4/')"
    declared
    before=$(links)
    play "$EXAMPLE"
    same "second run" "changed=0 failed=0" "$(recap)"
    play -C "$EXAMPLE"
    same "check" "changed=0 failed=0" "$(recap)"
    same links "$before" "$(links)"
}

@test "Ansible: modes, backups, lines, blocks and absence" {
    has ansible-playbook
    mkdir "$DIR/uprobe/a"
    echo 1 >"$DIR/uprobe/a/cookie"
    cat >"$BATS_TEST_TMPDIR/play.yml" <<YML
- hosts: localhost
  connection: local
  gather_facts: false
  tasks:
    - copy: { dest: $DIR/uprobe/a/cookie, content: "0x2a", backup: true, mode: "0640", owner: "7" }
    - lineinfile: { path: $DIR/uprobe/a/enabled, regexp: "^1", line: "0" }
      when: not gone | bool
    - blockinfile: { path: $DIR/uprobe/a/pid, block: "1" }
    - file: { path: $DIR/uprobe/b, state: absent }
  vars: { gone: false }
YML
    mkdir "$DIR/uprobe/b"
    echo 5 >"$DIR/uprobe/b/cookie"
    play "$BATS_TEST_TMPDIR/play.yml" || true
    # blockinfile keeps the 0 and adds a block: two values, which is refused.
    grep -q 'more than one line' "$DIR/uprobe/a/error"
    rm "$DIR/uprobe/a/pid"
    : >"$DIR/uprobe/a/pid"
    sed -i '/blockinfile/d' "$BATS_TEST_TMPDIR/play.yml"
    play "$BATS_TEST_TMPDIR/play.yml"
    holds "$DIR/uprobe/a/cookie" 0x2a
    holds "$DIR/uprobe/a/enabled" 0
    same "owner and mode" "7 640" "$(stat -c '%u %a' "$DIR/uprobe/a/cookie")"
    same backups 1 "$(find "$DIR/uprobe/a" -name 'cookie.*~' | wc -l)"
    [ ! -e "$DIR/uprobe/b" ]
    play "$BATS_TEST_TMPDIR/play.yml"
    same "second run" "changed=0 failed=0" "$(recap)"
}

@test "Ansible: a probe that works is absent, once and for all" {
    has ansible-playbook
    needs uprobe_pmu
    probe "uprobe/$NAME:target_one" count
    touch "$PROBE/left"
    cat >"$BATS_TEST_TMPDIR/play.yml" <<YML
- hosts: localhost
  connection: local
  gather_facts: false
  tasks:
    - file: { path: "$PROBE", state: absent }
YML
    play -C "$BATS_TEST_TMPDIR/play.yml"
    same check "changed=1 failed=0" "$(recap)"
    same "state after it" attached "$(info "$PROBE" state)"
    play "$BATS_TEST_TMPDIR/play.yml"
    same "first run" "changed=1 failed=0" "$(recap)"
    [ ! -e "$PROBE" ]
    play "$BATS_TEST_TMPDIR/play.yml"
    same "second run" "changed=0 failed=0" "$(recap)"
}

@test "Ansible: a refused value is a failed task" {
    has ansible-playbook
    mkdir "$DIR/uprobe/a"
    cat >"$BATS_TEST_TMPDIR/play.yml" <<YML
- hosts: localhost
  connection: local
  gather_facts: false
  tasks:
    - copy: { dest: $DIR/uprobe/a/cookie, content: "five" }
YML
    run play "$BATS_TEST_TMPDIR/play.yml"
    [ "$status" -ne 0 ]
    contains output "Invalid argument" "$output"
    contains error "not a number: 'five'" "$(<"$DIR/uprobe/a/error")"
    holds "$DIR/uprobe/a/cookie" 0
}

# pup STATUS FILE
pup() {
    local got=0

    puppet apply --detailed-exitcodes --confdir "$BATS_TEST_TMPDIR/puppet" \
        --vardir "$BATS_TEST_TMPDIR/puppet" --color=false "$2" \
        3>&- >"$BATS_TEST_TMPDIR/out" 2>&1 || got=$?
    [ "$got" -eq "$1" ] || cat "$BATS_TEST_TMPDIR/out"
    same "puppet's status" "$1" "$got"
}

@test "Puppet: 2 the first time, then 0" {
    has puppet
    needs uprobe_pmu perf_link
    example puppet.pp
    pup 2 "$EXAMPLE"
    declared
    before=$(links)
    pup 0 "$EXAMPLE"
    same links "$before" "$(links)"
}

@test "Puppet: modes, purging and absence" {
    has puppet
    needs uprobe_pmu
    mkdir "$DIR/uprobe/gone"
    touch "$DIR/uprobe/gone/left"
    probe "uprobe/$NAME:target_one"
    cat >"$BATS_TEST_TMPDIR/site.pp" <<PP
file { '$PROBE': ensure => directory, recurse => true, purge => true, force => true, backup => false }
file { '$PROBE/attach': content => 'count', mode => '0604', backup => false }
file { '$DIR/uprobe/gone': ensure => absent, force => true, backup => false }
PP
    pup 2 "$BATS_TEST_TMPDIR/site.pp"
    [ ! -e "$DIR/uprobe/gone" ]
    same mode 604 "$(stat -c %a "$PROBE/attach")"
    hit target_one 1
    # The first run purged what was there before count was attached.
    pup 2 "$BATS_TEST_TMPDIR/site.pp" || true
    pup 0 "$BATS_TEST_TMPDIR/site.pp"
    same names attach "$(ls "$PROBE")"
}

@test "systemd-tmpfiles: a second run touches nothing" {
    has systemd-tmpfiles
    needs uprobe_pmu perf_link
    example tmpfiles.conf
    twice systemd-tmpfiles --create "$EXAMPLE"
    printf 'R %s\n' "$DIR/uprobe/bash:readline" >"$BATS_TEST_TMPDIR/remove.conf"
    systemd-tmpfiles --remove "$BATS_TEST_TMPDIR/remove.conf"
    [ ! -e "$DIR/uprobe/bash:readline" ]
}

write_files() {
    /usr/bin/python3 - "$EXAMPLE" <<'PY'
import logging, sys, yaml
from cloudinit.config import cc_write_files
config = yaml.safe_load(open(sys.argv[1]))
cc_write_files.write_files("write_files", config["write_files"], "root:root")
PY
}

@test "cloud-init: write_files makes probes, and a second run touches nothing" {
    /usr/bin/python3 -c 'import cloudinit, yaml' 2>/dev/null || skip "no cloud-init here: tests/deps tools"
    needs uprobe_pmu perf_link
    example cloud-init.yml
    twice write_files
    same mode 644 "$(stat -c %a "$DIR/uprobe/bash:readline/attach")"
}

@test "CFEngine: a second run repairs nothing, and keeps the link" {
    local run link=''

    has cf-agent
    needs uprobe_pmu perf_link
    probe "uprobe/$NAME:target_one"
    mkdir "$BATS_TEST_TMPDIR/cf"
    cat >"$BATS_TEST_TMPDIR/cf/probe.cf" <<CF
body common control { bundlesequence => { "probe" }; inputs => {}; }
bundle agent probe
{
  files:
    "$DIR/uprobe/b/." create => "true";
    "$PROBE/cookie"
      create => "true",
      edit_defaults => empty,
      edit_line => value("0x2a"),
      classes => told;
    "$PROBE/attach"
      create => "true",
      edit_defaults => empty,
      edit_line => value("count"),
      classes => told;
  reports:
    repaired:: "repaired";
    kept.!repaired:: "kept";
}
body edit_defaults empty { empty_file_before_editing => "true"; edit_backup => "false"; }
bundle edit_line value(text) { insert_lines: "\$(text)"; }
body classes told { promise_repaired => { "repaired" }; promise_kept => { "kept" }; }
CF
    chmod 0600 "$BATS_TEST_TMPDIR/cf/probe.cf"
    for run in repaired kept; do
        cf-agent -KI -f "$BATS_TEST_TMPDIR/cf/probe.cf" 3>&- >"$BATS_TEST_TMPDIR/out" 2>&1 || true
        contains "$run" "R: $run" "$(<"$BATS_TEST_TMPDIR/out")"
        works 0x2a
        [ -d "$DIR/uprobe/b" ]
        same "link of the second run" "${link:=$(info "$PROBE" link_id)}" "$(info "$PROBE" link_id)"
    done
}

# works COOKIE: the probe is attached with that cookie, and counts.
works() {
    local before

    holds "$PROBE/attach" count
    holds "$PROBE/cookie" "$1"
    before=$(hits "$PROBE")
    hit target_one 2
    same hits $((before + 2)) "$(hits "$PROBE")"
}

@test "Itamae: a second run changes nothing, and keeps the link" {
    local run link=''

    has itamae
    needs uprobe_pmu perf_link
    PROBE=$DIR/uprobe/$NAME:target_one
    cat >"$BATS_TEST_TMPDIR/recipe.rb" <<RB
directory "$PROBE"
file "$PROBE/cookie" do
  content "0x2a\n"
  mode "0640"
end
file "$PROBE/attach" do
  content "count\n"
end
RB
    for run in first second; do
        itamae local --no-color "$BATS_TEST_TMPDIR/recipe.rb" 3>&- >"$BATS_TEST_TMPDIR/out" 2>&1 ||
            { cat "$BATS_TEST_TMPDIR/out" && false; }
        works 0x2a
        same mode 640 "$(stat -c %a "$PROBE/cookie")"
        same "link of the $run run" "${link:=$(info "$PROBE" link_id)}" "$(info "$PROBE" link_id)"
    done
    ! grep -E 'will change|will be' "$BATS_TEST_TMPDIR/out" || return 1
}

# in_one_file NAME COMMAND...: that example, which COMMAND applies, and again without
# a change.
in_one_file() {
    local link

    needs uprobe_pmu perf_link
    PROBE=$DIR/uprobe/lines
    example "$1"
    sed -i "s|/usr/bin/bash|$TARGET|; s/readline/target_one/" "$EXAMPLE"
    chmod 0600 "$EXAMPLE"
    "${@:2}" "$EXAMPLE" || fault "$(<"$BATS_TEST_TMPDIR/out")"
    same comment "# what is typed to bash" "$(head -n 1 "$PROBE/config")"
    same state attached "$(info "$PROBE" state)"
    same pinned "$BPF/my_link" "$(info "$PROBE" pinned)"
    link=$(info "$PROBE" link_id)
    "${@:2}" "$EXAMPLE"
    same "link of the second run" "$link" "$(info "$PROBE" link_id)"
    same error "" "$(<"$PROBE/error")"
    same beside "" "$(find "$PROBE" -name '*my*' -o -name '*~' -o -name '.*')"
}

puppet_apply() {
    puppet apply --confdir "$BATS_TEST_TMPDIR/puppet" --vardir "$BATS_TEST_TMPDIR/puppet" \
        "$1" 3>&- >"$BATS_TEST_TMPDIR/out" 2>&1
}

cf_agent() { cf-agent -K -f "$1" 3>&- >"$BATS_TEST_TMPDIR/out" 2>&1; }

@test "a probe in one file, with Ansible" {
    has ansible-playbook
    in_one_file ansible-config.yml play
    sed -i 's/target_one/target_two/; s/0x2a/43/' "$EXAMPLE"
    play "$EXAMPLE"
    same symbol target_two "$(info "$PROBE" symbol)"
    same cookie 43 "$(info "$PROBE" cookie)"
    same pinned "$BPF/my_link" "$(info "$PROBE" pinned)"
}

@test "a probe in one file, with Puppet" {
    has puppet
    in_one_file puppet-config.pp puppet_apply
}

@test "a probe in one file, with CFEngine" {
    has cf-agent
    in_one_file cfengine-config.cf cf_agent
}
