// SPDX-License-Identifier: BSD-2-Clause
/* objects.c - what the areas of programs and links have in common. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "attach/pin_object.h"
#include "fs/tree/area_common.h"
#include "fs/tree/meta.h"
#include "fs/tree/objects.h"
#include "fs/user/holders.h"
#include "fs/user/throttle.h"
#include "scope.h"

enum { HOLDERS = 4096 }; /* that are told */

/*
 * Whether there is one of that id: the first above the one before.  It is not
 * opened, since to close it could be what frees it.
 */
int object_lookup(unsigned int area, int (*next)(uint32_t *id),
		  const char *name, uint64_t *number)
{
	unsigned long id;
	uint32_t found;
	char *end;

	if (!isdigit((unsigned char)name[0]) || name[0] == '0')
		return -ENOENT;
	id = strtoul(name, &end, 10);
	if (*end || id > UINT32_MAX)
		return -ENOENT;
	found = (uint32_t)id - 1;
	if (next(&found) || found != id)
		return -ENOENT;
	*number = node_number(area, id, SLOT_SELF);
	return 0;
}

bool object_list(unsigned int area, int (*next)(uint32_t *id), uint64_t after,
		 struct dir_sink *sink)
{
	uint32_t id = (uint32_t)after;
	char name[16];

	while (!next(&id)) {
		snprintf(name, sizeof(name), "%" PRIu32, id);
		if (!area_add_child(sink, name,
				    node_number(area, id, SLOT_SELF), true, id))
			return false;
	}
	return true;
}

/* They are the owner's of the directory that they are in, and nobody else's. */
int object_attr(struct tree *tree, unsigned int dir, struct stat *attr)
{
	uint64_t number = node_number(dir, 0, SLOT_SELF);

	area_mount_attr(tree, number, attr);
	meta_apply(tree, number, attr);
	attr->st_mode &= S_IFMT | 0700;
	attr->st_mtim = tree->started;
	return 0;
}

int object_refer(const struct caller *caller, const char *form,
		 struct node node, struct reference *out, struct err *e)
{
	char text[32];
	int err;

	if (node.slot != SLOT_SELF)
		return area_refer_nothing(e);
	snprintf(text, sizeof(text), "%s%" PRIu64, form, node.object);
	err = reference_open(caller, text, out->want, out, e);
	if (err)
		e->pos = ERR_NO_POS; /* in a text that nobody wrote */
	return err;
}

/* With what was set on the object, of which so many are kept. */
char **object_error(struct tree *tree, uint64_t number, bool make)
{
	struct node node = node_of(number);
	struct meta *meta;

	number = node_number(node.area, node.object, SLOT_SELF);
	meta = make ? meta_make(tree, number) : meta_find(tree, number);
	return meta ? &meta->error : NULL;
}

int show_object_nothing(const struct file *row, const struct view *view,
			FILE *out, struct err *e)
{
	(void)row;
	(void)view;
	(void)out;
	(void)e;
	return 0;
}

static enum bpf_object type_of(const struct view *view)
{
	return view->node.area == AREA_LINK ? BPF_OBJECT_LINK : BPF_OBJECT_PROG;
}

int show_object_pin(const struct file *row, const struct view *view, FILE *out,
		    struct err *e)
{
	uid_t uid = view->caller->uid;
	int err = throttle_enter(THROTTLE_WRITE, uid, e);

	(void)row;
	if (err)
		return err;
	err = pin_object_list(type_of(view), (uint32_t)view->node.object, out,
			      e);
	throttle_leave(THROTTLE_WRITE, uid);
	return err;
}

struct found {
	struct holder *holders;
	size_t count;
};

static bool find(void *arg, const struct holder *holder)
{
	struct found *found = arg;

	found->holders[found->count++] = *holder;
	return found->count < HOLDERS;
}

/* By descriptor of ours, so that the probes are gone through once; NULL: none. */
static char **name_ours(struct tree *tree, const struct found *found,
			size_t *nfds)
{
	const struct holder *holder = found->holders;
	const struct holder *end = holder + found->count;
	char **names;

	for (*nfds = 0; holder < end; holder++)
		if (holder->pid == getpid() && (size_t)holder->fd >= *nfds)
			*nfds = (size_t)holder->fd + 1;
	names = *nfds ? calloc(*nfds, sizeof(*names)) : NULL;
	if (!names)
		return NULL;
	for (holder = found->holders; holder < end; holder++)
		if (holder->pid == getpid())
			names[holder->fd] = HOLDER_WANTED;
	tree_name_holders(tree, names, *nfds);
	return names;
}

static void tell(const struct holder *holder, const char *name, FILE *out)
{
	bool named = name && name != HOLDER_WANTED;

	fprintf(out, "%d\tfd %d\t%s%s%s\n", holder->pid, holder->fd,
		holder->comm, named ? "\t" : "", named ? name : "");
}

static void tell_all(struct tree *tree, const struct found *found, FILE *out)
{
	const struct holder *holder;
	size_t nfds, i;
	char **names = name_ours(tree, found, &nfds);

	for (i = 0; i < found->count; i++) {
		holder = &found->holders[i];
		tell(holder,
		     names && holder->pid == getpid() ? names[holder->fd]
						      : NULL,
		     out);
	}
	for (i = 0; names && i < nfds; i++)
		if (names[i] != HOLDER_WANTED)
			free(names[i]);
	free(names);
}

int show_object_holders(const struct file *row, const struct view *view,
			FILE *out, struct err *e)
{
	scoped_free struct holder *holders = calloc(HOLDERS, sizeof(*holders));
	struct found found = { .holders = holders };
	uid_t uid = view->caller->uid;
	bool whole = true;
	int err;

	(void)row;
	if (!holders)
		return fail(e, ENOMEM, "no memory");
	err = throttle_enter(THROTTLE_WRITE, uid, e);
	if (err)
		return err;
	err = holders_each(type_of(view), (uint32_t)view->node.object, find,
			   &found, &whole, e);
	throttle_leave(THROTTLE_WRITE, uid);
	if (err)
		return err;
	tell_all(view->tree, &found, out);
	if (!whole)
		fputs("# there may be more\n", out);
	return 0;
}
