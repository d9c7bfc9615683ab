// SPDX-License-Identifier: BSD-2-Clause
/*
 * removal.c - removing directories of probes side by side.
 *
 * The kernel holds the lock of a kind's directory during RMDIR, and detaching
 * takes an RCU grace period, so that removals at a time would take one each,
 * one after the other.  But on ESTALE do_rmdir() drops the lock, walks the path
 * anew, asking for each name in it, and comes again, once (retry_estale(),
 * since Linux 3.8).  So the first RMDIR of an attached probe changes nothing
 * and is answered with that; the LOOKUP of the kind by which the thread comes
 * back detaches, while no lock is held; and the second RMDIR removes a probe
 * that is detached.  Where no such LOOKUP is on the way (the directory of the
 * kind is the working directory, or mounted elsewhere) the second RMDIR
 * detaches.
 *
 * A probe has that answer once in its life, so that it never gets to the user.
 * A caller killed on the way leaves the probe as it was, or, after the LOOKUP,
 * as an empty line in `attach` does.
 */
#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "fs/change/follow.h"
#include "fs/change/removal.h"
#include "fs/tree/attached.h"
#include "fs/tree/probe.h"
#include "scope.h"

enum { SECONDS = 1 }; /* in which a thread that comes again has come */

static bool is_over(const struct removal *removal, const struct timespec *now)
{
	return !removal->busy &&
	       (!removal->tid || now->tv_sec - removal->asked.tv_sec > SECONDS);
}

/* The lock is held. */
static struct removal *find(struct tree *tree, pid_t tid)
{
	size_t i;

	for (i = 0; i < REMOVALS; i++)
		if (tree->removals[i].tid == tid && !tree->removals[i].busy)
			return &tree->removals[i];
	return NULL;
}

static bool note(struct tree *tree, pid_t tid, struct probe *probe)
{
	struct timespec now;
	size_t i = 0;

	clock_gettime(CLOCK_MONOTONIC, &now);
	while (i < REMOVALS && !is_over(&tree->removals[i], &now))
		i++;
	if (i == REMOVALS)
		return false;
	tree->removals[i] = (struct removal){
		.tid = tid,
		.number = probe_number(probe),
		.asked = now,
	};
	probe->removal_asked = true;
	return true;
}

bool removal_comes_again(struct tree *tree, pid_t tid, struct probe *probe)
{
	bool attached = probe->attached && !pin_alive(&probe->pin), again;
	struct removal *removal;

	pthread_mutex_lock(&tree->lock);
	removal = tid ? find(tree, tid) : NULL;
	if (removal)
		removal->tid = 0;
	again = attached && tid && !probe->removal_asked &&
		note(tree, tid, probe);
	pthread_mutex_unlock(&tree->lock);
	return again;
}

/* As an empty line in `attach` does. */
static void detach(struct tree *tree, uint64_t number)
{
	struct probe *probe;
	struct attached *attached;
	struct err ignored;
	char *text;

	if (probe_claim(tree, number, false, &probe, &ignored))
		return;
	pthread_mutex_lock(&tree->lock);
	attached = take(probe->attached);
	text = take(probe->config.texts[TEXT_ATTACH]);
	pthread_mutex_unlock(&tree->lock);
	free(text);
	follow_stop(follow_of(tree), number);
	attached_retire(tree, attached);
	probe_release(tree, probe, true);
}

void removal_passes(struct tree *tree, pid_t tid)
{
	struct removal *removal;
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	pthread_mutex_lock(&tree->lock);
	removal = tid ? find(tree, tid) : NULL;
	if (removal && !is_over(removal, &now))
		removal->busy = true;
	else
		removal = NULL;
	pthread_mutex_unlock(&tree->lock);
	if (!removal)
		return;
	detach(tree, removal->number);
	pthread_mutex_lock(&tree->lock);
	*removal = (struct removal){ .tid = 0 };
	pthread_mutex_unlock(&tree->lock);
}
