/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * target.h - what a probe resolves to: places, before any program is there.
 *
 * A target owns its strings and its descriptor.  It is made by a kind's
 * resolve(), filled in the order of attaching, and constant after that.
 */
#ifndef ATTACH_KIND_TARGET_H
#define ATTACH_KIND_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>
#include <time.h>

#include "attach/kernel/abi.h"
#include "fail.h"

struct opener; /* attach/kind/kind.h */

enum place {
	PLACE_KERNEL, /* a kernel function: kprobe */
	PLACE_FILE, /* an offset of a file: uprobe, USDT */
	PLACE_TRACEPOINT, /* a tracepoint by its id */
};

struct site {
	char *symbol; /* function or tracepoint; NULL when only an address */
	union {
		uint64_t
			offset; /* kernel: from symbol; file: of the file; bytes */
		uint64_t tid; /* samples: of this thread; 0: of any */
	};
	union {
		uint64_t symbol_offset; /* file: from the symbol's start */
		uint64_t turn; /* samples: cpu_turn() when the event was made */
	};
	uint64_t address; /* kernel: absolute, 0 when hidden or not looked up */
	uint64_t ref_ctr; /* file offset of the semaphore; 0 is none */
	uint64_t cookie;
	union {
		uint32_t event_id; /* tracepoint: events/GROUP/NAME/id */
		uint32_t btf_id; /* code: of the function, in code.obj_id */
		int32_t cpu; /* samples: on this one; -1: on any */
	};
	uint32_t
		module; /* kernel: 1 + its place in the target's modules, or 0 */
	char *note; /* for `sites`, may be NULL */
};

/*
 * A file's state when it was opened: another file has another inode, and one
 * that is written in place has another size or time.
 */
struct file_mark {
	uint64_t dev, ino, size;
	struct timespec mtime, ctime;
};

struct stat;
struct file_mark file_mark_of(const struct stat *st);

/* A module of the kernel that has sites. */
struct target_module {
	char *name;
	uint64_t instance; /* module_instance() then; 0: not known */
};

/* Places in code at which the kernel makes an event: kprobe, uprobe, ... */
struct event_target {
	enum place place;
	bool ret; /* on return instead of on entry */
	bool by_address; /* kernel: attach by address; the name is not unique */
	bool whole_functions; /* each site is a function's entry; of the kernel's
				 one that ftrace knows, so kprobe_multi may take
				 it */
	bool go; /* file: a Go program, which a probe of returns may crash */
	char *path; /* file: as found, in the user's name space */
	char *known; /* file: its path as the kernel may be told it, or NULL */
	struct file_mark mark; /* file */
	uint32_t maxactive; /* kretprobe; 0 is the kernel's own choice */
	bool takes_room; /* the program's own, which may be short: -ENOSPC for
			    another target may be due to this one alone */
	size_t nmodules;
	struct target_module *modules;
};

/*
 * A hook of the kernel that one link is put on: of a cgroup, a device, a network
 * namespace, a map; or an iterator.
 */
struct hook_target {
	/* What BPF_LINK_CREATE is asked for, but for the program. */
	struct abi_link_create create;
	uint32_t link_type; /* enum bpf_link_type of what it makes */
	char *where; /* the cgroup's path, the device's name, ...; or NULL */
	uint64_t where_id; /* its inode, index or id; 0 is none */
	int anchor; /* an object that create.relative_fd names; -1.  Owned */
	int netns; /* the network namespace in which it is made; -1.  Owned */
	uint64_t netns_ino;
	uint32_t link_id; /* of the link, once it is there */
	void *data; /* what create points to.  Owned; free() */
};

/*
 * Code that a program was loaded for: a function of the kernel or a program; and
 * of a hook that is one of the kernel's functions.
 */
struct code_target {
	uint32_t attach_type; /* BPF_TRACE_FENTRY, BPF_LSM_MAC, ... */
	uint32_t obj_id; /* BTF object of the function; 0: not named */
	uint32_t
		btf_id; /* of the function in it; 0: whatever the program says */
	uint32_t prog_id; /* of the program whose function it is; 0: none */
	bool multi; /* the program is for one link on all sites (7.2) */
};

/* A perf event that is no probe, on CPUs or in a process. */
struct sample_target {
	uint32_t type; /* PERF_TYPE_... */
	uint64_t config;
	uint64_t period; /* or frequency, in Hz: the other is 0 */
	uint64_t frequency;
	bool of_cpus; /* which come online and go offline */
	bool everywhere; /* on all CPUs, also on those that come online */
};

/*
 * All kinds have sites, one for most.  Of the parts that follow them the one of
 * the kind's attacher counts.
 */
struct target {
	int fd; /* the file, cgroup, namespace or map; -1: none.  Owned */
	pid_t pid; /* only in this process; 0 is all */
	int pidfd; /* of the process, whose number may get another's; -1.  Owned */
	bool cookies_told; /* adopted: the kernel told those of all the sites */
	char *warning; /* sentences for `info`, "; " between, or NULL */
	bool pattern; /* what matches and cannot be probed is left out */
	size_t left_out; /* of a pattern: how many */
	/*
	 * What the kind keeps with the target, and how it is freed, after the
	 * links have gone; outlive: a pin keeps them.  NULL for most kinds.
	 */
	void *own;
	void (*own_free)(void *own, bool outlive);
	bool outlive;
	size_t nsites;
	struct site *sites;
	struct event_target event;
	struct hook_target hook;
	struct code_target code;
	struct sample_target sample;
};

void target_init(struct target *target); /* empty, of no kind */
void target_clear(struct target *target); /* half filled is fine */

/*
 * The two are on one hook, as far as that can be told before a link is there; all
 * that are on no hook are alike.
 */
bool target_same_hook(const struct target *a, const struct target *b);

/* The file of a target; takes path and fd over. */
void target_set_file(struct target *target, char *path, int fd,
		     const struct file_mark *mark);

/*
 * The user's process, where the opener knows how the user counts.  ESRCH when
 * there is none.
 */
int target_set_pid(struct target *target, const struct opener *opener,
		   pid_t pid, struct err *e);

/*
 * Adds a zeroed site and returns it, valid until the next call; symbol is
 * copied and may be NULL.  NULL without memory.
 */
struct site *target_add(struct target *target, const char *symbol);

/* What site->module is for that module, which is loaded; 0 without memory. */
uint32_t target_module(struct target *target, const char *name);

/* Leaves a site of a pattern out; those behind it move up. */
void target_leave_out(struct target *target, size_t site);

/* Adds a sentence to the warning; without memory there is none. */
void target_warn(struct target *target, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void target_warn_go(struct target *target);
void target_warn_left_out(struct target *target); /* if there are any */

#endif
