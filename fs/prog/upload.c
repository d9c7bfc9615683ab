// SPDX-License-Identifier: BSD-2-Clause
/* upload.c - the object files of users. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "attach/program/builtin.h"
#include "fs/prog/upload.h"
#include "fs/tree/meta.h"
#include "fs/tree/scratch.h"
#include "fs/user/owner.h"
#include "scope.h"

enum { WAIT_NS = 50 * 1000 * 1000 };

struct upload *upload_named(struct tree *tree, const char *name)
{
	struct upload *upload;

	TAILQ_FOREACH(upload, &tree->uploads, entry)
		if (!strcmp(upload->name, name))
			return upload;
	return NULL;
}

struct upload *upload_next(struct tree *tree, uint64_t id)
{
	struct upload *upload;

	TAILQ_FOREACH(upload, &tree->uploads, entry)
		if (upload->id > id)
			return upload;
	return NULL;
}

struct object *upload_object(const struct upload *upload)
{
	return upload->set ? upload->set->object : upload->info;
}

uint64_t upload_serial(const struct upload *upload)
{
	if (upload->set)
		return upload->set->content->serial;
	return upload->info ? upload->inspected : 0;
}

static struct upload *find_id(struct tree *tree, uint64_t id)
{
	struct upload *upload = id ? upload_next(tree, id - 1) : NULL;

	return upload && upload->id == id ? upload : NULL;
}

static struct upload *find_serial(struct tree *tree, uint64_t serial)
{
	struct upload *upload;

	TAILQ_FOREACH(upload, &tree->uploads, entry)
		if (serial && upload_serial(upload) == serial)
			return upload;
	return NULL;
}

struct upload *upload_at(struct tree *tree, uint64_t number)
{
	struct node node = node_of(number);

	switch (node.area) {
	case AREA_LOADED:
		return find_id(tree, node.object);
	case AREA_MEMBERS:
		return find_id(tree, node.object >> 2);
	case AREA_LOADED_PROGRAM:
	case AREA_LOADED_MAP:
	case AREA_VARIABLE:
	case AREA_LOADED_RUN:
		return find_serial(tree, node.object >> 16);
	}
	return NULL;
}

uint64_t upload_number(const struct upload *upload)
{
	return node_number(AREA_LOADED, upload->id, SLOT_SELF);
}

bool upload_is_empty(struct tree *tree, uint64_t number)
{
	const struct upload *upload = upload_at(tree, number);

	return upload && !upload->content && !upload->set;
}

/* Making and removing */

static int name_check(const char *name, struct err *e)
{
	const char *at = name;

	if (strlen(name) > NAME_MAX)
		return fail(e, ENAMETOOLONG, "a name has at most %d bytes",
			    NAME_MAX);
	if (isdigit((unsigned char)name[0]))
		return fail(
			e, EINVAL,
			"'%s' begins with a digit, as the ids of the kernel's programs do",
			name);
	for (; *at; at++)
		if (*at == ':' || isspace((unsigned char)*at))
			return fail(
				e, EINVAL,
				"'%s' has a ':' or a blank in it, as no name in 'attach' has",
				name);
	return 0;
}

static int count_check(struct tree *tree, uid_t owner, struct err *e)
{
	const struct upload *upload;
	size_t all = 0, own = 0;

	TAILQ_FOREACH(upload, &tree->uploads, entry) {
		all++;
		own += upload->owner == owner;
	}
	if (owner && own >= UPLOAD_SHARE)
		return fail(
			e, ENOSPC,
			"you have %zu object files, and may have no more; remove one",
			own);
	if (all >= (owner ? UPLOAD_MAX - UPLOAD_SHARE : UPLOAD_MAX))
		return fail(e, ENOSPC,
			    "there are %zu object files, and no more can be",
			    all);
	return 0;
}

static struct upload *upload_new(const char *name, const struct stat *attr)
{
	struct upload *upload = calloc(1, sizeof(*upload));

	if (!upload)
		return NULL;
	upload->name = strdup(name);
	if (!upload->name) {
		free(upload);
		return NULL;
	}
	upload->uid = attr->st_uid;
	upload->owner = owner_of(attr->st_uid);
	upload->gid = attr->st_gid;
	upload->mode = attr->st_mode & 07777;
	clock_gettime(CLOCK_REALTIME, &upload->made);
	upload->log_fd = -1;
	upload->nest.objects = true;
	LIST_INIT(&upload->nest.scratches);
	return upload;
}

int upload_make(struct tree *tree, const char *name, const struct stat *attr,
		struct upload **out, struct err *e)
{
	struct upload *upload;
	int err = name_check(name, e);

