// SPDX-License-Identifier: BSD-2-Clause
/* attached.c - what is attached, while some look at it. */
#include <stdlib.h>

#include "fs/tree/attached.h"

struct attached *attached_new(struct attachment *attachment,
			      const struct caller *caller)
{
	static _Atomic uint64_t serial;
	struct attached *attached = calloc(1, sizeof(*attached));

	if (!attached) {
		attachment_free(attachment);
		return NULL;
	}
	attached->serial = ++serial;
	attached->attachment = attachment;
	attached->builtin = builtin_of(attachment->prog_fd);
	if (attachment_file(attachment))
		attached->mandate = mandate_get(caller, NULL);
	return attached;
}

struct attached *attached_get(struct probe *probe)
{
	if (probe->attached)
		probe->attached->readers++;
	return probe->attached;
}

void attached_put(struct tree *tree, struct attached *attached)
{
	if (!attached)
		return;
	pthread_mutex_lock(&tree->lock);
	if (!--attached->readers)
		pthread_cond_broadcast(&tree->quiet);
	pthread_mutex_unlock(&tree->lock);
}

void attached_retire(struct tree *tree, struct attached *attached)
{
	if (!attached)
		return;
	pthread_mutex_lock(&tree->lock);
	while (attached->readers)
		pthread_cond_wait(&tree->quiet, &tree->lock);
	pthread_mutex_unlock(&tree->lock);
	attachment_free(attached->attachment);
	mandate_put(attached->mandate);
	free(attached);
}
