/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* sections.h - the smallest program of a section. */
#ifndef TESTS_BPF_SECTIONS_H
#define TESTS_BPF_SECTIONS_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

/* on_NAME; result: one that the verifier takes for that type. */
#define PROGRAM(section, name, result) \
	SEC(section)                   \
	int on_##name(void *ctx)       \
	{                              \
		(void)ctx;             \
		return result;         \
	}

#endif
