/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * script.h - text files that people take for programs and libraries.
 */
#ifndef ATTACH_KIND_UPROBE_SCRIPT_H
#define ATTACH_KIND_UPROBE_SCRIPT_H

#include <stdbool.h>

#include "fail.h"

/*
 * Fills *e with ENOEXEC when the file is a script for an interpreter or for the
 * linker, and tells which file has the code.  False: it is neither.
 */
bool script_explain(int fd, const char *path, struct err *e);

#endif
