/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * upload.h - prog/NAME: an object file of a user's, and what is loaded of it.
 *
 * Locking: tree.lock guards all that is not constant.  Whoever changes what is
 * set or loaded claims it first, as a probe is claimed: busy is set under the
 * lock, the lock is dropped, the child works, and what it has brought is settled
 * under the lock, at once.  Only the holder of the claim writes settings, set and
 * log, so it may read those without the lock.  The bytes need no claim: a child
 * looks at a content that is sealed.
 *
 * Lifetime: from upload_make() to upload_remove(); afterwards its number, and
 * those of all below it, find nothing.
 */
#ifndef FS_PROG_UPLOAD_H
#define FS_PROG_UPLOAD_H

#include <sys/stat.h>

#include "attach/program/object.h"
#include "fs/prog/content.h"
#include "fs/prog/setting.h"
#include "fs/tree/tree.h"
#include "fs/user/caller.h"

enum {
	UPLOAD_MAX = 1024, /* of the mount */
	UPLOAD_SHARE = UPLOAD_MAX / 4, /* of a user; as much is root's alone */
	UPLOAD_OBJECTS = 32, /* object files of full length, of the mount */
	UPLOAD_PART = 4, /* of their bytes is a user's; as much is root's */
	UPLOAD_COST = 4096, /* bytes, without any */
	UPLOAD_FD_COST = 4096, /* bytes, for which a descriptor counts */
};

/* What was loaded, with what it was loaded from. */
struct loading {
	struct object *object; /* held */
	struct content *content; /* held; sealed */
	struct settings settings; /* with which it was loaded */
	uid_t uid; /* as whom */
	size_t cost; /* of the object, see upload_cost() */
};

struct upload {
	TAILQ_ENTRY(upload) entry;
	uint64_t id; /* constant; never used again */
	char *name; /* constant */
	uid_t uid; /* constant, as are the next four */
	uid_t owner; /* in whose share it counts, see owner.h */
	gid_t gid;
	mode_t mode;
	struct timespec made;
	struct nest nest;
	char *error; /* of the last refused write; or NULL */

	struct content *content; /* held; NULL: there is no object yet */
	struct settings settings;
	struct loading *set; /* what is loaded; NULL: nothing is */
	int log_fd; /* of the last loading; -1: there was none */
	bool busy;

	/* What is in the content, as fs/prog/inspect.c has found. */
	struct object *info; /* held; NULL: not known */
	size_t info_cost;
	uint64_t inspected; /* serial number of the content that it is of */
	struct err refusal; /* why nothing is known; code 0: nobody looked */
	bool inspecting; /* a child is at it */
};

/*
 * EEXIST, ENOSPC: the user or the mount has its fill; EINVAL: no such name can
 * be.  dir is that of attributes: owner, group, mode.  The lock is held.
 */
int upload_make(struct tree *tree, const char *name, const struct stat *attr,
		struct upload **out, struct err *e);
/* Takes a claimed one out of the tree and frees it.  No lock. */
void upload_remove(struct tree *tree, struct upload *upload);
void upload_free_all(struct tree *tree); /* nobody uses the tree any more */

/* The following want the lock held. */

struct upload *upload_named(struct tree *tree, const char *name);
/* The first with an id above that one. */
struct upload *upload_next(struct tree *tree, uint64_t id);
/* That of any node of it or below it. */
struct upload *upload_at(struct tree *tree, uint64_t number);
uint64_t upload_number(const struct upload *upload);

/* It has no object, and nothing of one is loaded; false for other nodes. */
bool upload_is_empty(struct tree *tree, uint64_t number);

/* What an object that is kept costs, in bytes, with its descriptors. */
size_t upload_cost(const struct object *object);

/* Bytes that count in the share of its owner. */
size_t upload_bytes(const struct upload *upload);
/* ENOSPC: its owner, or the mount, may not have so many bytes more. */
int upload_has_room(struct tree *tree, const struct upload *upload, size_t more,
		    struct err *e);

/* What its members are of: what is loaded, or else what is in the object. */
struct object *upload_object(const struct upload *upload);
/* Its serial number, which is part of its members' numbers; 0: there is none. */
uint64_t upload_serial(const struct upload *upload);

/* Waits until something may have ended, or a little; the lock is let go of. */
void upload_wait(struct tree *tree);

/* What is loaded in the place of what was, which is yours. */
void upload_set(struct tree *tree, struct upload *upload,
		struct loading *loading);

/* Forgets what is known of the content. */
void upload_forget(struct tree *tree, struct upload *upload);

/* The following take the lock themselves. */

/*
 * Claims that of the node; waits while somebody else has it.  ENOENT: gone;
 * EINTR: the caller was interrupted meanwhile.  caller NULL: does not wait, for
 * what the kernel holds a lock of a directory; EBUSY.
 */
int upload_claim(struct tree *tree, uint64_t number,
		 const struct caller *caller, struct upload **out,
		 struct err *e);
void upload_release(struct tree *tree, struct upload *upload);

void loading_free(struct loading *loading); /* NULL is fine */

#endif
