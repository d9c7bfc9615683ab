/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * inspect.h - what is in an object file, which a child finds out when somebody
 * looks for the first time.
 *
 * The child has no rights at all: for that no kernel is asked.
 *
 * Locking: called without.
 */
#ifndef FS_PROG_INSPECT_H
#define FS_PROG_INSPECT_H

#include "fs/prog/upload.h"

/*
 * What the node's members are of, held: what is loaded, or else what is in the
 * object.  *serial is the number of that.  ENODATA: there is
 * no object yet; what object_inspect() says.
 */
int inspect(struct tree *tree, uint64_t number, struct object **out,
	    uint64_t *serial, struct err *e);

/* The same of what is in the object, whatever is loaded; the caller has a turn. */
int inspect_bytes(struct tree *tree, uint64_t number, struct object **out,
		  struct err *e);

/*
 * Asks a child for what is in the claimed one's content, with those settings;
 * *out is held, *content too.  caller: with whose rights.  Settles nothing.
 */
int inspect_with(struct tree *tree, struct upload *upload,
		 const struct settings *settings, const struct caller *caller,
		 struct object **out, struct content **content, struct err *e);

/*
 * The settings and the object that the child has made with them come in force:
 * object is taken over, *settings exchanged for those that were.
 */
void inspect_settle(struct tree *tree, struct upload *upload,
		    struct settings *settings, struct object *object,
		    const struct content *content);

#endif
