// SPDX-License-Identifier: BSD-2-Clause
/*
 * floor.c - the least that a FUSE file system can do: one file that never
 * changes, whose name and text the kernel does not keep.
 *
 * floor DIR SIZE serves DIR/file, so many bytes long, until it is unmounted.
 */
#include <errno.h>
#include <fuse_lowlevel.h>

#include "tests/bench/bench.h"

enum { FILE_INO = 2 };

static char *text;
static size_t size;

static struct stat attr_of(fuse_ino_t ino)
{
	if (ino == FUSE_ROOT_ID)
		return (struct stat){ .st_ino = ino,
				      .st_mode = S_IFDIR | 0755 };
	return (struct stat){ .st_ino = ino,
			      .st_mode = S_IFREG | 0444,
			      .st_size = (off_t)size };
}

static void op_lookup(fuse_req_t req, fuse_ino_t parent, const char *name)
{
	struct fuse_entry_param entry = {
		.ino = FILE_INO,
		.attr = attr_of(FILE_INO),
		.attr_timeout = 1e-6,
	};

	(void)parent;
	if (strcmp(name, "file") != 0)
		fuse_reply_err(req, ENOENT);
	else
		fuse_reply_entry(req, &entry);
}

static void op_getattr(fuse_req_t req, fuse_ino_t ino,
		       struct fuse_file_info *fi)
{
	struct stat attr = attr_of(ino);

	(void)fi;
	fuse_reply_attr(req, &attr, 3600);
}

static void op_open(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	(void)ino;
	fi->direct_io = 1;
	fuse_reply_open(req, fi);
}

static void op_read(fuse_req_t req, fuse_ino_t ino, size_t most, off_t offset,
		    struct fuse_file_info *fi)
{
	size_t from = (size_t)offset < size ? (size_t)offset : size;
	size_t length = size - from < most ? size - from : most;

	(void)ino;
	(void)fi;
	fuse_reply_buf(req, text + from, length);
}

static const struct fuse_lowlevel_ops ops = {
	.lookup = op_lookup,
	.getattr = op_getattr,
	.open = op_open,
	.read = op_read,
};

int main(int argc, char **argv)
{
	char name[] = "floor", options[] = "-ofsname=floor,default_permissions";
	char *arguments[] = { name, options, NULL };
	struct fuse_args args = FUSE_ARGS_INIT(2, arguments);
	struct fuse_session *session;

	if (argc != 3)
		errx(2, "usage: floor DIR SIZE");
	size = (size_t)number(argv[2]);
	text = malloc(size);
	if (!text)
		err(1, "text");
	memset(text, 'x', size);
	session = fuse_session_new(&args, &ops, sizeof(ops), NULL);
	if (!session || fuse_set_signal_handlers(session) ||
	    fuse_session_mount(session, argv[1]))
		errx(1, "cannot mount");
	fuse_session_loop(session);
	fuse_session_unmount(session);
	fuse_session_destroy(session);
	fuse_opt_free_args(&args);
	free(text);
	return 0;
}
