/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * options.h - what -o says, in one table.
 *
 * mount(8) hands its helper the words of the command line and of fstab mixed:
 * ours, those of mount(2), and those meant for others, which are swallowed.  An
 * option is one row of the table in options.c; the usage text comes from it.
 *
 * Lifetime: the strings belong to the struct; options_free() frees them.
 * Constant once the arguments are read, so any thread may read it.
 */
#ifndef FS_DAEMON_OPTIONS_H
#define FS_DAEMON_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "fail.h"
#include "fs/tree/policy.h"

struct options {
	/* The arguments. */
	char *source; /* SPEC, as given */
	char *mountpoint; /* absolute, without symlinks, once resolved */
	char *namespace; /* -N: where to mount, NULL is here; path or pid */
	bool sloppy; /* -s: unknown options are no error */
	bool fake; /* -f: check, mount nothing */
	bool verbose; /* -v */

	/* -o. */
	char *fsname; /* the source that mountinfo shows, NULL is SPEC */
	struct policy policy;
	bool read_only; /* as mounted; the kernel enforces it and remounts */
	char *bpffs; /* absolute path, NULL is to look for it */
	char *tracefs; /* likewise */
	bool nomount; /* do not mount a missing bpffs or tracefs */
	bool nop5; /* usdt_set_nop5() */
	bool foreground; /* do not become a daemon */
	bool debug; /* likewise, and print every request */
	bool noscope; /* stay in the caller's systemd unit */
	unsigned long flags; /* MS_..., for mount(2) */
	char *context; /* context=... words for mount(2), NULL is none */
	char *fixed; /* words given that no remount can change, NULL is none */
};

void options_init(struct options *o);
void options_free(struct options *o);

/*
 * Takes a comma-separated list; commas between double quotes do not separate.
 * Later words win.  Heeds o->sloppy.
 */
int options_parse(struct options *o, const char *text, struct err *e);

/* The part of the usage text that lists the options. */
void options_usage(FILE *out);

#endif
