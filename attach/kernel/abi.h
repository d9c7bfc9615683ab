/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * abi.h - constants of <linux/bpf.h> that are newer than Debian 12's (6.1).
 *
 * Each has the kernel version that brought it.  Numbers of the UAPI never
 * change; the ones that the header does have are used from there.  They are
 * macros so that a newer header's enumerators of the same name do not clash.
 *
 * Two structures are our own, since the header's lack their newer members and
 * a header newer than the kernel must not change what is asked: the attributes
 * of BPF_LINK_CREATE and the answer of BPF_OBJ_GET_INFO_BY_FD for a link.
 */
#ifndef ATTACH_KERNEL_ABI_H
#define ATTACH_KERNEL_ABI_H

#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <linux/types.h>
#include <stddef.h>

/* clang-format off */

/* enum bpf_prog_type */
#define BPF_PROG_TYPE_NETFILTER          32 /* 6.4 */

/* enum bpf_attach_type */
#define BPF_STRUCT_OPS                   44 /* 6.4 */
#define BPF_NETFILTER                    45 /* 6.4 */
#define BPF_TCX_INGRESS                  46 /* 6.6 */
#define BPF_TCX_EGRESS                   47 /* 6.6 */
#define BPF_TRACE_UPROBE_MULTI           48 /* 6.6 */
#define BPF_CGROUP_UNIX_CONNECT          49 /* 6.7 */
#define BPF_CGROUP_UNIX_SENDMSG          50 /* 6.7 */
#define BPF_CGROUP_UNIX_RECVMSG          51 /* 6.7 */
#define BPF_CGROUP_UNIX_GETPEERNAME      52 /* 6.7 */
#define BPF_CGROUP_UNIX_GETSOCKNAME      53 /* 6.7 */
#define BPF_NETKIT_PRIMARY               54 /* 6.7 */
#define BPF_NETKIT_PEER                  55 /* 6.7 */
#define BPF_TRACE_KPROBE_SESSION         56 /* 6.10 */
#define BPF_TRACE_UPROBE_SESSION         57 /* 6.13 */
#define BPF_TRACE_FSESSION               58 /* 7.0 */
#define BPF_TRACE_FENTRY_MULTI           59 /* 7.2 */
#define BPF_TRACE_FEXIT_MULTI            60 /* 7.2 */
#define BPF_TRACE_FSESSION_MULTI         61 /* 7.2 */

/* enum bpf_link_type */
#define BPF_LINK_TYPE_NETFILTER          10 /* 6.4 */
#define BPF_LINK_TYPE_TCX                11 /* 6.6 */
#define BPF_LINK_TYPE_UPROBE_MULTI       12 /* 6.6 */
#define BPF_LINK_TYPE_NETKIT             13 /* 6.7 */
#define BPF_LINK_TYPE_SOCKMAP            14 /* 6.10 */
#define BPF_LINK_TYPE_TRACING_MULTI      15 /* 7.2 */

/* enum bpf_perf_event_type; 6.6 */
#define BPF_PERF_EVENT_UPROBE            1
#define BPF_PERF_EVENT_URETPROBE         2
#define BPF_PERF_EVENT_KPROBE            3
#define BPF_PERF_EVENT_KRETPROBE         4
#define BPF_PERF_EVENT_TRACEPOINT        5
#define BPF_PERF_EVENT_EVENT             6

/* link_create.uprobe_multi.flags; the return flag of kprobe_multi is 5.18 */
#define BPF_F_UPROBE_MULTI_RETURN        (1U << 0) /* 6.6 */
#define BPF_F_UPROBE_MULTI_PATH_FD       (1U << 1) /* 7.2 */

/* link_create.flags of tcx, netkit and cgroup; 6.6 and 6.17 */
#define ABI_F_BEFORE                     (1U << 3)
#define ABI_F_AFTER                      (1U << 4)
#define ABI_F_ID                         (1U << 5)
#define ABI_F_LINK                       (1U << 13)

/* map_flags of struct_ops: the map is for a link; 6.4.  Its name is BPF_F_LINK too */
#define ABI_MAP_F_LINK                   (1U << 13)

/* enum bpf_cgroup_iter_order; 6.1 */
#define ABI_CGROUP_ITER_SELF_ONLY        1
#define ABI_CGROUP_ITER_DESCENDANTS_PRE  2
#define ABI_CGROUP_ITER_DESCENDANTS_POST 3
#define ABI_CGROUP_ITER_ANCESTORS_UP     4

/* link_create.netfilter.flags; 6.6 */
#define ABI_F_NETFILTER_IP_DEFRAG        (1U << 0)

/* What programs return; 4.10, 6.1, 5.9, 6.6 */
#define ABI_XDP_PASS                     2
#define ABI_FLOW_DISSECTOR_CONTINUE      129
#define ABI_SK_PASS                      1
#define ABI_TCX_NEXT                     (-1)

/* clang-format on */

