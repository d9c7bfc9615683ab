// SPDX-License-Identifier: BSD-2-Clause
/* link_target.c - the names of what links are attached to. */
#include <inttypes.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <vis.h>

#include "attach/kernel/bpf.h"
#include "attach/kernel/btf_name.h"
#include "attach/kernel/link/cgroup_path.h"
#include "attach/kernel/link/link_netdev.h"
#include "attach/kernel/link/link_target.h"
#include "attach/kernel/link/perf_name.h"
#include "scope.h"

#define OWN_NETNS "/proc/thread-self/ns/net"

bool link_on_program(const struct abi_link_info *info,
		     const struct program *program)
{
	struct btf_object object;

	if (info->type != BPF_LINK_TYPE_TRACING)
		return false;
	if (program->type == BPF_PROG_TYPE_EXT)
		return true;
	/* Neither is told before 6.0; attached, it has no target any more. */
	if (!program->attach_btf_id || !program->attach_obj_id)
		return program->attach_btf_id;
	return !btf_object_info(program->attach_obj_id, &object) &&
	       !object.kernel;
}

static void show_text(const char *key, const char *text, FILE *out)
{
	scoped_free char *safe = malloc(4 * strlen(text) + 1);

	if (!safe)
		return;
	strvis(safe, text, VIS_TAB | VIS_NL | VIS_CSTYLE);
	fprintf(out, "%s:\t%s\n", key, safe);
}

/* As the names of probes have it: id:N:FUNCTION. */
static void show_program_function(uint32_t prog_id, uint32_t btf_id, FILE *out)
{
	scoped_fd int fd = bpf_prog_by_id(prog_id);
	char text[sizeof("id:4294967295:") + BTF_NAME];
	struct program program;
	struct btf_name name;

	if (fd < 0 || program_info(fd, &program) || !program.btf_id ||
	    btf_name_get(program.btf_id, btf_id, &name) ||
	    name.kind != BTF_KIND_FUNC)
		return;
	snprintf(text, sizeof(text), "id:%" PRIu32 ":%s", prog_id, name.text);
	show_text("function", text, out);
}

static void show_function(const struct link_raw *raw, FILE *out)
{
	uint32_t obj_id = raw->info.tracing.target_obj_id;
	uint32_t btf_id = raw->info.tracing.target_btf_id;

	if (raw->on_program)
		show_program_function(obj_id, btf_id, out);
	else
		btf_name_show(obj_id, btf_id,
			      raw->info.tracing.attach_type == BPF_LSM_MAC,
			      out);
}

static void show_map(uint32_t id, FILE *out)
{
	scoped_fd int fd = id ? bpf_map_by_id(id) : -1;
	struct bpf_map_info info = { 0 };
	uint32_t size = sizeof(info);

	if (fd >= 0 && !bpf_info(fd, &info, &size) && info.name[0])
		show_text("map_name", info.name, out);
}

static void show_iter_map(const struct link_raw *raw, FILE *out)
{
	show_map(raw->info.iter.map_id, out);
}

static void show_link_map(const struct link_raw *raw, FILE *out)
{
	show_map(raw->info.map.map_id, out);
}

static void show_cgroup(uint64_t id, FILE *out)
{
	scoped_free char *path = id ? cgroup_path(id) : NULL;

	if (path)
		show_text("cgroup", path, out);
}

static void show_iter_cgroup(const struct link_raw *raw, FILE *out)
{
	show_cgroup(raw->info.iter.cgroup.id, out);
}

static void show_link_cgroup(const struct link_raw *raw, FILE *out)
{
	show_cgroup(raw->info.cgroup.cgroup_id, out);
}

static uint64_t own_netns(void)
{
	struct stat st;

	return stat(OWN_NETNS, &st) ? 0 : st.st_ino;
}

static void show_netns(const struct link_raw *raw, FILE *out)
{
	uint64_t own = own_netns();

	if (raw->info.netns.ino && own)
		fprintf(out, "netns:\t%s\n",
			raw->info.netns.ino == own ? "this one" : "another");
}

static void show_interface(const struct link_raw *raw, FILE *out)
{
	char name[IF_NAMESIZE];
	uint64_t own = own_netns();

	if (!own || !link_netdev_name(&raw->info, name))
		return;
	show_text("ifname", name, out);
	fprintf(out, "netns_ino:\t%" PRIu64 "\n", own);
}

static void show_event(const struct link_raw *raw, FILE *out)
{
	char name[PERF_NAME];

	if (perf_name(raw->info.perf.event.type, raw->info.perf.event.config,
		      name))
		show_text("event", name, out);
}

void link_target_show(enum link_names names, const struct link_raw *raw,
		      FILE *out)
{
	static void (*const shows[])(const struct link_raw *raw, FILE *out) = {
		[LINK_NAMES_FUNCTION] = show_function,
		[LINK_NAMES_MAP] = show_link_map,
		[LINK_NAMES_ITER_MAP] = show_iter_map,
		[LINK_NAMES_CGROUP] = show_link_cgroup,
		[LINK_NAMES_ITER_CGROUP] = show_iter_cgroup,
		[LINK_NAMES_NETNS] = show_netns,
		[LINK_NAMES_INTERFACE] = show_interface,
		[LINK_NAMES_EVENT] = show_event,
	};

	if (shows[names])
		shows[names](raw, out);
}
