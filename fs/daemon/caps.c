// SPDX-License-Identifier: BSD-2-Clause
/* caps.c - giving up what the daemon never needs. */
#include <errno.h>
#include <linux/capability.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "array.h"
#include "fs/daemon/caps.h"

static const struct {
	unsigned int cap;
	const char *why;
} kept[] = {
	{ CAP_SYS_ADMIN, "bpf(2) by id, uprobes of the PMU, unmounting" },
	{ CAP_BPF, "maps, programs and links" },
	{ CAP_PERFMON, "perf events" },
	{ CAP_NET_ADMIN, "links of cgroups and what is on a hook, before 6.9" },
	{ CAP_SYS_PTRACE, "the root and the descriptors of who writes" },
	{ CAP_SETUID, "to be, for a path, who writes" },
	{ CAP_SETGID, "likewise, with the groups" },
	{ CAP_DAC_OVERRIDE, "to open for root what root may open" },
	{ CAP_DAC_READ_SEARCH, "likewise" },
	{ CAP_FOWNER, "to remove root's pins from a sticky directory" },
	{ CAP_CHOWN, "to leave a pin of root's to whom it belongs" },
	{ CAP_SYSLOG, "addresses of kallsyms" },
	{ CAP_SYS_RESOURCE, "maps beyond RLIMIT_MEMLOCK, before 5.11" },
	{ CAP_IPC_LOCK, "likewise" },
};

static uint64_t mask(void)
{
	uint64_t bits = 0;
	size_t i;

	for (i = 0; i < COUNT(kept); i++)
		bits |= UINT64_C(1) << kept[i].cap;
	return bits;
}

/* A kernel that has more than this header knows answers EINVAL at the end. */
static void drop_bounds(uint64_t keep)
{
	unsigned int cap;

	for (cap = 0; cap < 64; cap++)
		if (!(keep >> cap & 1) && prctl(PR_CAPBSET_DROP, cap, 0, 0, 0))
			return;
}

int caps_drop(struct err *e)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2];
	uint64_t keep = mask();
	size_t i;

	drop_bounds(keep);
	if (syscall(SYS_capget, &header, data))
		return fail(e, errno, "cannot read capabilities");
	for (i = 0; i < 2; i++) {
		data[i].permitted &= (uint32_t)(keep >> 32 * i);
		data[i].effective = data[i].permitted;
		data[i].inheritable = 0;
	}
	if (syscall(SYS_capset, &header, data))
		return fail(e, errno, "cannot drop capabilities: %s",
			    strerror(errno_clamp(errno)));
	return 0;
}
