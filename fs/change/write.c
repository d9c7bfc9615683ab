// SPDX-License-Identifier: BSD-2-Clause
/* write.c - taking writes, making and removing probes. */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "fs/change/follow.h"
#include "fs/change/last_error.h"
#include "fs/change/object.h"
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

/*
 * The opener of a file can have another program write to it: one of another
 * user or group, or with more capabilities.
 */
static int refuse_other(const struct caller *caller, uint64_t fh, gid_t gid,
			struct err *e)
{
	return fail(
		e, EPERM,
		"opened by user %u of group %u, written by user %u of group %u; who writes must have opened",
		handle_opener(fh), gid, caller->uid, caller->gid);
}

struct part {
	const char *data;
	size_t size;
	off_t offset;
	bool lines; /* the value may have more than one */
};

/*
 * The part of a value that came before: a shell writes text line by line, where
 * it is not echo that does.
 */
static size_t begun(const struct handle *handle, const struct part *part)
{
	if (handle->taken && part->offset == handle->end &&
	    (part->lines || handle->taken[handle->ntaken - 1] != '\n'))
		return handle->ntaken;
	return 0;
}

/*
 * The value that the part completes, a new string; *on: it began before.  The
 * caller becomes no more than the opener.
 */
static int gather(struct tree *tree, struct caller *caller,
		  const struct part *part, struct written *written, char **text,
		  bool *on, struct err *e)
{
	struct handle *handle;
	size_t before = 0;
	bool may = false;
	gid_t gid = caller->gid;

	pthread_mutex_lock(&tree->lock);
	handle = handle_find(tree->handles, written->fh);
	if (handle) {
		may = handle_limits(handle, caller);
		gid = handle->gid;
		before = may ? begun(handle, part) : 0;
	}
	*text = malloc(before + part->size + 1);
	if (*text && before) {
		memcpy(*text, handle->taken, before);
		written->prior = take(handle->prior);
	}
	pthread_mutex_unlock(&tree->lock);
	*on = before;
	if (!*text)
		return fail(e, ENOMEM, "no memory");
	memcpy(*text + before, part->data, part->size);
	(*text)[before + part->size] = '\0';
	if (!may)
		return refuse_other(caller, written->fh, gid, e);
	return bytes_check(*text, before + part->size, e);
}

/* What is in force before a value that may go on; NULL without memory. */
static char *prior_text(struct tree *tree, const struct caller *caller,
			uint64_t number, const char *text, bool lines)
{
	char *prior;
	size_t size;

	if (!text[0] || (!lines && text[strlen(text) - 1] == '\n') ||
	    file_text(tree, number, caller, &prior, &size, NULL))
		return NULL;
	return prior;
}

static int change(struct tree *tree, const struct caller *caller,
		  struct written *written, const struct file *file,
		  const char *text, struct err *e)
{
	int err = may_use(tree, caller,
			  kind_dir_of(tree, node_of(written->number)), e);

	if (!err)
		err = throttle_enter(THROTTLE_WRITE, caller->uid, e);
	if (err) {
		written_refuse(tree, written,
			       last_error_text(file->name, "", e));
		return err;
	}
	err = change_text(tree, caller, written->number, file, text, written,
			  e);
	throttle_leave(THROTTLE_WRITE, caller->uid);
	return err;
}

static int told(struct tree *tree, uint64_t number, const struct file *file,
		const char *text, int err, const struct err *e)
{
	scoped_free char *value = NULL;
	const char *input = "";

	if (text && !text_value(text, &value, NULL))
		input = value;
	last_error_keep(tree, number,
			err ? last_error_text(file->name, input, e) : NULL);
	return err;
}

static int act(struct tree *tree, const struct caller *caller, uint64_t number,
	       const struct file *file, const char *text, struct err *e)
{
	int err = object_write(tree, caller, number, file, text, e);

	return told(tree, number, file, text, err, e);
}

static int put_bytes(struct tree *tree, const struct caller *caller,
		     uint64_t number, const struct file *file,
		     const char *bytes, size_t size)
{
	struct err e;
	int err = file->bytes->put(tree, caller, number, bytes, size, &e);

	return told(tree, number, file, NULL, err, &e);
}

