// SPDX-License-Identifier: BSD-2-Clause
/* file_tags=fs */
/* hints.c - what is said of a program or a map that the kernel refused. */
#include <bpf/btf.h>
#include <errno.h>
#include <linux/capability.h>
#include <linux/version.h>

#include "attach/program/hint/hint_private.h"
#include "tests/unit/check.h"

#define BPF	(1ULL << CAP_BPF)
#define PERFMON (1ULL << CAP_PERFMON)
#define NET	(1ULL << CAP_NET_ADMIN)
#define ADMIN	(1ULL << CAP_SYS_ADMIN)

#define COUNTED \
	"processed 4 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0\n"

/* As the kernels wrote them. */
static const struct {
	const char *log, *end;
} logs[] = {
	/* 6.18 */
	{ "7: (15) if r0 == 0x0 goto pc+1        ; R0=map_value(map=m,ks=4,vs=8)\n"
	  "8: (79) r6 = *(u64 *)(r0 +40)\n"
	  "invalid access to map value, value_size=8 off=40 size=8\n"
	  "R0 min value is outside of the allowed memory range\n" COUNTED,
	  "invalid access to map value, value_size=8 off=40 size=8; R0 min value is outside of the allowed memory range" },
	{ "arg#0 reference type('UNKNOWN ') size cannot be determined: -22\n"
	  "0: R1=ctx() R10=fp0\n"
	  "; return bpf_nope(); @ bad.c:9\n"
	  "0: (85) call unknown#1000\n"
	  "invalid func unknown#1000\n" COUNTED,
	  "invalid func unknown#1000" },
	{ "3: <invalid CO-RE relocation>\n"
	  "failed to resolve CO-RE relocation <byte_off> [5] struct task_struct.nothing_here (0:1 @ offset 4)\n" COUNTED
	  "-- END PROG LOAD LOG --\n"
	  "libbpf: prog 'p': failed to load: -22\n",
	  "failed to resolve CO-RE relocation <byte_off> [5] struct task_struct.nothing_here (0:1 @ offset 4)" },
	{ "10: (bf) r7 = r0\n"
	  "BPF program is too large. Processed 1000001 insn\n"
	  "processed 1000001 insns (limit 1000000) max_states_per_insn 4 total_states 11116 peak_states 11116 mark_read 0\n",
	  "BPF program is too large. Processed 1000001 insn" },
	/* 5.10 */
	{ " R0=inv(id=0) R10=fp0\n"
	  "9: R1_w=inv(id=0)\n"
	  "9: (79) r0 = *(u64 *)(r1 +0)\n"
	  "R1 invalid mem access 'inv'\n"
	  "processed 8 insns (limit 1000000) max_states_per_insn 0\n"
	  "verification time 62 usec\nstack depth 4\n",
	  "R1 invalid mem access 'inv'" },
	{ "0: (95) exit\n" COUNTED, "" },
	{ "no newline", "no newline" },
	{ "a\nb\nc\nd\n", "b; c; d" },
	{ "\n\n", "" },
	{ "", "" },
};

static void test_logs(void)
{
	char text[HINT_LINES], flood[4096];
	size_t i;

	for (EACH(logs, i)) {
		hint_log_end(logs[i].log, text);
		check_text(logs[i].log, logs[i].end, text);
	}
	memset(flood, 'x', sizeof(flood) - 1);
	flood[sizeof(flood) - 1] = '\0';
	hint_log_end(flood, text);
	check_number("a long line", HINT_LINES - 1, strlen(text));
}

static const struct hint_kernel v6_18 = { KERNEL_VERSION(6, 18, 0), 2, 0, 0 };
static const struct hint_kernel v5_10 = { KERNEL_VERSION(5, 10, 255), 0, 0, 0 };
static const struct hint_kernel v5_4 = { KERNEL_VERSION(5, 4, 0), 0, 0, 0 };
static const struct hint_kernel locked = { KERNEL_VERSION(6, 18, 0), 2, 1, 0 };
static const struct hint_kernel nested = { KERNEL_VERSION(6, 18, 0), 2, 0, 1 };

#define PROGRAM(number, which, ...)                                    \
	{                                                              \
		.step = HINT_PROGRAM, .code = (number), .name = "one", \
		.type = BPF_PROG_TYPE_##which, __VA_ARGS__             \
	}
#define MAP(number, which, ...)                                  \
	{                                                        \
		.step = HINT_MAP, .code = (number), .name = "m", \
		.type = BPF_MAP_TYPE_##which, __VA_ARGS__        \
	}

