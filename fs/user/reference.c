// SPDX-License-Identifier: BSD-2-Clause
/* reference.c - finding the program, the map or the links that a text refers to. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "fs/user/reference_forms.h"
#include "fs/user/reference_path.h"
#include "scope.h"

/* The first form whose prefix the text has. */
static const struct form {
	const char *prefix;
	int (*open)(const struct caller *caller, const char *rest,
		    struct reference *out, struct err *e);
	const char *shown; /* NULL: the same as another row's */
	const char *help;
} forms[] = {
	{ "id:", form_id, "id:N",
	  "the kernel's program, map or link of that id" },
	{ "tag:", form_tag, "tag:HEX", "the one program of that tag" },
	{ "name:", form_name, "name:NAME",
	  "the one program, or map, of that name" },
	{ "/proc/self/fd/", form_own_descriptor, "/proc/self/fd/N",
	  "a descriptor of the writer's; /dev/fd/N too" },
	{ "/dev/fd/", form_own_descriptor, NULL, NULL },
	{ "/proc/thread-self/fd/", form_own_descriptor, NULL, NULL },
	{ "/proc/", form_proc, "/proc/PID/fd/N",
	  "a descriptor of a process that the writer may trace" },
	{ "/", form_root, "/sys/fs/bpf/PIN",
	  "a pinned program, or a pinned link of such a probe" },
	{ "prog/", form_listed, "NAME/P",
	  "program P that is loaded in prog/NAME; NAME, where it has one" },
	{ "link:", form_link, "link:N",
	  "a link of the kernel on such a target, to take it over" },
	{ "link/", form_link, NULL, NULL },
	{ "", form_bare, "NAME", "a built-in program; 'ls prog' lists them" },
};

/* *out says what is wanted, and what for. */
static int find(const struct caller *caller, const char *text,
		struct reference *out, struct err *e)
{
	const struct form *form = forms;
	size_t len;
	int err;

	while (strncmp(text, form->prefix, len = strlen(form->prefix)) != 0)
		form++;
	err = form->open(caller, text + len, out, e);
	if (err && e->pos != ERR_NO_POS)
		e->pos += (int)len;
	if (err)
		reference_clear(out);
	return err;
}

int reference_open(const struct caller *caller, const char *text,
		   enum bpf_object want, struct reference *out, struct err *e)
{
	*out = REFERENCE_NONE;
	out->want = want;
	out->attaches = true;
	return find(caller, text, out, e);
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
	struct reference r = REFERENCE_NONE;
	int fd, err;

	r.want = type;
	err = find(caller, text, &r, e);
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
