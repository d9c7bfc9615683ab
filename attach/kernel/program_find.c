// SPDX-License-Identifier: BSD-2-Clause
/* program_find.c - a program by its number, its tag or its name. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "attach/kernel/bpf.h"
#include "attach/kernel/program.h"
#include "scope.h"

enum { LISTED = 8 }; /* ids in a sentence */

int program_by_id(const char *text, struct err *e)
{
	unsigned long long id;
	char *end;
	int fd;

	errno = 0;
	id = strtoull(text, &end, 10);
	if (!isdigit((unsigned char)*text) || *end)
		return fail_at(
			e, EINVAL,
			isdigit((unsigned char)*text) ? end - text : 0,
			"not the id of a program: '%s'; write id: and a decimal number",
			text);
	if (errno || id > UINT32_MAX)
		return fail(e, ERANGE,
			    "the id '%s' is too big: ids have 32 bits", text);
	fd = bpf_prog_by_id(id);
	return fd < 0 ? program_fail(fd, id, e) : fd;
}

/* What is looked for, and what was found of it. */
struct search {
	const char *what; /* "tag", "name" */
	const char *text;
	size_t cut; /* bytes of the text that are compared */
	bool (*match)(const struct search *search,
		      const struct program *program);
	unsigned int found;
	int fd; /* the first one */
	uint32_t ids[LISTED];
};

static bool match_tag(const struct search *search,
		      const struct program *program)
{
	return !strcasecmp(program->tag, search->text);
}

static bool match_name(const struct search *search,
		       const struct program *program)
{
	return strlen(program->name) == search->cut &&
	       !memcmp(program->name, search->text, search->cut);
}

/* One that goes away while we look is none. */
static int look_at(struct search *search, uint32_t id)
{
	scoped_fd int fd = bpf_prog_by_id(id);
	struct program program;

	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	if (program_info(fd, &program) || !search->match(search, &program))
		return 0;
	if (search->found < LISTED)
		search->ids[search->found] = id;
	if (!search->found++)
		search->fd = take_fd(&fd);
	return 0;
}

static int look_at_all(struct search *search)
{
	uint32_t id = 0;
	int err;

	while (!(err = bpf_prog_next(&id))) {
		err = look_at(search, id);
		if (err)
			return err;
	}
	return err == -ENOENT ? 0 : err;
}

static int fail_many(const struct search *search, struct err *e)
{
	char ids[LISTED * sizeof(" 4294967295")];
	size_t used = 0;
	unsigned int i;

	for (i = 0; i < search->found && i < LISTED; i++)
		used += snprintf(ids + used, sizeof(ids) - used, " %u",
				 search->ids[i]);
	return fail(
		e, ENOTUNIQ,
		"%u programs have the %s '%s': ids%s%s; write id: and one of them",
		search->found, search->what, search->text, ids,
		search->found > LISTED ? " and more" : "");
}

static int search_verdict(struct search *search, int err, struct err *e)
{
	if (err == -EPERM)
		return fail(e, EPERM,
			    "looking through the programs needs CAP_SYS_ADMIN");
	if (err)
		return fail(e, -err, "cannot look through the programs: %s",
			    strerror(errno_clamp(-err)));
	if (search->found > 1)
		return fail_many(search, e);
	if (!search->found)
		return fail(e, ENOENT, "no program has the %s '%s'",
			    search->what, search->text);
	return take_fd(&search->fd);
}

static int search_run(struct search *search, struct err *e)
{
	int err;

	search->fd = -1;
	err = search_verdict(search, look_at_all(search), e);
	fd_close(search->fd);
	return err;
}

int program_by_tag(const char *text, struct err *e)
{
	struct search search = {
		.what = "tag",
		.text = text,
		.match = match_tag,
	};
	size_t digits = strspn(text, "0123456789abcdefABCDEF");

	if (digits != PROG_TAG - 1 || text[digits])
		return fail_at(
			e, EINVAL,
			digits < PROG_TAG - 1 ? digits : PROG_TAG - 1,
			"not the tag of a program: '%s'; a tag has %d hexadecimal digits",
			text, PROG_TAG - 1);
	return search_run(&search, e);
}

/*
 * The kernel keeps 15 bytes of a name and says nothing of the rest, so a longer
 * one is compared as far as it goes.
 */
int program_by_name(const char *text, struct err *e)
{
	struct search search = {
		.what = "name",
		.text = text,
		.cut = strnlen(text, PROG_NAME - 1),
		.match = match_name,
	};
	int err;

	if (!*text)
		return fail(e, EINVAL,
			    "a program's name is missing after name:");
	err = search_run(&search, e);
	if (err < 0 && strlen(text) > search.cut)
		fail_hint(
			e,
			"the kernel keeps %d bytes of a name, so '%.*s' was compared",
			PROG_NAME - 1, PROG_NAME - 1, text);
	return err;
}
