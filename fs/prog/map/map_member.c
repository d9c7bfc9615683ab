// SPDX-License-Identifier: BSD-2-Clause
/* map_member.c - finding the maps of what is loaded, and reading their pairs. */
#include <errno.h>
#include <fcntl.h>

#include "fs/prog/map/map_member.h"
#include "scope.h"

int map_member_fd(struct tree *tree, struct node node, struct err *e)
{
	struct member member;
	int fd, err = member_get(tree, node, &member, e);

	if (err)
		return err;
	fd = member_fd(&member, MEMBERS_MAPS, e);
	member_put(&member);
	return fd;
}

int map_member_pairs(struct tree *tree, struct node node,
		     const struct caller *caller, struct err *e)
{
	struct member member;
	int fd, err = member_get(tree, node, &member, e);

	if (err)
		return err;
	err = member_check(&member, caller, e);
	fd = err ? err : member_fd(&member, MEMBERS_MAPS, e);
	member_put(&member);
	return fd;
}

int map_member_variable(const struct member *member,
			const struct caller *caller,
			struct map_variable *variable, struct err *e)
{
	const struct object_variable *of = member_variable(member);
	int fd = of->map < member->object->nmaps
			 ? member->object->maps[of->map].fd
			 : -1;

	int err = caller ? member_check(member, caller, e)
			 : fail(e, EPERM, "nobody asks");

	if (err)
		return err;
	if (fd < 0)
		return fail(e, ENODATA, "the map of '%s' is not loaded",
			    of->name);
	*variable = (struct map_variable){ of->name, of->offset, of->size };
	fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	return fd < 0 ? fail(e, errno, "no descriptor is left") : fd;
}

/*
 * As with runs, where there is nothing it is the first read that fails, so that
 * what copies a directory, and reads no file of length 0, goes on.
 */
static int entries_open(struct tree *tree, const struct caller *caller,
			uint64_t number, void **run, struct err *e)
{
	struct map_reader *reader = NULL;
	scoped_fd int fd = map_member_pairs(tree, node_of(number), caller, e);
	int err = fd < 0 ? fd : map_reader_open(fd, &reader, e);

	if (err && err != -ENODATA)
		return err;
	*run = reader;
	return 0;
}

static ssize_t entries_read(struct tree *tree, uint64_t number, void *run,
			    char *buffer, size_t size, struct err *e)
{
	(void)tree;
	(void)number;
	if (!run)
		return fail(
			e, ENODATA,
			"it is not loaded; write 1 to 'load' of its object");
	return map_reader_read(run, buffer, size, e);
}

static void entries_close(void *run)
{
	map_reader_close(run);
}

const struct stream_source map_entries = { entries_open, entries_read,
					   entries_close };
