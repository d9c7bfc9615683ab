// SPDX-License-Identifier: BSD-2-Clause
/* reference.c - finding the program or the links that a text refers to. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "attach/kernel/bpf.h"
#include "attach/kernel/program.h"
#include "fs/tree/node.h"
#include "fs/user/named.h"
#include "fs/user/reference.h"
#include "fs/user/walk.h"
#include "scope.h"

/* A descriptor of an object of any type becomes a reference, or is refused. */
static int take_object(int fd, struct reference *out, struct err *e)
{
	enum bpf_object object = bpf_object_of(fd);

	switch (object) {
	case BPF_OBJECT_PROG:
		out->prog_fd = fd;
		return 0;
	case BPF_OBJECT_LINK:
		out->links = malloc(sizeof(*out->links));
		if (!out->links)
			break;
		out->links[0] = fd;
		out->nlinks = 1;
		return 0;
	default:
		close(fd);
		return fail(e, EINVAL, "neither a program nor a link, but a %s",
			    bpf_object_name(object));
	}
	close(fd);
	return fail(e, ENOMEM, "no memory");
}

static int take_program(int fd, struct reference *out)
{
	if (fd < 0)
		return fd;
	out->prog_fd = fd;
	return 0;
}

static int may_use_ids(const struct caller *caller, struct err *e)
{
	if (caller_may_use_ids(caller))
		return 0;
	return fail(
		e, EPERM,
		"naming a program of the kernel by id, tag or name needs CAP_SYS_ADMIN");
}

static int open_id(const struct caller *caller, const char *rest,
		   struct reference *out, struct err *e)
{
	int err = may_use_ids(caller, e);

	return err ? err : take_program(program_by_id(rest, e), out);
}

static int open_tag(const struct caller *caller, const char *rest,
		    struct reference *out, struct err *e)
{
	int err = may_use_ids(caller, e);

	return err ? err : take_program(program_by_tag(rest, e), out);
}

static int open_name(const struct caller *caller, const char *rest,
		     struct reference *out, struct err *e)
{
	int err = may_use_ids(caller, e);

	return err ? err : take_program(program_by_name(rest, e), out);
}

static int open_listed(const struct caller *caller, const char *rest,
		       struct reference *out, struct err *e)
{
	out->builtin = builtin_find(rest);
	if (out->builtin)
		return 0;
	if (isdigit((unsigned char)rest[0]))
		return open_id(caller, rest, out, e);
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
static int open_own_node(const struct caller *caller, uint64_t number,
			 struct reference *out, struct err *e)
{
	struct node node = node_of(number);
	char id[24];

	if (node.area == AREA_PROG) {
		snprintf(id, sizeof(id), "%llu",
			 (unsigned long long)node.object);
		return open_id(caller, id, out, e);
	}
	if (node.area != AREA_PROGS || node.slot < SLOT_BUILTINS)
		return fail(e, EINVAL,
			    "a file of probefs, but not one of its programs");
	out->builtin = &builtins[node.slot - SLOT_BUILTINS];
	return 0;
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
		err = open_own_node(caller, st.st_ino, out, e);
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
	{ "id:", open_id, "id:N", "the kernel's program of that id" },
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
	{ "", open_bare, "NAME", "a built-in program; 'ls prog' lists them" },
};

int reference_open(const struct caller *caller, const char *text,
		   struct reference *out, struct err *e)
{
	const struct form *form = forms;
	size_t len;
	int err;

	*out = (struct reference){ .prog_fd = -1, .place = PIN_NONE };
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
	pin_forget(&reference->place);
	*reference = (struct reference){ .prog_fd = -1, .place = PIN_NONE };
}

void reference_help(FILE *out)
{
	size_t i;

	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (forms[i].shown)
			fprintf(out, "  %-16s %s\n", forms[i].shown,
				forms[i].help);
}
