// SPDX-License-Identifier: BSD-2-Clause
/*
 * function.c - the kinds fentry, fexit, fmod_ret and fsession: functions of the
 * kernel and of BPF programs, through trampolines.
 */
#include <errno.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>

#include "attach/kernel/features.h"
#include "attach/kind/code/code.h"
#include "attach/kind/code/multi.h"
#include "attach/kind/code/refusal_code.h"
#include "attach/kind/name.h"
#include "pattern.h"
#include "scope.h"

struct function {
	char *symbol;
	char *program;
};

static const struct field fields[] = {
	FIELD(struct function, symbol,
	      "[MODULE:]FUNCTION, or a pattern with * and ?; nothing: what the program was loaded for"),
	FIELD(struct function, program,
	      "the BPF program whose function it is, as in 'attach'; nothing: the kernel"),
	{ 0 },
};

static const char id[] = "id:";

#define ONE_FUNCTION \
	"the kernel puts such a program on one function, not on a pattern's"

/* id:N:FUNCTION */
static int parse_of_program(const char *name, struct span span,
			    struct function *function, struct err *e)
{
	size_t colon = sizeof(id) - 1;
	struct span number = { colon, colon };
	struct span rest;
	uint64_t value;
	int err;

	colon += strcspn(name + colon, ":@");
	number.end = colon;
	if (name[colon] != ':')
		return fail_at(e, EINVAL, colon,
			       "a function of a program is id:N:FUNCTION");
	rest = (struct span){ colon + 1, span.end };
	err = name_number(name, number, &value, e);
	if (!err)
		err = name_check(name, rest, "_.$", "a function's name", e);
	if (!err)
		err = name_copy(name, (struct span){ 0, colon },
				&function->program, e);
	return err ? err : name_copy(name, rest, &function->symbol, e);
}

static int parse(const char *name, void *spec, struct err *e)
{
	struct function *function = spec;
	struct span span, rest;
	size_t colon;
	int err;

	if (name[0] == '@')
		return name_check(name, (struct span){ 1, strlen(name) }, "_.-",
				  "a label", e);
	err = name_label(name, &span, e);
	if (err)
		return err;
	if (!strncmp(name, id, sizeof(id) - 1))
		return parse_of_program(name, span, function, e);
	colon = strcspn(name, ":@");
	rest = span;
	if (name[colon] == ':') {
		err = name_check(name, (struct span){ 0, colon }, "_-",
				 "a module's name", e);
		rest.start = colon + 1;
	}
	if (!err)
		err = name_check(name, rest, "_.$*?", "a function's name", e);
	return err ? err : name_copy(name, span, &function->symbol, e);
}

static int fmod_ret_parse(const char *name, void *spec, struct err *e)
{
	int err = parse(name, spec, e);

	if (err || name[0] == '@' || !name[strcspn(name, "*?@")] ||
	    name[strcspn(name, "*?@")] == '@')
		return err;
	return fail_at(e, EINVAL, strcspn(name, "*?"), ONE_FUNCTION);
}

static int resolve_in_program(const struct function *function,
			      const struct opener *opener,
			      struct target *target, struct err *e)
{
	int fd, err;

	if (!function->symbol)
		return fail(
			e, EINVAL,
			"the field 'symbol' is empty: a program has several functions");
	if (pattern_is(function->symbol))
		return fail(
			e, EINVAL,
			"a function of a program is one, not the pattern '%s'",
			function->symbol);
	fd = opener->object(opener->ctx, function->program, BPF_OBJECT_PROG, e);
	if (fd < 0)
		return fd;
	err = code_find_in_program(target, fd, function->symbol, e);
	if (!err && !target_add(target, function->symbol))
		err = fail(e, ENOMEM, "no memory for a site");
	return err;
}

static int resolve_pattern(const struct function *function,
			   struct target *target, struct err *e)
{
	int err;

