/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * reference_forms.h - the forms that a reference may have, but for those of
 * fs/user/reference_path.h.
 *
 * A form opens what stands behind its prefix; of a failure *out can have a part,
 * which the caller clears.
 */
#ifndef FS_USER_REFERENCE_FORMS_H
#define FS_USER_REFERENCE_FORMS_H

#include "fs/user/reference.h"

int form_id(const struct caller *caller, const char *rest,
	    struct reference *out, struct err *e);
int form_tag(const struct caller *caller, const char *rest,
	     struct reference *out, struct err *e);
int form_name(const struct caller *caller, const char *rest,
	      struct reference *out, struct err *e);
int form_link(const struct caller *caller, const char *rest,
	      struct reference *out, struct err *e);
/* What stands below prog/ in this mount. */
int form_listed(const struct caller *caller, const char *rest,
		struct reference *out, struct err *e);
/* The same, written without. */
int form_bare(const struct caller *caller, const char *rest,
	      struct reference *out, struct err *e);

/* A descriptor of an object of any type becomes a reference, or is refused. */
int form_take(int fd, struct reference *out, struct err *e);

#endif
