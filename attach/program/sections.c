// SPDX-License-Identifier: BSD-2-Clause
/* sections.c - what the name of a section says of the program in it. */
#include <errno.h>
#include <string.h>

#include "array.h"
#include "attach/program/sections.h"

/* BPF_F_... of BPF_PROG_LOAD. */
#define SLEEPS BPF_F_SLEEPABLE /* 5.10 */
#define FRAGS  BPF_F_XDP_HAS_FRAGS /* 5.18 */

#define PROBE(name, attach_type, flags)                                      \
	{                                                                    \
		name, BPF_PROG_TYPE_KPROBE, attach_type, SECTION_HINT, flags \
	}
#define EVENT(name, which)                                      \
	{                                                       \
		name, BPF_PROG_TYPE_##which, 0, SECTION_HINT, 0 \
	}
#define TRACING(name, which, flags)                                       \
	{                                                                 \
		name, BPF_PROG_TYPE_TRACING, BPF_##which, SECTION_TARGET, \
			flags                                             \
	}
/* Verified for no function; a link says for which it is. */
#define MULTI(name, which, flags)                                             \
	{                                                                     \
		name, BPF_PROG_TYPE_TRACING, BPF_##which, SECTION_HINT, flags \
	}
#define LSM(name, which, flags)                                             \
	{                                                                   \
		name, BPF_PROG_TYPE_LSM, BPF_##which, SECTION_TARGET, flags \
	}
#define PLAIN(name, which)                                       \
	{                                                        \
		name, BPF_PROG_TYPE_##which, 0, SECTION_LABEL, 0 \
	}
#define HOOK(name, which, attach_type)                                         \
	{                                                                      \
		name, BPF_PROG_TYPE_##which, BPF_##attach_type, SECTION_LABEL, \
			0                                                      \
	}
#define XDP(name, attach_type, flags)                                      \
	{                                                                  \
		name, BPF_PROG_TYPE_XDP, BPF_##attach_type, SECTION_LABEL, \
			flags                                              \
	}
#define CGROUP(name, which, attach_type)                           \
	{                                                          \
		"cgroup/" name, BPF_PROG_TYPE_CGROUP_##which,      \
			BPF_CGROUP_##attach_type, SECTION_LABEL, 0 \
	}