	if (!code_multi_type(target->code.attach_type))
		return fail(e, EINVAL, ONE_FUNCTION);
	err = feature_need(FEATURE_TRACING_MULTI,
			   "a pattern needs one link on several functions", e);
	return err ? err : code_multi_find(target, function->symbol, e);
}

static int resolve_function(const struct function *function,
			    struct target *target, struct err *e)
{
	struct site *site;
	int err = 0;

	if (function->symbol)
		err = code_find(target, "", function->symbol, e);
	if (err)
		return err;
	site = target_add(target, function->symbol);
	if (!site)
		return fail(e, ENOMEM, "no memory for a site");
	site->btf_id = target->code.btf_id;
	return 0;
}

static int resolve(const struct function *function, uint32_t attach_type,
		   const struct opener *opener, struct target *target,
		   struct err *e)
{
	int err = feature_need(FEATURE_FENTRY,
			       "this kernel has no programs on functions", e);

	target->code.attach_type = attach_type;
	if (err)
		return err;
	if (function->program)
		return resolve_in_program(function, opener, target, e);
	if (function->symbol && pattern_is(function->symbol))
		return resolve_pattern(function, target, e);
	return resolve_function(function, target, e);
}

static int fentry_resolve(const void *spec, const struct opener *opener,
			  struct target *target, struct err *e)
{
	return resolve(spec, BPF_TRACE_FENTRY, opener, target, e);
}

static int fexit_resolve(const void *spec, const struct opener *opener,
			 struct target *target, struct err *e)
{
	return resolve(spec, BPF_TRACE_FEXIT, opener, target, e);
}

static int fmod_ret_resolve(const void *spec, const struct opener *opener,
			    struct target *target, struct err *e)
{
	return resolve(spec, BPF_MODIFY_RETURN, opener, target, e);
}

static int fsession_resolve(const void *spec, const struct opener *opener,
			    struct target *target, struct err *e)
{
	int err = feature_need(FEATURE_FSESSION,
			       "this kernel has no such sessions", e);

	return err ? err : resolve(spec, BPF_TRACE_FSESSION, opener, target, e);
}

static int available(const void *spec, const struct opener *opener, FILE *out,
		     struct err *e)
{
	(void)spec;
	(void)opener;
	return code_list(BTF_KIND_FUNC, "", out, e);
}

/* clang-format off */
#define FUNCTION_KIND(which, type, parser, text, ...)                         \
	static const struct accept which##_accepts[] = {                      \
		{ .prog_type = BPF_PROG_TYPE_TRACING, .attach_type = (type) }, \
		{ 0 },                                                        \
	};                                                                    \
	const struct kind kind_##which = {                                    \
		.name = #which,                                               \
		.grammar = "[MODULE:]FUNCTION[@LABEL], id:N:FUNCTION[@LABEL] or @LABEL", \
		.help = text,                                                 \
		.example = "vfs_read",                                        \
		.fields = fields,                                             \
		.spec_size = sizeof(struct function),                         \
		.accepts = which##_accepts,                                   \
		.attacher = ATTACHER_CODE,                                    \
		.capability = CAP_PERFMON,                                    \
		.parse = parser,                                              \
		.resolve = which##_resolve,                                   \
		.explain = code_explain,                                      \
		.available = available,                                       \
		__VA_ARGS__                                                   \
	}
/* clang-format on */

FUNCTION_KIND(fentry, BPF_TRACE_FENTRY, parse,
	      "a program that runs when a function is entered",
	      .traits = KIND_COOKIE);
FUNCTION_KIND(fexit, BPF_TRACE_FEXIT, parse,
	      "a program that runs when a function returns",
	      .traits = KIND_COOKIE);
FUNCTION_KIND(
	fmod_ret, BPF_MODIFY_RETURN, fmod_ret_parse,
	"a program that runs before a function, and whose result other than 0 the function returns instead of running",
	.traits = KIND_COOKIE | KIND_ALTERS);
FUNCTION_KIND(
	fsession, BPF_TRACE_FSESSION, parse,
	"a program that runs when a function is entered and when it returns",
	.traits = KIND_COOKIE);
