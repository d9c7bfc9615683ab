// SPDX-License-Identifier: BSD-2-Clause
/* map_act.c - writing the pairs of maps, and variables. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "attach/kernel/map/map.h"
#include "fs/prog/act.h"
#include "fs/prog/map/map_act.h"
#include "fs/prog/map/map_member.h"
#include "fs/user/reference.h"
#include "scope.h"

/* /proc/self/fd/N or /proc/PID/fd/N; the rest is the kernel's to refuse. */
static int open_descriptor(const struct caller *caller, const char *text,
			   struct err *e)
{
	int pid = 0, fd = -1, used = 0;

	if (sscanf(text, "/proc/self/fd/%9d%n", &fd, &used) != 1 || text[used])
		used = 0;
	if (!used &&
	    (sscanf(text, "/proc/%9d/fd/%9d%n", &pid, &fd, &used) != 2 ||
	     text[used]))
		return fail(e, EINVAL,
			    "'%s' is no descriptor; write /proc/PID/fd/N",
			    text);
	if (pid < 0 || fd < 0)
		return fail(e, EINVAL, "'%s' is no descriptor", text);
	return caller_get_fd(caller, pid, fd, e);
}

/* Whatever a value of a map can refer to, as the writer. */
static int open_object(void *ctx, enum map_holds holds, const char *text,
		       struct err *e)
{
	const struct caller *caller = ctx;

	switch (holds) {
	case MAP_PROGRAMS:
	case MAP_DEVICES:
	case MAP_CPUS:
		return reference_object(caller, text, BPF_OBJECT_PROG, e);
	case MAP_MAPS:
		return reference_object(caller, text, BPF_OBJECT_MAP, e);
	case MAP_CGROUPS:
		return caller_open(caller, text, O_RDONLY | O_DIRECTORY, e);
	default:
		return open_descriptor(caller, text, e);
	}
}

int act_map_put(struct tree *tree, const struct caller *caller, uint64_t number,
		char *value, struct err *e)
{
	struct caller writer = *caller;
	const struct map_opener opener = { open_object, &writer };
	scoped_fd int fd = map_member_pairs(tree, node_of(number), caller, e);

	return fd < 0 ? fd : map_put(fd, value, &opener, e);
}

int act_map_delete(struct tree *tree, const struct caller *caller,
		   uint64_t number, char *value, struct err *e)
{
	scoped_fd int fd = map_member_pairs(tree, node_of(number), caller, e);

	return fd < 0 ? fd : map_delete(fd, value, e);
}

int act_variable(struct tree *tree, const struct caller *caller,
		 uint64_t number, char *value, struct err *e)
{
	struct map_variable variable;
	struct member member;
	int err = member_get(tree, node_of(number), &member, e);

	if (err)
		return err;
	if (!member.is_loaded) {
		member_put(&member);
		return act_setting(tree, caller, number, value, e);
	}
	scoped_fd int fd = map_member_variable(&member, caller, &variable, e);

	err = fd < 0 ? fd : 0;
	/* Nothing, as rm(1) of all files writes it, is no value: programs go
	   on with what there is. */
	if (!err && value[0])
		err = map_variable_put(fd, &variable, value, e);
	member_put(&member);
	return err;
}
