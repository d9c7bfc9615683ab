// SPDX-License-Identifier: BSD-2-Clause
/* kprobe.c - the kinds kprobe and kretprobe: functions of the kernel. */
#include <errno.h>
#include <inttypes.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>

#include "attach/kernel/symbols/symbols.h"
#include "attach/kind/function.h"
#include "attach/kind/kind.h"
#include "attach/kind/refusal.h"
#include "pattern.h"
#include "scope.h"

/* KRETPROBE_MAXACTIVE_MAX of kernel/trace/trace_kprobe.c. */
enum { MAXACTIVE_MAX = 4096 };

struct kprobe {
	char *symbol;
	uint64_t offset;
};

struct kretprobe {
	char *symbol;
	uint32_t maxactive;
};

static const struct field kprobe_fields[] = {
	FIELD(struct kprobe, symbol,
	      "[MODULE:]FUNCTION, a pattern with * and ?, or 0xADDRESS"),
	FIELD(struct kprobe, offset, "bytes after the function's start"),
	{ 0 },
};

static const struct field kretprobe_fields[] = {
	FIELD(struct kretprobe, symbol,
	      "[MODULE:]FUNCTION, a pattern with * and ?, or 0xADDRESS"),
	FIELD(struct kretprobe, maxactive,
	      "calls followed at once, to 4096; 0 leaves it to the kernel"),
	{ 0 },
};

/* Takes NAME[@LABEL] or NAME+OFFSET[@LABEL]; *plus is where the '+' is. */
static int symbol_parse(const char *name, char **symbol, struct span *offset,
			struct err *e)
{
	struct span span;
	int err = name_label(name, &span, e);

	if (err)
		return err;
	*offset = (struct span){ strcspn(name, "+"), span.end };
	if (offset->start < span.end)
		span.end = offset->start++;
	else
		offset->start = offset->end;
	err = function_check(name, span, e);
	return err ? err : name_copy(name, span, symbol, e);
}

static int kprobe_parse(const char *name, void *spec, struct err *e)
{
	struct kprobe *kprobe = spec;
	struct span offset;
	int err = symbol_parse(name, &kprobe->symbol, &offset, e);

	if (err || name[strcspn(name, "+@")] != '+')
		return err;
	if (pattern_is(kprobe->symbol))
		return fail_at(e, EINVAL, offset.start - 1,
			       "an offset needs one function, not a pattern");
	return name_number(name, offset, &kprobe->offset, e);
}

static int kretprobe_parse(const char *name, void *spec, struct err *e)
{
	struct kretprobe *kretprobe = spec;
	struct span offset;
	int err = symbol_parse(name, &kretprobe->symbol, &offset, e);

	if (err || name[strcspn(name, "+@")] != '+')
		return err;
	return fail_at(
		e, EINVAL, offset.start - 1,
		"a return probe is on a whole function; it has no offset");
}

static int resolve(const char *symbol, uint64_t offset, struct target *target,
		   struct err *e)
{
	target->event.place = PLACE_KERNEL;
	target->event.whole_functions = true;
	if (!symbol)
		return fail(
			e, EINVAL,
			"the field 'symbol' is empty; write the name of a kernel function to it");
	return function_resolve(symbol, offset, target, e);
}

static int kprobe_resolve(const void *spec, const struct opener *opener,
			  struct target *target, struct err *e)
{
	const struct kprobe *kprobe = spec;

	(void)opener;
	return resolve(kprobe->symbol, kprobe->offset, target, e);
}

static int kretprobe_resolve(const void *spec, const struct opener *opener,
			     struct target *target, struct err *e)
{
	const struct kretprobe *kretprobe = spec;
	int err;

	(void)opener;
	if (kretprobe->maxactive > MAXACTIVE_MAX)
		return fail(e, ERANGE,
			    "the field 'maxactive' is %" PRIu32
			    "; the kernel takes at most %d",
			    kretprobe->maxactive, MAXACTIVE_MAX);
	target->event.ret = true;
	target->event.maxactive = kretprobe->maxactive;
	err = resolve(kretprobe->symbol, 0, target, e);
	/* By address: only a function's first byte has a return. */
	if (!err && target->sites[0].offset)
		return fail(
			e, EINVAL,
			"%s is inside of '%s'; a return probe needs the function's own address, 0x%" PRIx64,
			kretprobe->symbol, target->sites[0].symbol,
			target->sites[0].address);
	return err;
}

/* Why the kernel refused */

static bool is_init(uint64_t address)
{
	const struct symbols *s = symbols_get(NULL);
	bool init = s && symbols_is_init(s, address);

	symbols_put(s);
	return init;
}

