// SPDX-License-Identifier: BSD-2-Clause
/* request.c - asking a child, with the rights of a user. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fs/prog/request.h"
#include "fs/user/addresses.h"
#include "scope.h"

/* proc(5), /proc/PID/limits: the soft one is the first. */
static rlim_t memlock_of(pid_t tid)
{
	static const char key[] = "Max locked memory";
	scoped_free char *line = NULL;
	rlim_t limit = 0;
	size_t size = 0;
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d/limits", tid);
	scoped_file FILE *file = fopen(path, "re");

	while (file && getline(&line, &size, file) > 0) {
		const char *value = line + sizeof(key) - 1;

		if (strncmp(line, key, sizeof(key) - 1) != 0)
			continue;
		value += strspn(value, " ");
		limit = !strncmp(value, "unlimited", 9)
				? RLIM_INFINITY
				: strtoul(value, NULL, 10);
	}
	return limit;
}

static int as_caller(const struct caller *caller, struct request *request,
		     struct err *e)
{
	struct cred *identity = &request->identity;
	int err = caller_identify(caller, identity, e);

	if (err)
		return err;
	request->ask.as = (struct loader_as){
		.uid = caller->uid,
		.gid = caller->gid,
		.groups = identity->groups,
		.ngroups = identity->ngroups,
		.caps = identity->in_our_user_ns ? identity->caps : 0,
		.memlock = memlock_of(caller->tid),
		.addresses = addresses_seen(caller),
	};
	request->ask.interrupted = caller->interrupted;
	request->ask.ctx = caller->request;
	return 0;
}

/* The child has it for reading, with a place in it of its own. */
static int open_again(int fd, struct err *e)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? fail(e, errno, "no descriptor is left for the object")
		      : fd;
}

int request_make(const struct content *content, struct settings *settings,
		 const struct caller *caller, uid_t uid, gid_t gid,
		 struct request *out, struct err *e)
{
	int fd = open_again(content->fd, e), err = 0;

	if (fd < 0)
		return fd;
	*out = (struct request){ .fd = fd };
	out->ask = (struct object_request){
		.fd = fd,
		.btf_fd = -1,
		.log_fd = -1,
		.as = { .uid = uid, .gid = gid },
	};
	out->ask.nsettings = settings_of_object(settings);
	out->ask.settings = settings->rows;
	if (caller)
		err = as_caller(caller, out, e);
	if (err)
		request_clear(out);
	return err;
}

void request_clear(struct request *request)
{
	fd_close(request->fd);
	request->fd = -1;
}
