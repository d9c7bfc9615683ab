/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * reference_path.h - references by a path: of a pin, of a descriptor, of a file
 * of this very mount.
 */
#ifndef FS_USER_REFERENCE_PATH_H
#define FS_USER_REFERENCE_PATH_H

#include "fs/user/reference.h"

/* rest: what stands behind /proc/self/fd/, /proc/ or /. */
int form_own_descriptor(const struct caller *caller, const char *rest,
			struct reference *out, struct err *e);
int form_proc(const struct caller *caller, const char *rest,
	      struct reference *out, struct err *e);
int form_root(const struct caller *caller, const char *rest,
	      struct reference *out, struct err *e);

#endif
