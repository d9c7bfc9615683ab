// SPDX-License-Identifier: BSD-2-Clause
/* reference.c - finding the program or the links that a text refers to. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "array.h"
#include "attach/kernel/bpf.h"
#include "attach/kernel/program.h"
#include "fs/user/named.h"
#include "fs/user/reference.h"
#include "fs/user/walk.h"
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
static int take_object(int fd, struct reference *out, struct err *e)
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

static int map_by_id(const char *rest, struct err *e)
{
	uint32_t id = 0;
	int fd = type_u32.parse(&id, rest, e);

	if (fd)
		return fd;
	fd = bpf_map_by_id(id);
	if (fd >= 0)
		return fd;
	return fail_at(e, -fd, 0, "there is no map with the id %s", rest);
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

static int open_link_id(const struct caller *caller, const char *rest,
			struct reference *out, struct err *e)
{
	int err = may_use_ids(caller, e);

	return err ? err : link_by_id(rest, out, e);
}

/* A program, or a map; where none has the id, a link that has. */
static int open_id(const struct caller *caller, const char *rest,
		   struct reference *out, struct err *e)
{
	bool map = out->want == BPF_OBJECT_MAP;
	int fd, err = may_use_ids(caller, e);

	if (err)
		return err;
	fd = map ? map_by_id(rest, e) : program_by_id(rest, e);
	if (fd == -ENOENT && !link_by_id(rest, out, NULL))
		return 0;
	*(map ? &out->map_fd : &out->prog_fd) = fd;
	return fd < 0 ? fd : 0;
}

static int open_program(const struct caller *caller, const char *rest,
			int (*find)(const char *text, struct err *e),
			struct reference *out, struct err *e)
{
	int err = may_use_ids(caller, e);

	if (!err && out->want == BPF_OBJECT_MAP)
		err = refuse_object(out, BPF_OBJECT_PROG, e);
	if (err)
		return err;
	out->prog_fd = find(rest, e);
	return out->prog_fd < 0 ? out->prog_fd : 0;
}

static int open_tag(const struct caller *caller, const char *rest,
		    struct reference *out, struct err *e)
{
	return open_program(caller, rest, program_by_tag, out, e);
}

static int open_name(const struct caller *caller, const char *rest,
		     struct reference *out, struct err *e)
{
	return open_program(caller, rest, program_by_name, out, e);
}

static int open_listed(const struct caller *caller, const char *rest,
		       struct reference *out, struct err *e)
{
	out->builtin = builtin_find(rest);
	if (out->builtin)
		return 0;
	if (isdigit((unsigned char)rest[0]))
		return out->want == BPF_OBJECT_MAP
			       ? refuse_object(out, BPF_OBJECT_PROG, e)
			       : open_id(caller, rest, out, e);
	return fail_at(
		e, ENOENT, 0,
		"there is no built-in program '%s'; 'ls prog' lists them",
		rest);
}

/* Programs, links and descriptors all have numbers. */
static int open_bare(const struct caller *caller, const char *rest,
		     struct reference *out, struct err *e)
{
	if (rest[0] && !rest[strspn(rest, "0123456789")])
		return fail_at(
			e, EINVAL, 0,
			"'%s' may be the id of a program or a descriptor; write id:%s, or /proc/self/fd/%s",
			rest, rest, rest);
	return open_listed(caller, rest, out, e);
}

/* As the kernel writes it in /proc: no sign, no blank, no zero before it. */
static int parse_number(const char *text, long *number)
{
	char *end;

	if (!isdigit((unsigned char)text[0]) || (text[0] == '0' && text[1]))
		return -EINVAL;
	errno = 0;
	*number = strtol(text, &end, 10);
	return errno || *end || *number > INT_MAX ? -EINVAL : 0;
}

static int open_descriptor(const struct caller *caller, pid_t pid,
			   const char *text, struct reference *out,
			   struct err *e)
{
	long number;
	int fd;

	if (parse_number(text, &number))
		return fail(e, EINVAL, "not the number of a descriptor: '%s'",
			    text);
	fd = caller_get_fd(caller, pid, (int)number, e);
	return fd < 0 ? fd : take_object(fd, out, e);
}

static int open_own_descriptor(const struct caller *caller, const char *rest,
			       struct reference *out, struct err *e)
{
	return open_descriptor(caller, 0, rest, out, e);
}

/* A file of this very mount: by its number, whatever path led to it. */
static int open_own(const struct caller *caller, uint64_t number,
		    struct reference *out, struct err *e)
{
	const struct own *own = caller->own;

	if (own)
		return own->open(own, caller, number, out, e);
	return fail(e, EINVAL, "a file of probefs refers to nothing here");
}

/* Where the links are pinned; takes that out of named. */
static int take_place(struct named *named, const char *path,
		      struct reference *out, struct err *e)
{
	if (!named->name)
		return fail_at(e, EINVAL, 0,
			       "'%s' is not an absolute path of a file", path);
	if (pin_found(named->fd, take_fd(&named->dir), take(named->name),
		      &out->place))
		return fail(e, ENOENT, "the pin vanished");
	return 0;
}

static int open_pins(const struct caller *caller, struct named *named,
		     const char *path, struct reference *out, struct err *e)
{
	size_t nfds;
	int *fds, err;

	err = caller_enter(caller, e);
	if (err)
		return err;
	err = pin_open(named->fd, &fds, &nfds, e);
	caller_leave();
	if (err)
		return err;
	if (nfds == 1 && bpf_object_of(fds[0]) != BPF_OBJECT_LINK) {
		err = take_object(fds[0], out, e);
		free(fds);
		return err;
	}
	out->links = fds;
	out->nlinks = nfds;
	return take_place(named, path, out, e);
}

