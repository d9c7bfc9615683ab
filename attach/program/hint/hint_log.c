// SPDX-License-Identifier: BSD-2-Clause
/*
 * hint_log.c - what a verifier's log says at its end.
 *
 * A log is the instructions and the states of registers that the verifier went
 * through, then the fault in a line or two, then what it has counted.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "array.h"
#include "attach/program/hint/hint_private.h"

enum { LINES = 3 }; /* at most, of the fault */

/* Lines that are no fault begin with these; kernel/bpf/verifier.c, 7.2. */
static const char *const noise[] = {
	";",
	"from ",
	"func#",
	"caller:",
	"callee:",
	"returning from ",
	"propagating ",
	"mark_precise: ",
	"last_idx ",
	"regs=",
	"parent ",
	"frame1:",
	"frame2:",
	"Validating ",
	"processed ",
	"stack depth ",
	"verification time ",
	"-- BEGIN ",
	"-- END ",
	"libbpf: ",
	"prog '",
	"failed to load ",
	"Func#",
	"insn_cnt ",
	"Global function ",
	"subprog",
	"live regs ",
	"arg#",
	"cur state:",
	"old state:",
};

/* "5: (b7) r0 = 0", "7: R0=scalar()". */
static bool is_instruction(const char *line)
{
	size_t digits = strspn(line, "0123456789");

	return digits && line[digits] == ':';
}

/* "R1=ctx() R10=fp0", "R1_w=inv(id=0)". */
static bool is_registers(const char *line)
{
	size_t at = 1;

	if (line[0] != 'R' || !isdigit((unsigned char)line[1]))
		return false;
	at += strspn(line + at, "0123456789");
	at += strcspn(line + at, " =\n");
	return line[at] == '=';
}

static bool is_noise(const char *line)
{
	size_t i;

	line += strspn(line, " \t");
	if (!*line || is_instruction(line) || is_registers(line))
		return true;
	for (i = 0; i < COUNT(noise); i++)
		if (!strncmp(line, noise[i], strlen(noise[i])))
			return true;
	return false;
}

/* The line that ends before end, without its newline. */
static const char *line_before(const char *log, const char *end)
{
	while (end > log && end[-1] != '\n')
		end--;
	return end;
}

struct lines {
	char text[LINES][HINT_LINES];
	size_t count; /* the last line of the log is the first */
};

/* Of a fault the lines stand together; what is behind them was counted. */
static void gather(const char *log, struct lines *lines)
{
	const char *end = strstr(log, "-- END PROG LOAD LOG --"), *line;
	char *text;
	int length;

	end = end ? end : log + strlen(log);
	while (end > log && lines->count < LINES) {
		if (end[-1] == '\n')
			end--;
		line = line_before(log, end);
		length = (int)(end - line);
		text = lines->text[lines->count];
		snprintf(text, HINT_LINES, "%.*s", length, line);
		if (!is_noise(text))
			lines->count++;
		else if (lines->count)
			return;
		end = line;
	}
}

void hint_log_end(const char *log, char text[HINT_LINES])
{
	struct lines lines = { .count = 0 };
	size_t used = 0;

	gather(log, &lines);
	text[0] = '\0';
	while (lines.count-- && used < HINT_LINES)
		used += (size_t)snprintf(text + used, HINT_LINES - used, "%s%s",
					 lines.text[lines.count],
					 lines.count ? "; " : "");
}

/* What libbpf and cilium/ebpf put in the place of what they cannot resolve. */
#define CORE \
	"bad CO-RE relocation: a type, a field or a value that the program needs is not among the types of this kernel"
#define KFUNC \
	"unknown kfunc: a function that the program calls is not in this kernel"

#define LICENSE "give it a licence that is compatible with the GPL"

static const struct {
	const char *part; /* of the last lines */
	const char *text;
} faults[] = {
	{ "invalid func unknown#195896080", CORE }, /* 0xbad2310 */
	{ "failed to resolve CO-RE relocation", CORE },
	{ "invalid func unknown#233491678", KFUNC }, /* 0xdedc0de */
	{ "invalid func unknown#2002", KFUNC }, /* libbpf 1.2 */
	{ "not found in kernel or module BTFs", KFUNC },
	{ "kernel function call not eliminated", KFUNC },
	{ "(strong): not resolved",
	  "this kernel has no such symbol or setting; declare it __weak to do without" },
	{ "calling kernel function",
	  "programs of this type, or of this licence, may not call it" },
	{ "GPL-restricted", LICENSE },
	{ "GPL only", LICENSE }, /* before 5.14 */
	{ "GPL compatible", LICENSE },
	{ "BPF program is too large",
	  "the verifier went through a million instructions; use fewer branches, or bounded loops" },
	{ "jumps is too complex",
	  "use fewer branches, or calls of functions that are not inlined" },
	{ "racing programs must provide btf_id",
	  "write what the program is for to its 'target'" },
	{ "LSM programs must be attached",
	  "write the hook that the program is for to its 'target'" },
	{ "() is not modifiable",
	  "fmod_ret takes functions that error injection may fail, and security_*" },
	{ "is not sleepable",
	  "a section with '.s' takes functions that may sleep" },
	{ "programs are sleepable", "use the section without '.s'" },
	{ "prohibited for !root", "with CAP_PERFMON the kernel allows it" },
	{ "leaks addr", "with CAP_PERFMON the kernel allows it" },
	{ "pointer arithmetic prohibited",
	  "with CAP_PERFMON the kernel allows it" },
	{ "pointer comparison prohibited",
	  "with CAP_PERFMON the kernel allows it" },
	{ "back-edge from",
	  "loops take CAP_BPF, and the kernel has to see their bounds" },
};

const char *hint_log_text(const char *log)
{
	char text[HINT_LINES];
	size_t i;

	/* Where a value was to be, the verifier says what it is no more. */
	if (strstr(log, "(18) r10 = 0xbad2310"))
		return CORE;
	hint_log_end(log, text);
	for (i = 0; i < COUNT(faults); i++)
		if (strstr(text, faults[i].part))
			return faults[i].text;
	return NULL;
}
