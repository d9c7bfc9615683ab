/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * loaded.h - what a program of type kprobe was loaded for.
 *
 * The expected attach type of a program decides what its helpers take for their
 * context: bpf_get_attach_cookie() of a program for a multi link follows a
 * pointer that only such a link puts there.  On anything else it reads whatever
 * is at that place, and the kernel panics.  Links refuse that since 6.6, the
 * ioctl never does, and the kernel does not tell what it was.  So it is found
 * by asking for links that cannot be made: what is wrong with the program is
 * found before what is wrong with the place.
 */
#ifndef ATTACH_LOADED_H
#define ATTACH_LOADED_H

#include <stdbool.h>
#include <stdint.h>

#include "attach/kind/target.h"
#include "fail.h"

struct loaded {
	const char *section; /* as in SEC("..."): what people know it by */
	uint32_t type; /* expected attach type; 0: events, by link or ioctl */
	enum place place; /* of a type other than 0 */
	bool session; /* runs on entry and on return */
};

/*
 * *loaded becomes a row that lives for ever.  EINVAL when it is none that
 * probefs knows; any errno of the moment when the kernel cannot be asked.
 * Before 5.18 all programs are for events.  Where a kernel of 5.18 to 6.5 was
 * built without CONFIG_FPROBE, a program for kprobe.multi cannot be told from
 * others; it does no harm there, as bpf_get_attach_cookie() is 0.
 */
int program_loaded_for(int prog_fd, const struct loaded **loaded,
		       struct err *e);

/* That of an expected attach type that is known to be right. */
const struct loaded *loaded_find(uint32_t type);

#endif