/* As of libbpf 1.8, tools/lib/bpf/libbpf.c of Linux 7.2, section_defs[]. */
/* clang-format off */
const struct section_row sections[] = {
	PLAIN("socket", SOCKET_FILTER),
	HOOK("sk_reuseport/migrate", SK_REUSEPORT,
	     SK_REUSEPORT_SELECT_OR_MIGRATE),
	HOOK("sk_reuseport", SK_REUSEPORT, SK_REUSEPORT_SELECT),
	PROBE("kprobe", 0, 0),
	PROBE("kretprobe", 0, 0),
	PROBE("uprobe", 0, 0),
	PROBE("uprobe.s", 0, SLEEPS),
	PROBE("uretprobe", 0, 0),
	PROBE("uretprobe.s", 0, SLEEPS),
	PROBE("kprobe.multi", BPF_TRACE_KPROBE_MULTI, 0),
	PROBE("kretprobe.multi", BPF_TRACE_KPROBE_MULTI, 0),
	PROBE("kprobe.session", BPF_TRACE_KPROBE_SESSION, 0),
	PROBE("uprobe.multi", BPF_TRACE_UPROBE_MULTI, 0),
	PROBE("uprobe.multi.s", BPF_TRACE_UPROBE_MULTI, SLEEPS),
	PROBE("uretprobe.multi", BPF_TRACE_UPROBE_MULTI, 0),
	PROBE("uretprobe.multi.s", BPF_TRACE_UPROBE_MULTI, SLEEPS),
	PROBE("uprobe.session", BPF_TRACE_UPROBE_SESSION, 0),
	PROBE("uprobe.session.s", BPF_TRACE_UPROBE_SESSION, SLEEPS),
	PROBE("ksyscall", 0, 0),
	PROBE("kretsyscall", 0, 0),
	PROBE("usdt", 0, 0),
	PROBE("usdt.s", 0, SLEEPS),
	HOOK("tc/ingress", SCHED_CLS, TCX_INGRESS),
	HOOK("tc/egress", SCHED_CLS, TCX_EGRESS),
	HOOK("tcx/ingress", SCHED_CLS, TCX_INGRESS),
	HOOK("tcx/egress", SCHED_CLS, TCX_EGRESS),
	HOOK("netkit/primary", SCHED_CLS, NETKIT_PRIMARY),
	HOOK("netkit/peer", SCHED_CLS, NETKIT_PEER),
	PLAIN("tc", SCHED_CLS),
	PLAIN("classifier", SCHED_CLS),
	PLAIN("action", SCHED_ACT),
	EVENT("tracepoint", TRACEPOINT),
	EVENT("tp", TRACEPOINT),
	EVENT("raw_tracepoint", RAW_TRACEPOINT),
	EVENT("raw_tp", RAW_TRACEPOINT),
	EVENT("raw_tracepoint.w", RAW_TRACEPOINT_WRITABLE),
	EVENT("raw_tp.w", RAW_TRACEPOINT_WRITABLE),
	TRACING("tp_btf", TRACE_RAW_TP, 0),
	TRACING("fentry", TRACE_FENTRY, 0),
	TRACING("fentry.s", TRACE_FENTRY, SLEEPS),
	TRACING("fexit", TRACE_FEXIT, 0),
	TRACING("fexit.s", TRACE_FEXIT, SLEEPS),
	TRACING("fmod_ret", MODIFY_RETURN, 0),
	TRACING("fmod_ret.s", MODIFY_RETURN, SLEEPS),
	TRACING("fsession", TRACE_FSESSION, 0),
	TRACING("fsession.s", TRACE_FSESSION, SLEEPS),
	MULTI("fentry.multi", TRACE_FENTRY_MULTI, 0),
	MULTI("fentry.multi.s", TRACE_FENTRY_MULTI, SLEEPS),
	MULTI("fexit.multi", TRACE_FEXIT_MULTI, 0),
	MULTI("fexit.multi.s", TRACE_FEXIT_MULTI, SLEEPS),
	MULTI("fsession.multi", TRACE_FSESSION_MULTI, 0),
	MULTI("fsession.multi.s", TRACE_FSESSION_MULTI, SLEEPS),
	{ "freplace", BPF_PROG_TYPE_EXT, 0, SECTION_TARGET, 0 },
	LSM("lsm", LSM_MAC, 0),
	LSM("lsm.s", LSM_MAC, SLEEPS),
	LSM("lsm_cgroup", LSM_CGROUP, 0),
	TRACING("iter", TRACE_ITER, 0),
	TRACING("iter.s", TRACE_ITER, SLEEPS),
	{ "syscall", BPF_PROG_TYPE_SYSCALL, 0, SECTION_LABEL, SLEEPS },
	XDP("xdp/devmap", XDP_DEVMAP, 0),
	XDP("xdp.frags/devmap", XDP_DEVMAP, FRAGS),
	XDP("xdp/cpumap", XDP_CPUMAP, 0),
	XDP("xdp.frags/cpumap", XDP_CPUMAP, FRAGS),
	XDP("xdp", XDP, 0),
	XDP("xdp.frags", XDP, FRAGS),
	PLAIN("perf_event", PERF_EVENT),
	PLAIN("lwt_in", LWT_IN),
	PLAIN("lwt_out", LWT_OUT),
	PLAIN("lwt_xmit", LWT_XMIT),
	PLAIN("lwt_seg6local", LWT_SEG6LOCAL),
	HOOK("sockops", SOCK_OPS, CGROUP_SOCK_OPS),
	HOOK("sk_skb/stream_parser", SK_SKB, SK_SKB_STREAM_PARSER),
	HOOK("sk_skb/stream_verdict", SK_SKB, SK_SKB_STREAM_VERDICT),
	HOOK("sk_skb/verdict", SK_SKB, SK_SKB_VERDICT),
	PLAIN("sk_skb", SK_SKB),
	HOOK("sk_msg", SK_MSG, SK_MSG_VERDICT),
	HOOK("lirc_mode2", LIRC_MODE2, LIRC_MODE2),
	HOOK("flow_dissector", FLOW_DISSECTOR, FLOW_DISSECTOR),
	HOOK("cgroup_skb/ingress", CGROUP_SKB, CGROUP_INET_INGRESS),
	HOOK("cgroup_skb/egress", CGROUP_SKB, CGROUP_INET_EGRESS),
	PLAIN("cgroup/skb", CGROUP_SKB),
	CGROUP("sock_create", SOCK, INET_SOCK_CREATE),
	CGROUP("sock_release", SOCK, INET_SOCK_RELEASE),
	CGROUP("sock", SOCK, INET_SOCK_CREATE),
	CGROUP("post_bind4", SOCK, INET4_POST_BIND),
	CGROUP("post_bind6", SOCK, INET6_POST_BIND),
	CGROUP("bind4", SOCK_ADDR, INET4_BIND),
	CGROUP("bind6", SOCK_ADDR, INET6_BIND),
	CGROUP("connect4", SOCK_ADDR, INET4_CONNECT),
	CGROUP("connect6", SOCK_ADDR, INET6_CONNECT),
	CGROUP("connect_unix", SOCK_ADDR, UNIX_CONNECT),
	CGROUP("sendmsg4", SOCK_ADDR, UDP4_SENDMSG),
	CGROUP("sendmsg6", SOCK_ADDR, UDP6_SENDMSG),
	CGROUP("sendmsg_unix", SOCK_ADDR, UNIX_SENDMSG),
	CGROUP("recvmsg4", SOCK_ADDR, UDP4_RECVMSG),
	CGROUP("recvmsg6", SOCK_ADDR, UDP6_RECVMSG),
	CGROUP("recvmsg_unix", SOCK_ADDR, UNIX_RECVMSG),
	CGROUP("getpeername4", SOCK_ADDR, INET4_GETPEERNAME),
	CGROUP("getpeername6", SOCK_ADDR, INET6_GETPEERNAME),
	CGROUP("getpeername_unix", SOCK_ADDR, UNIX_GETPEERNAME),
	CGROUP("getsockname4", SOCK_ADDR, INET4_GETSOCKNAME),
	CGROUP("getsockname6", SOCK_ADDR, INET6_GETSOCKNAME),
	CGROUP("getsockname_unix", SOCK_ADDR, UNIX_GETSOCKNAME),
	CGROUP("sysctl", SYSCTL, SYSCTL),
	CGROUP("getsockopt", SOCKOPT, GETSOCKOPT),
	CGROUP("setsockopt", SOCKOPT, SETSOCKOPT),
	CGROUP("dev", DEVICE, DEVICE),
	/* libbpf looks at no target here: the map's member says what it is. */
	{ "struct_ops", BPF_PROG_TYPE_STRUCT_OPS, 0, SECTION_HINT, 0 },
	{ "struct_ops.s", BPF_PROG_TYPE_STRUCT_OPS, 0, SECTION_HINT, SLEEPS },
	HOOK("sk_lookup", SK_LOOKUP, SK_LOOKUP),
	HOOK("netfilter", NETFILTER, NETFILTER),
	{ 0 },
};
/* clang-format on */

