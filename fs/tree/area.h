/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * area.h - what there is in the tree: a row an area, and a row a file.
 *
 * An area is one file in this directory and one row in area.c.  It says what a
 * directory holds, what its attributes are before anything is set, and how long
 * the kernel may keep its names.  A directory's files are a table; a file's
 * place in its table is part of its node's number, so rows are only ever
 * appended.
 *
 * Locking: where not said otherwise, tree.lock is held.
 */
#ifndef FS_TREE_AREA_H
#define FS_TREE_AREA_H

#include <stdio.h>
#include <sys/stat.h>

#include "fs/tree/snapshot.h"
#include "fs/user/reference.h"

/* What a write to a file that is no text of a probe's does (fs/change/object.c). */
enum act {
	ACT_NONE,
	ACT_LINK_PROG,
	ACT_LINK_PIN,
	ACT_LINK_DETACH,
	ACT_PROG_PIN,
	ACT_PROG_BIND,
	NACTS,
};

/*
 * A file of bytes, which are taken where they are written, whoever writes: they
 * do nothing by themselves.  write NULL: it is only read.  No lock.
 */
struct byte_file {
	/* offset: -1 is the end. */
	int (*write)(struct tree *tree, const struct caller *caller,
		     uint64_t number, const char *data, size_t size,
		     off_t offset, struct err *e);
	int (*resize)(struct tree *tree, const struct caller *caller,
		      uint64_t number, off_t size, struct err *e);
	/* Other bytes in the place of all, at once. */
	int (*put)(struct tree *tree, const struct caller *caller,
		   uint64_t number, const char *data, size_t size,
		   struct err *e);
	/* NULL, as is the next: it is read as a text. */
	ssize_t (*read)(struct tree *tree, const struct caller *caller,
			uint64_t number, char *buffer, size_t size,
			off_t offset, struct err *e);
	off_t (*size)(struct tree *tree, uint64_t number);
};

/* What is read from an open to a close.  No lock. */
struct stream_source {
	/* 0, and what the next two get; or -errno. */
	int (*open)(struct tree *tree, const struct caller *caller,
		    uint64_t number, void **run, struct err *e);
	/* As read(2); threads may come at once. */
	ssize_t (*read)(struct tree *tree, uint64_t number, void *run,
			char *buffer, size_t size, struct err *e);
	void (*close)(void *run);
};

struct file {
	const char *name;
	mode_t mode; /* 0644, 0600, 0444, 0400 or 0200 */
	unsigned int text; /* enum text_slot, TEXT_NONE: it is none */
	enum act act;
	/* What is done with a value that is written; NULL: see the two above.
	   There is a turn for it, and no lock. */
	int (*write)(struct tree *tree, const struct caller *caller,
		     uint64_t number, char *value, struct err *e);
	const struct byte_file *bytes; /* NULL: it is a text */
	const char *fallback; /* what a text shows that was never written */
	bool in_file; /* only in kinds whose targets are in a file */
	bool last; /* listed after the others, see dirs.c */
	bool slow; /* too much work to be asked for its length */
	bool stream; /* read as it comes, without a text: fs/stream.h */
	const struct stream_source *source; /* of that; NULL: a probe's runs */
	bool addresses; /* there may be some of the kernel in it */
	bool keeps_nothing; /* `write` does something, and rm(1) nothing */
	/* No lock. */
	int (*show)(const struct file *row, const struct view *view, FILE *out,
		    struct err *e);
	const char *help;
};

#define READ_ONLY(row_name, shower, text_help)                       \
	{                                                            \
		.name = (row_name), .mode = 0444, .text = TEXT_NONE, \
		.show = (shower), .help = (text_help)                \
	}

/* One that may tell addresses of the kernel. */
#define TELLS_ADDRESSES(row_name, shower, text_help)                     \
	{                                                                \
		.name = (row_name), .mode = 0444, .text = TEXT_NONE,     \
		.show = (shower), .help = (text_help), .addresses = true \
	}

/* Too much work to be asked for its length. */
#define SLOW(row_name, shower, text_help)                            \
	{                                                            \
		.name = (row_name), .mode = 0444, .text = TEXT_NONE, \
		.show = (shower), .help = (text_help), .slow = true  \
	}

