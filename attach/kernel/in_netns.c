// SPDX-License-Identifier: BSD-2-Clause
/* in_netns.c - a thread that goes to another network namespace and ends there. */
#include <errno.h>
#include <pthread.h>
#include <sched.h>

#include "attach/kernel/in_netns.h"

struct visit {
	int netns;
	int (*call)(void *arg);
	void *arg;
	int result;
};

static void *visit(void *arg)
{
	struct visit *v = arg;

	v->result = setns(v->netns, CLONE_NEWNET) ? -errno : v->call(v->arg);
	return NULL;
}

int in_netns(int netns, int (*call)(void *arg), void *arg)
{
	struct visit v = { .netns = netns, .call = call, .arg = arg };
	pthread_t thread;
	int err;

	if (netns < 0)
		return call(arg);
	err = pthread_create(&thread, NULL, visit, &v);
	if (err)
		return -err;
	pthread_join(thread, NULL);
	return v.result;
}
