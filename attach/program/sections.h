/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sections.h - what the name of a section says of the program in it.
 *
 * The table is our own, since Debian's libbpf 1.1 knows no section that is newer
 * than Linux 6.2.  It has all that libbpf 1.8 has; of names that have a label
 * behind them, as "xdp_drop" and "classifier/one", it takes those that iproute2
 * and cilium/ebpf take.
 */
#ifndef ATTACH_PROGRAM_SECTIONS_H
#define ATTACH_PROGRAM_SECTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "attach/kernel/abi.h"
#include "fail.h"

/* What stands behind the name. */
enum section_rest {
	SECTION_LABEL, /* anything: it is looked at by nobody */
	SECTION_HINT, /* after a '/': where the program's author wants it */
	SECTION_TARGET, /* after a '/': what it is loaded for, by BTF */
};

struct section_row {
	const char *name;
	enum bpf_prog_type type;
	uint32_t attach_type; /* expected; 0 where none is */
	enum section_rest rest;
	uint32_t flags; /* BPF_F_... of BPF_PROG_LOAD */
};

extern const struct section_row sections[]; /* nameless last */

/* "?" before a name: the program is not loaded unless the user asks for it. */
bool sections_autoload(const char *text);

/*
 * The row for a section's name, a "?" before it included; NULL: none.  *rest is
 * then what stands behind "NAME/", a hint or a target; "" for a label, or when
 * nothing does.
 */
const struct section_row *sections_find(const char *text, const char **rest);

/* EINVAL: the sentence that says which sections are known. */
int sections_refuse(const char *text, struct err *e);

/*
 * Whether a program of that type is loaded for something that BTF has; false for
 * those of tracing_multi, which are for all that a link names.
 */
bool sections_need_target(enum bpf_prog_type type, uint32_t attach_type);

#endif
