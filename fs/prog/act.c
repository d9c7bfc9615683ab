// SPDX-License-Identifier: BSD-2-Clause
/* act.c - writes to the files of prog/NAME itself. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "fs/prog/act.h"
#include "fs/prog/member.h"
#include "fs/prog/pin.h"
#include "fs/tree/files.h"
#include "scope.h"

/* value NULL: what it is without.  Takes fd over. */
static int keep(struct tree *tree, struct upload *upload, const char *path,
		const char *value, int fd, struct err *e)
{
	int err;

	pthread_mutex_lock(&tree->lock);
	err = setting_put(&upload->settings, path, value, fd);
	pthread_mutex_unlock(&tree->lock);
	return err ? fail(e, -err, "no memory, or too much is set") : 0;
}

int act_log_level(struct tree *tree, const struct caller *caller,
		  uint64_t number, char *value, struct err *e)
{
	struct upload *upload;
	uint32_t level;
	int err = 0;

	if (value[0] && !setting_log_level(value, &level))
		err = fail_at(
			e, EINVAL, 0,
			"'%s' is no sum of 1 (each branch), 2 (each instruction) and 4 (figures), nor 'stats'",
			value);
	if (!err)
		err = upload_claim(tree, number, caller, &upload, e);
	if (err)
		return err;
	err = keep(tree, upload, "log_level", value[0] ? value : NULL, -1, e);
	upload_release(tree, upload);
	return err;
}

/* The types of another kernel, opened as the writer: see kernel_types.h. */
static int open_btf(const struct caller *caller, const char *path,
		    struct err *e)
{
	int fd = caller_open(caller, path, O_RDONLY, e);
	struct stat st;

	if (fd < 0)
		return fd;
	if (!fstat(fd, &st) && (S_ISREG(st.st_mode) || S_ISDIR(st.st_mode)))
		return fd;
	close(fd);
	return fail(e, EINVAL, "'%s' is no regular file and no directory",
		    path);
}

static int set_btf(struct tree *tree, struct upload *upload,
		   const struct caller *caller, const char *value,
		   struct err *e)
{
	const struct object_setting *now =
		setting_find(&upload->settings, "btf");
	int fd = -1;

	if (now ? !strcmp(now->value, value) : !value[0])
		return 0;
	if (upload->set)
		return fail(e, EBUSY, "it is loaded; write 0 to 'load' first");
	if (value[0])
		fd = open_btf(caller, value, e);
	if (value[0] && fd < 0)
		return fd;
	return keep(tree, upload, "btf", value[0] ? value : NULL, fd, e);
}

int act_btf(struct tree *tree, const struct caller *caller, uint64_t number,
	    char *value, struct err *e)
{
	struct upload *upload;
	int err = upload_claim(tree, number, caller, &upload, e);

	if (err)
		return err;
	err = set_btf(tree, upload, caller, value, e);
	upload_release(tree, upload);
	return err;
}

int act_pin(struct tree *tree, const struct caller *caller, uint64_t number,
	    char *value, struct err *e)
{
	struct node node = node_of(number);
	struct member member;
	int fd, err = member_get(tree, node, &member, e);

	if (err)
		return err;
	err = member_check(&member, caller, e);
	fd = err ? err : member_fd(&member, member_sort_of(node), e);
	member_put(&member);
	if (fd < 0)
		return fd;
	err = pin_as(caller, fd, value, e);
	close(fd);
	return err;
}

static int drop_bytes(struct tree *tree, uint64_t number)
{
	struct content *old = NULL;
	struct upload *upload;

	pthread_mutex_lock(&tree->lock);
	upload = upload_at(tree, number);
	if (upload) {
		old = take(upload->content);
		upload_forget(tree, upload);
	}
	pthread_mutex_unlock(&tree->lock);
	content_put(old);
	return 0;
}

/* `load` is off, what is set is not, and there are no bytes. */
int act_reset(struct tree *tree, const struct caller *caller, uint64_t number)
{
	char off[] = "0", none[] = "";
	struct file file;
	struct err ignored;

	if (!file_of(node_of(number), &file))
		return -ENOENT;
	if (file.bytes && node_of(number).area == AREA_LOADED_RUN)
		return file.bytes->write
			       ? file.bytes->resize(tree, caller, number, 0,
						    &ignored)
			       : 0;
	if (file.bytes && file.bytes->write)
		return drop_bytes(tree, number);
	if (!file.write || file.keeps_nothing)
		return 0;
	return file.write(tree, caller, number,
			  file.write == act_load ? off : none, &ignored);
}
