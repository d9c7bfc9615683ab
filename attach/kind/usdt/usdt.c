// SPDX-License-Identifier: BSD-2-Clause
/*
 * usdt.c - static probes of programs and libraries.
 *
 *	BINARY:PROVIDER:NAME[@LABEL]
 *	LABEL
 *
 * A probe has a site for every place where its macro stands: all are attached,
 * each with its semaphore, or none is.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "attach/kind/name.h"
#include "attach/kind/uprobe/binary.h"
#include "attach/kind/uprobe/uprobe.h"
#include "attach/kind/usdt/usdt.h"
#include "pattern.h"
#include "scope.h"

/* Names */

static int parse_probe(const char *name, size_t start, struct usdt *u,
		       struct err *e)
{
	size_t colon = start + strcspn(name + start, ":");
	size_t at = colon + strcspn(name + colon, "@");
	struct span provider = { start, colon }, probe = { colon + 1, at };
	struct span label = { at + 1, strlen(name) };
	int err;

	if (!name[colon])
		return fail_at(
			e, EINVAL, colon,
			"the probe's name is missing: BINARY:PROVIDER:NAME");
	if (probe.start >= probe.end)
		return fail_at(e, EINVAL, colon + 1,
			       "the probe's name is missing");
	err = name_unescape(name, provider, &u->provider, e);
	if (!err)
		err = name_unescape(name, probe, &u->name, e);
	if (!err && (name_is_dots(u->provider) || name_is_dots(u->name)))
		return fail_at(e, EINVAL, start,
			       "no static probe is called '%s:%s'", u->provider,
			       u->name);
	if (!err && name[at])
		err = name_check(name, label, "_.-", "a label", e);
	return err;
}

static int parse(const char *name, void *spec, struct err *e)
{
	size_t colon = strcspn(name, ":");
	struct span span = { 0, colon };
	struct usdt *u = spec;
	int err;

	if (!name[colon])
		return name_lone_label(name, "BINARY:PROVIDER:NAME", e);
	err = name_binary(name, span, &u->path, e);
	return err ? err : parse_probe(name, colon + 1, u, e);
}

/* Sites */

static int check_fields(const void *spec, struct err *e)
{
	const struct usdt *u = spec;

	if (!u->path)
		return fail(
			e, EINVAL,
			"the field 'path' is not set; write the binary's path to it");
	if (!u->name)
		return fail(
			e, EINVAL,
			"the field 'name' is not set; write the probe's name to it");
	return 0;
}

/* What may come of the semaphores; each is told once. */
static void warn_semaphores(struct target *target)
{
	const struct usdt_own *own = target->own;
	bool twice = false, cleared = false, memory = false;
	size_t i;

	for (i = 0; i < target->nsites; i++) {
		twice |= own->notes[i]->semaphore_twice;
		cleared |= own->notes[i]->semaphore_cleared;
		memory |= own->notes[i]->semaphore_fault != FAULT_OK;
	}
	if (twice)
		target_warn(
			target,
			"the semaphore's page is mapped twice (RELRO by lld): processes that start later may not fire");
	if (cleared)
		target_warn(
			target,
			"the semaphore is in .bss, which processes that start later clear: only those that run now fire");
	if (memory)
		target_warn(
			target,
			"the semaphore is not in the file, only in memory, where the kernel cannot raise it: where the program tests it, nothing fires");
}

static int add_site(struct target *target, const struct note *note,
		    struct err *e)
{
	scoped_free char *symbol = NULL;
	struct usdt_own *own = target->own;
	struct site *site;
	const struct note **grown;

	if (asprintf(&symbol, "%s:%s", note->provider, note->name) < 0)
		return fail(e, ENOMEM, "no memory");
	grown = reallocarray(own->notes, target->nsites + 1,
			     sizeof(*own->notes));
	if (!grown)
		return fail(e, ENOMEM, "no memory");
	own->notes = grown;
	site = target_add(target, symbol);
	if (!site)
		return fail(e, ENOMEM, "no memory");
	own->notes[target->nsites - 1] = note;
	site->offset = note->offset + usdt_nop_length(target->fd, note->offset);
	site->ref_ctr = note->semaphore_offset;
	return 0;
}

/* The place is at fault, not the daemon. */
static bool is_place(int err)
{
	return err == -EINVAL || err == -EOPNOTSUPP;
}

/*
 * A site that cannot be probed refuses a probe that was named; a pattern takes
 * what it can, and says what it left out.
 */
static int add_sites(const struct usdt *u, const struct opener *opener,
		     struct target *target, struct err *e)
{
	const struct usdt_own *own = target->own;
	const struct notes *notes = own->file->notes;
	const char *provider = u->provider && *u->provider ? u->provider : NULL;
	bool pattern = !provider || pattern_is(u->name) || pattern_is(provider);
	const struct note *note = NULL;
	struct usdt_code code = { 0 };
	int err = 0;

	while (!err && (note = notes_next(notes, note, provider, u->name))) {
		err = usdt_check_note(note, target->event.path, e);
		if (!err)
			err = usdt_check_code(&code, target, note, e);
		if (!err)
			err = add_site(target, note, e);
		if (pattern && is_place(err)) {
			target->left_out++;
			err = 0;
		}
	}
	usdt_code_clear(&code);
	if (err)
		return err;
	warn_semaphores(target);
	if (target->nsites)
		return 0;
	return target->left_out ? -e->code
				: usdt_explain_none(u, target, opener, e);
}

