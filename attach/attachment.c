// SPDX-License-Identifier: BSD-2-Clause
/* attachment.c - the life of an attachment. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attach/attacher.h"
#include "attach/attachment_private.h"
#include "attach/kernel/bpf.h"
#include "attach/kernel/link/link_update.h"
#include "attach/kernel/program.h"
#include "attach/kernel/tracefs.h"
#include "scope.h"

/* "kprobe", "tracing or raw_tracepoint": the types that the kind takes. */
static void print_types(const struct kind *kind, char *text, size_t size)
{
	const struct accept *accept;
	size_t used = 0;

	text[0] = '\0';
	for (accept = kind->accepts; accept->prog_type; accept++) {
		/* A type has a row for each hook. */
		if (used < size &&
		    kind_accepts(kind, accept->prog_type) == accept)
			used += (size_t)snprintf(
				text + used, size - used, "%s%s",
				used ? " or " : "",
				program_type_name(accept->prog_type));
	}
}

int program_fits(const struct kind *kind, int prog_fd, struct err *e)
{
	enum bpf_object object = bpf_object_of(prog_fd);
	struct program program;
	char types[256];
	int err;

	if (kind->traits & KIND_MAP)
		return map_fits(prog_fd, e);
	if (object != BPF_OBJECT_PROG)
		return fail(e, EINVAL, "a program is needed, this is a %s",
			    bpf_object_name(object));
	err = program_info(prog_fd, &program);
	if (err)
		return fail(e, -err,
			    "the kernel does not describe the program");
	if (kind_accepts(kind, program.type))
		return 0;
	print_types(kind, types, sizeof(types));
	return fail(e, EINVAL,
		    "program '%s' (id %" PRIu32
		    ") is of type %s; a %s takes type %s",
		    program.name, program.id, program_type_name(program.type),
		    kind->name, types);
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
	target_init(target);
	return a;
}

void link_drop(struct attach_fd *link)
{
	fd_close(link->fd);
	if (link->event)
		tracefs_remove(link->event);
	*link = (struct attach_fd){ .fd = -1 };
}

void links_drop(struct attachment *a)
{
	while (a->nlinks)
		link_drop(&a->links[--a->nlinks]);
}

int attachment_arm(struct attachment *a, struct err *e)
{
	const struct kind *kind = a->kind;
	int err = program_fits(kind, a->prog_fd, e);

	if (!err && kind->arm)
		err = kind->arm(&a->target, a->prog_fd, a->cookie, e);
	return err;
}

int attachment_make(const struct kind *kind, const struct attach_mode *mode,
		    struct target *target, int prog_fd, uint64_t cookie,
		    struct attachment **out, struct err *e)
{
	struct attachment *a = attachment_new(kind, target);
	size_t i;
	int err;

	if (!a) {
		fd_close(prog_fd);
		return fail(e, ENOMEM, "no memory for the sites");
	}
	a->prog_fd = prog_fd;
	a->cookie = cookie;
	for (i = 0; i < a->target.nsites; i++)
		a->target.sites[i].cookie = cookie;
	err = attachment_arm(a, e);
	if (!err)
		err = attacher_of(kind)->attach(a, mode, e);
	if (err) {
		attachment_free(a);
		return err;
	}
	attachment_done(a);
	*out = a;
	return 0;
}

void attachment_done(struct attachment *a)
{
	fd_close(take_fd(&a->target.fd));
	target_warn_left_out(&a->target);
}

bool attachment_alive(const struct attachment *a)
{
	return a->nlinks && attacher_of(a->kind)->alive(a);
}

int attachment_load_as(const struct kind *kind, const struct target *target,
		       const struct attach_mode *mode, struct load_as *as,
		       struct err *e)
{
	const struct attacher *attacher = attacher_of(kind);
	const struct accept *first = kind->accepts;

	*as = (struct load_as){ .type = first->prog_type,
				.attach_type = first->attach_type,
				.neutral = first->neutral };
	return attacher->load_as ? attacher->load_as(kind, target, mode, as, e)
				 : 0;
}

void attachment_loaded_as(const struct attachment *a, struct load_as *as)
{
	const struct attacher *attacher = attacher_of(a->kind);

	if (attachment_load_as(a->kind, &a->target, NULL, as, NULL))
		*as = (struct load_as){ 0 };
	if (attacher->loaded_as)
		attacher->loaded_as(a, as);
}

bool attachment_in_the_way(const struct attachment *old, int prog_fd, int err)
{
	const struct attacher *attacher = attacher_of(old->kind);

	if (attacher->in_the_way)
		return attacher->in_the_way(old, prog_fd, err);
	return err == -EEXIST && program_same(old->prog_fd, prog_fd);
}

uint32_t attachment_other_program(const struct attachment *a)
{
	struct link_content now;
	uint32_t ours;

	if (!attacher_of(a->kind)->update || !a->nlinks ||
	    link_content(a->links[0].fd, &now) ||
	    link_content_id(a->prog_fd, now.object, &ours) || ours == now.id)
		return 0;
	return now.id;
}

const char *attachment_file(const struct attachment *a)
{
	return a->target.event.path;
}

int attachment_open_output(const struct attachment *a, struct err *e)
{
	const struct attacher *attacher = attacher_of(a->kind);

	if (!attacher->open_output)
		return fail(e, EOPNOTSUPP, "a %s has no output", a->kind->name);
	return attacher->open_output(a, e);
}

/* bpf_seq_read() of kernel/bpf/bpf_iter.c, cgroup_iter_seq_start(). */
static const struct {
	int code;
	const char *text;
} output_faults[] = {
	{ EAGAIN,
	  "the program asks for the same object again (it returns 1), or prints nothing of a million objects" },
	{ E2BIG,
	  "what the program prints of one object is more than the kernel takes: 8 pages" },
	{ EOPNOTSUPP,
	  "what a program prints of cgroups has to fit into 8 pages in all" },
};

ssize_t attachment_read_output(int fd, char *buffer, size_t size, struct err *e)
{
	ssize_t got = read(fd, buffer, size);
	int code = errno;
	size_t i;

	if (got >= 0)
		return got;
	for (i = 0; i < sizeof(output_faults) / sizeof(output_faults[0]); i++)
		if (output_faults[i].code == code)
			return fail(e, code, "%s", output_faults[i].text);
	return fail(e, code, "the run cannot be read on: %s",
		    strerror(errno_clamp(code)));
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
