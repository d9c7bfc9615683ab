/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pin.h - pins of links in bpffs.
 *
 * One link is pinned as a file; several as a directory with an entry for each,
 * numbered in the order of the sites.  A pin keeps its link alive after
 * everybody else has gone.
 *
 * The functions that make, move or remove a pin act with the ids of the thread,
 * so the caller takes on the user's first.
 */
#ifndef ATTACH_PIN_H
#define ATTACH_PIN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "attach/attachment.h"

struct pin {
	int dir; /* O_PATH descriptor of the directory that holds it; owned */
	char *name; /* in that directory; owned.  NULL: there is no pin */
	uint64_t dev, ino; /* so that another pin of that name is not ours */
};

#define PIN_NONE ((struct pin){ .dir = -1 })

/*
 * Pins the links at name in the directory; takes dir over whatever happens.
 * EOPNOTSUPP without links (ioctl), EEXIST when the name is taken, EPERM for a
 * name with a '.' or outside a bpffs.
 */
int pin_make(const struct attachment *a, int dir, const char *name,
	     struct pin *pin, struct err *e);

/*
 * Putting the links of a in the place of those of the pin old, without a moment
 * in which the name is missing where the kernel can exchange names.  First they
 * are pinned beside it, under another name, with its mode and owner; then new
 * takes the name of old.  What fails leaves all as it was and forgets new; old
 * is the caller's to forget.  EEXIST: the name is by now that of something
 * else.
 */
int pin_prepare(const struct attachment *a, const struct pin *old,
		struct pin *new, struct err *e);
int pin_place(const struct pin *old, struct pin *new, struct err *e);

/*
 * Renames the pin: new says the directory and the name, and is the same file.
 * EXDEV to another file system.
 */
int pin_move(const struct pin *old, const struct pin *new, struct err *e);

/*
 * Gives the pin new, of the links of a, the mode and the owner of old.  EPERM
 * when the user may not.
 */
int pin_keep_mode(const struct attachment *a, const struct pin *old,
		  const struct pin *new, struct err *e);

/* What a pin is like that has to go before the next is made. */
struct pin_looks {
	bool taken;
	struct stat pin, entry; /* entry: of its first link, or pin again */
};

/* Nothing is taken where there is no pin. */
void pin_take_looks(const struct pin *pin, struct pin_looks *looks);
/* For the pin of the links of a, as far as the user may. */
void pin_give_looks(const struct attachment *a, const struct pin *pin,
		    const struct pin_looks *looks);

/*
 * What is pinned at that place (O_PATH), which has that name in that directory,
 * is to be called ours.  Takes dir and name over.
 */
int pin_found(int place, int dir, char *name, struct pin *pin);

bool pin_in_bpffs(int fd);
/*
 * A descriptor of what the name is, which is followed neither as a symlink nor
 * onto what is mounted on it; flags of open(2).
 */
int pin_open_name(int dir, const char *name, int flags);

bool pin_alive(const struct pin *pin); /* false also for PIN_NONE */
/* The name only, if it is still ours; -errno, with nothing changed, if not. */
int pin_remove(const struct pin *pin, struct err *e);
void pin_forget(struct pin *pin); /* leaves the name; closes */
int pin_copy(const struct pin *pin, struct pin *copy); /* ENOMEM, EMFILE */

/*
 * Opens what is pinned at place (O_PATH): descriptors of links, one or one a
 * site, or of a single other object.  *fds is the caller's to free and close.
 * EACCES, EINVAL: not in a bpffs, nothing pinned there, or in a directory what
 * is no link.  What is behind a gap in the numbers is not looked at.
 */
int pin_open(int place, int **fds, size_t *nfds, struct err *e);

#endif
