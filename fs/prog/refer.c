// SPDX-License-Identifier: BSD-2-Clause
/* refer.c - finding programs and maps that are loaded here. */
#include <errno.h>
#include <linux/capability.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>

#include "fs/prog/area_prog.h"
#include "fs/prog/member.h"
#include "fs/prog/refer.h"
#include "fs/tree/area_common.h"
#include "fs/tree/attr.h"
#include "fs/user/cred.h"
#include "scope.h"

static struct tree *tree_of_own(const struct own *own)
{
	return (struct tree *)((uintptr_t)own - offsetof(struct tree, own));
}

/*
 * A member's descriptor becomes what is referred to.  A probe looks itself at
 * whose program it has; elsewhere nobody does, nor at whose map it is.
 */
static int take_member(const struct caller *caller, const struct member *member,
		       enum members sort, struct reference *out, struct err *e)
{
	bool map = out->want == BPF_OBJECT_MAP;
	int fd;

	if ((sort == MEMBERS_MAPS) != map)
		return fail(e, EINVAL, "%s",
			    map ? "not a map, but a program"
				: "not a program, but a map");
	fd = map || !out->attaches ? member_check(member, caller, e) : 0;
	if (!fd)
		fd = member_fd(member, sort, e);
	if (fd < 0)
		return fd;
	*(map ? &out->map_fd : &out->prog_fd) = fd;
	return 0;
}

int refer_member(const struct caller *caller, struct node node,
		 struct reference *out, struct err *e)
{
	struct member member;
	int err;

	if (node.slot != SLOT_SELF)
		return area_refer_nothing(e);
	err = member_get(tree_of_own(caller->own), node, &member, e);
	if (err)
		return err;
	err = take_member(caller, &member, member_sort_of(node), out, e);
	member_put(&member);
	return err;
}

/* By name */

static int refuse_many(const struct member *member, struct err *e)
{
	const struct object *object = member->object;
	size_t i;
	int err = fail(e, EINVAL,
		       "it has %zu programs; write NAME/PROGRAM with one of:",
		       object->nprograms);

	for (i = 0; e && i < object->nprograms; i++) {
		size_t used = strlen(e->text);

		snprintf(e->text + used, sizeof(e->text) - used, " %s",
			 object->programs[i].name);
	}
	return err;
}

/* The one program that is loaded; more may be in the object. */
static int find_only(struct member *member, struct err *e)
{
	const struct object *object = member->object;
	size_t i, found = 0;

	for (i = 0; i < object->nprograms; i++)
		if (object->programs[i].fd >= 0) {
			member->index = i;
			found++;
		}
	if (found > 1)
		return refuse_many(member, e);
	return found ? 0 : fail(e, ENOENT, "it has no program");
}

static int find_name(struct member *member, enum members sort, const char *name,
		     struct err *e)
{
	const struct member_sort *row = &member_sorts[sort];
	size_t i;

	for (i = 0; i < row->count(member->object); i++)
		if (!strcmp(row->name(member->object, i), name)) {
			member->index = i;
			return 0;
		}
	return fail(e, ENOENT, "there is no %s '%s' in it; 'ls %s' lists them",
		    row->dir, name, row->dir);
}

/* What is loaded in the node's prog/NAME; ENODATA: nothing is. */
static int get_loaded(struct tree *tree, uint64_t number, struct member *out,
		      struct err *e)
{
	const struct upload *upload;

	*out = (struct member){ .is_loaded = true, .upload = number };
	pthread_mutex_lock(&tree->lock);
	upload = upload_at(tree, number);
	if (upload && upload->set) {
		out->object = object_hold(upload->set->object);
		out->loader = upload->set->uid;
	}
	pthread_mutex_unlock(&tree->lock);
	return out->object ? 0
			   : fail(e, ENODATA,
				  "it is not loaded; write 1 to its 'load'");
}