/* Helper bpf_get_attach_cookie(), 5.15. */
enum { ABI_HELPER_GET_ATTACH_COOKIE = 174 };

/* The kernel's limit on the sites of one multi link: MAX_UPROBE_MULTI_CNT. */
enum { ABI_MULTI_SITES = 1 << 20 };

/* More than a hook takes: 64 of a cgroup, 63 of tcx and netkit. */
enum { ABI_HOOK_PROGRAMS = 64 };

/* link_create of union bpf_attr; 5.7.  Pointers are numbers of 64 bits. */
struct abi_link_create {
	__u32 prog_fd;
	__u32 target_fd;
	__u32 attach_type;
	__u32 flags;
	union {
		struct { /* 5.15 */
			__aligned_u64 cookie;
		} perf_event;
		struct { /* 5.18 */
			__u32 flags;
			__u32 cnt;
			__aligned_u64 syms;
			__aligned_u64 addrs;
			__aligned_u64 cookies;
		} kprobe_multi;
		struct { /* 6.6; path_fd 7.2 */
			__aligned_u64 path;
			__aligned_u64 offsets;
			__aligned_u64 ref_ctrs;
			__aligned_u64 cookies;
			__u32 cnt;
			__u32 flags;
			__u32 pid;
			__u32 path_fd;
		} uprobe_multi;
		struct { /* 5.8 */
			__aligned_u64 info; /* union abi_iter_info */
			__u32 info_len;
		} iter;
		struct { /* 5.10 freplace; cookie 5.19 */
			__u32 target_btf_id;
			__u32 pad;
			__aligned_u64 cookie;
		} tracing;
		struct { /* 6.4 */
			__u32 pf;
			__u32 hooknum;
			__s32 priority;
			__u32 flags;
		} netfilter;
		struct { /* tcx 6.6, netkit 6.7, cgroup 6.17 */
			__u32 relative; /* a descriptor or an id, by flags */
			__u32 pad;
			__aligned_u64 expected_revision;
		} order;
		struct { /* 7.2 */
			__aligned_u64 ids; /* of BTF: u32[cnt], none twice */
			__aligned_u64 cookies;
			__u32 cnt;
		} tracing_multi;
	};
};

/* union bpf_iter_link_info: of one iterator's kind; 5.8. */
union abi_iter_info {
	struct {
		__u32 map_fd;
	} map;
	struct { /* 6.1 */
		__u32 order; /* enum bpf_cgroup_iter_order */
		__u32 cgroup_fd;
		__aligned_u64 cgroup_id;
	} cgroup;
	struct { /* 6.1 */
		__u32 tid;
		__u32 pid;
		__u32 pid_fd;
	} task;
};

/* raw_tracepoint of union bpf_attr; cookie 6.10. */
struct abi_raw_tracepoint {
	__aligned_u64 name;
	__u32 prog_fd;
	__u32 pad;
	__aligned_u64 cookie;
};

/* query of union bpf_attr; link_ids and revision 6.6. */
struct abi_prog_query {
	__u32 target;
	__u32 attach_type;
	__u32 query_flags;
	__u32 attach_flags;
	__aligned_u64 prog_ids;
	__u32 count;
	__u32 pad;
	__aligned_u64 prog_attach_flags;
	__aligned_u64 link_ids;
	__aligned_u64 link_attach_flags;
	__aligned_u64 revision;
};

/*
 * struct bpf_link_info.  Names and arrays are in/out: a buffer and its room go
 * in, the length comes out.  The kernel copies the whole in before it fills it,
 * so what it does not know comes back as it was given.
 */
