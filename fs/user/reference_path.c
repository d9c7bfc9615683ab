// SPDX-License-Identifier: BSD-2-Clause
/* reference_path.c - what a path refers to. */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "attach/kernel/bpf.h"
#include "fs/user/named.h"
#include "fs/user/reference_forms.h"
#include "fs/user/reference_path.h"
#include "fs/user/walk.h"
#include "scope.h"

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
	return fd < 0 ? fd : form_take(fd, out, e);
}

int form_own_descriptor(const struct caller *caller, const char *rest,
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
		err = form_take(fds[0], out, e);
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

int form_proc(const struct caller *caller, const char *rest,
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

int form_root(const struct caller *caller, const char *rest,
	      struct reference *out, struct err *e)
{
	scoped_free char *whole = NULL;

	if (asprintf(&whole, "/%s", rest) < 0)
		return fail(e, ENOMEM, "no memory");
	return open_path(caller, whole, out, e);
}
