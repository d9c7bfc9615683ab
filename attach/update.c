// SPDX-License-Identifier: BSD-2-Clause
/*
 * update.c - links that stay: with another program, or with more beside them.
 *
 * With another program the link stays, with its id, its pin and its place in the
 * order of programs, and the kernel changes from one program to the other between
 * two runs, so that nothing is missed.  An attachment never changes, since others read it: the new
 * one has descriptors of its own of the same links.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>

#include "attach/attacher.h"
#include "attach/attachment_private.h"
#include "attach/kernel/bpf.h"
#include "attach/kernel/program.h"
#include "scope.h"

static int copy_links(const struct attachment *old, struct attachment *a)
{
	size_t i;
	int fd;

	for (i = 0; i < old->nlinks; i++) {
		fd = fcntl(old->links[i].fd, F_DUPFD_CLOEXEC, 0);
		if (fd < 0)
			return -errno;
		a->links[a->nlinks++] = (struct attach_fd){ .fd = fd };
	}
	return 0;
}

/* The links that are there are where new ones would be made. */
static bool links_match(const struct attachment *a)
{
	const struct attacher *attacher = attacher_of(a->kind);
	struct link_info info;
	bool match = attacher->alive(a);
	size_t i;

	for (i = 0; i < a->nlinks && match; i++) {
		if (!attachment_look(a, i, &info))
			return false;
		match = attacher->matches(a, i, &info) == LINK_MATCHES;
		link_info_clear(&info);
	}
	return match;
}

static int refuse_other(const struct attachment *a, struct err *e)
{
	struct program program = { 0 };
	uint32_t id = 0;

	if (link_prog_id(a->links[0].fd, &id))
		return fail(e, EPERM, "the link has another program by now");
	scoped_fd int fd = bpf_prog_by_id(id);

	if (fd < 0 || program_info(fd, &program))
		program.name[0] = '\0';
	return fail(e, EPERM,
		    "the link has another program by now, '%s' (id %" PRIu32
		    "); to replace that, write 'PROGRAM if id:%" PRIu32 "'",
		    program.name, id, id);
}

/* Its update says which map that is. */
static int explain_other(const struct attachment *a, struct err *e)
{
	return a->kind->traits & KIND_MAP ? -EPERM : refuse_other(a, e);
}

static int update(struct attachment *a, const struct attachment *old,
		  int old_fd, struct err *e)
{
	int err = copy_links(old, a);

	if (err)
		return fail(e, -err, "no descriptor is left for the link");
	if (!links_match(a))
		return -ENOTSUP;
	err = attachment_arm(a, e);
	if (err)
		return err;
	err = attacher_of(a->kind)->update(a, old_fd, e);
	return err == -EPERM ? explain_other(a, e) : err;
}

/* The number of an interface means another one in another namespace. */
static bool can_update(const struct attachment *old,
		       const struct target *target)
{
	return attacher_of(old->kind)->update &&
	       target->nsites == old->target.nsites &&
	       target->hook.netns_ino == old->target.hook.netns_ino;
}

/* What the links that stay have. */
static void take_after(struct attachment *a, const struct attachment *old)
{
	a->cookie = old->cookie;
	a->way = old->way;
	a->adopted = old->adopted;
}

/* The links are the old one's: where it stays, they outlive this one. */
static int end(struct attachment *a, int err, struct attachment **out)
{
	if (err) {
		a->target.outlive = true;
		attachment_free(a);
		return err;
	}
	attachment_done(a);
	*out = a;
	return 0;
}

int attachment_update(const struct attachment *old, int old_fd,
		      struct target *target, int prog_fd,
		      struct attachment **out, struct err *e)
{
	struct attachment *a;

	if (!can_update(old, target)) {
		target_clear(target);
		fd_close(prog_fd);
		return -ENOTSUP;
	}
	a = attachment_new(old->kind, target);
	if (!a) {
		fd_close(prog_fd);
		return fail(e, ENOMEM, "no memory for the sites");
	}
	a->prog_fd = prog_fd;
	take_after(a, old);
	return end(a, update(a, old, old_fd, e), out);
}

static int grow(struct attachment *a, const struct attachment *old,
		struct err *e)
{
	a->target.cookies_told = old->target.cookies_told;
	a->prog_fd = fcntl(old->prog_fd, F_DUPFD_CLOEXEC, 0);
	if (a->prog_fd < 0)
		return fail(e, errno, "no descriptor is left for the program");
	return attacher_of(a->kind)->grow(a, old, e);
}

int attachment_grow(const struct attachment *old, struct target *target,
		    struct attachment **out, struct err *e)
{
	struct attachment *a = attachment_new(old->kind, target);

	if (!a)
		return fail(e, ENOMEM, "no memory for the sites");
	take_after(a, old);
	return end(a, grow(a, old, e), out);
}

bool attachment_grows(const struct attachment *a)
{
	return a->target.sample.of_cpus && attacher_of(a->kind)->grow;
}