/*
 * The kernel has one semaphore a place, and refuses the whole probe for another
 * without saying which.
 */
static int by_place(const void *left, const void *right)
{
	const struct site *const *a = left, *const *b = right;

	if ((*a)->offset != (*b)->offset)
		return (*a)->offset < (*b)->offset ? -1 : 1;
	return 0;
}

static int check_semaphores(const struct target *target, struct err *e)
{
	scoped_free const struct site **sorted =
		calloc(target->nsites, sizeof(*sorted));
	size_t i;

	if (!sorted)
		return fail(e, ENOMEM, "no memory");
	for (i = 0; i < target->nsites; i++)
		sorted[i] = &target->sites[i];
	qsort(sorted, target->nsites, sizeof(*sorted), by_place);
	for (i = 1; i < target->nsites; i++)
		if (!by_place(&sorted[i - 1], &sorted[i]) &&
		    sorted[i - 1]->ref_ctr != sorted[i]->ref_ctr)
			return fail(e, EINVAL,
				    "%s and %s are both at offset 0x%" PRIx64
				    " of '%s', with different semaphores; the "
				    "kernel takes one semaphore a place",
				    sorted[i - 1]->symbol, sorted[i]->symbol,
				    sorted[i]->offset, target->event.path);
	return 0;
}

static int open_file(const struct usdt *u, const struct opener *opener,
		     struct target *target, struct err *e)
{
	struct binary binary;
	struct usdt_own *own;
	int err = binary_open(u->path, opener, &binary, e);

	if (err) {
		binary_clear(&binary);
		return err;
	}
	target_set_file(target, binary.path, binary.fd, &binary.mark);
	own = calloc(1, sizeof(*own));
	if (!own)
		return fail(e, ENOMEM, "no memory");
	target->own = own;
	target->own_free = usdt_own_free;
	return usdt_file(target->fd, target->event.path, &own->file, e);
}

/*
 * The symbols that arguments name, of the file, and of its debug file if the
 * user may read it.  Without them such arguments are unavailable.
 */
static int find_symbols(struct target *target, const struct opener *opener,
			struct err *e)
{
	struct usdt_own *own = target->own;
	struct image *image;
	struct err ignored;
	int err;

	if (uprobe_image(target->fd, target->event.path, opener, true, &image,
			 &ignored))
		return 0;
	err = spec_symbols_make(image, own->notes, target->nsites,
				&own->symbols, e);
	image_close(image);
	return err;
}

static int resolve(const void *spec, const struct opener *opener,
		   struct target *target, struct err *e)
{
	const struct usdt_own *own;
	const struct usdt *u = spec;
	int err;

	target->event.place = PLACE_FILE;
	err = check_fields(u, e);
	if (!err)
		err = target_set_pid(target, opener, u->pid, e);
	if (!err)
		err = open_file(u, opener, target, e);
	if (err)
		return err;
	own = target->own;
	err = usdt_check_notes(own->file->notes, target->event.path, e);
	if (!err)
		err = usdt_check_machine(own->file->notes, target->event.path,
					 e);
	if (!err)
		err = add_sites(u, opener, target, e);
	if (!err)
		err = check_semaphores(target, e);
	return err ? err : find_symbols(target, opener, e);
}

static int open_binary(const void *spec, const struct opener *opener,
		       struct binary *binary, struct err *e)
{
	const struct usdt *u = spec;
	int err = check_fields(u, e);

	*binary = (struct binary){ .fd = -1 };
	return err ? err : binary_open(u->path, opener, binary, e);
}

/* clang-format off */
static const struct field fields[] = {
	FIELD(struct usdt, path,
	      "the binary: an absolute path, a file name to look up, or a file of a process"),
	FIELD(struct usdt, provider,
	      "the provider, or a pattern with * and ?; empty is any"),
	FIELD(struct usdt, name,
	      "the probe, or a pattern with * and ?"),
	FIELD(struct usdt, pid,
	      "only in this process; 0 is all"),
	{ .name = NULL },
};
/* clang-format on */

static const struct accept accepts[] = {
	{ .prog_type = BPF_PROG_TYPE_KPROBE },
	{ 0 },
};

const struct kind kind_usdt = {
	.name = "usdt",
	.grammar =
		"BINARY:PROVIDER:NAME[@LABEL] or LABEL; BINARY is a file name, or a path with '/' as %2F",
	.help = "runs at the static probes (SDT) of a program or library",
	.example = "libstdc++.so.6:libstdcxx:throw",
	.fields = fields,
	.spec_size = sizeof(struct usdt),
	.accepts = accepts,
	.attacher = ATTACHER_EVENTS,
	.traits = KIND_COOKIE,
	.lists = true,
	.parse = parse,
	.check = check_fields,
	.resolve = resolve,
	.open = open_binary,
	.arm = usdt_arm,
	.rearm = usdt_rearm,
	.explain = usdt_explain,
	.available = usdt_available,
};
