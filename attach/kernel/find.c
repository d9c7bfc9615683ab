// SPDX-License-Identifier: BSD-2-Clause
/* find.c - a program or a map by its number, its tag or its name. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "attach/kernel/bpf.h"
#include "attach/kernel/find.h"
#include "attach/kernel/program.h"
#include "scope.h"

enum { LISTED = 8 }; /* ids in a sentence */

/* What the two have alike of which things are looked for. */
struct marks {
	char name[PROG_NAME]; /* cut by the kernel at 15 */
	char tag[PROG_TAG]; /* "" of a map */
};

static int prog_marks(int fd, struct marks *marks)
{
	struct program program;
	int err = program_info(fd, &program);

	if (err)
		return err;
	memcpy(marks->name, program.name, sizeof(marks->name));
	memcpy(marks->tag, program.tag, sizeof(marks->tag));
	return 0;
}

static int map_marks(int fd, struct marks *marks)
{
	struct bpf_map_info info = { 0 };
	uint32_t size = sizeof(info);
	int err = bpf_info(fd, &info, &size);

	if (err)
		return err;
	*marks = (struct marks){ 0 };
	memcpy(marks->name, info.name, sizeof(marks->name) - 1);
	return 0;
}

static int map_fail(int err, uint32_t id, struct err *e)
{
	if (err == -ENOENT)
		return fail(e, ENOENT, "there is no map with the id %u", id);
	if (err == -EPERM)
		return fail(e, EPERM,
			    "opening a map by its id needs CAP_SYS_ADMIN");
	return fail(e, -err, "cannot open map %u: %s", id,
		    strerror(errno_clamp(-err)));
}

/* Programs or maps. */
struct sort {
	const char *noun;
	int (*open)(uint32_t id);
	int (*next)(uint32_t *id);
	int (*marks)(int fd, struct marks *marks);
	int (*fail)(int err, uint32_t id, struct err *e);
};

static const struct sort progs = {
	"program", bpf_prog_by_id, bpf_prog_next, prog_marks, program_fail,
};

static const struct sort maps = {
	"map", bpf_map_by_id, bpf_map_next, map_marks, map_fail,
};

static int find_id(const struct sort *sort, const char *text, struct err *e)
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
			"not the id of a %s: '%s'; write id: and a decimal number",
			sort->noun, text);
	if (errno || id > UINT32_MAX)
		return fail(e, ERANGE,
			    "the id '%s' is too big: ids have 32 bits", text);
	fd = sort->open((uint32_t)id);
	return fd < 0 ? sort->fail(fd, (uint32_t)id, e) : fd;
}

int find_prog_id(const char *text, struct err *e)
{
	return find_id(&progs, text, e);
}

int find_map_id(const char *text, struct err *e)
{
	return find_id(&maps, text, e);
}

/* What is looked for, and what was found of it. */
struct search {
	const struct sort *sort;
	const char *what; /* "tag", "name" */
	const char *text;
	size_t cut; /* bytes of the text that are compared */
	bool (*match)(const struct search *search, const struct marks *marks);
	unsigned int found;
	int fd; /* the first one */
	uint32_t ids[LISTED];
};

static bool match_tag(const struct search *search, const struct marks *marks)
{
	return !strcasecmp(marks->tag, search->text);
}

static bool match_name(const struct search *search, const struct marks *marks)
{
	return strlen(marks->name) == search->cut &&
	       !memcmp(marks->name, search->text, search->cut);
}

/* One that goes away while we look is none. */
static int look_at(struct search *search, uint32_t id)
{
	scoped_fd int fd = search->sort->open(id);
	struct marks marks;

	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	if (search->sort->marks(fd, &marks) || !search->match(search, &marks))
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

	while (!(err = search->sort->next(&id))) {
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
		"%u %ss have the %s '%s': ids%s%s; write id: and one of them",
		search->found, search->sort->noun, search->what, search->text,
		ids, search->found > LISTED ? " and more" : "");
}

static int search_verdict(struct search *search, int err, struct err *e)
{
	if (err == -EPERM)
		return fail(e, EPERM,
			    "looking through the %ss needs CAP_SYS_ADMIN",
			    search->sort->noun);
	if (err)
		return fail(e, -err, "cannot look through the %ss: %s",
			    search->sort->noun, strerror(errno_clamp(-err)));
	if (search->found > 1)
		return fail_many(search, e);
	if (!search->found)
		return fail(e, ENOENT, "no %s has the %s '%s'",
			    search->sort->noun, search->what, search->text);
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

int find_prog_tag(const char *text, struct err *e)
{
	struct search search = {
		.sort = &progs,
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
static int find_name(const struct sort *sort, const char *text, struct err *e)
{
	struct search search = {
		.sort = sort,
		.what = "name",
		.text = text,
		.cut = strnlen(text, PROG_NAME - 1),
		.match = match_name,
	};
	int err;

	if (!*text)
		return fail(e, EINVAL,
			    "a %s's name is missing after name:", sort->noun);
	err = search_run(&search, e);
	if (err < 0 && strlen(text) > search.cut)
		fail_hint(
			e,
			"the kernel keeps %d bytes of a name, so '%.*s' was compared",
			PROG_NAME - 1, PROG_NAME - 1, text);
	return err;
}

int find_prog_name(const char *text, struct err *e)
{
	return find_name(&progs, text, e);
}

int find_map_name(const char *text, struct err *e)
{
	return find_name(&maps, text, e);
}
