/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * find.h - a program or a map by what the kernel knows it by.
 *
 * Each returns a descriptor, or ENOENT for none, ENOTUNIQ for several (the
 * sentence lists their ids), EINVAL for a malformed number or tag.  The caller
 * has checked that the user may do this.
 */
#ifndef ATTACH_KERNEL_FIND_H
#define ATTACH_KERNEL_FIND_H

#include "fail.h"

int find_prog_id(const char *text, struct err *e);
int find_prog_tag(const char *text, struct err *e);
int find_prog_name(const char *text, struct err *e);

int find_map_id(const char *text, struct err *e);
int find_map_name(const char *text, struct err *e);

#endif
