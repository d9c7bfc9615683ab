// SPDX-License-Identifier: BSD-2-Clause
/* name.c - taking the names of probes apart. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "attach/kind/kind.h"
#include "attach/kind/name.h"
#include "scope.h"

static bool is_alphanumeric(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9');
}

int name_check(const char *text, struct span span, const char *others,
	       const char *what, struct err *e)
{
	size_t i;

	if (span.start == span.end)
		return fail_at(e, EINVAL, span.start, "%s is missing", what);
	for (i = span.start; i < span.end; i++)
		if (!is_alphanumeric(text[i]) && !strchr(others, text[i]))
			return fail_at(e, EINVAL, i, "'%c' cannot be in %s",
				       text[i], what);
	return 0;
}

int name_lone_label(const char *text, const char *target, struct err *e)
{
	struct span span = { 0, strlen(text) };
	int err = name_check(text, span, "_.-", "a label", e);

	if (err)
		fail_hint(e, "a name without ':' is a label; a target is %s",
			  target);
	return err;
}

int name_label(const char *text, struct span *name, struct err *e)
{
	struct span label;

	*name = (struct span){ 0, strcspn(text, "@") };
	if (!name->end)
		return fail_at(e, EINVAL, 0, "the name is missing");
	if (!text[name->end])
		return 0;
	label = (struct span){ name->end + 1, strlen(text) };
	return name_check(text, label, "_.-", "a label", e);
}

int name_copy(const char *text, struct span span, char **copy, struct err *e)
{
	*copy = strndup(text + span.start, span.end - span.start);
	return *copy ? 0 : fail(e, ENOMEM, "no memory for a name");
}

int name_number(const char *text, struct span span, uint64_t *value,
		struct err *e)
{
	scoped_free char *copy = NULL;
	int err = name_copy(text, span, &copy, e);

	if (err)
		return err;
	err = type_u64.parse(value, copy, e);
	if (err && e && e->pos != ERR_NO_POS)
		e->pos += (int)span.start;
	return err;
}

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int name_unescape(const char *text, struct span span, char **out, struct err *e)
{
	scoped_free char *copy = malloc(span.end - span.start + 1);
	size_t i, begin, used = 0;
	int c;

	if (!copy)
		return fail(e, ENOMEM, "no memory for a name");
	for (i = span.start; i < span.end; i++) {
		begin = i;
		c = (unsigned char)text[i];
		if (c == '%') {
			if (span.end - i < 3 || hex(text[i + 1]) < 0 ||
			    hex(text[i + 2]) < 0)
				return fail_at(
					e, EINVAL, i,
					"no two hexadecimal digits after '%%'; write %%25 for a '%%'");
			c = hex(text[i + 1]) << 4 | hex(text[i + 2]);
			i += 2;
		}
		if (iscntrl(c) || c == 0)
			return fail_at(e, EINVAL, begin,
				       "control bytes cannot be in a name");
		copy[used++] = (char)c;
	}
	copy[used] = '\0';
	*out = take(copy);
	return 0;
}

bool name_is_dots(const char *text)
{
	return !strcmp(text, ".") || !strcmp(text, "..");
}

/* What is behind the last slash, if there is one. */
static const char *last_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

int name_binary(const char *text, struct span span, char **path, struct err *e)
{
	int err;

	if (span.start == span.end)
		return fail_at(e, EINVAL, span.start, "the binary is missing");
	err = name_unescape(text, span, path, e);
	if (!err && (*path)[0] != '/' && strchr(*path, '/'))
		return fail_at(
			e, EINVAL, span.start,
			"'%s' is a relative path; write an absolute one, or a file name alone",
			*path);
	if (!err && (!*last_name(*path) || name_is_dots(last_name(*path))))
		return fail_at(e, EINVAL, span.start,
			       "'%s' is a directory, and no binary", *path);
	return err;
}
