// SPDX-License-Identifier: BSD-2-Clause
/* load.c - loading an object file, and letting go of it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "fs/prog/act.h"
#include "fs/prog/inspect.h"
#include "fs/prog/kernel_types.h"
#include "fs/prog/member.h"
#include "fs/prog/request.h"
#include "fs/tree/meta.h"
#include "scope.h"

/* rest: what stands behind the directory of the sort in a path. */
static bool is_of_member(const struct member_sort *sort,
			 const struct object *object, const char *rest)
{
	size_t i, length;

	for (i = 0; i < sort->count(object); i++) {
		const char *name = sort->name(object, i);

		length = strlen(name);
		if (!strncmp(rest, name, length) &&
		    (!rest[length] || rest[length] == '/'))
			return true;
	}
	return false;
}

static bool fits(const struct object *object, const char *path)
{
	const struct member_sort *sort;
	const char *rest = strchr(path, '/');

	for (sort = member_sorts; rest && sort < member_sorts + NMEMBERS;
	     sort++)
		if (!strncmp(path, sort->dir, (size_t)(rest - path)))
			return is_of_member(sort, object, rest + 1);
	return true;
}

/* What was set of members that these bytes do not have is forgotten. */
static int prune(struct tree *tree, const struct upload *upload,
		 struct settings *settings, struct err *e)
{
	struct object *object;
	size_t i = settings_of_object(settings);
	int err;

	if (!i)
		return 0;
	err = inspect_bytes(tree, upload_number(upload), &object, e);
	if (err)
		return err;
	while (i-- > 0)
		if (!fits(object, settings->rows[i].path))
			setting_put(settings, settings->rows[i].path, NULL, -1);
	object_put(object);
	return 0;
}

/* The bytes as they are now, which then stay. */
static int take_content(struct tree *tree, struct upload *upload,
			struct content **out, struct err *e)
{
	int err = 0;

	pthread_mutex_lock(&tree->lock);
	if (!upload->content || !upload->content->size)
		err = fail(e, ENODATA,
			   "there is no object yet; copy one into 'object'");
	else if (content_seal(upload->content))
		err = fail(e, ENOMEM, "no memory");
	else
		*out = content_hold(upload->content);
	pthread_mutex_unlock(&tree->lock);
	return err;
}

/* What is to be loaded; only the object is missing. */
static int prepare(struct tree *tree, struct upload *upload,
		   struct loading **out, struct err *e)
{
	struct loading *loading = calloc(1, sizeof(*loading));
	int err = loading ? take_content(tree, upload, &loading->content, e)
			  : fail(e, ENOMEM, "no memory");

	if (!err && settings_copy(&upload->settings, &loading->settings))
		err = fail(e, ENOMEM, "no memory or descriptor is left");
	if (!err)
		err = prune(tree, upload, &loading->settings, e);
	if (err)
		loading_free(loading);
	else
		*out = loading;
	return err;
}

static bool is_loaded(const struct upload *upload, const struct loading *next)
{
	const struct loading *set = upload->set;

	return set && settings_equal(&set->settings, &next->settings) &&
	       content_equal(set->content, next->content);
}

/* The types of another kernel; -1: those of this one will do. */
static int types_open(const struct loading *loading,
		      const struct caller *caller, int *fd, struct err *e)
{
	const struct object_setting *btf =
		setting_find(&loading->settings, "btf");

	*fd = btf ? kernel_types_open(caller, btf->fd, e) : -1;
	return btf && *fd < 0 ? *fd : 0;
}

static int ask(const struct upload *upload, struct loading *loading,
	       const struct caller *caller, int log_fd, struct err *e)
{
	scoped_fd int types = -1;
	const struct object_setting *level =
		setting_find(&loading->settings, "log_level");
	struct request request;
	uint32_t flags = 0;
	int err;

	if (level)
		setting_log_level(level->value, &flags);
	err = request_make(loading->content, &loading->settings, caller,
			   caller->uid, caller->gid, &request, e);
	if (err)
		return err;
	err = types_open(loading, caller, &types, e);
	request.ask.name = upload->name;
	request.ask.btf_fd = types;
	loading->uid = caller->uid;
	request.ask.log_fd = log_fd;
	request.ask.log_level = flags;
	if (!err)
		err = object_load(&request.ask, &loading->object, e);
	request_clear(&request);
	return err;
}

/*
 * *log and *next, which is NULL where loading failed, are exchanged for what was
 * in their place.
 */
static void settle(struct tree *tree, struct upload *upload, int *log,
		   struct loading **next)
{
	struct loading *old = upload->set;
	struct settings settings;
	int old_log;

	pthread_mutex_lock(&tree->lock);
	old_log = upload->log_fd;
	upload->log_fd = *log;
	if (*next) {
		upload_set(tree, upload, *next);
		if (!settings_copy(&(*next)->settings, &settings)) {
			settings_clear(&upload->settings);
			upload->settings = settings;
		}
	}
	meta_touch(tree, upload_number(upload), true);
	pthread_mutex_unlock(&tree->lock);
	*log = old_log;
	if (*next)
		*next = old;
}

static int room_check(struct tree *tree, const struct upload *upload,
		      struct loading *next, struct err *e)
{
	int err;

	next->cost = upload_cost(next->object);
	pthread_mutex_lock(&tree->lock);
	err = upload_has_room(tree, upload, next->cost, e);
	pthread_mutex_unlock(&tree->lock);
	return err;
}

static int load(struct tree *tree, struct upload *upload,
		const struct caller *caller, struct err *e)
{
	struct loading *next = NULL;
	int log, err = prepare(tree, upload, &next, e);

	if (err)
		return err;
	if (is_loaded(upload, next)) {
		loading_free(next);
		return 0;
	}
	log = memfd_create("log", MFD_CLOEXEC);
	err = log < 0 ? fail(e, errno, "no descriptor is left for the log")
		      : ask(upload, next, caller, log, e);
	if (!err)
		err = room_check(tree, upload, next, e);
	if (err)
		loading_free(take(next));
	if (log >= 0)
		settle(tree, upload, &log, &next);
	/* The last descriptor of a program may be what frees it. */
	loading_free(next);
	fd_close(log);
	return err;
}

static void unload(struct tree *tree, struct upload *upload)
{
	struct loading *old = upload->set;

	pthread_mutex_lock(&tree->lock);
	upload_set(tree, upload, NULL);
	meta_touch(tree, upload_number(upload), true);
	pthread_mutex_unlock(&tree->lock);
	loading_free(old);
}

int act_load(struct tree *tree, const struct caller *caller, uint64_t number,
	     char *value, struct err *e)
{
	struct upload *upload;
	bool on = false;
	int err = type_flag.parse(&on, value, e);

	if (!err)
		err = upload_claim(tree, number, caller, &upload, e);
	if (err)
		return err;
	if (on)
		err = load(tree, upload, caller, e);
	else
		unload(tree, upload);
	upload_release(tree, upload);
	return err;
}