struct abi_link_info {
	__u32 type;
	__u32 id;
	__u32 prog_id;
	__u32 pad;
	union {
		struct {
			__aligned_u64 name;
			__u32 name_len;
			__u32 pad;
			__aligned_u64 cookie; /* 6.17 */
		} raw_tracepoint;
		struct {
			__u32 attach_type;
			__u32 target_obj_id; /* 5.13 */
			__u32 target_btf_id; /* 5.13 */
			__u32 pad;
			__aligned_u64 cookie; /* 6.17 */
		} tracing;
		struct {
			__aligned_u64 cgroup_id;
			__u32 attach_type;
		} cgroup;
		struct { /* 5.10 */
			__aligned_u64 name;
			__u32 name_len;
			__u32 map_id;
			union { /* 6.1 */
				struct {
					__aligned_u64 id;
					__u32 order;
				} cgroup;
				struct {
					__u32 tid;
					__u32 pid;
				} task;
			};
		} iter;
		struct {
			__u32 ino;
			__u32 attach_type;
		} netns;
		struct { /* xdp; tcx, 6.6; netkit, 6.7 */
			__u32 ifindex;
			__u32 attach_type;
		} netdev;
		struct { /* struct_ops, 6.4; sockmap, 6.10 */
			__u32 map_id;
			__u32 attach_type;
		} map;
		struct { /* 6.4 */
			__u32 pf;
			__u32 hooknum;
			__s32 priority;
			__u32 flags;
		} netfilter;
		struct { /* 6.6 */
			__aligned_u64 addrs;
			__u32 count;
			__u32 flags;
			__aligned_u64 missed; /* 6.7 */
			__aligned_u64 cookies; /* 6.9 */
		} kprobe_multi;
		struct { /* 6.8 */
			__aligned_u64 path;
			__aligned_u64 offsets;
			__aligned_u64 ref_ctrs;
			__aligned_u64 cookies;
			__u32 path_size;
			__u32 count;
			__u32 flags;
			__u32 pid;
		} uprobe_multi;
		struct { /* not the kernel's: see link_fdinfo.h */
			__u32 attach_type;
			__u32 count;
			__u32 obj_id;
		} tracing_multi;
		struct { /* 6.6 */
			__u32 type;
			__u32 pad;
			union {
				struct {
					__aligned_u64 name;
					__u32 name_len;
					__u32 offset;
					__aligned_u64 cookie; /* 6.9 */
					__aligned_u64 ref_ctr; /* 6.16 */
				} uprobe;
				struct {
					__aligned_u64 name;
					__u32 name_len;
					__u32 offset;
					__aligned_u64 address;
					__aligned_u64 missed; /* 6.7 */
					__aligned_u64 cookie; /* 6.9 */
				} kprobe;
				struct {
					__aligned_u64 name;
					__u32 name_len;
					__u32 pad;
					__aligned_u64 cookie; /* 6.9 */
				} tracepoint;
				struct {
					__aligned_u64 config;
					__u32 type;
					__u32 pad;
					__aligned_u64 cookie; /* 6.9 */
				} event;
			};
		} perf;
	};
};

/* Where the kernel has them: include/uapi/linux/bpf.h of 7.2. */
#define ABI_AT(what, member, offset)                              \
	_Static_assert(offsetof(struct what, member) == (offset), \
		       #what "." #member)

ABI_AT(abi_link_create, perf_event.cookie, 16);
ABI_AT(abi_link_create, kprobe_multi.flags, 16);
ABI_AT(abi_link_create, kprobe_multi.cookies, 40);
ABI_AT(abi_link_create, uprobe_multi.path, 16);
ABI_AT(abi_link_create, uprobe_multi.cookies, 40);
ABI_AT(abi_link_create, uprobe_multi.cnt, 48);
ABI_AT(abi_link_create, uprobe_multi.pid, 56);
ABI_AT(abi_link_create, uprobe_multi.path_fd, 60);
ABI_AT(abi_link_create, iter.info_len, 24);
ABI_AT(abi_link_create, tracing.cookie, 24);
ABI_AT(abi_link_create, netfilter.flags, 28);
ABI_AT(abi_link_create, order.expected_revision, 24);
ABI_AT(abi_link_create, tracing_multi.cookies, 24);
ABI_AT(abi_link_create, tracing_multi.cnt, 32);
ABI_AT(abi_raw_tracepoint, cookie, 16);
ABI_AT(abi_prog_query, count, 24);
ABI_AT(abi_prog_query, revision, 56);
ABI_AT(abi_link_info, raw_tracepoint.name, 16);
ABI_AT(abi_link_info, raw_tracepoint.cookie, 32);
ABI_AT(abi_link_info, tracing.attach_type, 16);
ABI_AT(abi_link_info, tracing.target_btf_id, 24);
ABI_AT(abi_link_info, tracing.cookie, 32);
ABI_AT(abi_link_info, cgroup.attach_type, 24);
ABI_AT(abi_link_info, iter.map_id, 28);
ABI_AT(abi_link_info, iter.task.pid, 36);
ABI_AT(abi_link_info, iter.cgroup.order, 40);
ABI_AT(abi_link_info, netns.attach_type, 20);
ABI_AT(abi_link_info, netfilter.priority, 24);
ABI_AT(abi_link_info, kprobe_multi.count, 24);
ABI_AT(abi_link_info, kprobe_multi.missed, 32);
ABI_AT(abi_link_info, kprobe_multi.cookies, 40);
ABI_AT(abi_link_info, uprobe_multi.path_size, 48);
ABI_AT(abi_link_info, uprobe_multi.pid, 60);
ABI_AT(abi_link_info, tracing_multi.attach_type, 16);
ABI_AT(abi_link_info, perf.uprobe.name, 24);
ABI_AT(abi_link_info, perf.uprobe.ref_ctr, 48);
ABI_AT(abi_link_info, perf.kprobe.missed, 48);
ABI_AT(abi_link_info, perf.kprobe.cookie, 56);
ABI_AT(abi_link_info, perf.tracepoint.cookie, 40);
ABI_AT(abi_link_info, perf.event.cookie, 40);
_Static_assert(sizeof(struct abi_link_info) == 64, "abi_link_info");

#endif
