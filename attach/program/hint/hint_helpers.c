// SPDX-License-Identifier: BSD-2-Clause
/*
 * hint_helpers.c - helpers that a kernel lacks, and since when there are.
 *
 * Helpers are numbered as they came, so that the last of each release says since
 * when each is.  There will be no more: kfuncs took their place.
 */
#include <linux/capability.h>
#include <linux/version.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "attach/kernel/program.h"
#include "attach/program/hint/hint_private.h"

/* enum bpf_func_id of linux/bpf.h in each release. */
static const struct {
	uint32_t last;
	uint32_t release;
} releases[] = {
	{ 3, KERNEL_VERSION(3, 19, 0) },   { 11, KERNEL_VERSION(4, 1, 0) },
	{ 16, KERNEL_VERSION(4, 2, 0) },   { 22, KERNEL_VERSION(4, 3, 0) },
	{ 25, KERNEL_VERSION(4, 4, 0) },   { 26, KERNEL_VERSION(4, 5, 0) },
	{ 30, KERNEL_VERSION(4, 6, 0) },   { 36, KERNEL_VERSION(4, 8, 0) },
	{ 41, KERNEL_VERSION(4, 9, 0) },   { 44, KERNEL_VERSION(4, 10, 0) },
	{ 45, KERNEL_VERSION(4, 11, 0) },  { 47, KERNEL_VERSION(4, 12, 0) },
	{ 50, KERNEL_VERSION(4, 13, 0) },  { 53, KERNEL_VERSION(4, 14, 0) },
	{ 57, KERNEL_VERSION(4, 15, 0) },  { 59, KERNEL_VERSION(4, 16, 0) },
	{ 64, KERNEL_VERSION(4, 17, 0) },  { 80, KERNEL_VERSION(4, 18, 0) },
	{ 83, KERNEL_VERSION(4, 19, 0) },  { 90, KERNEL_VERSION(4, 20, 0) },
	{ 92, KERNEL_VERSION(5, 0, 0) },   { 98, KERNEL_VERSION(5, 1, 0) },
	{ 108, KERNEL_VERSION(5, 2, 0) },  { 109, KERNEL_VERSION(5, 3, 0) },
	{ 110, KERNEL_VERSION(5, 4, 0) },  { 115, KERNEL_VERSION(5, 5, 0) },
	{ 118, KERNEL_VERSION(5, 6, 0) },  { 124, KERNEL_VERSION(5, 7, 0) },
	{ 135, KERNEL_VERSION(5, 8, 0) },  { 141, KERNEL_VERSION(5, 9, 0) },
	{ 155, KERNEL_VERSION(5, 10, 0) }, { 162, KERNEL_VERSION(5, 11, 0) },
	{ 163, KERNEL_VERSION(5, 12, 0) }, { 165, KERNEL_VERSION(5, 13, 0) },
	{ 168, KERNEL_VERSION(5, 14, 0) }, { 175, KERNEL_VERSION(5, 15, 0) },
	{ 179, KERNEL_VERSION(5, 16, 0) }, { 185, KERNEL_VERSION(5, 17, 0) },
	{ 193, KERNEL_VERSION(5, 18, 0) }, { 203, KERNEL_VERSION(5, 19, 0) },
	{ 207, KERNEL_VERSION(6, 0, 0) },  { 209, KERNEL_VERSION(6, 1, 0) },
	{ 211, KERNEL_VERSION(6, 2, 0) },
};

/* clang-format off */
static const char *const names[] = {
#define HINT_NAME(name) [BPF_FUNC_##name] = #name
	__BPF_FUNC_MAPPER(HINT_NAME)
#undef HINT_NAME
};
/* clang-format on */

enum { NEWER = 210 }; /* that Debian 12's header does not have */

static const char *const newer[] = {
	"cgrp_storage_get",
	"cgrp_storage_delete",
};

const char *hint_helper_name(uint32_t id)
{
	if (id >= NEWER && id - NEWER < COUNT(newer))
		return newer[id - NEWER];
	return id && id < COUNT(names) ? names[id] : NULL;
}

uint32_t hint_helper_since(uint32_t id)
{
	size_t i;

	for (i = 0; id && i < COUNT(releases); i++)
		if (id <= releases[i].last)
			return releases[i].release;
	return 0;
}

/* kernel/bpf/helpers.c, bpf_base_func_proto(): for all types with the right. */
static const uint32_t tracing[] = {
	BPF_FUNC_trace_printk,
	BPF_FUNC_get_current_task,
	BPF_FUNC_get_current_task_btf,
	BPF_FUNC_probe_read_user,
	BPF_FUNC_probe_read_kernel,
	BPF_FUNC_probe_read_user_str,
	BPF_FUNC_probe_read_kernel_str,
	BPF_FUNC_snprintf_btf,
	BPF_FUNC_snprintf,
	BPF_FUNC_task_pt_regs,
	BPF_FUNC_trace_vprintk,
};

/* What lockdown=confidentiality takes away: LOCKDOWN_BPF_READ_KERNEL, 5.4. */
static const uint32_t reading[] = {
	BPF_FUNC_probe_read,
	BPF_FUNC_probe_read_str,
	BPF_FUNC_probe_read_kernel,
	BPF_FUNC_probe_read_kernel_str,
};

static bool is_in(uint32_t id, const uint32_t *ids, size_t count)
{
	while (count--)
		if (ids[count] == id)
			return true;
	return false;
}

/* What precedes the name and number; kernel/bpf/verifier.c, 3.18 to 7.2. */
static const char *const faults[] = {
	"invalid func ",
	"unknown func ",
	"cannot use helper ",
};

static uint32_t helper_in(const char *log)
{
	const char *at = NULL, *name;
	size_t i;

	for (i = 0; i < COUNT(faults) && !at; i++)
		at = strstr(log, faults[i]);
	if (!at)
		return 0;
	name = at + strlen(faults[i - 1]);
	name += strcspn(name, "#\n");
	return *name == '#' ? (uint32_t)strtoul(name + 1, NULL, 10) : 0;
}

static bool lacks(const struct hint_of *of, int capability)
{
	return !(of->caps & (1ULL << capability | 1ULL << CAP_SYS_ADMIN));
}

bool hint_helper(const struct hint_of *of, const struct hint_kernel *kernel,
		 struct err *e)
{
	uint32_t id, since;
	char text[HINT_LINES];

	hint_log_end(of->log, text);
	id = helper_in(text);
	since = hint_helper_since(id);
	if (!since)
		return false;
	if (since > kernel->release)
		fail_hint(e, "the helper bpf_%s() came with Linux %u.%u",
			  hint_helper_name(id), since >> 16, since >> 8 & 255);
	else if (is_in(id, tracing, COUNT(tracing)) && lacks(of, CAP_PERFMON))
		fail_hint(e,
			  "bpf_%s() takes CAP_PERFMON, which the writer lacks",
			  hint_helper_name(id));
	else if (is_in(id, reading, COUNT(reading)) && kernel->locked)
		fail_hint(
			e,
			"the kernel is locked down, see kernel_lockdown(7): no program may read its memory");
	else if (lacks(of, CAP_BPF))
		fail_hint(e,
			  "bpf_%s() may take CAP_BPF, which the writer lacks",
			  hint_helper_name(id));
	else
		fail_hint(
			e,
			"programs of the type '%s' may not call bpf_%s() here",
			program_type_name(of->type), hint_helper_name(id));
	return true;
}
