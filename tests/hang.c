// SPDX-License-Identifier: BSD-2-Clause
/*
 * hang.c - a file system that does not answer, as a dead server's.
 *
 *	hang DIR FILE [private]    mounts on DIR; ends when that is unmounted
 *
 * Private: for the user alone who mounts it.
 *
 * In it are `read`, which has the length of FILE and can be opened, but whose
 * contents never come, and `open`, which cannot even be opened.  Any other name
 * is never found, nor said to be missing.
 */
#include <err.h>
#include <fuse_lowlevel.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
	NODE_READ = 2,
	NODE_OPEN = 3,
	FOREVER = 3600, /* seconds */
};

static off_t length;

static struct stat attr_of(fuse_ino_t ino)
{
	bool dir = ino == FUSE_ROOT_ID;

	return (struct stat){
		.st_ino = ino,
		.st_mode = dir ? S_IFDIR | 0755 : S_IFREG | 0755,
		.st_nlink = 1,
		.st_size = dir ? 0 : length,
	};
}

static void hang_lookup(fuse_req_t req, fuse_ino_t parent, const char *name)
{
	struct fuse_entry_param entry = {
		.attr_timeout = FOREVER,
		.entry_timeout = FOREVER,
	};

	(void)parent;
	if (!strcmp(name, "read"))
		entry.ino = NODE_READ;
	else if (!strcmp(name, "open"))
		entry.ino = NODE_OPEN;
	else
		return;
	entry.attr = attr_of(entry.ino);
	fuse_reply_entry(req, &entry);
}

static void hang_getattr(fuse_req_t req, fuse_ino_t ino,
			 struct fuse_file_info *fi)
{
	struct stat attr = attr_of(ino);

	(void)fi;
	fuse_reply_attr(req, &attr, FOREVER);
}

static void hang_open(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	if (ino == NODE_READ)
		fuse_reply_open(req, fi);
}

static void hang_read(fuse_req_t req, fuse_ino_t ino, size_t size, off_t offset,
		      struct fuse_file_info *fi)
{
	(void)req, (void)ino, (void)size, (void)offset, (void)fi;
}

/* The unmounting aborts what was never answered. */
int main(int argc, char **argv)
{
	static const struct fuse_lowlevel_ops ops = {
		.lookup = hang_lookup,
		.getattr = hang_getattr,
		.open = hang_open,
		.read = hang_read,
	};
	char name[] = "hang", options[] = "-oallow_other";
	char *words[] = { name, options, NULL };
	struct fuse_args args = FUSE_ARGS_INIT(argc == 4 ? 1 : 2, words);
	struct fuse_session *session;
	struct stat st;

	if (argc < 3 || argc > 4 || stat(argv[2], &st))
		errx(2, "usage: hang DIR FILE [private]");
	length = st.st_size;
	session = fuse_session_new(&args, &ops, sizeof(ops), NULL);
	if (!session || fuse_session_mount(session, argv[1]))
		errx(1, "cannot mount on %s", argv[1]);
	fuse_session_loop(session);
	fuse_session_destroy(session);
	return 0;
}
