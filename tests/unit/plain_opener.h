/* SPDX-License-Identifier: BSD-2-Clause */
/* plain_opener.h - opens paths as the test itself. */
#ifndef PLAIN_OPENER_H
#define PLAIN_OPENER_H

#include <errno.h>
#include <fcntl.h>

#include "attach/kind/kind.h"
#include "fail.h"

static inline int plain_open(void *ctx, const char *path, int flags,
			     struct err *e)
{
	int fd = open(path, flags);

	(void)ctx;
	return fd < 0 ? fail(e, errno, "cannot open '%s'", path) : fd;
}

static const struct opener plain_opener = { .open = plain_open };

#endif
