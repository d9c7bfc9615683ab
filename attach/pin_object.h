/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pin_object.h - pins of any program or link, no matter of which tool.
 */
#ifndef ATTACH_PIN_OBJECT_H
#define ATTACH_PIN_OBJECT_H

#include <stdint.h>
#include <stdio.h>

#include "attach/kernel/bpf.h"
#include "fail.h"

/*
 * Pins what fd is of at that name in the directory (O_PATH), with the ids of
 * the thread.  It is pinned there already: touches nothing.  EEXIST: something
 * else has the name.
 */
int pin_object(int fd, int dir, const char *name, struct err *e);

/*
 * The paths at which the program or link of that id is pinned, a line each: in
 * the bpffs mounts of this process's mount namespace, of which each is looked
 * through once, so many entries of it.
 */
int pin_object_list(enum bpf_object object, uint32_t id, FILE *out,
		    struct err *e);

#endif
