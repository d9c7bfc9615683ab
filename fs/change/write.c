// SPDX-License-Identifier: BSD-2-Clause
/* write.c - taking writes, making and removing probes. */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "fs/change/follow.h"
#include "fs/change/last_error.h"
#include "fs/change/removal.h"
#include "fs/change/take.h"
#include "fs/change/write.h"
#include "fs/tree/attr.h"
#include "fs/tree/dirs.h"
#include "fs/tree/files.h"
#include "fs/tree/handle.h"
#include "fs/tree/probe.h"
#include "fs/user/owner.h"
#include "fs/user/throttle.h"
#include "scope.h"

static void replace(char **where, char *text)
{
	char *old = *where;

	*where = text;
	free(old);
}

static int may_use(const struct tree *tree, const struct caller *caller,
		   const struct kind_dir *kind_dir, struct err *e)
{
	if (!caller->uid || tree->policy->allow >> kind_dir->place & 1)
		return 0;
	return fail(e, EPERM, "the mount option allow leaves %s to root",
		    kind_dir->kind->name);
}

/* mkdir and rmdir */

static int make(struct tree *tree, const struct caller *caller,
		struct kind_dir *kind_dir, const char *name, mode_t mode,
		uint64_t *number, struct err *e)
{
	struct config config;
	struct probe *probe;
	struct stat dir;
	int err;

	if (strlen(name) > NAME_MAX)
		return fail(
			e, ENAMETOOLONG,
			"a name has at most %d bytes; make a probe of a shorter one, and write its fields",
			NAME_MAX);
	err = config_make(kind_dir->kind, name, &config, e);
	if (err)
		return err;
	config.uid = caller->uid;
	config.gid = caller->gid;
	config.mode = mode & 0777;
	clock_gettime(CLOCK_REALTIME, &config.made);
	pthread_mutex_lock(&tree->lock);
	attr_get(tree, *number, &dir);
	if (dir.st_mode & S_ISGID) {
		config.gid = dir.st_gid;
		config.mode |= S_ISGID;
	}
	err = probe_make(tree, kind_dir, &config, &probe, e);
	if (!err)
		*number = probe_number(probe);
	pthread_mutex_unlock(&tree->lock);
	if (err)
		config_clear(&config);
	return err;
}

int make_probe(struct tree *tree, const struct caller *caller, uint64_t dir,
	       const char *name, mode_t mode, uint64_t *number)
{
	struct kind_dir *kind_dir = kind_dir_of(tree, node_of(dir));
	struct err e;
	int err;

	*number = dir;
	owner_refresh();
	err = may_use(tree, caller, kind_dir, &e);
	if (!err)
		err = make(tree, caller, kind_dir, name, mode, number, &e);
	last_error_keep(tree, dir,
			err ? last_error_text("mkdir", name, &e) : NULL);
	return err;
}

int remove_probe(struct tree *tree, const struct caller *caller, uint64_t dir,
		 const char *name)
{
	struct probe *probe;
	uint64_t number;
	struct err e;
	int err;

	err = dir_lookup(tree, dir, name, &number);
	if (err)
		return err;
	if (node_of(number).slot != SLOT_SELF)
		return -ENOTDIR;
	err = probe_claim(tree, number, false, &probe, &e);
	if (err) {
		last_error_keep(tree, number,
				last_error_text("rmdir", name, &e));
		return err;
	}
	if (removal_comes_again(tree, caller->tid, probe)) {
		probe_release(tree, probe, false);
		return -ESTALE;
	}
	follow_stop(follow_of(tree), number);
	probe_remove(tree, probe);
	return 0;
}

/* write */

static int bytes_check(const char *bytes, size_t size, struct err *e)
{
	if (size > TEXT_BYTES)
		return fail(e, E2BIG, "longer than %d bytes", TEXT_BYTES);
	if (memchr(bytes, '\0', size))
		return fail(e, EINVAL, "a NUL byte in the text");
	return 0;
}

/* The value that the write completes: a new string; *on: it began before. */
static int gather(struct tree *tree, uint64_t fh, const char *data, size_t size,
		  off_t offset, char **text, bool *on, struct err *e)
{
	struct handle *handle;
	size_t before = 0;

	pthread_mutex_lock(&tree->lock);
	handle = handle_find(tree->handles, fh);
	if (handle && handle->taken && offset == handle->end &&
	    handle->taken[handle->ntaken - 1] != '\n')
		before = handle->ntaken;
	*text = malloc(before + size + 1);
	if (*text && before)
		memcpy(*text, handle->taken, before);
	pthread_mutex_unlock(&tree->lock);
	*on = before;
	if (!*text)
		return fail(e, ENOMEM, "no memory");
	memcpy(*text + before, data, size);
	(*text)[before + size] = '\0';
	return bytes_check(*text, before + size, e);
}

/* What was taken, for a write that goes on; takes text and prior over. */
static void remember(struct tree *tree, uint64_t fh, char *text, char *prior,
		     off_t end)
{
	struct handle *handle;

	pthread_mutex_lock(&tree->lock);
	handle = handle_find(tree->handles, fh);
	if (handle) {
		replace(&handle->taken, text);
		replace(&handle->prior, prior);
		handle->ntaken = text ? strlen(text) : 0;
		handle->end = end;
		text = prior = NULL;
	}
	pthread_mutex_unlock(&tree->lock);
	free(text);
	free(prior);
}