/* clang-format off */
static const struct {
	struct hint_of of;
	const struct hint_kernel *kernel;
	const char *says; /* the end of the sentence */
} sentences[] = {
	{ PROGRAM(EINVAL, XDP, .log = "program of this type cannot use helper bpf_skb_load_bytes#26\n", .caps = ADMIN), &v6_18,
	  "the kernel refused the program 'one': Invalid argument; the verifier says: program of this type cannot use helper bpf_skb_load_bytes#26; programs of the type 'xdp' may not call bpf_skb_load_bytes() here" },
	{ PROGRAM(EINVAL, XDP, .log = "invalid func unknown#209\n"), &v5_10,
	  "; the helper bpf_user_ringbuf_drain() came with Linux 6.1" },
	{ PROGRAM(EINVAL, XDP, .log = "invalid func unknown#211\n"), &v5_10,
	  "; the helper bpf_cgrp_storage_delete() came with Linux 6.2" },
	{ PROGRAM(EINVAL, XDP, .log = "invalid func unknown#1000\n"), &v6_18,
	  "says: invalid func unknown#1000" },
	{ PROGRAM(EINVAL, XDP, .log = "unknown func bpf_trace_printk#6\n", .caps = BPF | NET), &v5_10,
	  "; bpf_trace_printk() takes CAP_PERFMON, which the writer lacks" },
	{ PROGRAM(EINVAL, KPROBE, .log = "unknown func bpf_probe_read#4\n", .caps = ADMIN), &locked,
	  "; the kernel is locked down, see kernel_lockdown(7): no program may read its memory" },
	{ PROGRAM(EINVAL, XDP, .log = "invalid func unknown#195896080\n"), &v6_18,
	  "; bad CO-RE relocation: a type, a field or a value that the program needs is not among the types of this kernel" },
	{ PROGRAM(EACCES, XDP, .log = "1: (18) r10 = 0xbad2310\nframe pointer is read only\n"), &v6_18,
	  "says: frame pointer is read only; bad CO-RE relocation: a type, a field or a value that the program needs is not among the types of this kernel" },
	{ PROGRAM(EINVAL, XDP, .log = "invalid func unknown#233491678\n"), &v6_18,
	  "; unknown kfunc: a function that the program calls is not in this kernel" },
	{ PROGRAM(ESRCH, XDP, .log = "extern 'init_task' (strong): not resolved\n"), &v6_18,
	  "; this kernel has no such symbol or setting; declare it __weak to do without" },
	{ PROGRAM(EINVAL, KPROBE, .log = "cannot call GPL-restricted function from non-GPL compatible program\n"), &v6_18,
	  "; give it a licence that is compatible with the GPL" },
	{ PROGRAM(E2BIG, XDP, .log = "BPF program is too large. Processed 1000001 insn\n"), &v6_18,
	  "; the verifier went through a million instructions; use fewer branches, or bounded loops" },
	{ PROGRAM(EACCES, XDP, .log = "R0 !read_ok\n"), &v6_18,
	  "Permission denied; the verifier says: R0 !read_ok" },
	{ PROGRAM(EINVAL, TRACING, .log = "Tracing programs must provide btf_id\n"), &v6_18,
	  "; write what the program is for to its 'target'" },
	{ PROGRAM(EPERM, KPROBE), &v6_18,
	  "; the type 'kprobe' takes CAP_BPF and CAP_PERFMON, which the writer lacks" },
	{ PROGRAM(EPERM, KPROBE, .caps = BPF), &v6_18,
	  "; the type 'kprobe' takes CAP_PERFMON, which the writer lacks" },
	{ PROGRAM(EPERM, XDP, .caps = BPF | PERFMON), &v6_18,
	  "; the type 'xdp' takes CAP_NET_ADMIN, which the writer lacks" },
	{ PROGRAM(EPERM, EXT, .caps = BPF), &v6_18,
	  "; the type 'ext' takes CAP_PERFMON and CAP_NET_ADMIN, which the writer lacks" },
	{ PROGRAM(EPERM, SK_REUSEPORT, .attach_type = BPF_SK_REUSEPORT_SELECT), &v5_10,
	  "; the type 'sk_reuseport' takes CAP_BPF, which the writer lacks" },
	{ PROGRAM(EPERM, SK_LOOKUP), &v6_18,
	  "; the type 'sk_lookup' takes CAP_BPF, which the writer lacks" },
	{ PROGRAM(EPERM, SOCKET_FILTER), &v6_18,
	  "; the writer lacks CAP_BPF, and kernel.unprivileged_bpf_disabled is 2" },
	{ PROGRAM(EPERM, KPROBE, .caps = BPF | PERFMON), &v5_4,
	  "; the type 'kprobe' takes CAP_SYS_ADMIN, which the writer lacks" },
	{ PROGRAM(EPERM, KPROBE, .caps = ADMIN, .memlock = 65536), &v5_10,
	  "; before Linux 5.11 RLIMIT_MEMLOCK counts, of which the writer has 65536 bytes (ulimit -l, LimitMEMLOCK=)" },
	{ PROGRAM(EPERM, KPROBE, .caps = ADMIN), &nested,
	  "; the capabilities of a user namespace are not enough for bpf(2)" },
	{ PROGRAM(EPERM, KPROBE, .caps = ADMIN), &v6_18,
	  "; a security module or a seccomp filter forbids it" },
	{ PROGRAM(EINVAL, NETFILTER, .attach_type = 45), &v5_10,
	  "; the program type 'netfilter' came with Linux 6.4" },
	{ PROGRAM(EINVAL, KPROBE, .attach_type = BPF_TRACE_UPROBE_SESSION), &v5_10,
	  "; the attach type 'trace_uprobe_session' came with Linux 6.13" },
	{ PROGRAM(EINVAL, XDP, .attach_type = BPF_XDP, .flags = BPF_F_XDP_HAS_FRAGS), &v5_10,
	  "; the flag 'xdp_has_frags' came with Linux 5.18" },
	{ PROGRAM(EINVAL, TRACING, .attach_type = BPF_TRACE_FEXIT_MULTI, .log = "Tracing programs must provide btf_id\n"), &v6_18,
	  "; the attach type 'trace_fexit_multi' came with Linux 7.2" },
	{ PROGRAM(EINVAL, KPROBE, .flags = BPF_F_SLEEPABLE), &v5_10,
	  "; the section 'uprobe.s' came with Linux 6.0" },
	{ PROGRAM(EINVAL, XDP, .attach_type = BPF_XDP), &v5_10,
	  "; its type, attach type or flags do not go together, or this kernel does not know them" },
	{ PROGRAM(KERNEL_ENOTSUPP, TRACING, .caps = ADMIN), &v6_18,
	  "Operation not supported; this kernel cannot run it: its JIT is off (net.core.bpf_jit_enable), or has no trampolines on this machine" },
	{ PROGRAM(ENOMEM, XDP), &v6_18,
	  "; raise RLIMIT_MEMLOCK, or the memory of the writer's cgroup" },
	{ MAP(EPERM, SOCKMAP, .caps = BPF), &v6_18,
	  "the kernel refused the map 'm': Operation not permitted; the writer lacks CAP_NET_ADMIN" },
	{ MAP(EINVAL, BLOOM_FILTER), &v5_10,
	  "; maps of the type 30 came with Linux 5.16" },
	{ MAP(EINVAL, HASH), &v5_10,
	  "; its sizes or flags do not fit its type, or this kernel does not know the type" },
	{ { HINT_TYPES, EINVAL, .name = "" }, &v6_18,
	  "the kernel refused the object's types: Invalid argument; the object's BTF is malformed, or newer than the kernel" },
};
/* clang-format on */

