// SPDX-License-Identifier: BSD-2-Clause
/* inspect.c - looking into object files. */
#include <errno.h>
#include <string.h>

#include "fs/prog/inspect.h"
#include "fs/prog/request.h"
#include "fs/user/throttle.h"
#include "scope.h"

enum { TRIES = 4 }; /* while others write */

/* What a child is to look at: copies. */
struct look {
	struct content *content; /* held, sealed */
	struct settings settings;
	uid_t uid;
	gid_t gid;
};

static void look_clear(struct look *look)
{
	content_put(look->content);
	settings_clear(&look->settings);
}

static int no_object(struct err *e)
{
	return fail(e, ENODATA,
		    "there is no object yet; copy one into 'object'");
}

/* The lock is held. */
static int look_take(struct upload *upload, const struct settings *settings,
		     struct look *look, struct err *e)
{
	int err;

	*look = (struct look){ .uid = upload->uid, .gid = upload->gid };
	if (!upload->content || !upload->content->size)
		return no_object(e);
	err = settings_copy(settings, &look->settings);
	if (!err)
		err = content_seal(upload->content);
	if (err)
		settings_clear(&look->settings);
	else
		look->content = content_hold(upload->content);
	return err ? fail(e, -err, "no memory or descriptor is left") : 0;
}

static int ask(struct look *look, const struct caller *caller,
	       struct object **out, struct err *e)
{
	struct request request;
	int err = request_make(look->content, &look->settings, caller,
			       look->uid, look->gid, &request, e);

	if (err)
		return err;
	err = object_inspect(&request.ask, out, e);
	request_clear(&request);
	return err;
}

/*
 * What was set of the bytes before may not fit those that are there now: then it
 * is told what is in the object, and its loading says what does not fit.
 */
static int ask_somehow(struct look *look, struct object **out, struct err *e)
{
	int err = ask(look, NULL, out, e);

	if (err == -EINVAL && look->settings.count) {
		settings_clear(&look->settings);
		err = ask(look, NULL, out, e);
	}
	return err;
}

/* What the object says of itself stays true; what failed for us may not. */
static bool is_final(int err)
{
	return err == -EINVAL || err == -E2BIG || err == -EIO;
}

/* What was found, which is taken over.  The lock is held. */
static void keep(struct tree *tree, struct upload *upload,
		 const struct content *content, struct object *object,
		 const struct err *refusal)
{
	if (upload->content != content) {
		object_put(object);
		return;
	}
	upload_forget(tree, upload);
	upload->inspected = content->serial;
	upload->info = object;
	upload->info_cost = object ? upload_cost(object) : 0;
	if (!object)
		upload->refusal = *refusal;
}

static void end_look(struct tree *tree, struct upload *upload)
{
	upload->inspecting = false;
	pthread_cond_broadcast(&tree->quiet);
}

/* The lock is held, and let go of meanwhile: the upload may be gone then. */
static int look_into(struct tree *tree, struct upload *upload, struct err *e)
{
	uint64_t number = upload_number(upload);
	struct object *object = NULL;
	struct look look;
	int err = look_take(upload, &upload->settings, &look, e);

	if (err)
		return err;
	upload->inspecting = true;
	pthread_mutex_unlock(&tree->lock);
	err = ask_somehow(&look, &object, e);
	pthread_mutex_lock(&tree->lock);
	upload = upload_at(tree, number);
	if (upload)
		end_look(tree, upload);
	if (upload && !err)
		err = upload_has_room(tree, upload, upload_cost(object), e);
	if (upload && (!err || is_final(err)))
		keep(tree, upload, look.content, object, e);
	else
		object_put(object);
	look_clear(&look);
	return err;
}

enum { UNKNOWN = 1 };

/* What is known of the bytes already, or UNKNOWN.  The lock is held. */
static int known(const struct upload *upload, struct object **out,
		 uint64_t *serial, struct err *e)
{
	if (!upload)
		return fail(e, ENOENT, "it was removed");
	if (!upload->content)
		return no_object(e);
	if (upload->inspected != upload->content->serial)
		return UNKNOWN;
	if (!upload->info) {
		*e = upload->refusal;
		return -e->code;
	}
	*out = object_hold(upload->info);
	*serial = upload->inspected;
	return 0;
}

/* The lock is held, and let go of meanwhile. */
static int find_out(struct tree *tree, uint64_t number, struct object **out,
		    uint64_t *serial, struct err *e)
{
	struct upload *upload;
	int err, tries = 0;

	for (;;) {
		upload = upload_at(tree, number);
		err = known(upload, out, serial, e);
		if (err != UNKNOWN)
			return err;
		if (upload->inspecting) {
			upload_wait(tree);
			continue;
		}
		if (tries++ == TRIES)
			return fail(e, EAGAIN, "the object is being written");
		err = look_into(tree, upload, e);
		if (err)
			return err;
	}
}

/* Nobody can have more threads wait than one has turns. */
static int wait_for_look(struct tree *tree, uint64_t number, uid_t uid,
			 struct object **out, uint64_t *serial, struct err *e)
{
	int err = throttle_enter(THROTTLE_WRITE, uid, e);

	if (err)
		return err;
	pthread_mutex_lock(&tree->lock);
	err = find_out(tree, number, out, serial, e);
	pthread_mutex_unlock(&tree->lock);
	throttle_leave(THROTTLE_WRITE, uid);
	return err;
}

int inspect(struct tree *tree, uint64_t number, struct object **out,
	    uint64_t *serial, struct err *e)
{
	const struct upload *upload;
	uid_t uid = 0;
	int err;

	pthread_mutex_lock(&tree->lock);
	upload = upload_at(tree, number);
	if (upload && upload->set) {
		*out = object_hold(upload->set->object);
		*serial = upload->set->content->serial;
		err = 0;
	} else {
		uid = upload ? upload->uid : 0;
		err = known(upload, out, serial, e);
	}
	pthread_mutex_unlock(&tree->lock);
	return err == UNKNOWN ? wait_for_look(tree, number, uid, out, serial, e)
			      : err;
}

int inspect_bytes(struct tree *tree, uint64_t number, struct object **out,
		  struct err *e)
{
	uint64_t serial;
	int err;

	pthread_mutex_lock(&tree->lock);
	err = find_out(tree, number, out, &serial, e);
	pthread_mutex_unlock(&tree->lock);
	return err;
}

int inspect_with(struct tree *tree, struct upload *upload,
		 const struct settings *settings, const struct caller *caller,
		 struct object **out, struct content **content, struct err *e)
{
	struct look look;
	int err;

	pthread_mutex_lock(&tree->lock);
	err = look_take(upload, settings, &look, e);
	pthread_mutex_unlock(&tree->lock);
	if (err)
		return err;
	err = ask(&look, caller, out, e);
	if (!err)
		*content = content_hold(look.content);
	look_clear(&look);
	return err;
}

void inspect_settle(struct tree *tree, struct upload *upload,
		    struct settings *settings, struct object *object,
		    const struct content *content)
{
	struct settings old;

	pthread_mutex_lock(&tree->lock);
	old = upload->settings;
	upload->settings = *settings;
	*settings = old;
	if (upload->content != content) {
		object_put(object);
	} else if (upload->inspected == content->serial && upload->info) {
		/* Of the same bytes, so that nodes stay what they are. */
		object_put(upload->info);
		upload->info = object;
		upload->info_cost = upload_cost(object);
	} else {
		keep(tree, upload, content, object, NULL);
	}
	pthread_mutex_unlock(&tree->lock);
}
