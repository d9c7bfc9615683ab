/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * settle.h - what a write changes of a probe: gathered, put in place at once.
 *
 * A change begins with what the probe has.  What shall take the place of that
 * is made without the lock and noted in the change.  change_end() puts all of
 * it in place under the lock, once, together with what else the write leaves:
 * the probe's `error`, the times of the file, what the handle has taken.  What
 * has been replaced is freed after that, so a reader finds either all that was
 * there or all that is there now.
 *
 * Locking: a change is of the thread that has claimed the probe.  That thread
 * alone writes what the probe has, so it reads that without the lock.
 *
 * Lifetime: what `next` holds belongs to the probe as long as it is what the
 * probe has.  Anything else belongs to the change until it is settled.
 */
#ifndef FS_CHANGE_SETTLE_H
#define FS_CHANGE_SETTLE_H

#include "fs/tree/tree.h"
#include "fs/user/caller.h"

/* What a probe has besides its texts. */
struct holding {
	struct attached *attached;
	struct pin pin;
	int prog_fd; /* the program of a probe without a link, or -1 */
	struct load_as prog_as; /* as what a built-in one was loaded */
};

/* What a write leaves besides the change of the probe. */
struct written {
	uint64_t number; /* of the file's node */
	uint64_t fh; /* of the handle it came by; 0: of none */
	char *taken; /* for a write that goes on, as is prior; owned */
	char *prior;
	off_t end;
};

/* A change to some texts.  The other texts are those of the probe. */
struct change {
	struct tree *tree;
	struct probe *probe; /* claimed */
	const struct caller *caller;
	bool given[TEXT_MAX]; /* a text is to be replaced */
	char *texts[TEXT_MAX]; /* by that; NULL is the default */
	unsigned int fault; /* the slot whose text is being looked at */
	struct holding next; /* what the probe shall have */
	struct pin_looks looks; /* of a pin that went before the next is made */
	bool renews; /* nobody wrote: a writer waits until it is done */
	bool changed; /* what is settled differs from what was there */
	bool attached; /* and so does what is attached */
	bool lost; /* what was attached could not be restored */
	bool again; /* the old link has gone to make room: see struct opener */
};

/* Claims the probe of the node for the change. */
int change_begin(struct change *c, uint64_t number, struct err *e);

/* The text of the slot with the change; NULL for the default.  Borrowed. */
char *change_text_of(const struct change *c, unsigned int slot);
/* All of them; borrowed, too. */
void change_texts(const struct change *c, char *texts[TEXT_MAX]);
/* What the slot says, with the change; "" for the default.  Yours to free. */
int change_value(const struct change *c, unsigned int slot, char **value,
		 struct err *e);

/* The text of a file shall be that; takes text over. */
void change_tell(struct change *c, unsigned int slot, char *text);
/* The probe shall keep a program, without a link; takes prog_fd over;
   as may be NULL. */
void change_keep_program(struct change *c, int prog_fd,
			 const struct load_as *as);
/*
 * What was attached has gone and cannot be restored: whatever becomes of the
 * change, its text goes, and no other is replaced.
 */
void change_lose(struct change *c);

/*
 * The pin is about to become that: until the change is settled or ends, either
 * will do for readers.  ENOMEM, EMFILE.
 */
int change_announce(struct change *c, const struct pin *pin, struct err *e);

/*
 * Puts what the probe shall have in place before the end, where it has to make
 * room.  Returns when the program that was replaced can no longer run.
 */
void change_settle(struct change *c);

/*
 * Ends the change and the claim, and wakes the watchers of the probe if it has
 * changed.  taken: all of it is put in place, and on return the program that
 * was replaced can no longer run; otherwise only *error is, the text for
 * `error`, which is taken over.  written is NULL when nobody wrote, and is then
 * what has been replaced of the handle.
 */
void change_end(struct change *c, bool taken, struct written *written,
		char *error);

/* A write was refused before there was a change; takes error over. */
void written_refuse(struct tree *tree, struct written *written, char *error);
void written_clear(struct written *written);

#endif
