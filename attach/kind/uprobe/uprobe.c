// SPDX-License-Identifier: BSD-2-Clause
/* uprobe.c - probes on functions of programs and libraries. */
#include <errno.h>

#include "attach/kind/uprobe/binary.h"
#include "attach/kind/uprobe/uprobe.h"

static int check_fields(const void *spec, struct err *e)
{
	const struct uprobe *u = spec;

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
	target->event.ret = ret;
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
			target->event.path);
	if (result)
		return result;
	target->event.go = image_is_go(image);
	if (target->event.ret && target->event.go)
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

	target->event.place = PLACE_FILE;
	if (!result)
		result = open_target(u, opener, ret, target, e);
	if (result)
		return result;
	result = uprobe_image(target->fd, target->event.path, opener, u->force,
			      &image, e);
	if (result == -ENOEXEC && u->force && !u->symbol)
		return forced_site(u, target, e);
	if (!result)
		result = find_sites(u, image, opener, target, e);
	target->event.whole_functions = !result && are_functions(target);
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
	      "the binary: an absolute path, a file name to look up, or a file of a process"),
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

static const struct accept accepts[] = {
	{ .prog_type = BPF_PROG_TYPE_KPROBE },
	{ 0 },
};

const struct kind kind_uprobe = {
	.name = "uprobe",
	.grammar = GRAMMAR,
	.help = "runs when a function of a program or library is entered",
	.example = "libc.so.6:malloc",
	.fields = fields,
	.spec_size = sizeof(struct uprobe),
	.accepts = accepts,
	.attacher = ATTACHER_EVENTS,
	.traits = KIND_COOKIE,
	.lists = true,
	.parse = uprobe_parse,
	.check = check_fields,
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
	.accepts = accepts,
	.attacher = ATTACHER_EVENTS,
	.traits = KIND_COOKIE,
	.lists = true,
	.parse = uprobe_parse,
	.check = check_fields,
	.resolve = return_resolve,
	.open = open_binary,
	.explain = uprobe_explain,
	.available = uprobe_available,
};
