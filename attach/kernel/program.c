// SPDX-License-Identifier: BSD-2-Clause
/* program.c - what a BPF program is. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "array.h"
#include "attach/kernel/bpf.h"
#include "attach/kernel/btf_name.h"
#include "attach/kernel/program.h"
#include "scope.h"

/* clang-format off */
static const char *const types[] = {
	[BPF_PROG_TYPE_UNSPEC] = "unspec",
	[BPF_PROG_TYPE_SOCKET_FILTER] = "socket_filter",
	[BPF_PROG_TYPE_KPROBE] = "kprobe",
	[BPF_PROG_TYPE_SCHED_CLS] = "sched_cls",
	[BPF_PROG_TYPE_SCHED_ACT] = "sched_act",
	[BPF_PROG_TYPE_TRACEPOINT] = "tracepoint",
	[BPF_PROG_TYPE_XDP] = "xdp",
	[BPF_PROG_TYPE_PERF_EVENT] = "perf_event",
	[BPF_PROG_TYPE_CGROUP_SKB] = "cgroup_skb",
	[BPF_PROG_TYPE_CGROUP_SOCK] = "cgroup_sock",
	[BPF_PROG_TYPE_LWT_IN] = "lwt_in",
	[BPF_PROG_TYPE_LWT_OUT] = "lwt_out",
	[BPF_PROG_TYPE_LWT_XMIT] = "lwt_xmit",
	[BPF_PROG_TYPE_SOCK_OPS] = "sock_ops",
	[BPF_PROG_TYPE_SK_SKB] = "sk_skb",
	[BPF_PROG_TYPE_CGROUP_DEVICE] = "cgroup_device",
	[BPF_PROG_TYPE_SK_MSG] = "sk_msg",
	[BPF_PROG_TYPE_RAW_TRACEPOINT] = "raw_tracepoint",
	[BPF_PROG_TYPE_CGROUP_SOCK_ADDR] = "cgroup_sock_addr",
	[BPF_PROG_TYPE_LWT_SEG6LOCAL] = "lwt_seg6local",
	[BPF_PROG_TYPE_LIRC_MODE2] = "lirc_mode2",
	[BPF_PROG_TYPE_SK_REUSEPORT] = "sk_reuseport",
	[BPF_PROG_TYPE_FLOW_DISSECTOR] = "flow_dissector",
	[BPF_PROG_TYPE_CGROUP_SYSCTL] = "cgroup_sysctl",
	[BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE] = "raw_tracepoint_writable",
	[BPF_PROG_TYPE_CGROUP_SOCKOPT] = "cgroup_sockopt",
	[BPF_PROG_TYPE_TRACING] = "tracing",
	[BPF_PROG_TYPE_STRUCT_OPS] = "struct_ops",
	[BPF_PROG_TYPE_EXT] = "ext",
	[BPF_PROG_TYPE_LSM] = "lsm",
	[BPF_PROG_TYPE_SK_LOOKUP] = "sk_lookup",
	[BPF_PROG_TYPE_SYSCALL] = "syscall",
	[BPF_PROG_TYPE_NETFILTER] = "netfilter",
};
/* clang-format on */

const char *program_type_name(enum bpf_prog_type type)
{
	static _Thread_local char unknown[sizeof("type 4294967295")];
	unsigned int number = type;

	if (number < COUNT(types) && types[number])
		return types[number];
	snprintf(unknown, sizeof(unknown), "type %u", number);
	return unknown;
}

bool program_type_find(const char *name, uint32_t *type)
{
	uint32_t i;

	for (i = 0; i < COUNT(types); i++)
		if (!strcmp(types[i], name)) {
			*type = i;
			return true;
		}
	return false;
}

static int ask(int fd, struct bpf_prog_info *info)
{
	uint32_t size = sizeof(*info);

	return bpf_info(fd, info, &size);
}

static void tag_text(const struct bpf_prog_info *info, char *text)
{
	size_t i;

	for (i = 0; i < sizeof(info->tag); i++)
		snprintf(text + 2 * i, 3, "%02x", info->tag[i]);
}

int program_info(int fd, struct program *program)
{
	struct bpf_prog_info info = { 0 };
	int err = ask(fd, &info);

	if (err)
		return err;
	memset(program, 0, sizeof(*program));
	program->id = info.id;
	program->type = info.type;
	program->uid = info.created_by_uid;
	memcpy(program->name, info.name, sizeof(program->name) - 1);
	tag_text(&info, program->tag);
	program->btf_id = info.btf_id;
	program->attach_obj_id = info.attach_btf_obj_id;
	program->attach_btf_id = info.attach_btf_id;
	program->run_cnt = info.run_cnt;
	program->run_time_ns = info.run_time_ns;
	program->recursion_misses = info.recursion_misses;
	return 0;
}

bool program_same(int fd, int other)
{
	struct program one, two;

	return !program_info(fd, &one) && !program_info(other, &two) &&
	       one.id == two.id;
}