static int open_path(const struct caller *caller, const char *path,
		     struct reference *out, struct err *e)
{
	struct named named;
	struct stat st;
	int err = named_open(caller, path, &named, e);

	if (err)
		return err;
	if (fstat(named.fd, &st))
		err = fail(e, errno, "cannot look at '%s'", path);
	else if (walk_is_own(&st))
		err = open_own(caller, st.st_ino, out, e);
	else
		err = open_pins(caller, &named, path, out, e);
	named_close(&named);
	return err;
}

static int open_proc(const struct caller *caller, const char *rest,
		     struct reference *out, struct err *e)
{
	scoped_free char *whole = NULL;
	int pid, used = 0;

	/* %d would take a sign, blanks and zeros, which no name in /proc has. */
	if (rest[0] >= '1' && rest[0] <= '9' &&
	    sscanf(rest, "%9d/fd/%n", &pid, &used) == 1 && used)
		return open_descriptor(caller, pid, rest + used, out, e);
	if (asprintf(&whole, "/proc/%s", rest) < 0)
		return fail(e, ENOMEM, "no memory");
	return open_path(caller, whole, out, e);
}

static int open_root(const struct caller *caller, const char *rest,
		     struct reference *out, struct err *e)
{
	scoped_free char *whole = NULL;

	if (asprintf(&whole, "/%s", rest) < 0)
		return fail(e, ENOMEM, "no memory");
	return open_path(caller, whole, out, e);
}

/* The first form whose prefix the text has. */
static const struct form {
	const char *prefix;
	int (*open)(const struct caller *caller, const char *rest,
		    struct reference *out, struct err *e);
	const char *shown; /* NULL: the same as another row's */
	const char *help;
} forms[] = {
	{ "id:", open_id, "id:N", "the kernel's program, or link, of that id" },
	{ "tag:", open_tag, "tag:HEX", "the one program of that tag" },
	{ "name:", open_name, "name:NAME", "the one program of that name" },
	{ "/proc/self/fd/", open_own_descriptor, "/proc/self/fd/N",
	  "a descriptor of the writer's; /dev/fd/N too" },
	{ "/dev/fd/", open_own_descriptor, NULL, NULL },
	{ "/proc/thread-self/fd/", open_own_descriptor, NULL, NULL },
	{ "/proc/", open_proc, "/proc/PID/fd/N",
	  "a descriptor of a process that the writer may trace" },
	{ "/", open_root, "/sys/fs/bpf/PIN",
	  "a pinned program, or a pinned link of such a probe" },
	{ "prog/", open_listed, NULL, NULL },
	{ "link:", open_link_id, "link:N",
	  "a link of the kernel on such a target, to take it over" },
	{ "link/", open_link_id, NULL, NULL },
	{ "", open_bare, "NAME", "a built-in program; 'ls prog' lists them" },
};

int reference_open(const struct caller *caller, const char *text,
		   enum bpf_object want, struct reference *out, struct err *e)
{
	const struct form *form = forms;
	size_t len;
	int err;

	*out = REFERENCE_NONE;
	out->want = want;
	while (strncmp(text, form->prefix, len = strlen(form->prefix)) != 0)
		form++;
	if (!len && strchr(text, '/'))
		return fail_at(e, EINVAL, 0,
			       "'%s' is a relative path; write an absolute one",
			       text);
	err = form->open(caller, text + len, out, e);
	if (err && e->pos != ERR_NO_POS)
		e->pos += (int)len;
	if (err)
		reference_clear(out);
	return err;
}

void reference_clear(struct reference *reference)
{
	size_t i;

	fd_close(reference->prog_fd);
	for (i = 0; i < reference->nlinks; i++)
		fd_close(reference->links[i]);
	free(reference->links);
	fd_close(reference->map_fd);
	pin_forget(&reference->place);
	*reference = REFERENCE_NONE;
}

int reference_fd(const struct reference *reference)
{
	return reference->want == BPF_OBJECT_MAP ? reference->map_fd
						 : reference->prog_fd;
}

/* The descriptor of that type, out of the reference; -1 when it has none. */
static int take_type(struct reference *r, enum bpf_object type)
{
	if (type == BPF_OBJECT_LINK)
		return r->nlinks == 1 ? take_fd(&r->links[0]) : -1;
	return take_fd(type == BPF_OBJECT_MAP ? &r->map_fd : &r->prog_fd);
}

int reference_object(const struct caller *caller, const char *text,
		     enum bpf_object type, struct err *e)
{
	struct reference r;
	int fd, err = reference_open(caller, text, type, &r, e);

	if (err)
		return err;
	if (r.builtin)
		return fail(e, EINVAL,
			    "'%s' is loaded for the probe that attaches it",
			    text);
	fd = take_type(&r, type);
	reference_clear(&r);
	return fd >= 0 ? fd
		       : fail(e, EINVAL, "'%s' is no %s", text,
			      bpf_object_name(type));
}

void reference_help(FILE *out)
{
	size_t i;

	for (i = 0; i < COUNT(forms); i++)
		if (forms[i].shown)
			fprintf(out, "  %-16s %s\n", forms[i].shown,
				forms[i].help);
	fprintf(out, "  %-16s %s\n", "NEW if OLD",
		"NEW, if OLD is what is attached now");
}
