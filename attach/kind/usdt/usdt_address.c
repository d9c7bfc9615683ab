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
#include <sys/param.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "array.h"
#include "attach/kernel/bpf.h"
#include "attach/kernel/program.h"
#include "attach/kind/usdt/usdt.h"
#include "scope.h"

enum {
	ADDRESSES = 1 << 17, /* of one probe, whatever room the map has */
};

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
		return m->ino == target->event.mark.ino &&
		       makedev(m->major, m->minor) == target->event.mark.dev;
	return st.stx_ino == target->event.mark.ino &&
	       makedev(st.stx_dev_major, st.stx_dev_minor) ==
		       target->event.mark.dev;
}

/* The mappings of the target's code in its process. */
struct mappings {
	struct mapping *list;
	size_t count;
};

static int mappings_add(struct mappings *mappings, const struct mapping *m)
{
	struct mapping *grown =
		array_room(mappings->list, mappings->count, sizeof(*m));

	if (!grown)
		return -ENOMEM;
	mappings->list = grown;
	mappings->list[mappings->count++] = *m;
	return 0;
}

static int mappings_find(const struct target *target, struct mappings *out)
{
	scoped_free char *line = NULL;
	struct mapping m;
	size_t size = 0;
	char path[32];
	int err = 0;

	snprintf(path, sizeof(path), "/proc/%d/maps", target->pid);
	scoped_file FILE *file = fopen(path, "re");

	if (!file)
		return errno == ENOENT ? -ESRCH : -errno;
	while (!err && getline(&line, &size, file) > 0)
		if (mapping_parse(line, &m) && m.ino && m.perms[2] == 'x' &&
		    is_target(target, &m))
			err = mappings_add(out, &m);
	return err;
}

/* What is made for the program's map, which has room for so many. */
struct addresses {
	struct usdt_ip *list;
	size_t count, room;
};

static int add(struct addresses *addresses, uint64_t address, uint32_t id,
	       struct err *e)
{
	if (addresses->count == addresses->room)
		return fail(
			e, E2BIG,
			"the program's map '%s' has room for %zu addresses, and more are needed",
			ips_name, addresses->room);
	addresses->list[addresses->count++] =
		(struct usdt_ip){ .address = address, .id = id };
	return 0;
}

/* A library that is loaded twice (dlmopen(3)) has each site twice. */
static int add_mapped(const struct mappings *mappings,
		      const struct target *target, size_t i,
		      struct addresses *addresses, uint32_t id, struct err *e)
{
	uint64_t offset = target->sites[i].offset;
	const struct mapping *m = mappings->list;
	bool found = false;
	int err = 0;

	for (; m < mappings->list + mappings->count && !err; m++) {
		if (offset < m->offset ||
		    offset - m->offset >= m->end - m->start)
			continue;
		found = true;
		err = add(addresses, m->start + offset - m->offset, id, e);
	}
	if (!err && !found)
		err = fail(e, ESRCH,
			   "process %d has not mapped the code of '%s'",
			   target->pid, target->event.path);
	return err;
}

/* A file of type EXEC has its addresses fixed, in every process. */
static int add_fixed(const struct target *target, size_t i,
		     struct addresses *addresses, uint32_t id, struct err *e)
{
	const struct usdt_own *own = target->own;
	const struct note *note = own->notes[i];

	return add(addresses,
		   note->location + target->sites[i].offset - note->offset, id,
		   e);
}

static int find_addresses(const struct target *target, const uint32_t *ids,
			  struct addresses *addresses, struct err *e)
{
	const struct usdt_own *own = target->own;
	bool fixed = own->file->notes->type == ET_EXEC;
	struct mappings mappings = { 0 };
	int err = 0;
	size_t i;

	if (!fixed && !target->pid)
		return fail(
			e, EOPNOTSUPP,
			"this kernel has no cookies (5.15), so the program can find its arguments only in one process; write its id to 'pid'");
	if (!fixed)
		err = mappings_find(target, &mappings);
	if (err)
		fail(e, -err, "cannot read what process %d has mapped: %s",
		     target->pid, strerror(errno_clamp(-err)));
	for (i = 0; i < target->nsites && !err; i++)
		err = fixed ? add_fixed(target, i, addresses, ids[i], e)
			    : add_mapped(&mappings, target, i, addresses,
					 ids[i], e);
	free(mappings.list);
	return err;
}

int usdt_arm_addresses(struct target *target, int prog_fd, int specs_map,
		       const uint32_t *ids, struct err *e)
{
	struct usdt_own *own = target->own;
	struct addresses addresses = { 0 };
	struct bpf_map_info info;
	int err;

	scoped_fd int map = program_map(prog_fd, ips_name, &info);

	if (map < 0)
		return fail(
			e, EOPNOTSUPP,
			"this kernel has no cookies (5.15), and the program no map '%s'",
			ips_name);
	addresses.room = MIN(info.max_entries, ADDRESSES);
	addresses.list = calloc(addresses.room, sizeof(*addresses.list));
	err = addresses.list ? find_addresses(target, ids, &addresses, e)
			     : fail(e, ENOMEM, "no memory");
	if (!err) {
		err = usdt_ips_take(map, specs_map, addresses.list,
				    addresses.count, &own->ips);
		if (err)
			fail(e, -err,
			     "cannot write to the program's map '%s': %s",
			     ips_name, strerror(errno_clamp(-err)));
	}
	free(addresses.list);
	return err;
}
