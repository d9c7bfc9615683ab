// SPDX-License-Identifier: BSD-2-Clause
/* object.c - writing to what keeps no text, as the kernel's programs and links. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "attach/kernel/link/link_info.h"
#include "attach/kernel/link/link_update.h"
#include "attach/kernel/program.h"
#include "attach/pin_object.h"
#include "fs/change/object.h"
#include "fs/user/reference.h"
#include "fs/user/throttle.h"
#include "scope.h"

/* Of a write. */
struct writing {
	const struct caller *caller;
	int fd; /* of the object */
	char *value;
};

/* The id of the program or map that the text refers to. */
static int id_named(const struct writing *w, const char *text,
		    enum bpf_object object, uint32_t *id, struct err *e)
{
	scoped_fd int fd = reference_object(w->caller, text, object, e);

	if (fd < 0)
		return fd;
	if (link_content_id(fd, object, id))
		return fail(e, EINVAL, "the kernel does not describe '%s'",
			    text);
	return 0;
}

static int write_prog(struct writing *w, struct err *e)
{
	char *old = text_condition(w->value);
	struct link_content content;
	uint32_t old_id = 0;
	int err = link_content(w->fd, &content);

	if (err)
		return fail(e, -err, "the kernel does not describe the link");
	if (!w->value[0])
		return fail(
			e, EINVAL,
			"a link has a program as long as it is there; to end it, write 1 to 'detach'");
	scoped_fd int new_fd =
		reference_object(w->caller, w->value, content.object, e);

	if (new_fd < 0)
		return new_fd;
	err = old ? id_named(w, old, content.object, &old_id, e) : 0;
	if (err && e->pos != ERR_NO_POS)
		e->pos += (int)(old - w->value);
	return err ? err : link_update(w->fd, new_fd, old_id, e);
}

static int write_detach(struct writing *w, struct err *e)
{
	bool on = false;
	int err = type_flag.parse(&on, w->value, e);

	return err || !on ? err : link_detach(w->fd, e);
}

static int write_pin(struct writing *w, struct err *e)
{
	const char *name;
	int err;

	if (!w->value[0])
		return fail(
			e, EINVAL,
			"a pin is removed by its path, with rm; 'pin' tells where they are");
	if (w->value[0] != '/')
		return fail_at(e, EINVAL, 0, "'%s' is not an absolute path",
			       w->value);
	scoped_fd int dir = caller_open_parent(w->caller, w->value, &name, e);

	if (dir < 0)
		return dir;
	err = caller_enter(w->caller, e);
	if (err)
		return err;
	err = pin_object(w->fd, dir, name, e);
	caller_leave();
	return err;
}

/* The kernel does nothing where the program has the map already. */
static int write_bind(struct writing *w, struct err *e)
{
	int err;

	if (!w->value[0])
		return fail(
			e, EINVAL,
			"a program has a map as long as it is there; 'maps' tells which it has");
	scoped_fd int map =
		reference_object(w->caller, w->value, BPF_OBJECT_MAP, e);

	if (map < 0)
		return map;
	err = bpf_prog_bind(w->fd, map);
	if (err == -EINVAL)
		return fail(
			e, EOPNOTSUPP,
			"this kernel gives a program no map once it is loaded (5.10)");
	if (err)
		return fail(e, -err,
			    "the kernel does not give the program the map '%s'",
			    w->value);
	return 0;
}

static int prog_open(uint32_t id, struct err *e)
{
	int fd = bpf_prog_by_id(id);

	return fd < 0 ? program_fail(fd, id, e) : fd;
}

static const struct {
	int (*open)(uint32_t id, struct err *e);
	int (*write)(struct writing *w, struct err *e);
} acts[NACTS] = {
	[ACT_LINK_PROG] = { link_open, write_prog },
	[ACT_LINK_PIN] = { link_open, write_pin },
	[ACT_LINK_DETACH] = { link_open, write_detach },
	[ACT_PROG_PIN] = { prog_open, write_pin },
	[ACT_PROG_BIND] = { prog_open, write_bind },
};

static int act(const struct caller *caller, struct node node, enum act what,
	       char *value, struct err *e)
{
	struct writing w = { .caller = caller, .value = value };
	scoped_fd int fd = acts[what].open((uint32_t)node.object, e);

	w.fd = fd;
	return fd < 0 ? fd : acts[what].write(&w, e);
}

int object_write(struct tree *tree, const struct caller *caller,
		 uint64_t number, const struct file *row, const char *text,
		 struct err *e)
{
	scoped_free char *value = NULL;
	int err = text_value(text, &value, e);

	if (!err && row->act && !caller_may_use_ids(caller))
		err = fail(
			e, EPERM,
			"changing a program or link of the kernel by its id needs CAP_SYS_ADMIN");
	if (!err)
		err = throttle_enter(THROTTLE_WRITE, caller->uid, e);
	if (err)
		return err;
	err = row->write ? row->write(tree, caller, number, value, e)
			 : act(caller, node_of(number), row->act, value, e);
	throttle_leave(THROTTLE_WRITE, caller->uid);
	return err;
}
