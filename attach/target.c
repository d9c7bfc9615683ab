// SPDX-License-Identifier: BSD-2-Clause
/* target.c - building and freeing a list of sites. */
#include <stdlib.h>
#include <string.h>

#include "attach/kind.h"
#include "attach/target.h"
#include "scope.h"

void target_init(struct target *target, enum place place)
{
	*target = (struct target){ .place = place, .fd = -1 };
}

void target_clear(struct target *target)
{
	size_t i;

	for (i = 0; i < target->nsites; i++) {
		free(target->sites[i].symbol);
		free(target->sites[i].note);
	}
	free(target->sites);
	free(target->path);
	free(target->warning);
	if (target->own)
		target->own_free(target->own, target->outlive);
	fd_close(target->fd);
	target_init(target, target->place);
}

void target_set_file(struct target *target, char *path, int fd, uint64_t dev,
		     uint64_t ino)
{
	target->path = path;
	target->fd = fd;
	target->dev = dev;
	target->ino = ino;
}

int target_set_pid(struct target *target, const struct opener *opener,
		   pid_t pid, struct err *e)
{
	target->pid = pid;
	if (pid && opener->find_pid)
		target->pid = opener->find_pid(opener->ctx, pid, e);
	return target->pid < 0 ? target->pid : 0;
}

/* Grows at 1, 2, 4, ...: an array whose length is a power of two is full. */
static bool grow(struct target *target)
{
	size_t used = target->nsites;
	struct site *grown;

	if (used & (used - 1))
		return true;
	grown = reallocarray(target->sites, used ? 2 * used : 1,
			     sizeof(*grown));
	if (grown)
		target->sites = grown;
	return grown;
}

struct site *target_add(struct target *target, const char *symbol)
{
	struct site *site;

	if (!grow(target))
		return NULL;
	site = &target->sites[target->nsites];
	*site = (struct site){ 0 };
	if (symbol) {
		site->symbol = strdup(symbol);
		if (!site->symbol)
			return NULL;
	}
	target->nsites++;
	return site;
}
