/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * request.h - what is asked of a child that works on an object file.
 *
 * Locking: none is needed and none may be held.
 */
#ifndef FS_PROG_REQUEST_H
#define FS_PROG_REQUEST_H

#include "fs/prog/content.h"
#include "fs/prog/setting.h"
#include "fs/user/caller.h"
#include "fs/user/cred.h"

struct request {
	struct object_request ask;
	struct cred identity; /* what ask.as borrows from */
	int fd; /* owned */
};

/*
 * content is sealed; it and settings, whose order changes, stay yours and last.
 * caller: with whose rights; NULL: with none, as that user and group.
 */
int request_make(const struct content *content, struct settings *settings,
		 const struct caller *caller, uid_t uid, gid_t gid,
		 struct request *out, struct err *e);
void request_clear(struct request *request);

#endif
