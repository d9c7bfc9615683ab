// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* rights.bpf.c - a program of each type that asks for rights of its own. */
#include "tests/bpf/sections.h"

PROGRAM("?socket", socket, 0)
PROGRAM("?cgroup_skb/egress", cgroup_skb, 1)
PROGRAM("?sk_lookup", sk_lookup, 1)
PROGRAM("?sk_reuseport", sk_reuseport, 1)
PROGRAM("?kprobe", kprobe, 0)
PROGRAM("?tp", tracepoint, 0)
PROGRAM("?raw_tp", raw_tp, 0)
PROGRAM("?perf_event", perf_event, 0)
PROGRAM("?xdp", xdp, 2)
PROGRAM("?tc", tc, 0)
PROGRAM("?action", action, 0)
PROGRAM("?lwt_in", lwt_in, 0)
PROGRAM("?sk_skb", sk_skb, 1)
PROGRAM("?sk_msg", sk_msg, 1)
PROGRAM("?flow_dissector", flow_dissector, 0)
PROGRAM("?sockops", sockops, 1)
PROGRAM("?cgroup/sock", cgroup_sock, 1)
PROGRAM("?cgroup/bind4", cgroup_bind4, 1)
PROGRAM("?cgroup/sysctl", cgroup_sysctl, 1)
PROGRAM("?cgroup/getsockopt", cgroup_getsockopt, 1)
PROGRAM("?cgroup/dev", cgroup_dev, 1)

char rights_license[] SEC("license") = "GPL";