static int64_t nanoseconds(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * INT64_C(1000000000) + ts.tv_nsec;
}

/*
 * load_time counts nanoseconds since boot, suspended time included.  The time of
 * the boot is rounded, so that it is the same each time.
 */
static void show_loaded(uint64_t since_boot, FILE *out)
{
	static const int64_t grain = 50000000;
	int64_t boot =
		nanoseconds(CLOCK_REALTIME) - nanoseconds(CLOCK_BOOTTIME);
	char text[sizeof("2038-01-19T03:14:07Z")];
	struct tm tm;
	time_t when;

	boot = (boot + grain / 2) / grain * grain;
	when = (time_t)((boot + (int64_t)since_boot) / 1000000000);
	if (!gmtime_r(&when, &tm) ||
	    !strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm))
		return;
	fprintf(out, "loaded_at:\t%s\n", text);
}

static void show_maps(int fd, uint32_t count, FILE *out)
{
	scoped_free uint32_t *ids = calloc(count ? count : 1, sizeof(*ids));
	struct bpf_prog_info info = { 0 };
	uint32_t i;

	if (!ids)
		return;
	info.nr_map_ids = count;
	info.map_ids = (uintptr_t)ids;
	if (!count || ask(fd, &info))
		return;
	fputs("map_ids:\t", out);
	for (i = 0; i < count; i++)
		fprintf(out, "%s%u", i ? " " : "", ids[i]);
	putc('\n', out);
}

static void show_info(int fd, const struct bpf_prog_info *info, FILE *out)
{
	char tag[PROG_TAG];

	tag_text(info, tag);
	fprintf(out, "id:\t%u\n", info->id);
	fprintf(out, "type:\t%s\n", program_type_name(info->type));
	fprintf(out, "name:\t%.*s\n", PROG_NAME - 1, info->name);
	fprintf(out, "tag:\t%s\n", tag);
	fprintf(out, "gpl:\t%d\n", info->gpl_compatible);
	show_loaded(info->load_time, out);
	fprintf(out, "uid:\t%u\n", info->created_by_uid);
	show_maps(fd, info->nr_map_ids, out);
	if (info->btf_id)
		fprintf(out, "btf_id:\t%u\n", info->btf_id);
	if (info->attach_btf_id)
		fprintf(out, "attach_btf_obj_id:\t%u\nattach_btf_id:\t%u\n",
			info->attach_btf_obj_id, info->attach_btf_id);
	btf_name_show(info->attach_btf_obj_id, info->attach_btf_id,
		      info->type == BPF_PROG_TYPE_LSM, out);
	fprintf(out, "bytes_xlated:\t%u\n", info->xlated_prog_len);
	fprintf(out, "bytes_jited:\t%u\n", info->jited_prog_len);
	fprintf(out, "run_cnt:\t%" PRIu64 "\n", (uint64_t)info->run_cnt);
	fprintf(out, "run_time_ns:\t%" PRIu64 "\n",
		(uint64_t)info->run_time_ns);
	fprintf(out, "recursion_misses:\t%" PRIu64 "\n",
		(uint64_t)info->recursion_misses);
	if (info->verified_insns)
		fprintf(out, "verified_insns:\t%u\n", info->verified_insns);
}

int program_fail(int err, uint32_t id, struct err *e)
{
	if (err == -ENOENT)
		return fail(e, ENOENT, "no program has the id %u", id);
	if (err == -EPERM)
		return fail(e, EPERM,
			    "opening a program by its id needs CAP_SYS_ADMIN");
	return fail(e, -err, "cannot open program %u: %s", id,
		    strerror(errno_clamp(-err)));
}

int program_show(uint32_t id, FILE *out, struct err *e)
{
	scoped_fd int fd = bpf_prog_by_id(id);
	struct bpf_prog_info info = { 0 };
	int err;

	if (fd < 0)
		return program_fail(fd, id, e);
	err = ask(fd, &info);
	if (err)
		return fail(e, -err,
			    "the kernel tells nothing of program %u: %s", id,
			    strerror(errno_clamp(-err)));
	show_info(fd, &info, out);
	return 0;
}

int program_map(int fd, const char *name, struct bpf_map_info *info)
{
	uint32_t ids[PROG_MAPS] = { 0 }, i;
	struct bpf_prog_info program = {
		.nr_map_ids = PROG_MAPS,
		.map_ids = (uintptr_t)ids,
	};
	uint32_t size = sizeof(program);
	int err = bpf_info(fd, &program, &size), map;

	for (i = 0; !err && i < program.nr_map_ids && i < PROG_MAPS; i++) {
		map = bpf_map_by_id(ids[i]);
		if (map < 0)
			return map;
		size = sizeof(*info);
		memset(info, 0, size);
		if (!bpf_info(map, info, &size) &&
		    !strncmp(info->name, name, sizeof(info->name) - 1))
			return map;
		close(map);
	}
	return err ? err : -ENOENT;
}
