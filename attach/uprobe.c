// SPDX-License-Identifier: BSD-2-Clause
/* uprobe.c - probes on functions of programs and libraries. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "attach/binary.h"
#include "attach/script.h"
#include "attach/uprobe.h"
#include "scope.h"

/* Machines whose programs this kernel runs and can put breakpoints into. */
static const uint16_t machines[] = {
#if defined(__x86_64__)
	EM_X86_64,
	EM_386,
#elif defined(__i386__)
	EM_386,
#elif defined(__aarch64__)
	EM_AARCH64,
#elif defined(__riscv)
	EM_RISCV,
#elif defined(__s390x__)
	EM_S390,
#elif defined(__powerpc64__)
	EM_PPC64,
#endif
};

int functions_add(struct functions *f, const struct image_symbol *s)
{
	struct function *grown;

	if ((f->count & (f->count - 1)) == 0) {
		grown = reallocarray(f->list, f->count ? 2 * f->count : 1,
				     sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		f->list = grown;
	}
	f->list[f->count] = (struct function){
		.name = s->name,
		.version = s->version,
		.default_version = s->default_version,
		.type = s->type,
		.offset = s->offset,
		.size = s->size,
		.order = f->count,
	};
	f->count++;
	return 0;
}

static int by_offset(const void *left, const void *right)
{
	const struct function *a = left, *b = right;

	if (a->offset != b->offset)
		return a->offset > b->offset ? 1 : -1;
	return (a->order > b->order) - (a->order < b->order);
}

void functions_sort(struct functions *f)
{
	if (f->count)
		qsort(f->list, f->count, sizeof(*f->list), by_offset);
}

void uprobe_warn(struct target *target, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	target_vwarn(target, format, args);
	va_end(args);
}

static int open_debug(const void *ctx, const char *path)
{
	const struct opener *opener = ctx;
	struct err ignored;

	return opener->open(opener->ctx, path,
			    O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY,
			    &ignored);
}

static int check_machine(const struct image *image, const char *path,
			 struct err *e)
{
	uint16_t machine = image_machine(image);
	const char *name = image_machine_name(machine);
	size_t i, count = sizeof(machines) / sizeof(machines[0]);

	for (i = 0; i < count; i++)
		if (machines[i] == machine)
			return 0;
	return fail(e, ENOEXEC,
		    "'%s' is for %s (machine %d); this kernel runs %s", path,
		    name ? name : "another machine", machine,
		    image_machine_name(machines[0]));
}

int uprobe_image(int fd, const char *path, const struct opener *opener,
		 bool force, struct image **image, struct err *e)
{
	struct err inner;
	int result = image_open(fd, image, &inner);

	if (result == -ENOEXEC && script_explain(fd, path, e))
		return result;
	if (result)
		return fail(e, -result, "cannot probe '%s': %s", path,
			    inner.text);
	result = force ? 0 : check_machine(*image, path, e);
	if (result) {
		image_close(*image);
		*image = NULL;
		return result;
	}
	image_set_debug_opener(*image, open_debug, opener, path);
	return 0;
}

static int check_fields(const struct uprobe *u, struct err *e)
{
	if (!u->path)
		return fail(
			e, EINVAL,
			"the field 'path' is not set; write the binary's path to it");
	if (u->symbol && !*u->symbol)
		return fail(
			e, EINVAL,
			"the field 'symbol' is empty; write a function's name to it");
	if (!u->symbol && !u->offset)
		return fail(
			e, EINVAL,
			"neither 'symbol' nor 'offset' is set; write a function's name or an offset of the file");
	return 0;
}

static int open_target(const struct uprobe *u, const struct opener *opener,
		       bool ret, struct target *target, struct err *e)
{
	struct binary binary;
	int result = binary_open(u->path, opener, &binary, e);

	if (result) {
		binary_clear(&binary);
		return result;
	}
	target_set_file(target, binary.path, binary.fd, &binary.mark);
	target->ret = ret;
	return target_set_pid(target, opener, u->pid, e);
}

/* The kernel takes any offset of any file; force means just that. */
static int forced_site(const struct uprobe *u, struct target *target,
		       struct err *e)
{
	struct site *site = target_add(target, NULL);

	if (!site)
		return fail(e, ENOMEM, "no memory for the sites");
	site->offset = u->offset;
	site->ref_ctr = u->ref_ctr_offset;
	return 0;
}

/* A session hijacks the return address, which is only there at the start. */
static bool are_functions(const struct target *target)
{
	size_t i;

	for (i = 0; i < target->nsites; i++)
		if (!target->sites[i].symbol || target->sites[i].symbol_offset)
			return false;
	return true;
}

static int find_sites(const struct uprobe *u, struct image *image,
		      const struct opener *opener, struct target *target,
		      struct err *e)
{
	int result = u->force ? 0 : uprobe_check_counter(u, image, e);

	if (!result && !u->force && image_is_debug(image))
		return fail(
			e, ENOEXEC,
			"'%s' has no code, only the debug symbols of another file; probe that one",
			target->path);
	if (result)
		return result;
	target->go = image_is_go(image);
	if (target->ret && target->go)
		target_warn_go(target);
	if (u->symbol)
		return uprobe_sites(u, image, opener, target, e);
	return uprobe_site_at(u, image, target, e);
}

static int resolve(const struct uprobe *u, const struct opener *opener,
		   bool ret, struct target *target, struct err *e)
{
	struct image *image = NULL;
	int result = check_fields(u, e);

	target->place = PLACE_FILE;
	if (!result)
		result = open_target(u, opener, ret, target, e);
	if (result)
		return result;
	result = uprobe_image(target->fd, target->path, opener, u->force,
			      &image, e);
	if (result == -ENOEXEC && u->force && !u->symbol)
		return forced_site(u, target, e);
	if (!result)
		result = find_sites(u, image, opener, target, e);
	target->whole_functions = !result && are_functions(target);
	image_close(image);
	return result;
}

static int open_binary(const void *spec, const struct opener *opener,
		       struct binary *binary, struct err *e)
{
	const struct uprobe *u = spec;
	int result = check_fields(u, e);

	*binary = (struct binary){ .fd = -1 };
	return result ? result : binary_open(u->path, opener, binary, e);
}

static int entry_resolve(const void *spec, const struct opener *opener,
			 struct target *target, struct err *e)
{
	return resolve(spec, opener, false, target, e);
}

static int return_resolve(const void *spec, const struct opener *opener,
			  struct target *target, struct err *e)
{
	return resolve(spec, opener, true, target, e);
}

/* clang-format off */
static const struct field fields[] = {
	FIELD(struct uprobe, path,
	      "the binary: an absolute path, or a file name to look up"),
	FIELD(struct uprobe, symbol,
	      "function, f@VERSION, f@@VERSION, ns::f, or a pattern with * and ?"),
	FIELD(struct uprobe, offset,
	      "bytes from the symbol; without a symbol, of the file"),
	FIELD(struct uprobe, pid,
	      "only in this process; 0 is all"),
	FIELD(struct uprobe, ref_ctr_offset,
	      "offset in the file of the counter to raise; 0 is none"),
	FIELD(struct uprobe, force,
	      "1 attaches even where it may kill the process"),
	{ .name = NULL },
};
/* clang-format on */

#define GRAMMAR                                                               \
	"BINARY:SYMBOL[@VERSION@|@@VERSION][+OFFSET][@LABEL], "               \
	"BINARY:0xOFFSET[@LABEL] or LABEL; BINARY is a file name, or a path " \
	"with '/' as %2F"

const struct kind kind_uprobe = {
	.name = "uprobe",
	.grammar = GRAMMAR,
	.help = "runs when a function of a program or library is entered",
	.example = "libc.so.6:malloc",
	.fields = fields,
	.spec_size = sizeof(struct uprobe),
	.prog_type = BPF_PROG_TYPE_KPROBE,
	.lists = true,
	.parse = uprobe_parse,
	.resolve = entry_resolve,
	.open = open_binary,
	.explain = uprobe_explain,
	.available = uprobe_available,
};

const struct kind kind_uretprobe = {
	.name = "uretprobe",
	.grammar = GRAMMAR,
	.help = "runs when a function of a program or library returns",
	.example = "libc.so.6:malloc",
	.fields = fields,
	.spec_size = sizeof(struct uprobe),
	.prog_type = BPF_PROG_TYPE_KPROBE,
	.lists = true,
	.parse = uprobe_parse,
	.resolve = return_resolve,
	.open = open_binary,
	.explain = uprobe_explain,
	.available = uprobe_available,
};
