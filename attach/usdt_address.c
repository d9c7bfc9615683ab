// SPDX-License-Identifier: BSD-2-Clause
/*
 * usdt_address.c - on kernels without cookies (before 5.15): the addresses at
 * which a process has the sites, and telling them to the program.
 *
 * There the program knows a site by its address alone, so of two probes that
 * share a program and a site the one that was attached last is told to it.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "attach/bpf.h"
#include "attach/program.h"
#include "attach/usdt.h"
#include "scope.h"

static const char ips_name[] = "__bpf_usdt_ip_to_spec_id";

struct mapping { /* a line of proc(5) maps */
	uint64_t start, end, offset, ino;
	unsigned int major, minor;
	char perms[5];
};

static bool mapping_parse(const char *line, struct mapping *m)
{
	return sscanf(line,
		      "%" SCNx64 "-%" SCNx64 " %4s %" SCNx64 " %x:%x %" SCNu64,
		      &m->start, &m->end, m->perms, &m->offset, &m->major,
		      &m->minor, &m->ino) == 7;
}

/*
 * File systems that are made of others (overlay, btrfs) show in maps another
 * device and inode than stat(2) does, and these may be another file's too: the
 * mapped file itself is asked, by what the kernel keeps of it (no server is).
 */
static bool is_target(const struct target *target, const struct mapping *m)
{
	char path[sizeof("/proc//map_files/-") + 3 * 20];
	struct statx st;

	snprintf(path, sizeof(path), "/proc/%d/map_files/%" PRIx64 "-%" PRIx64,
		 target->pid, m->start, m->end);
	if (statx(AT_FDCWD, path, AT_STATX_DONT_SYNC, STATX_INO, &st))
		return m->ino == target->mark.ino &&
		       makedev(m->major, m->minor) == target->mark.dev;
	return st.stx_ino == target->mark.ino &&
	       makedev(st.stx_dev_major, st.stx_dev_minor) == target->mark.dev;
}

static int base_of(const struct target *target, uint64_t offset,
		   uint64_t *address)
{
	scoped_free char *line = NULL;
	struct mapping m;
	size_t size = 0;
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d/maps", target->pid);
	scoped_file FILE *file = fopen(path, "re");

	while (file && getline(&line, &size, file) > 0)
		if (mapping_parse(line, &m) && m.ino && m.perms[2] == 'x' &&
		    offset >= m.offset && offset - m.offset < m.end - m.start &&
		    is_target(target, &m)) {
			*address = m.start + offset - m.offset;
			return 0;
		}
	return -ESRCH;
}

static int absolute(struct target *target, size_t i, uint64_t *address,
		    struct err *e)
{
	const struct usdt_own *own = target->own;

	if (own->file->notes->type == ET_EXEC) {
		*address = own->notes[i]->location + target->sites[i].offset -
			   own->notes[i]->offset;
		return 0;
	}
	if (!target->pid)
		return fail(
			e, EOPNOTSUPP,
			"this kernel has no cookies (5.15), so the program can find its arguments only in one process; write its id to 'pid'");
	if (base_of(target, target->sites[i].offset, address))
		return fail(e, ESRCH,
			    "process %d has not mapped the code of '%s'",
			    target->pid, target->path);
	return 0;
}

int usdt_arm_addresses(struct target *target, int prog_fd, int specs_map,
		       const uint32_t *ids, struct err *e)
{
	scoped_free struct usdt_ip *list =
		calloc(target->nsites, sizeof(*list));
	struct usdt_own *own = target->own;
	struct bpf_map_info info;
	int err = 0;
	size_t i;

	scoped_fd int map = program_map(prog_fd, ips_name, &info);

	if (map < 0)
		return fail(
			e, EOPNOTSUPP,
			"this kernel has no cookies (5.15), and the program no map '%s'",
			ips_name);
	if (!list)
		return fail(e, ENOMEM, "no memory");
	for (i = 0; i < target->nsites && !err; i++) {
		list[i].id = ids[i];
		err = absolute(target, i, &list[i].address, e);
	}
	if (err)
		return err;
	err = usdt_ips_take(map, specs_map, list, target->nsites, &own->ips);
	return err ? fail(e, -err, "cannot write to the program's map '%s': %s",
			  ips_name, strerror(errno_clamp(-err)))
		   : 0;
}
