// SPDX-License-Identifier: BSD-2-Clause
/* attachment.c - the life of an attachment. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "attach/attachment_private.h"
#include "attach/kernel/bpf.h"
#include "attach/kernel/program.h"
#include "attach/kernel/tracefs.h"
#include "scope.h"

int program_fits(const struct kind *kind, int prog_fd, struct err *e)
{
	enum bpf_object object = bpf_object_of(prog_fd);
	struct program program;
	int err;

	if (object != BPF_OBJECT_PROG)
		return fail(e, EINVAL, "a program is needed, this is a %s",
			    bpf_object_name(object));
	err = program_info(prog_fd, &program);
	if (err)
		return fail(e, -err,
			    "the kernel does not describe the program");
	if (program.type == kind->prog_type)
		return 0;
	return fail(e, EINVAL,
		    "program '%s' (id %" PRIu32
		    ") is of type %s; a %s takes type %s",
		    program.name, program.id, program_type_name(program.type),
		    kind->name, program_type_name(kind->prog_type));
}

struct attachment *attachment_new(const struct kind *kind,
				  struct target *target)
{
	struct attachment *a = calloc(1, sizeof(*a));
	size_t n = target->nsites ? target->nsites : 1;

	if (a)
		a->links = calloc(n, sizeof(*a->links));
	if (!a || !a->links) {
		free(a);
		target_clear(target);
		return NULL;
	}
	a->kind = kind;
	a->prog_fd = -1;
	a->target = *target;
	target_init(target, a->target.place);
	return a;
}

void link_drop(struct link *link)
{
	fd_close(link->fd);
	if (link->event)
		tracefs_remove(link->event);
	*link = (struct link){ .fd = -1 };
}

void links_drop(struct attachment *a)
{
	while (a->nlinks)
		link_drop(&a->links[--a->nlinks]);
}

void attachment_outlives(struct attachment *a)
{
	a->target.outlive = true;
}

void attachment_free(struct attachment *a)
{
	if (!a)
		return;
	links_drop(a);
	/* Links of a probefs that is dead: it made events that end with them. */
	if (a->adopted)
		tracefs_collect();
	free(a->links);
	target_clear(&a->target);
	fd_close(a->prog_fd);
	free(a);
}
