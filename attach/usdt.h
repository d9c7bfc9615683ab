/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * usdt.h - what the files of usdt*.c share.
 */
#ifndef ATTACH_USDT_H
#define ATTACH_USDT_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

#include "attach/kind.h"
#include "attach/specs.h"
#include "attach/target.h"
#include "usdt/index.h"
#include "usdt/spec_symbol.h"

struct usdt {
	char *path;
	char *provider; /* a pattern too, as is name */
	char *name;
	pid_t pid;
};

struct usdt_ip { /* an entry of __bpf_usdt_ip_to_spec_id */
	uint64_t address;
	uint32_t id;
};

/* What a target of this kind keeps: one note a site. */
struct usdt_own {
	const struct index_file *file; /* held */
	const struct note **notes;
	struct specs *specs; /* ids in the program's map; NULL: it has none */
	int ip_map; /* of kernels without cookies, or -1 */
	size_t nips;
	struct usdt_ip *ips; /* its entries that are ours */
	struct spec_symbols *symbols; /* that arguments name; until armed */
};

/*
 * The notes of an open file, from the index of this process; path is for the
 * sentence.
 */
int usdt_file(int fd, const char *path, const struct index_file **file,
	      struct err *e);
void usdt_file_put(const struct index_file *file);

/* kind.h, arm() and rearm(). */
int usdt_arm(struct target *target, int prog_fd, uint64_t cookie,
	     struct err *e);
int usdt_rearm(struct target *target, int prog_fd, uint64_t *cookie,
	       struct err *e);

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

#endif