/* rest: what stands behind NAME/; "" for NAME alone. */
static int refer_rest(const struct caller *caller, uint64_t number,
		      const char *rest, struct reference *out, struct err *e)
{
	enum members sort = MEMBERS_PROGRAMS;
	struct member member;
	size_t length;
	int err = get_loaded(tree_of_own(caller->own), number, &member, e);

	if (err)
		return err;
	for (; sort < NMEMBERS; sort++) {
		length = strlen(member_sorts[sort].dir);
		if (!strncmp(rest, member_sorts[sort].dir, length) &&
		    rest[length] == '/')
			break;
	}
	if (sort < MEMBERS_VARIABLES)
		rest += length + 1;
	else
		sort = MEMBERS_PROGRAMS;
	err = rest[0] ? find_name(&member, sort, rest, e)
		      : find_only(&member, e);
	if (err && out->want == BPF_OBJECT_MAP && sort == MEMBERS_PROGRAMS)
		fail_hint(e, "a map is written as NAME/map/MAP");
	if (!err)
		err = take_member(caller, &member, sort, out, e);
	member_put(&member);
	return err;
}

int refer_loaded(const struct caller *caller, struct node node,
		 struct reference *out, struct err *e)
{
	if (node.slot != SLOT_SELF)
		return area_refer_nothing(e);
	return refer_rest(caller,
			  node_number(node.area, node.object, SLOT_SELF), "",
			  out, e);
}

/* The way there */

static bool is_member_of(const struct caller *caller,
			 const struct cred *identity, gid_t gid)
{
	size_t i;

	if (caller->gid == gid)
		return true;
	for (i = 0; i < identity->ngroups; i++)
		if (identity->groups[i] == gid)
			return true;
	return false;
}

/* As the kernel does: generic_permission() of fs/namei.c. */
static bool may_search(const struct caller *caller, const struct cred *identity,
		       const struct stat *dir)
{
	unsigned int shift = 0;

	if (dir->st_uid == caller->uid)
		shift = 6;
	else if (is_member_of(caller, identity, dir->st_gid))
		shift = 3;
	return dir->st_mode >> shift & S_IXOTH ||
	       cred_has_cap(identity, CAP_DAC_OVERRIDE) ||
	       cred_has_cap(identity, CAP_DAC_READ_SEARCH);
}

/* A name is found by the text as it would be by a path. */
static int way_check(struct tree *tree, const struct caller *caller,
		     uint64_t number, struct err *e)
{
	const uint64_t dirs[] = { node_number(AREA_ROOT, 0, SLOT_SELF),
				  node_number(AREA_PROGS, 0, SLOT_SELF),
				  number };
	struct cred identity;
	struct stat attr;
	size_t i;
	int err = caller_identify(caller, &identity, e);

	for (i = 0; i < 3 && !err; i++) {
		pthread_mutex_lock(&tree->lock);
		err = attr_get(tree, dirs[i], &attr);
		pthread_mutex_unlock(&tree->lock);
		if (err)
			err = fail(e, ENOENT, "it was removed");
		else if (!may_search(caller, &identity, &attr))
			err = fail(
				e, EACCES,
				"a directory on the way there may not be searched");
	}
	return err;
}

int refer_find(const struct own *own, const struct caller *caller,
	       const char *text, struct reference *out, struct err *e)
{
	struct tree *tree = tree_of_own(own);
	size_t length = strcspn(text, "/");
	scoped_free char *name = strndup(text, length);
	const struct upload *upload;
	uint64_t number = 0;
	int err;

	if (!name)
		return fail(e, ENOMEM, "no memory");
	pthread_mutex_lock(&tree->lock);
	upload = upload_named(tree, name);
	if (upload)
		number = upload_number(upload);
	pthread_mutex_unlock(&tree->lock);
	if (!number)
		return 1;
	err = way_check(tree, caller, number, e);
	text += length;
	return err ? err
		   : refer_rest(caller, number, *text ? text + 1 : text, out,
				e);
}
