// SPDX-License-Identifier: BSD-2-Clause
/* link_ended.c - which links were detached, as the kernel does not tell. */
#include <pthread.h>
#include <stddef.h>

#include "attach/kernel/link/link_ended.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uint32_t ended[LINKS_ENDED]; /* no link has the id 0 */
static size_t next;

void link_ended_add(uint32_t id)
{
	pthread_mutex_lock(&lock);
	ended[next] = id;
	next = (next + 1) % LINKS_ENDED;
	pthread_mutex_unlock(&lock);
}

bool link_ended_has(uint32_t id)
{
	bool has = false;
	size_t i;

	pthread_mutex_lock(&lock);
	for (i = 0; id && i < LINKS_ENDED && !has; i++)
		has = ended[i] == id;
	pthread_mutex_unlock(&lock);
	return has;
}
