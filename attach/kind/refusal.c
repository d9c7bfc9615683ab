// SPDX-License-Identifier: BSD-2-Clause
/* refusal.c - sentences for the errors that any attach can give. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "attach/kernel/perf.h"
#include "attach/kind/refusal.h"
#include "scope.h"

enum side {
	SIDE_EVENT = 1 << 0,
	SIDE_PROGRAM = 1 << 1,
	SIDE_BOTH = SIDE_EVENT | SIDE_PROGRAM,
};

struct reason {
	int code;
	enum side side;
	const char *text; /* follows "the kernel refused the ...: " */
};

/* clang-format off */
static const struct reason reasons[] = {
	{
		.code = EMFILE,
		.side = SIDE_BOTH,
		.text = "no descriptors left; raise the limit on open files (LimitNOFILE=, ulimit -n)",
	},
	{
		.code = ENFILE,
		.side = SIDE_BOTH,
		.text = "the system has no descriptors left; raise fs.file-max",
	},
	{
		.code = ENOMEM,
		.side = SIDE_BOTH,
		.text = "no memory",
	},
	{
		.code = ENOSPC,
		.side = SIDE_EVENT,
		.text = "no room for another event; remove some probes",
	},
	{
		.code = EEXIST,
		.side = SIDE_PROGRAM,
		.text = "the program is there already; a tracepoint and an event of tracefs take each program once",
	},
	{
		.code = E2BIG,
		.side = SIDE_PROGRAM,
		/* BPF_TRACE_MAX_PROGS of kernel/trace/bpf_trace.c. */
		.text = "64 programs are there already, and the kernel takes no more",
	},
	{
		.code = EINVAL,
		.side = SIDE_PROGRAM,
		.text = "the program was loaded for another type of probe",
	},
	{ 0 },
};
/* clang-format on */

const char *refusal_text(const struct refusal *rows, int code)
{
	const struct refusal *row;

	for (row = rows; row->code; row++)
		if (row->code == errno_clamp(code))
			return row->text;
	return NULL;
}

bool locked_down(void)
{
	char text[128] = "";
	scoped_file FILE *in = fopen("/sys/kernel/security/lockdown", "re");

	return in && fgets(text, sizeof(text), in) &&
	       strstr(text, "[confidentiality]");
}

static int explain_rights(const char *what, int code, struct err *e)
{
	int paranoid = perf_paranoid();

	fail(e, code, "the kernel refused the %s: %s", what,
	     strerror(errno_clamp(code)));
	if (locked_down())
		fail_hint(
			e,
			"the kernel is locked down (confidentiality), see kernel_lockdown(7)");
	else if (paranoid != INT_MIN)
		fail_hint(
			e,
			"probefs needs CAP_PERFMON and CAP_BPF, or CAP_SYS_ADMIN; kernel.perf_event_paranoid is %d",
			paranoid);
	else
		fail_hint(
			e,
			"probefs needs CAP_PERFMON and CAP_BPF, or CAP_SYS_ADMIN");
	return -code;
}

int refusal_explain(const char *what, bool event, int code, struct err *e)
{
	enum side side = event ? SIDE_EVENT : SIDE_PROGRAM;
	const struct reason *r;

	if (code == EACCES || code == EPERM)
		return explain_rights(what, code, e);
	for (r = reasons; r->code; r++)
		if (r->code == code && r->side & side)
			return fail(e, code, "the kernel refused the %s: %s",
				    what, r->text);
	return fail(e, code, "the kernel refused the %s: %s", what,
		    strerror(errno_clamp(code)));
}