static void test_sentences(void)
{
	struct hint_of of;
	struct err e;
	size_t i;

	for (EACH(sentences, i)) {
		of = sentences[i].of;
		of.log = of.log ? of.log : "";
		of.memlock = of.memlock ? of.memlock : RLIM_INFINITY;
		check_number("errno", -errno_clamp(of.code),
			     hint_fail(&of, sentences[i].kernel, &e));
		check_holds("sentence", sentences[i].says, e.text);
	}
}

/* What the kernel that runs says of its helpers. */
static void test_helpers(void)
{
	struct btf *btf = btf__load_vmlinux_btf();
	const struct btf_enum *value;
	const struct btf_type *type;
	struct hint_kernel kernel;
	uint32_t id, count = 0;
	int i, found;

	hint_kernel_read(&kernel);
	check_true("a release", kernel.release >= KERNEL_VERSION(5, 4, 0));
	for (id = 1; id <= 211; id++) {
		check_true("since",
			   hint_helper_since(id) >= hint_helper_since(id - 1));
		count += hint_helper_since(id) <= kernel.release;
	}
	check_number("no helper 0", 0, hint_helper_since(0));
	check_number("no helper 212", 0, hint_helper_since(212));
	found = btf ? btf__find_by_name_kind(btf, "bpf_func_id", BTF_KIND_ENUM)
		    : -1;
	if (found < 0) {
		check_skip("helpers", "the kernel's BTF has no bpf_func_id");
		btf__free(btf);
		return;
	}
	type = btf__type_by_id(btf, (uint32_t)found);
	value = btf_enum(type);
	for (i = 0; i < btf_vlen(type); i++, value++) {
		const char *name = btf__name_by_offset(btf, value->name_off);

		if (!strcmp(name, "__BPF_FUNC_MAX_ID"))
			check_number("of this release", value->val - 1, count);
		else if (value->val)
			check_text(name, name + strlen("BPF_FUNC_"),
				   hint_helper_name((uint32_t)value->val));
	}
	btf__free(btf);
}

int main(void)
{
	test_logs();
	test_sentences();
	test_helpers();
	return check_end("hints");
}
