// SPDX-License-Identifier: BSD-2-Clause
/* reference_forms.c - what ids, tags, names and files of prog/ refer to. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "attach/kernel/bpf.h"
#include "attach/kernel/find.h"
#include "fs/user/reference_forms.h"
#include "scope.h"

static int take_link(int fd, struct reference *out, struct err *e)
{
	out->links = malloc(sizeof(*out->links));
	if (!out->links) {
		close(fd);
		return fail(e, ENOMEM, "no memory");
	}
	out->links[0] = fd;
	out->nlinks = 1;
	return 0;
}

static int refuse_object(const struct reference *out, enum bpf_object object,
			 struct err *e)
{
	return fail(e, EINVAL, "%s, but a %s",
		    out->want == BPF_OBJECT_MAP
			    ? "not a map"
			    : "neither a program nor a link",
		    bpf_object_name(object));
}

/* A descriptor of an object of any type becomes a reference, or is refused. */
int form_take(int fd, struct reference *out, struct err *e)
{
	enum bpf_object object = bpf_object_of(fd);
	bool map = out->want == BPF_OBJECT_MAP;

	if (object == BPF_OBJECT_LINK)
		return take_link(fd, out, e);
	if (object == (map ? BPF_OBJECT_MAP : BPF_OBJECT_PROG)) {
		*(map ? &out->map_fd : &out->prog_fd) = fd;
		return 0;
	}
	close(fd);
	return refuse_object(out, object, e);
}

static int may_use_ids(const struct caller *caller, struct err *e)
{
	if (caller_may_use_ids(caller))
		return 0;
	return fail(
		e, EPERM,
		"naming an object of the kernel by id, tag or name needs CAP_SYS_ADMIN");
}

static int link_by_id(const char *rest, struct reference *out, struct err *e)
{
	uint32_t id = 0;
	int fd = type_u32.parse(&id, rest, e);

	if (fd)
		return fd;
	fd = bpf_link_by_id(id);
	if (fd < 0)
		return fail_at(e, -fd, 0, "there is no link with the id %s",
			       rest);
	return take_link(fd, out, e);
}

int form_link(const struct caller *caller, const char *rest,
	      struct reference *out, struct err *e)
{
	int err = may_use_ids(caller, e);

	return err ? err : link_by_id(rest, out, e);
}

/* A program or a map, as is wanted, by what the kernel knows it by. */
static int take_found(int fd, struct reference *out)
{
	if (fd < 0)
		return fd;
	*(out->want == BPF_OBJECT_MAP ? &out->map_fd : &out->prog_fd) = fd;
	return 0;
}

/* Where none has the id, a link that has. */
int form_id(const struct caller *caller, const char *rest,
	    struct reference *out, struct err *e)
{
	bool map = out->want == BPF_OBJECT_MAP;
	int fd, err = may_use_ids(caller, e);

	if (err)
		return err;
	fd = map ? find_map_id(rest, e) : find_prog_id(rest, e);
	if (fd == -ENOENT && !link_by_id(rest, out, NULL))
		return 0;
	return take_found(fd, out);
}

int form_tag(const struct caller *caller, const char *rest,
	     struct reference *out, struct err *e)
{
	int err = may_use_ids(caller, e);

	if (!err && out->want == BPF_OBJECT_MAP)
		err = refuse_object(out, BPF_OBJECT_PROG, e);
	return err ? err : take_found(find_prog_tag(rest, e), out);
}

int form_name(const struct caller *caller, const char *rest,
	      struct reference *out, struct err *e)
{
	bool map = out->want == BPF_OBJECT_MAP;
	int err = may_use_ids(caller, e);

	if (err)
		return err;
	return take_found(
		map ? find_map_name(rest, e) : find_prog_name(rest, e), out);
}

/* 1: nothing below prog/ is called that, but for what has an id. */
static int find_listed(const struct caller *caller, const char *rest,
		       struct reference *out, struct err *e)
{
	const struct own *own = caller->own;

	out->builtin = builtin_find(rest);
	if (out->builtin)
		return 0;
	return own && own->find ? own->find(own, caller, rest, out, e) : 1;
}

static int refuse_listed(const char *rest, struct err *e)
{
	return fail_at(
		e, ENOENT, 0,
		"there is no built-in program or object file '%s'; 'ls prog' lists them",
		rest);
}

int form_listed(const struct caller *caller, const char *rest,
		struct reference *out, struct err *e)
{
	int err = find_listed(caller, rest, out, e);

	if (err <= 0)
		return err;
	if (!isdigit((unsigned char)rest[0]))
		return refuse_listed(rest, e);
	return out->want == BPF_OBJECT_MAP
		       ? refuse_object(out, BPF_OBJECT_PROG, e)
		       : form_id(caller, rest, out, e);
}

int form_bare(const struct caller *caller, const char *rest,
	      struct reference *out, struct err *e)
{
	int err;

	/* Programs, links and descriptors all have numbers. */
	if (rest[0] && !rest[strspn(rest, "0123456789")])
		return fail_at(
			e, EINVAL, 0,
			"'%s' may be the id of a program or a descriptor; write id:%s, or /proc/self/fd/%s",
			rest, rest, rest);
	err = find_listed(caller, rest, out, e);
	if (err <= 0)
		return err;
	if (strchr(rest, '/'))
		return fail_at(
			e, EINVAL, 0,
			"'%s' is a relative path; write an absolute one%s",
			rest,
			rest[0] == '.'
				? ""
				: ", or NAME/PROGRAM of an object file in 'prog'");
	return form_listed(caller, rest, out, e);
}