int write_text(struct tree *tree, const struct caller *caller, uid_t author,
	       uint64_t number, const char *text, size_t size)
{
	struct written written = { .number = number };
	struct file file;
	struct err e;
	int err;

	if (!file_of(node_of(number), &file) || !file_can_be_written(&file))
		return -EBADF;
	if (file.bytes)
		return put_bytes(tree, caller, number, &file, text, size);
	err = bytes_check(text, size, &e);
	if (!err && author != caller->uid)
		err = fail(
			&e, EPERM,
			"written by user %u, renamed by user %u; who renames must have written",
			author, caller->uid);
	if (!err && file.text == TEXT_NONE)
		return act(tree, caller, number, &file, text, &e);
	if (!err)
		return change(tree, caller, &written, &file, text, &e);
	written_refuse(tree, &written, last_error_text(file.name, "", &e));
	return err;
}

/*
 * A shell writes what is longer than its buffer in parts.  Where one is refused
 * the value is, and what its beginning had changed is changed back.
 */
static void change_back(struct tree *tree, const struct caller *caller,
			uint64_t number, const struct file *file,
			const char *prior)
{
	struct err ignored;

	if (!prior || throttle_enter(THROTTLE_WRITE, caller->uid, &ignored))
		return;
	change_text(tree, caller, number, file, prior, NULL, &ignored);
	throttle_leave(THROTTLE_WRITE, caller->uid);
}

/* Lines that are added to a text go on with what it is. */
static int append(struct tree *tree, const struct caller *caller,
		  uint64_t number, char **text, struct err *e)
{
	scoped_free char *added = *text, *now = NULL;
	size_t size;
	int err = file_text(tree, number, caller, &now, &size, e);

	*text = NULL;
	if (err)
		return err;
	if (asprintf(text, "%s%s%s", now,
		     size && now[size - 1] != '\n' ? "\n" : "", added) < 0)
		return fail(e, ENOMEM, "no memory");
	return bytes_check(*text, strlen(*text), e);
}

/* goes_on: written has what was in force before the value. */
static int take_value(struct tree *tree, const struct caller *caller,
		      struct written *written, const struct file *file,
		      const char *text, bool goes_on, struct err *e)
{
	if (!goes_on)
		written->prior = prior_text(tree, caller, written->number, text,
					    file->text == TEXT_CONFIG);
	if (text[0])
		written->taken = strdup(text);
	return change(tree, caller, written, file, text, e);
}

/* Each write is whole: nothing goes on that has been done. */
static int write_object(struct tree *tree, const struct caller *caller,
			const struct part *part, struct written *written,
			const struct file *file, struct err *e)
{
	struct part whole = { .data = part->data,
			      .size = part->size,
			      .offset = -1 };
	scoped_free char *text = NULL;
	struct caller limited = *caller;
	bool ignored;
	int err = gather(tree, &limited, &whole, written, &text, &ignored, e);

	if (err)
		return told(tree, written->number, file, text, err, e);
	return act(tree, &limited, written->number, file, text, e);
}

int write_take(struct tree *tree, const struct caller *caller, uint64_t number,
	       uint64_t fh, const char *data, size_t size, off_t offset,
	       bool appends)
{
	struct part part = { .data = data, .size = size, .offset = offset };
	struct written written = {
		.number = number,
		.fh = fh,
		.end = offset + (off_t)size,
	};
	scoped_free char *text = NULL;
	struct caller limited = *caller;
	bool goes_on = false;
	struct file file;
	struct err e;
	int err;

	if (!file_of(node_of(number), &file))
		return -EBADF;
	if (!file_can_be_written(&file))
		return 0;
	if (file.act || file.write)
		return write_object(tree, caller, &part, &written, &file, &e);
	part.lines = file.text == TEXT_CONFIG;
	err = gather(tree, &limited, &part, &written, &text, &goes_on, &e);
	if (!err && appends && part.lines && !goes_on)
		err = append(tree, &limited, number, &text, &e);
	if (err)
		written_refuse(tree, &written,
			       last_error_text(file.name, "", &e));
	else
		err = take_value(tree, &limited, &written, &file, text, goes_on,
				 &e);
	if (err && goes_on)
		change_back(tree, &limited, number, &file, written.prior);
	written_clear(&written);
	return err;
}

void write_unread(struct tree *tree, uint64_t number, const struct err *e)
{
	struct file file;

	if (file_of(node_of(number), &file))
		last_error_keep(tree, number,
				last_error_text(file.name, "", e));
}
