// SPDX-License-Identifier: BSD-2-Clause
/* keep.c - probes that have no link: disabled, waiting, or without a program. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "fs/change/apply.h"
#include "fs/change/keep.h"
#include "fs/change/repin.h"
#include "scope.h"

bool change_waits(const struct change *c)
{
	const struct kind *kind = c->probe->config.kind;
	char *texts[TEXT_MAX];
	void *spec;
	int err = 0;

	/* All are written at once there. */
	if (!kind->check || c->probe->attached || c->given[TEXT_CONFIG])
		return false;
	change_texts(c, texts);
	if (config_spec(kind, texts, &spec, NULL))
		return false;
	err = kind->check(spec, NULL);
	spec_free(kind, spec);
	return err == -EINVAL;
}

/*
 * A built-in program that waits: loaded as the kind takes it, and again should
 * the target then want another.
 */
static int load_waiting(const struct change *c, const struct builtin *builtin,
			struct load_as *as, struct err *e)
{
	struct target target;
	int err;

	/* Fields that come later may say more. */
	if (change_resolve(c, &target, NULL))
		target_init(&target);
	err = attachment_load_as(c->probe->config.kind, &target, NULL, as, e);
	target_clear(&target);
	return err ? err : builtin_load(builtin, as, e);
}

static int copy(int prog_fd, struct err *e)
{
	int fd = fcntl(prog_fd, F_DUPFD_CLOEXEC, 0);

	return fd < 0 ? fail(e, errno, "no descriptor is left") : fd;
}

/* The link and its pin go, the program stays; fd is taken over. */
static int keep_only(struct change *c, int fd, const struct load_as *as,
		     struct err *e)
{
	int err = change_unpin(c, e);

	if (err) {
		close(fd);
		return err;
	}
	c->next.attached = NULL;
	change_keep_program(c, fd, as);
	return 0;
}

int change_keep(struct change *c, const struct reference *r, struct err *e)
{
	struct load_as as = { 0 };
	int fd = 0;

	if (r->nlinks)
		return fail(
			e, EINVAL,
			"a pinned link cannot wait; write 1 to 'enabled' first");
	if (!r->builtin)
		fd = program_fits(c->probe->config.kind, reference_fd(r), e);
	if (!fd)
		fd = r->builtin ? load_waiting(c, r->builtin, &as, e)
				: copy(reference_fd(r), e);
	return fd < 0 ? fd : keep_only(c, fd, &as, e);
}

int change_disable(struct change *c, struct err *e)
{
	struct load_as as;
	int fd;

	if (!c->probe->attached)
		return 0;
	fd = copy(change_program(c), e);
	if (fd < 0)
		return fd;
	attachment_loaded_as(c->probe->attached->attachment, &as);
	return keep_only(c, fd, &as, e);
}

int change_detach(struct change *c, struct err *e)
{
	int err = change_unpin(c, e);

	if (err)
		return err;
	c->next.attached = NULL;
	change_keep_program(c, -1, NULL);
	return 0;
}