/* One that does something when it is written. */
#define ACTS(row_name, what, shower, text_help)                      \
	{                                                            \
		.name = (row_name), .mode = 0644, .text = TEXT_NONE, \
		.act = (what), .show = (shower), .help = (text_help) \
	}

static inline bool file_can_be_written(const struct file *file)
{
	return file->text != TEXT_NONE || file->act || file->write ||
	       (file->bytes && file->bytes->write);
}

/*
 * What a directory holds besides its files: what can be made in it, and why the
 * rest cannot.  The handlers (fs/ops.c) and the sentences (fs/change/denial.c)
 * are rows by this.
 */
enum holds {
	HOLDS_KINDS,
	HOLDS_PROBES,
	HOLDS_PROGRAMS, /* prog/NAME, and the kernel's programs */
	HOLDS_OBJECTS, /* of the kernel */
	HOLDS_SCRATCH, /* whatever anybody makes beside a probe's files */
	HOLDS_MEMBERS, /* of an object file of a user's */
	HOLDS_FILES, /* its own alone */
	HOLDS_NOTHING,
	NHOLDS,
};

/* Where a listing goes. */
struct dir_sink {
	/* Quick.  next is the place after the name. */
	bool (*add)(struct dir_sink *sink, const char *name, uint64_t number,
		    bool is_dir, uint64_t next);
};

struct area {
	enum holds holds;
	bool is_file; /* its nodes are files, without slots */
	bool comes_and_goes; /* its names do, by themselves */
	bool files_move; /* by rename(2), after which the kernel is wrong */
	unsigned int metas; /* as many are kept; 0: all */

	/* Of slots from SLOT_FILES on; NULL: none. */
	const struct file *files;
	/* Whether this directory has that one of them; NULL: each has all.  No
	   lock. */
	bool (*has)(struct node node, const struct file *file);
	/* The row of a slot from SLOT_FIELDS on; NULL: there are none.  No lock. */
	bool (*more_files)(struct node node, struct file *file);
	/* Whether a file that is there at times is there now; NULL: yes. */
	bool (*has_now)(struct tree *tree, uint64_t dir, unsigned int slot);

	/* Which of its files have no name now, a bit a slot; NULL: all have. */
	uint64_t *(*hidden)(struct tree *tree, uint64_t dir);
	bool hides_till_listed; /* then they have names again */
	/* What is beside its files; NULL: the node is gone.  No op: nothing is. */
	struct nest *(*nest)(struct tree *tree, uint64_t dir);

	/* The nodes in its directory that are no files of it; NULL: none. */
	int (*lookup)(struct tree *tree, uint64_t dir, const char *name,
		      uint64_t *number);
	void (*list)(struct tree *tree, uint64_t dir, uint64_t after,
		     struct dir_sink *sink);
	bool unlocked; /* for these the kernel is asked, without the lock */

	/* What the directory of the node is like before anything is set. */
	int (*attr)(struct tree *tree, uint64_t number, struct stat *attr);
	/* Copies what texts are made from; NULL: the error alone. */
	int (*view)(struct tree *tree, uint64_t number, struct view *view);
	/* What the node refers to, as reference_open(); NULL: to nothing.  No
	   lock. */
	int (*refer)(const struct caller *caller, struct node node,
		     struct reference *out, struct err *e);
	/*
	 * Where its last error is kept; NULL: it is gone, or none is kept.  make:
	 * one is to be.
	 */
	char **(*error)(struct tree *tree, uint64_t number, bool make);
};

extern const struct area *const areas[]; /* by enum area_number */

/* All kinds' probes are alike. */
static inline const struct area *area_of(struct node node)
{
	return areas[node.area < AREA_PROBE ? node.area : AREA_PROBE];
}

static inline const struct area *area_at(uint64_t number)
{
	return area_of(node_of(number));
}

enum { PLACE_CHILDREN = 1024 }; /* in a listing, after all files */

/* NULL: the node is gone, or is of an area where nothing is. */
static inline struct nest *nest_of(struct tree *tree, uint64_t dir)
{
	const struct area *area = area_at(dir);

	return area->nest ? area->nest(tree, dir) : NULL;
}

/* What `own` of a tree does. */
int area_refer(const struct own *own, const struct caller *caller,
	       uint64_t number, struct reference *out, struct err *e);

#endif
