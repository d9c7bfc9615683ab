/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ptrace.h - whether one process may trace another.
 *
 * The daemon may trace everybody, so for what it does on somebody's behalf it
 * has to ask what the kernel would ask of that one: ptrace(2), "Ptrace access
 * mode checking", PTRACE_MODE_ATTACH_REALCREDS, and Yama.  Where /proc does not
 * tell, the answer is no.
 */
#ifndef FS_TRACE_H
#define FS_TRACE_H

#include <stdbool.h>

#include "fs/user/cred.h"

bool trace_allowed(const struct identity *by, const struct identity *whom);
/* What Yama alone says. */
bool trace_within_yama(const struct identity *by, const struct identity *whom);
/* The same without Yama: what reading a process needs, PTRACE_MODE_READ. */
bool trace_readable(const struct identity *by, const struct identity *whom);

#endif