bool sections_autoload(const char *text)
{
	return text[0] != '?';
}

/* How much of the text the row matches; 0: it does not. */
static size_t match(const struct section_row *section, const char *text)
{
	size_t length = strlen(section->name);
	char next = text[length];

	if (strncmp(section->name, text, length) != 0)
		return 0;
	if (!next || next == '/')
		return length;
	return section->rest == SECTION_LABEL && strchr("_-0123456789", next)
		       ? length
		       : 0;
}

/* The longest name wins: "cgroup/sock_create" is no "cgroup/sock". */
const struct section_row *sections_find(const char *text, const char **rest)
{
	const struct section_row *section, *found = NULL;
	size_t length, longest = 0;

	text += !sections_autoload(text);
	for (section = sections; section->name; section++) {
		length = strlen(text) < strlen(section->name)
				 ? 0
				 : match(section, text);
		if (length <= longest)
			continue;
		longest = length;
		found = section;
	}
	*rest = "";
	if (found && found->rest != SECTION_LABEL && text[longest])
		*rest = text + longest + 1;
	return found;
}

/* What a name begins with: "cgroup" of "cgroup/skb", "xdp" of "xdp.frags". */
static size_t family(const char *name)
{
	return strcspn(name, "/.");
}

static bool family_is_new(const struct section_row *section)
{
	const struct section_row *other;
	size_t length = family(section->name);

	for (other = sections; other != section; other++)
		if (family(other->name) == length &&
		    !strncmp(other->name, section->name, length))
			return false;
	return true;
}

int sections_refuse(const char *text, struct err *e)
{
	const struct section_row *section;
	char known[ERR_TEXT] = "";
	size_t used = 0;

	for (section = sections; section->name; section++)
		if (family_is_new(section) &&
		    used + family(section->name) + 2 < sizeof(known)) {
			if (used)
				known[used++] = ' ';
			memcpy(known + used, section->name,
			       family(section->name));
			used += family(section->name);
		}
	known[used] = '\0';
	return fail(
		e, EINVAL,
		"the section '%.32s' names no type; write one to 'type', or use one of %s",
		text, known);
}

bool sections_need_target(enum bpf_prog_type type, uint32_t attach_type)
{
	const struct section_row *section;

	for (section = sections; section->name; section++)
		if (section->type == type &&
		    section->attach_type == attach_type &&
		    section->rest == SECTION_TARGET)
			return true;
	return type == BPF_PROG_TYPE_EXT;
}
