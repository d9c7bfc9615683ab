/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * run.h - run/ of a program, below prog/ID/ and below program/P/ of what a user
 * has loaded: what it is run on is written, and then 1 to `go`.
 */
#ifndef FS_PROG_RUN_H
#define FS_PROG_RUN_H

#include "fs/tree/area.h"

/* Of the areas AREA_PROG_RUN and AREA_LOADED_RUN. */
extern const struct file run_files[];

#endif
