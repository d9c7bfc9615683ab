// SPDX-License-Identifier: BSD-2-Clause
/* hooks.c - the table of the hooks of a cgroup. */
#include <errno.h>
#include <string.h>

#include "attach/kernel/abi.h"
#include "attach/kernel/features.h"
#include "attach/kind/cgroup/hooks.h"

/*
 * Every hook lets pass what all its programs answer 1 to: verifier.c,
 * check_return_code(), and the callers of bpf_prog_run_array_cg().  Programs
 * that filter packets may be loaded by anybody where the administrator lets
 * them, so that bpf_prog_attach_check_attach_type() of kernel/bpf/syscall.c
 * asks later.
 */
/* clang-format off */
#define HOOKS(ROW)                                                           \
	ROW("ingress", "cgroup_skb/ingress", SKB, INET_INGRESS, LINK)        \
	ROW("egress", "cgroup_skb/egress", SKB, INET_EGRESS, LINK)           \
	ROW("sock_create", "cgroup/sock_create", SOCK, INET_SOCK_CREATE, LINK) \
	ROW("sock_release", "cgroup/sock_release", SOCK, INET_SOCK_RELEASE,  \
	    LINK)                                                            \
	ROW("post_bind4", "cgroup/post_bind4", SOCK, INET4_POST_BIND, LINK)  \
	ROW("post_bind6", "cgroup/post_bind6", SOCK, INET6_POST_BIND, LINK)  \
	ROW("bind4", "cgroup/bind4", SOCK_ADDR, INET4_BIND, LINK)            \
	ROW("bind6", "cgroup/bind6", SOCK_ADDR, INET6_BIND, LINK)            \
	ROW("connect4", "cgroup/connect4", SOCK_ADDR, INET4_CONNECT, LINK)   \
	ROW("connect6", "cgroup/connect6", SOCK_ADDR, INET6_CONNECT, LINK)   \
	ROW("connect_unix", "cgroup/connect_unix", SOCK_ADDR, UNIX_CONNECT,  \
	    UNIX)                                                            \
	ROW("sendmsg4", "cgroup/sendmsg4", SOCK_ADDR, UDP4_SENDMSG, LINK)    \
	ROW("sendmsg6", "cgroup/sendmsg6", SOCK_ADDR, UDP6_SENDMSG, LINK)    \
	ROW("sendmsg_unix", "cgroup/sendmsg_unix", SOCK_ADDR, UNIX_SENDMSG,  \
	    UNIX)                                                            \
	ROW("recvmsg4", "cgroup/recvmsg4", SOCK_ADDR, UDP4_RECVMSG, LINK)    \
	ROW("recvmsg6", "cgroup/recvmsg6", SOCK_ADDR, UDP6_RECVMSG, LINK)    \
	ROW("recvmsg_unix", "cgroup/recvmsg_unix", SOCK_ADDR, UNIX_RECVMSG,  \
	    UNIX)                                                            \
	ROW("getpeername4", "cgroup/getpeername4", SOCK_ADDR,                \
	    INET4_GETPEERNAME, LINK)                                         \
	ROW("getpeername6", "cgroup/getpeername6", SOCK_ADDR,                \
	    INET6_GETPEERNAME, LINK)                                         \
	ROW("getpeername_unix", "cgroup/getpeername_unix", SOCK_ADDR,        \
	    UNIX_GETPEERNAME, UNIX)                                          \
	ROW("getsockname4", "cgroup/getsockname4", SOCK_ADDR,                \
	    INET4_GETSOCKNAME, LINK)                                         \
	ROW("getsockname6", "cgroup/getsockname6", SOCK_ADDR,                \
	    INET6_GETSOCKNAME, LINK)                                         \
	ROW("getsockname_unix", "cgroup/getsockname_unix", SOCK_ADDR,        \
	    UNIX_GETSOCKNAME, UNIX)                                          \
	ROW("getsockopt", "cgroup/getsockopt", SOCKOPT, GETSOCKOPT, LINK)    \
	ROW("setsockopt", "cgroup/setsockopt", SOCKOPT, SETSOCKOPT, LINK)    \
	ROW("sysctl", "cgroup/sysctl", SYSCTL, SYSCTL, LINK)                 \
	ROW("device", "cgroup/dev", DEVICE, DEVICE, LINK)

#define HOOK(text, in, type, hook, has) \
	{ .name = (text), .section = (in), .feature = FEATURE_CGROUP_##has },
#define ACCEPT(text, in, type, hook, has)              \
	{ .prog_type = BPF_PROG_TYPE_CGROUP_##type,    \
	  .attach_type = BPF_CGROUP_##hook,            \
	  .neutral = 1,                                \
	  .asks = BPF_PROG_TYPE_CGROUP_##type ==       \
		  BPF_PROG_TYPE_CGROUP_SKB },

const struct cgroup_hook cgroup_hooks[] = {
	HOOKS(HOOK)
	{ .name = "sock_ops", .section = "sockops",
	  .feature = FEATURE_CGROUP_LINK },
	{ 0 },
};

const struct accept cgroup_accepts[] = {
	HOOKS(ACCEPT)
	{ .prog_type = BPF_PROG_TYPE_SOCK_OPS,
	  .attach_type = BPF_CGROUP_SOCK_OPS,
	  .neutral = 1 },
	{ 0 },
};
/* clang-format on */

int cgroup_hook_parse(const char *text, struct span span, uint32_t *hook,
		      struct err *e)
{
	size_t length = span.end - span.start;
	uint32_t i;

	for (i = 0; cgroup_hooks[i].name; i++) {
		if (strlen(cgroup_hooks[i].name) != length ||
		    memcmp(cgroup_hooks[i].name, text + span.start, length))
			continue;
		*hook = i + 1;
		return 0;
	}
	return fail_at(
		e, EINVAL, span.start,
		"'%.*s' is no hook of a cgroup; the file 'available' of the kind lists them",
		(int)length, text + span.start);
}

static int hook_parse(void *value, const char *text, struct err *e)
{
	return cgroup_hook_parse(text, (struct span){ 0, strlen(text) }, value,
				 e);
}

static void hook_show(const void *value, FILE *out)
{
	uint32_t hook = *(const uint32_t *)value;

	if (hook)
		fputs(cgroup_hooks[hook - 1].name, out);
}

static void hook_clear(void *value)
{
	*(uint32_t *)value = 0;
}

const struct type type_cgroup_hook = {
	.parse = hook_parse,
	.show = hook_show,
	.clear = hook_clear,
	.form = "ingress, egress, connect4, ...: 'available' lists them",
};