/* What is in force before a value that may go on; NULL without memory. */
static char *prior_text(struct tree *tree, const struct caller *caller,
			uint64_t number, const char *text)
{
	char *prior;
	size_t size;

	if (!text[0] || text[strlen(text) - 1] == '\n' ||
	    file_text(tree, number, caller, &prior, &size, NULL))
		return NULL;
	return prior;
}

/* As prior_text(), of the part that the value began with. */
static char *take_prior(struct tree *tree, uint64_t fh)
{
	struct handle *handle;
	char *prior = NULL;

	pthread_mutex_lock(&tree->lock);
	handle = handle_find(tree->handles, fh);
	if (handle)
		prior = take(handle->prior);
	pthread_mutex_unlock(&tree->lock);
	return prior;
}

/*
 * Whoever opens a file can have another program write to it: one of another user
 * or group, or with more capabilities.
 */
static int may_write(struct tree *tree, struct caller *caller, uint64_t fh,
		     struct err *e)
{
	const struct handle *handle;
	bool may;
	gid_t gid;

	pthread_mutex_lock(&tree->lock);
	handle = handle_find(tree->handles, fh);
	may = handle && handle_limits(handle, caller);
	gid = handle ? handle->gid : caller->gid;
	pthread_mutex_unlock(&tree->lock);
	if (may)
		return 0;
	return fail(
		e, EPERM,
		"opened by user %u of group %u, written by user %u of group %u; who writes must have opened",
		handle_opener(fh), gid, caller->uid, caller->gid);
}

static int change(struct tree *tree, const struct caller *caller,
		  uint64_t number, unsigned int slot, const char *text,
		  struct err *e)
{
	int err = throttle_enter(THROTTLE_WRITE, caller->uid, e);

	if (err)
		return err;
	err = change_text(tree, caller, number, slot, text, e);
	throttle_leave(THROTTLE_WRITE, caller->uid);
	return err;
}

/* err and e are of what came before; the sentence is kept if it failed. */
static int write_or_refuse(struct tree *tree, const struct caller *caller,
			   uint64_t number, const char *text, int err,
			   struct err *e)
{
	const char *input = text ? text : "";
	scoped_free char *value = NULL;
	struct file file;

	if (!file_of(node_of(number), &file) || file.text == TEXT_NONE)
		return -EBADF;
	if (!err)
		err = may_use(tree, caller, kind_dir_of(tree, node_of(number)),
			      e);
	if (!err)
		err = change(tree, caller, number, file.text, text, e);
	/* A place at fault is one in the value, not in the blanks around it. */
	if (err && !text_value(input, &value, NULL))
		input = value;
	last_error_keep(tree, number,
			err ? last_error_text(file.name, input, e) : NULL);
	if (!err) {
		pthread_mutex_lock(&tree->lock);
		attr_touch(tree, number);
		pthread_mutex_unlock(&tree->lock);
	}
	return err;
}

int write_text(struct tree *tree, const struct caller *caller, uid_t author,
	       uint64_t number, const char *text, size_t size)
{
	struct err e;
	int err = bytes_check(text, size, &e);

	if (!err && author != caller->uid)
		err = fail(
			&e, EPERM,
			"written by user %u, renamed by user %u; who renames must have written",
			author, caller->uid);
	return write_or_refuse(tree, caller, number, text, err, &e);
}

/*
 * A shell writes what is longer than its buffer in parts.  Where one is refused
 * the value is, and what its beginning had changed is changed back.
 */
static void change_back(struct tree *tree, const struct caller *caller,
			uint64_t number, const char *prior)
{
	struct file file;
	struct err ignored;

	if (prior && file_of(node_of(number), &file))
		change(tree, caller, number, file.text, prior, &ignored);
}

int write_take(struct tree *tree, const struct caller *caller, uint64_t number,
	       uint64_t fh, const char *data, size_t size, off_t offset)
{
	scoped_free char *text = NULL;
	scoped_free char *prior = NULL;
	struct caller limited = *caller;
	bool goes_on = false;
	struct err e;
	int err;

	err = may_write(tree, &limited, fh, &e);
	if (!err)
		err = gather(tree, fh, data, size, offset, &text, &goes_on, &e);
	if (goes_on)
		prior = take_prior(tree, fh);
	else if (!err)
		prior = prior_text(tree, &limited, number, text);
	err = write_or_refuse(tree, &limited, number, text, err, &e);
	if (err && goes_on)
		change_back(tree, &limited, number, prior);
	remember(tree, fh, err || !size ? NULL : take(text),
		 err ? NULL : take(prior), offset + (off_t)size);
	return err;
}

void write_unread(struct tree *tree, uint64_t number, const struct err *e)
{
	struct file file;

	if (file_of(node_of(number), &file))
		last_error_keep(tree, number,
				last_error_text(file.name, "", e));
}
