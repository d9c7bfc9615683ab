// SPDX-License-Identifier: BSD-2-Clause
/* stream_run.c - the runs of what is attached to a probe. */
#include <errno.h>
#include <stdlib.h>

#include "fs/stream_run.h"
#include "fs/tree/attached.h"
#include "scope.h"

struct run {
	uint64_t of; /* the serial number of what is attached; 0: nothing is */
	int fd; /* owned */
};

/* The probe's, held for a while; NULL when there is none. */
static struct attached *hold(struct tree *tree, uint64_t number)
{
	struct attached *attached = NULL;
	struct probe *probe;

	pthread_mutex_lock(&tree->lock);
	probe = tree_find(tree, number);
	if (probe)
		attached = attached_get(probe);
	pthread_mutex_unlock(&tree->lock);
	return attached;
}

static int run_make(struct tree *tree, uint64_t number, struct run *run,
		    struct err *e)
{
	struct attached *attached = hold(tree, number);

	run->fd = -1;
	if (!attached)
		return 0;
	run->of = attached->serial;
	run->fd = attachment_open_output(attached->attachment, e);
	attached_put(tree, attached);
	return run->fd < 0 ? run->fd : 0;
}

static int run_open(struct tree *tree, const struct caller *caller,
		    uint64_t number, void **out, struct err *e)
{
	struct run *run = calloc(1, sizeof(*run));
	int err = run ? run_make(tree, number, run, e)
		      : fail(e, ENOMEM, "no memory");

	(void)caller;
	if (err)
		free(run);
	else
		*out = run;
	return err;
}

static ssize_t run_read(struct tree *tree, uint64_t number, void *ctx,
			char *buffer, size_t size, struct err *e)
{
	const struct run *run = ctx;
	struct attached *attached = hold(tree, number);
	ssize_t got;

	if (!run->of)
		got = fail(
			e, ENODATA,
			"nothing is attached that could be run; write a program to 'attach'");
	else if (attached && run->of == attached->serial)
		got = attachment_read_output(run->fd, buffer, size, e);
	else
		got = fail(
			e, ENODEV,
			"the program of this run was detached; open the file again");
	attached_put(tree, attached);
	return got;
}

static void run_close(void *ctx)
{
	struct run *run = ctx;

	fd_close(run->fd);
	free(run);
}

const struct stream_source stream_run = { run_open, run_read, run_close };
