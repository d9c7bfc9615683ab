/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tree.h - the probes of a mount, and what is known of its nodes.
 *
 * Locking: one mutex, tree.lock, guards everything here that is not marked
 * constant.  It is taken in fs/ only, outlives every probe, and is never held
 * over a path, an attach call or the making of a text.
 *
 * A thread that wants to change a probe claims it: probe.busy is set under the
 * lock, the lock is dropped, the work is done, the result is settled under the
 * lock, at once (fs/change/settle.h).  Only the holder of the claim writes
 * config.texts, live, pin and prog_fd, so it may read those without the lock.
 *
 * Lifetime: a probe lives from probe_make() to probe_remove(); afterwards its
 * number finds nothing.  What is attached is a struct attached, which readers hold
 * while they look at it; it is freed when the last of them has let go, and the
 * thread that retires it waits for that.
 */
#ifndef FS_TREE_TREE_H
#define FS_TREE_TREE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/queue.h>
#include <sys/tree.h>

#include "attach/attachment.h"
#include "attach/pin.h"
#include "attach/program/builtin.h"
#include "fs/tree/config.h"
#include "fs/tree/node.h"
#include "fs/tree/policy.h"
#include "fs/user/mandate.h"
#include "fs/user/reference.h"

/* Something attached.  All but readers is constant. */
struct attached {
	uint64_t serial; /* no other one has it */
	struct attachment *attachment;
	const struct builtin *builtin; /* whose program it is, or NULL */
	/* With which its file is looked at; NULL: there is no file, or too many
	   mandates.  Owned. */
	struct mandate *mandate;
	unsigned int readers;
};

/* What a directory is beside the files that come with it. */
struct nest {
	LIST_HEAD(, scratch) scratches; /* fs/tree/scratch.h */
	uint64_t hidden[2]; /* slots of files that were unlinked or renamed */
	bool objects; /* as large as object files are */
};

struct probe {
	RB_ENTRY(probe) by_id;
	RB_ENTRY(probe) by_name;
	struct kind_dir *kind_dir; /* constant */
	uint64_t id; /* constant; never used again */
	uid_t owner; /* constant: in whose share it counts, see probe.c */
	struct config config;
	struct attached *attached; /* NULL while no link is there */
	struct pin pin;
	struct pin
		pin_next; /* what the pin is becoming, by a change under way */
	uint32_t pin_changes; /* of the two */
	int prog_fd; /* the program of a probe that is not enabled, or -1 */
	struct load_as prog_as; /* as what a built-in one was loaded */
	bool busy;
	bool renewing; /* busy with going over to another file: it is waited for */
	bool removal_asked; /* its RMDIR was answered with ESTALE */
	struct nest nest;
	uint32_t changes; /* how often what it has attached has changed */
	unsigned int lost; /* what fs/tree/poll.c has found gone */
	LIST_HEAD(, watcher) watchers;
	LIST_ENTRY(probe) watched; /* while it has watchers */
};

RB_HEAD(probes_by_id, probe);
RB_HEAD(probes_by_name, probe);

/* What was set on a node by chmod, chown, utimens or a change. */
struct meta {
	RB_ENTRY(meta) entry;
	uint64_t number; /* constant */
	unsigned int set; /* FUSE_SET_ATTR_... */
	uid_t uid;
	gid_t gid;
	mode_t mode;
	struct timespec atime, mtime, ctime;
	char *error; /* of the last write to an object of the kernel; or NULL */
	/* Slots of its files that were unlinked; of a variable, which is in no
	   table: bit 0. */
	uint64_t hidden[2];
};

RB_HEAD(metas, meta);

struct scratch; /* fs/tree/scratch.h */
RB_HEAD(scratches, scratch);

struct watcher; /* fs/tree/poll.h */

/* The probes of one kind: a directory. */
struct kind_dir {
	const struct kind *kind; /* constant, as are the next three */
	size_t place; /* in kinds[] */
	unsigned int area; /* of its probes */
	uint64_t number; /* of the directory */
	struct probes_by_id by_id;
	struct probes_by_name by_name;
	uint64_t next_id;
	char *error; /* of the last refused mkdir; NULL after a success */
	uint64_t hidden[2]; /* slots of its files that were unlinked */
};

struct handles; /* fs/tree/handle.h */

enum { REMOVALS = 64 }; /* at a time, see removal.c */

/* An RMDIR that was answered with ESTALE and comes again. */
struct removal {
	pid_t tid; /* of the thread that comes; 0 when none does */
	bool busy; /* a thread is detaching the probe */
	uint64_t number; /* of the probe */
	struct timespec asked; /* by CLOCK_MONOTONIC */
};

/*
 * What is above the tree and knows of probes what `info` tells too: the maker
 * of the tree sets it, and finds itself again by it.
 */
struct teller {
	/* number is that of the probe's directory.  No lock is held. */
	void (*tell)(struct teller *teller, uint64_t number, FILE *out);
};

struct tree {
	pthread_mutex_t lock;
	pthread_cond_t
		quiet; /* a reader let go of a struct attached, or a probe
				 that was renewed is no longer busy */
	const struct policy *policy; /* constant */
	struct timespec started; /* constant */
	size_t nkind_dirs; /* constant: one for each of kinds[] */
	struct kind_dir *kind_dirs;
	size_t count; /* of probes, all kinds */
	struct metas metas;
	struct scratches scratches;
	uint64_t scratch_serial;
	size_t scratch_bytes[2]; /* of object files in the second */
	LIST_HEAD(, quota) quotas; /* fs/tree/probe.c */
	TAILQ_HEAD(, upload) uploads; /* fs/prog/upload.h */
	uint64_t upload_serial; /* the last that was given there */
	LIST_HEAD(, stream) streams; /* fs/stream.h */
	LIST_HEAD(, run_state) runs; /* fs/prog/run_state.h */
	LIST_HEAD(, probe) watched; /* fs/tree/poll.h, as are the next */
	pthread_cond_t patrolled;
	pthread_t patrol;
	bool has_patrol, patrol_ends;
	struct handles *handles;
	char *error; /* of what was refused outside of the kinds; or NULL */
	struct own own; /* constant */
	struct teller *teller; /* constant once there are threads */
	struct removal removals[REMOVALS];
};

struct tree *tree_new(const struct policy *policy);
/* Its probes have ended: see probe.h.  No lock; NULL is fine. */
void tree_free(struct tree *tree);

/*
 * The following want the lock held.  number is that of any node of the probe.
 */
struct probe *tree_find(struct tree *tree, uint64_t number);
struct probe *kind_dir_find(struct kind_dir *kind_dir, const char *name);
/* The first probe with an id above that one. */
struct probe *kind_dir_next(struct kind_dir *kind_dir, uint64_t id);

/* Into the indexes of its kind, and out of them. */
void kind_dir_add(struct kind_dir *kind_dir, struct probe *probe);
void kind_dir_drop(struct kind_dir *kind_dir, struct probe *probe);

/* The following want no lock, and the first takes it. */

#define HOLDER_WANTED ((char *)-1)

/*
 * names is by descriptor of ours: those that are wanted become the probe that
 * keeps it, as KIND/NAME, yours to free, or stay as they are.
 */
void tree_name_holders(struct tree *tree, char **names, size_t nfds);

/* The kind that a node belongs to, as its directory or a probe; or NULL. */
const struct kind *kind_of(struct node node);
struct kind_dir *kind_dir_of(const struct tree *tree, struct node node);

/* The number of a probe's directory. */
uint64_t probe_number(const struct probe *probe);

#endif