/* The kernel says EINVAL for all of these: register_kprobe(). */
static int explain_invalid(const struct target *target, const struct site *site,
			   const char *symbol, struct err *e)
{
	if (symbol_blacklisted(symbol) > 0)
		return fail(
			e, EINVAL,
			"'%s' is on the kernel's list of functions that a kprobe could break (/sys/kernel/debug/kprobes/blacklist); probe a function that calls it",
			symbol);
	if (is_init(site->address))
		return fail(
			e, EINVAL,
			"'%s' ran when the kernel booted and is gone (__init)",
			symbol);
	if (!symbol_traceable(symbol))
		return fail(
			e, EINVAL,
			"'%s' is not among the functions that the kernel traces (available_filter_functions); probe a function that calls it",
			symbol);
	if (target->event.ret && site->offset)
		return fail(e, EINVAL,
			    "a return probe needs the function's start");
	return fail(
		e, EINVAL,
		"the kernel cannot have a probe on '%s'; its log (dmesg) may say why",
		symbol);
}

struct meaning {
	int code;
	int kernel; /* what the kernel gives, when it is another */
	const char *text; /* follows "'SYMBOL' " */
};

/* clang-format off */
static const struct meaning meanings[] = {
	{
		.code = ENOENT,
		.text = "is not a function that the kernel knows",
	},
	{
		/* kprobe_multi, of any of its functions. */
		.code = ESRCH,
		.text = "or another of the functions is not known to ftrace; see available_filter_functions",
	},
	{
		/* The errno of such a place in a file, too. */
		.code = EINVAL,
		.kernel = EILSEQ,
		.text = "has no instruction that begins at this offset; disassemble it to see where they do",
	},
	{
		.code = EADDRNOTAVAIL,
		.text = "is the name of several symbols; use an address of /proc/kallsyms, 0x...",
	},
	{
		.code = EBUSY,
		.text = "is live-patched, or another tracer redirects it; remove that, or probe a function that calls it",
	},
	{
		.code = ERANGE,
		.text = "cannot have that offset or maxactive: too large",
	},
	{
		/* KSYM_NAME_LEN: 128, 512 since 6.1. */
		.code = E2BIG,
		.text = "is longer than a name of this kernel; use its address",
	},
	{ 0 },
};
/* clang-format on */

static int explain(const struct target *target, const struct site *site,
		   bool event, int code, struct err *e)
{
	const char *symbol = site->symbol ? site->symbol : "this address";
	scoped_free char *what = NULL;
	const struct meaning *m;

	if (event && code == EINVAL)
		return explain_invalid(target, site, symbol, e);
	for (m = meanings; m->code; m++)
		if ((m->kernel ? m->kernel : m->code) == code &&
		    (event || code != E2BIG))
			return fail(e, m->code, "'%s' %s", symbol, m->text);
	if (asprintf(&what, "%s on '%s'",
		     target->event.ret ? "kretprobe" : "kprobe", symbol) < 0)
		return fail(e, ENOMEM, "no memory for a sentence");
	return refusal_explain(what, event, code, e);
}

/* What could be probed */

static void list_traceable(void *ctx, const char *module, const char *name)
{
	fprintf(ctx, "%s%s%s\n", module ? module : "", module ? ":" : "", name);
}

static void list_symbol(void *ctx, const struct symbol *symbol)
{
	if (!symbol->blacklisted)
		list_traceable(ctx, symbol->module, symbol->name);
}

static int available(const void *spec, const struct opener *opener, FILE *out,
		     struct err *e)
{
	const struct symbols *s;
	struct err why;

	(void)spec;
	(void)opener;
	if (!traceable_scan(list_traceable, out))
		return 0;
	s = symbols_get(&why);
	if (!s)
		return fail(e, why.code, "%s", why.text);
	symbols_match(s, NULL, "*", list_symbol, out);
	symbols_put(s);
	return 0;
}

static const struct accept accepts[] = {
	{ .prog_type = BPF_PROG_TYPE_KPROBE },
	{ 0 },
};

const struct kind kind_kprobe = {
	.name = "kprobe",
	.grammar = "[MODULE:]FUNCTION[+OFFSET][@LABEL]",
	.help = "a program that runs where a function of the kernel begins, or at an instruction in it",
	.example = "do_sys_openat2",
	.fields = kprobe_fields,
	.spec_size = sizeof(struct kprobe),
	.accepts = accepts,
	.attacher = ATTACHER_EVENTS,
	.traits = KIND_COOKIE,
	.capability = CAP_PERFMON,
	.parse = kprobe_parse,
	.resolve = kprobe_resolve,
	.explain = explain,
	.available = available,
};

const struct kind kind_kretprobe = {
	.name = "kretprobe",
	.grammar = "[MODULE:]FUNCTION[@LABEL]",
	.help = "a program that runs where a function of the kernel returns",
	.example = "do_sys_openat2",
	.fields = kretprobe_fields,
	.spec_size = sizeof(struct kretprobe),
	.accepts = accepts,
	.attacher = ATTACHER_EVENTS,
	.traits = KIND_COOKIE,
	.capability = CAP_PERFMON,
	.parse = kretprobe_parse,
	.resolve = kretprobe_resolve,
	.explain = explain,
	.available = available,
};
