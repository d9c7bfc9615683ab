// SPDX-License-Identifier: BSD-2-Clause
/* option_value.c - how the values of mount options are read. */
#include <ctype.h>
#include <errno.h>
#include <grp.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

#include "attach/kind/kind.h"
#include "fs/daemon/option_value.h"
#include "fs/daemon/options.h"

int value_on(const struct row *row, void *field, const char *value,
	     struct err *e)
{
	(void)row;
	(void)value;
	(void)e;
	*(bool *)field = true;
	return 0;
}

int value_mode(const struct row *row, void *field, const char *value,
	       struct err *e)
{
	size_t digits = strspn(value, "01234567");
	unsigned long mode;

	if (!digits || value[digits])
		return fail(e, EINVAL, "not an octal number such as 0750");
	errno = 0;
	mode = strtoul(value, NULL, 8);
	if (errno || mode > row->max)
		return fail(e, ERANGE, "the largest mode is %" PRIo64,
			    row->max);
	*(mode_t *)field = (mode_t)mode;
	return 0;
}

int value_number(const struct row *row, void *field, const char *value,
		 struct err *e)
{
	uint64_t number;
	int err = type_u64.parse(&number, value, e);

	if (err)
		return err;
	if (number < row->min || number > row->max)
		return fail(e, ERANGE, "not from %" PRIu64 " to %" PRIu64,
			    row->min, row->max);
	*(uint64_t *)field = number;
	return 0;
}

/* As mount(8) does for tmpfs: 1024, and its powers. */
int value_size(const struct row *row, void *field, const char *value,
	       struct err *e)
{
	static const char units[] = "KMG";
	char digits[32];
	size_t length = strlen(value);
	const char *unit =
		length ? strchr(units,
				toupper((unsigned char)value[length - 1]))
		       : NULL;
	uint64_t number;
	int err;

	snprintf(digits, sizeof(digits), "%.*s", (int)(length - !!unit), value);
	err = type_u64.parse(&number, digits, e);
	if (err)
		return err;
	for (; unit && unit >= units; unit--)
		number = number > row->max ? number : number * 1024;
	if (number < row->min || number > row->max)
		return fail(e, ERANGE,
			    "not from %" PRIu64 " to %" PRIu64 " bytes",
			    row->min, row->max);
	*(uint64_t *)field = number;
	return 0;
}

/* (uid_t)-1 is "no change" to chown(2), so nobody has it; max says so. */
static int id_parse(const struct row *row, const char *value, uint32_t *id,
		    struct err *e)
{
	uint64_t number;
	int err = value_number(row, &number, value, e);

	if (!err)
		*id = (uint32_t)number;
	return err;
}

/* Names may begin with a digit; what is digits alone is a number. */
static bool is_number(const char *value)
{
	bool hex = value[0] == '0' && (value[1] == 'x' || value[1] == 'X');

	return value[0] && (hex || !value[strspn(value, "0123456789")]);
}

/* Both meanings of a number that is also the name of somebody else. */
static int refuse_both(const char *what, const char *value, uint32_t id,
		       struct err *e)
{
	return fail(e, EINVAL,
		    "'%s' is a number and the name of %s %" PRIu32
		    "; write %" PRIu32 " for the one, 0x%" PRIx64
		    " for the other",
		    value, what, id, id, (uint64_t)strtoull(value, NULL, 0));
}

int value_user(const struct row *row, void *field, const char *value,
	       struct err *e)
{
	const struct passwd *user = getpwnam(value);
	int err;

	if (is_number(value)) {
		err = id_parse(row, value, field, e);
		return err || !user || user->pw_uid == *(uid_t *)field
			       ? err
			       : refuse_both("user", value, user->pw_uid, e);
	}
	if (!user)
		return fail(e, EINVAL, "there is no such user");
	*(uid_t *)field = user->pw_uid;
	return 0;
}

int value_group(const struct row *row, void *field, const char *value,
		struct err *e)
{
	const struct group *group = getgrnam(value);
	int err;

	if (is_number(value)) {
		err = id_parse(row, value, field, e);
		return err || !group || group->gr_gid == *(gid_t *)field
			       ? err
			       : refuse_both("group", value, group->gr_gid, e);
	}
	if (!group)
		return fail(e, EINVAL, "there is no such group");
	*(gid_t *)field = group->gr_gid;
	return 0;
}

int value_text(const struct row *row, void *field, const char *value,
	       struct err *e)
{
	(void)row;
	if (!value[0])
		return fail(e, EINVAL, "the value is empty");
	return type_string.parse(field, value, e);
}

int value_path(const struct row *row, void *field, const char *value,
	       struct err *e)
{
	/* The daemon's working directory is not the user's. */
	if (value[0] != '/')
		return fail(e, EINVAL, "the path must begin with '/'");
	return value_text(row, field, value, e);
}

static int kind_bit(const char *name, uint64_t *bits, struct err *e)
{
	size_t i;

	for (i = 0; kinds[i]; i++) {
		if (strcmp(kinds[i]->name, name) != 0)
			continue;
		*bits |= UINT64_C(1) << i;
		return 0;
	}
	return fail(e, EINVAL, "there is no kind '%s'", name);
}

int value_kinds(const struct row *row, void *field, const char *value,
		struct err *e)
{
	char *copy = strdup(value), *rest = copy, *name;
	uint64_t bits = 0;
	int err = copy ? 0 : fail(e, ENOMEM, "no memory");

	(void)row;
	while (!err && (name = strsep(&rest, ":")))
		err = kind_bit(name, &bits, e);
	free(copy);
	if (!err)
		*(uint64_t *)field = bits;
	return err;
}

static const struct attach_mode *attach_mode_find(const char *name)
{
	const struct attach_mode *mode;

	for (mode = attach_modes; mode->name; mode++)
		if (!strcmp(mode->name, name))
			return mode;
	return NULL;
}

int value_attach_mode(const struct row *row, void *field, const char *value,
		      struct err *e)
{
	const struct attach_mode **mode = field;
	const struct attach_mode *found = attach_mode_find(value);
	char names[ERR_TEXT] = "";
	size_t used = 0;

	(void)row;
	if (found) {
		*mode = found;
		return 0;
	}
	for (found = attach_modes; found->name && used < sizeof(names); found++)
		used += (size_t)snprintf(names + used, sizeof(names) - used,
					 " %s", found->name);
	return fail(e, EINVAL, "the modes are%s", names);
}

int value_list(const struct row *row, void *field, const char *value,
	       struct err *e)
{
	char **list = field, *longer;

	(void)row;
	if (asprintf(&longer, "%s%s%s", *list ? *list : "", *list ? "," : "",
		     value) < 0)
		return fail(e, ENOMEM, "no memory");
	free(*list);
	*list = longer;
	return 0;
}
