/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ptrace.h - whether one process may trace another.
 *
 * The daemon may trace everybody, so for what it does on somebody's behalf it
 * has to ask what the kernel would ask of that one: ptrace(2), "Ptrace access
 * mode checking", PTRACE_MODE_ATTACH_REALCREDS, and Yama.  Where /proc does not
 * tell, the answer is no.
 */
#ifndef FS_USER_PTRACE_H
#define FS_USER_PTRACE_H

#include <stdbool.h>

#include "fs/user/cred.h"

bool ptrace_allowed(const struct cred *by, const struct cred *whom);
/* What Yama alone says. */
bool ptrace_within_yama(const struct cred *by, const struct cred *whom);
/* The same without Yama: what reading a process needs, PTRACE_MODE_READ. */
bool ptrace_readable(const struct cred *by, const struct cred *whom);

#endif
