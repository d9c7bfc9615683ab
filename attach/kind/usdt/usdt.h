/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * usdt.h - what the files of usdt*.c share.
 */
#ifndef ATTACH_KIND_USDT_USDT_H
#define ATTACH_KIND_USDT_USDT_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

#include "attach/kind/kind.h"
#include "attach/kind/target.h"
#include "attach/kind/usdt/spec_ids.h"
#include "attach/kind/usdt/usdt_ips.h"
#include "usdt/note_cache.h"
#include "usdt/usdt_symbol.h"

struct usdt {
	char *path;
	char *provider; /* a pattern too, as is name */
	char *name;
	pid_t pid;
};

/* What a target of this kind keeps: one note a site. */
struct usdt_own {
	const struct index_file *file; /* held */
	const struct note **notes;
	struct specs *specs; /* ids in the program's map; NULL: it has none */
	struct usdt_ips *ips; /* of kernels without cookies, or NULL */
	struct spec_symbols *symbols; /* that arguments name; until armed */
};

/*
 * The notes of an open file, from the index of this process; path is for the
 * sentence.
 */
int usdt_file(int fd, const char *path, const struct index_file **file,
	      struct err *e);
void usdt_file_put(const struct index_file *file);

/* ENOEXEC: all of the notes that there are, are damaged. */
int usdt_check_notes(const struct notes *notes, const char *path,
		     struct err *e);
/* ENOEXEC: the file is for another machine. */
int usdt_check_machine(const struct notes *notes, const char *path,
		       struct err *e);
/* EINVAL: the kernel could not probe the place or count in the semaphore. */
int usdt_check_note(const struct note *note, const char *path, struct err *e);

/* The code of a file, as far as it had to be looked into; zeroed at first. */
struct usdt_code {
	struct image *image;
	size_t looked; /* sites that were looked into */
};

/*
 * EINVAL: no instruction begins at the note's place; EOPNOTSUPP: the kernel
 * would take it for another.
 */
int usdt_check_code(struct usdt_code *code, const struct target *target,
		    const struct note *note, struct err *e);
void usdt_code_clear(struct usdt_code *code);

/* ENOENT: what there is instead, in the file or in a library that it needs. */
int usdt_explain_none(const struct usdt *u, const struct target *target,
		      const struct opener *opener, struct err *e);

/* kind.h, explain(). */
int usdt_explain(const struct target *target, const struct site *site,
		 bool event, int code, struct err *e);

/* kind.h, arm() and rearm(). */
int usdt_arm(struct target *target, int prog_fd, uint64_t cookie,
	     struct err *e);
int usdt_rearm(struct target *target, int prog_fd, uint64_t *cookie,
	       struct err *e);

/* Tells the program the addresses of the sites, whose specs have these ids. */
int usdt_arm_addresses(struct target *target, int prog_fd, int specs_map,
		       const uint32_t *ids, struct err *e);

/* target.h, own_free(). */
void usdt_own_free(void *own, bool outlive);

/* kind.h, available(). */
int usdt_available(const void *spec, const struct opener *opener, FILE *out,
		   struct err *e);

/*
 * Probe the nop5 or nop10 behind the nop, which newer kernels make a call; it
 * overwrites the red zone, and so arguments that are there.  Off until set;
 * before threads.
 */
void usdt_set_nop5(bool on);
/* How far behind the offset the nop5 or nop10 is that is to be probed, or 0. */
uint64_t usdt_nop_length(int fd, uint64_t offset);

#endif
