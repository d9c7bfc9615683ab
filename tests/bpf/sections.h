/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* sections.h - the smallest program of a section. */
#ifndef TESTS_BPF_SECTIONS_H
#define TESTS_BPF_SECTIONS_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

/* on_NAME; result: one that the verifier takes for that type. */
#define PROGRAM_OF(section, name, result, context) \
	SEC(section)                               \
	int on_##name(context *ctx)                \
	{                                          \
		(void)ctx;                         \
		return result;                     \
	}

#define PROGRAM(section, name, result) PROGRAM_OF(section, name, result, void)

#endif
