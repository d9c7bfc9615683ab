// SPDX-License-Identifier: BSD-2-Clause
/* map.c - telling what a map is. */
#include <inttypes.h>
#include <string.h>
#include <vis.h>

#include "attach/kernel/link_names.h"
#include "attach/kernel/map/map.h"
#include "attach/kernel/program.h"
#include "scope.h"

/* Those of fdinfo that BPF_OBJ_GET_INFO_BY_FD does not tell. */
static const char *const fdinfo_keys[] = {
	"memlock:",
	"frozen:",
	"owner_prog_type:",
	"owner_jited:",
};

static bool is_wanted(const char *line)
{
	size_t i;

	for (i = 0; i < sizeof(fdinfo_keys) / sizeof(fdinfo_keys[0]); i++)
		if (!strncmp(line, fdinfo_keys[i], strlen(fdinfo_keys[i])))
			return true;
	return false;
}

static void show_fdinfo(int fd, FILE *out)
{
	char path[sizeof("/proc/self/fdinfo/-2147483648")];
	scoped_free char *line = NULL;
	size_t room = 0;
	unsigned int type;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	scoped_file FILE *in = fopen(path, "re");

	if (!in)
		return;
	while (getline(&line, &room, in) > 0) {
		if (!is_wanted(line))
			continue;
		if (sscanf(line, "owner_prog_type:%u", &type) == 1)
			fprintf(out, "owner_prog_type:\t%s\n",
				program_type_name(type));
		else
			fputs(line, out);
	}
}

int map_show(int fd, FILE *out, struct err *e)
{
	char name[4 * sizeof(((struct bpf_map_info *)NULL)->name) + 1];
	struct bpf_map_info info;
	int err = map_info(fd, &info, e);

	if (err)
		return err;
	strnvis(name, sizeof(name), info.name, VIS_TAB | VIS_NL | VIS_CSTYLE);
	fprintf(out, "id:\t%u\n", info.id);
	fprintf(out, "type:\t%s\n", map_type_name(info.type));
	fprintf(out, "name:\t%s\n", name);
	fprintf(out, "key_size:\t%u\n", info.key_size);
	fprintf(out, "value_size:\t%u\n", info.value_size);
	fprintf(out, "max_entries:\t%u\n", info.max_entries);
	fprintf(out, "map_flags:\t0x%x\n", info.map_flags);
	if (info.map_extra)
		fprintf(out, "map_extra:\t0x%" PRIx64 "\n",
			(uint64_t)info.map_extra);
	if (info.ifindex)
		fprintf(out, "ifindex:\t%u\n", info.ifindex);
	if (info.btf_id)
		fprintf(out,
			"btf_id:\t%u\nbtf_key_type_id:\t%u\nbtf_value_type_id:\t%u\n",
			info.btf_id, info.btf_key_type_id,
			info.btf_value_type_id);
	if (info.btf_vmlinux_value_type_id)
		fprintf(out, "btf_vmlinux_value_type_id:\t%u\n",
			info.btf_vmlinux_value_type_id);
	show_fdinfo(fd, out);
	return 0;
}
