// SPDX-License-Identifier: BSD-2-Clause
/* setting_write.c - setting what an object is to be loaded with. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fs/prog/act.h"
#include "fs/prog/inspect.h"
#include "fs/prog/member.h"
#include "fs/tree/files.h"
#include "fs/user/reference.h"
#include "scope.h"

/* A setting that is written. */
struct setter {
	struct tree *tree;
	const struct caller *caller;
	uint64_t number;
	const char *value;
	char *path; /* owned */
	/* *fd: of what the value refers to; untouched where it is nothing. */
	int (*refer)(const struct setter *setter, int *fd, struct err *e);
};

static int refuse_loaded(struct err *e)
{
	return fail(e, EBUSY, "it is loaded; write 0 to 'load' first");
}

/* What the file shows is what was written: there is nothing to be done. */
static bool is_shown(const struct setter *s)
{
	scoped_free char *text = NULL, *value = NULL;
	size_t size;

	return !file_text(s->tree, s->number, s->caller, &text, &size, NULL) &&
	       !text_value(text, &value, NULL) && !strcmp(value, s->value);
}

static bool is_set(const struct setter *s, const struct upload *upload)
{
	const struct object_setting *set =
		setting_find(&upload->settings, s->path);

	return set ? !strcmp(set->value, s->value) : !s->value[0];
}

/* Takes fd over. */
static int try(const struct setter *s, struct upload *upload,
	       struct settings *settings, int fd, struct err *e)
{
	struct content *content;
	struct object *object;
	int err = setting_put(settings, s->path, s->value[0] ? s->value : NULL,
			      fd);

	if (err == -ENOSPC)
		return fail(e, ENOSPC, "%d things are set already",
			    SETTINGS_MAX);
	if (err)
		return fail(e, -err, "no memory");
	err = inspect_with(s->tree, upload, settings, s->caller, &object,
			   &content, e);
	if (err)
		return err;
	inspect_settle(s->tree, upload, settings, object, content);
	content_put(content);
	return 0;
}

static int set_anew(const struct setter *s, struct upload *upload,
		    struct err *e)
{
	struct settings settings;
	int fd = -1, err = 0;

	if (s->value[0] && s->refer)
		err = s->refer(s, &fd, e);
	if (err)
		return err;
	if (settings_copy(&upload->settings, &settings)) {
		fd_close(fd);
		return fail(e, ENOMEM, "no memory or descriptor is left");
	}
	err = try(s, upload, &settings, fd, e);
	settings_clear(&settings);
	return err;
}

static int set(struct setter *s, struct err *e)
{
	struct upload *upload;
	int err = upload_claim(s->tree, s->number, s->caller, &upload, e);

	if (err)
		return err;
	if (!is_set(s, upload) && !is_shown(s))
		err = upload->set ? refuse_loaded(e) : set_anew(s, upload, e);
	upload_release(s->tree, upload);
	return err;
}

static int write_setting(struct setter *s, struct err *e)
{
	struct node node = node_of(s->number);
	struct member member;
	struct file file;
	int err = member_get(s->tree, node, &member, e);

	if (err)
		return err;
	if (file_of(node, &file))
		s->path = member_path(&member, node, file.name);
	member_put(&member);
	if (!s->path)
		return fail(e, ENOMEM, "no memory");
	err = set(s, e);
	free(s->path);
	return err;
}

int act_setting(struct tree *tree, const struct caller *caller, uint64_t number,
		char *value, struct err *e)
{
	struct setter s = { tree, caller, number, value, NULL, NULL };

	return write_setting(&s, e);
}

/* id:N:FUNCTION is of a program that is loaded. */
static int refer_program(const struct setter *s, int *fd, struct err *e)
{
	const char *function = strrchr(s->value, ':');
	scoped_free char *text = NULL;
	int found;

	if (strncmp(s->value, "id:", 3) != 0 || function == s->value + 2)
		return 0;
	text = strndup(s->value, (size_t)(function - s->value));
	if (!text)
		return fail(e, ENOMEM, "no memory");
	found = reference_object(s->caller, text, BPF_OBJECT_PROG, e);
	if (found < 0)
		return found;
	*fd = found;
	return 0;
}

int act_target(struct tree *tree, const struct caller *caller, uint64_t number,
	       char *value, struct err *e)
{
	struct setter s = { tree, caller, number, value, NULL, refer_program };

	return write_setting(&s, e);
}

static int refer_map(const struct setter *s, int *fd, struct err *e)
{
	int found = reference_object(s->caller, s->value, BPF_OBJECT_MAP, e);

	if (found < 0)
		return found;
	*fd = found;
	return 0;
}

int act_reuse(struct tree *tree, const struct caller *caller, uint64_t number,
	      char *value, struct err *e)
{
	struct setter s = { tree, caller, number, value, NULL, refer_map };

	return write_setting(&s, e);
}
