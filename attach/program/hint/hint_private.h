/* SPDX-License-Identifier: BSD-2-Clause */
/* hint_private.h - the parts of hints.h. */
#ifndef ATTACH_PROGRAM_HINT_HINT_PRIVATE_H
#define ATTACH_PROGRAM_HINT_HINT_PRIVATE_H

#include "attach/program/hint/hints.h"

enum { HINT_LINES = 256 }; /* bytes of the log in a sentence, NUL included */

/*
 * The last lines of a verifier's log that say what is wrong, "; " between them;
 * "" when there are none.
 */
void hint_log_end(const char *log, char text[HINT_LINES]);

/* What the log tells that is to be explained; NULL: nothing. */
const char *hint_log_text(const char *log);

/*
 * A helper that the log has trouble with: a hint on the version that has it, or
 * on what it takes to call it.  false: none is meant, and *e is untouched.
 */
bool hint_helper(const struct hint_of *of, const struct hint_kernel *kernel,
		 struct err *e);

/* The name of a helper; NULL: no kernel has it. */
const char *hint_helper_name(uint32_t id);
uint32_t hint_helper_since(uint32_t id); /* KERNEL_VERSION(); 0: none has it */

/* A hint on the rights that are missing. */
void hint_rights(const struct hint_of *of, const struct hint_kernel *kernel,
		 struct err *e);

/* The capabilities that a program's type takes since 5.8: 1 << CAP_... */
uint64_t hint_rights_of(enum bpf_prog_type type);

/*
 * A hint when the type, the attach type or a flag is newer than the kernel; true
 * then.
 */
bool hint_version(const struct hint_of *of, const struct hint_kernel *kernel,
		  struct err *e);

#endif
