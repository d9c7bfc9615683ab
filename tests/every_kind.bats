#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# What a probe of any kind keeps: its files in any order, the same bytes twice,
# a pin and its adoption, `enabled`, `config`, refusals that change nothing.
# bats file_tags=bpf,root,host
# shellcheck disable=SC2154

load helpers
load net
load cgroup
load every_kind

@test "each kind on events keeps what a probe keeps" {
    needs cookie
    keeps count tracepoint/syscalls:sys_enter_getpriority
    keeps count uprobe/mine "path=$TARGET" symbol=target_one
    keeps count uretprobe/mine "path=$TARGET" symbol=target_one
    keeps count usdt/mine "path=$PROGRAMS/usdt_target" name=regs
    keeps count perf_event/page-faults cpus=0
    keeps count raw_tracepoint/sched_process_hang
}

@test "each kind on hooks keeps what a probe keeps" {
    needs cgroup_link sk_lookup flow_dissector_continue xdp_link tcx netfilter_link sockmap_link
    keeps count cgroup/mine "path=$CGROUP" hook=egress
    keeps count netns/sk_lookup
    keeps count netns/flow_dissector
    keeps count xdp/v1 mode=skb
    keeps count tcx/v0:egress order=first
    keeps count netfilter/ipv4:input:7
    "$TOOL" pinmap "$PROGRAMS/bpf/sockmap.bpf.o" sockets "$BPF/sockets"
    keeps count sockmap/mine "map=$BPF/sockets" hook=msg_verdict
}

@test "an iterator keeps what a probe keeps" {
    needs iter
    program iter_task section
    keeps "$BPF/iter_task" iter/task
}