	if (!err && builtin_find(name))
		err = fail(e, EEXIST, "'%s' is a built-in program", name);
	if (!err && upload_named(tree, name))
		err = fail(e, EEXIST, "'%s' exists", name);
	if (!err)
		err = count_check(tree, owner_of(attr->st_uid), e);
	if (err)
		return err;
	upload = upload_new(name, attr);
	if (!upload)
		return fail(e, ENOMEM, "no memory");
	upload->id = ++tree->upload_serial;
	TAILQ_INSERT_TAIL(&tree->uploads, upload, entry);
	meta_touch(tree, node_number(AREA_PROGS, 0, SLOT_SELF), true);
	*out = upload;
	return 0;
}

void loading_free(struct loading *loading)
{
	if (!loading)
		return;
	object_put(loading->object);
	content_put(loading->content);
	settings_clear(&loading->settings);
	free(loading);
}

static void upload_free(struct upload *upload)
{
	loading_free(upload->set);
	object_put(upload->info);
	content_put(upload->content);
	settings_clear(&upload->settings);
	fd_close(upload->log_fd);
	free(upload->error);
	free(upload->name);
	free(upload);
}

/* What was set, by chmod and the like, on the members of a content. */
static void drop_metas(struct tree *tree, uint64_t serial)
{
	unsigned int area;

	for (area = AREA_LOADED_PROGRAM; serial && area <= AREA_LOADED_RUN;
	     area++)
		meta_drop(tree, node_number(area, serial << 16, 0),
			  node_number(area, serial << 16 | 0xffff, 0xff));
}

void upload_forget(struct tree *tree, struct upload *upload)
{
	if (!upload->set || upload->set->content->serial != upload->inspected)
		drop_metas(tree, upload->inspected);
	object_put(take(upload->info));
	upload->refusal.code = 0;
	upload->inspected = 0;
}

void upload_set(struct tree *tree, struct upload *upload,
		struct loading *loading)
{
	uint64_t old = upload->set ? upload->set->content->serial : 0;
	uint64_t next = loading ? loading->content->serial : 0;

	if (old != upload->inspected && old != next)
		drop_metas(tree, old);
	upload->set = loading;
}

static void take_out(struct tree *tree, struct upload *upload)
{
	uint64_t id = upload->id;

	scratch_remove_all(tree, &upload->nest);
	TAILQ_REMOVE(&tree->uploads, upload, entry);
	drop_metas(tree, upload->inspected);
	drop_metas(tree, upload_serial(upload));
	meta_drop(tree, node_number(AREA_LOADED, id, 0),
		  node_number(AREA_LOADED, id, 0xff));
	meta_drop(tree, node_number(AREA_MEMBERS, id << 2, 0),
		  node_number(AREA_MEMBERS, id << 2 | 3, 0xff));
}

void upload_remove(struct tree *tree, struct upload *upload)
{
	pthread_mutex_lock(&tree->lock);
	take_out(tree, upload);
	meta_touch(tree, node_number(AREA_PROGS, 0, SLOT_SELF), true);
	pthread_cond_broadcast(&tree->quiet);
	/* A child that looks at it settles nothing, since it finds it no more. */
	pthread_mutex_unlock(&tree->lock);
	upload_free(upload);
}

void upload_free_all(struct tree *tree)
{
	struct upload *upload;

	while ((upload = TAILQ_FIRST(&tree->uploads))) {
		take_out(tree, upload);
		upload_free(upload);
	}
}

/* Claims */

void upload_wait(struct tree *tree)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += WAIT_NS;
	if (until.tv_nsec >= 1000000000) {
		until.tv_nsec -= 1000000000;
		until.tv_sec++;
	}
	pthread_cond_clockwait(&tree->quiet, &tree->lock, CLOCK_MONOTONIC,
			       &until);
}

int upload_claim(struct tree *tree, uint64_t number,
		 const struct caller *caller, struct upload **out,
		 struct err *e)
{
	struct upload *upload;
	int err = 0;

	pthread_mutex_lock(&tree->lock);
	while ((upload = upload_at(tree, number)) && upload->busy && !err) {
		if (!caller)
			err = fail(e, EBUSY, "a write to it is under way");
		else
			upload_wait(tree);
		if (!err && caller_interrupted(caller))
			err = fail(
				e, EINTR,
				"interrupted while another write was under way");
	}
	if (!upload)
		err = fail(e, ENOENT,
			   "it was removed, or is of another object by now");
	if (!err) {
		upload->busy = true;
		*out = upload;
	}
	pthread_mutex_unlock(&tree->lock);
	return err;
}

void upload_release(struct tree *tree, struct upload *upload)
{
	pthread_mutex_lock(&tree->lock);
	upload->busy = false;
	pthread_cond_broadcast(&tree->quiet);
	pthread_mutex_unlock(&tree->lock);
}
