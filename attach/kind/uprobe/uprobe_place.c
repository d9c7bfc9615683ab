// SPDX-License-Identifier: BSD-2-Clause
/* uprobe_place.c - whether a breakpoint may go to a place of a file. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "attach/kind/refusal.h"
#include "attach/kind/uprobe/uprobe.h"
#include "usdt/elf/insn.h"

/* The function that holds an offset, or comes last before it. */
struct nearest {
	uint64_t offset; /* sought */
	bool found;
	struct function function;
	bool holds; /* by its size; one without a size holds nothing */
};

static int nearest_symbol(void *ctx, const struct image_symbol *s)
{
	struct nearest *n = ctx;
	bool holds;

	if (!s->in_text || s->type == STT_OBJECT || s->offset > n->offset)
		return 0;
	holds = n->offset - s->offset < s->size;
	if (n->found && (n->holds > holds || (n->holds == holds &&
					      n->function.offset >= s->offset)))
		return 0;
	n->found = true;
	n->holds = holds;
	n->function = (struct function){
		.name = s->name,
		.type = s->type,
		.offset = s->offset,
		.size = s->size,
	};
	return 0;
}

/* The start of what holds the offset, by symbols or by the unwind table. */
static bool find_start(struct image *image, struct nearest *n, uint64_t *start)
{
	uint64_t end;

	/* Broken symbols are as none: the unwind table may still know. */
	image_symbols(image, nearest_symbol, n, NULL);
	*start = n->function.offset;
	if (n->found && n->holds)
		return true;
	if (image_frame_at(image, n->offset, start, &end))
		return true;
	/* Hand-written code has names without sizes. */
	*start = n->function.offset;
	return n->found && n->function.size == 0 &&
	       n->offset < image_code_end(image, *start);
}

/* The offset that was meant, when it is an address of the file's code. */
static void hint_address(const struct image *image, uint64_t address,
			 struct err *e)
{
	const struct image_segment *segment = image_segment_of(image, address);
	uint64_t offset;

	if (!segment)
		return;
	offset = segment->offset + (address - segment->address);
	if (offset != address && image_code_end(image, offset))
		fail_hint(e, "what is at address 0x%jx is at offset 0x%jx",
			  (uintmax_t)address, (uintmax_t)offset);
}

static int check_code(const struct image *image, uint64_t offset,
		      const char *path, struct err *e)
{
	if (image_code_end(image, offset))
		return 0;
	if (offset >= image_size(image))
		fail(e, EINVAL,
		     "offset 0x%jx is beyond the end of '%s', which has 0x%jx bytes; an offset counts from the start of the file, and is no address",
		     (uintmax_t)offset, path, (uintmax_t)image_size(image));
	else
		fail(e, EINVAL,
		     "offset 0x%jx of '%s' is not in its code; an offset counts from the start of the file, and is no address",
		     (uintmax_t)offset, path);
	hint_address(image, offset, e);
	return -EINVAL;
}

static int check_boundary(const struct image *image, uint64_t start,
			  uint64_t offset, struct err *e)
{
	uint64_t before, after;
	int place = insn_place(image, start, offset, &before, &after, e);

	if (place < 0)
		return place;
	if (place == INSN_INSIDE)
		return fail(
			e, EINVAL,
			"offset 0x%jx is inside an instruction, and a probe there would kill the process; instructions begin at 0x%jx and 0x%jx (+0x%jx and +0x%jx)",
			(uintmax_t)offset, (uintmax_t)before, (uintmax_t)after,
			(uintmax_t)(before - start),
			(uintmax_t)(after - start));
	if (place == INSN_UNKNOWN)
		return fail(
			e, EINVAL,
			"no telling whether an instruction begins at offset 0x%jx: the code at 0x%jx cannot be decoded; write 1 to 'force' if one does",
			(uintmax_t)offset, (uintmax_t)before);
	return 0;
}

int uprobe_check_site(const struct image *image, uint64_t start,
		      uint64_t offset, const char *path, struct err *e)
{
	int err = check_code(image, offset, path, e);

	if (err)
		return err;
	if (offset >= image_code_end(image, start))
		return fail(
			e, EINVAL,
			"offset 0x%jx is not in the section of its function, which ends at 0x%jx",
			(uintmax_t)offset,
			(uintmax_t)image_code_end(image, start));
	err = check_boundary(image, start, offset, e);
	if (err)
		return err;
	return insn_probeable(image, offset, offset == start, e);
}

/*
 * A function of hand-written code often has no size: it ends where another
 * symbol, or a function of the unwind table, begins.
 */
int uprobe_check_end(struct image *image, const struct function *f,
		     uint64_t offset, struct err *e)
{
	struct nearest n = { .offset = offset };
	uint64_t start, end;

	if (f->size || offset <= f->offset)
		return 0;
	image_symbols(image, nearest_symbol, &n, NULL);
	if (n.found && n.function.offset > f->offset)
		return fail(
			e, EINVAL,
			"offset 0x%jx is beyond '%s': '%s' begins at 0x%jx (+0x%jx)",
			(uintmax_t)(offset - f->offset), f->name,
			n.function.name, (uintmax_t)n.function.offset,
			(uintmax_t)(n.function.offset - f->offset));
	if (image_frame_at(image, offset, &start, &end) && start > f->offset)
		return fail(
			e, EINVAL,
			"offset 0x%jx is beyond '%s': another function begins at 0x%jx (+0x%jx)",
			(uintmax_t)(offset - f->offset), f->name,
			(uintmax_t)start, (uintmax_t)(start - f->offset));
	return 0;
}

static int check_place(const struct uprobe *u, struct image *image,
		       struct nearest *n, const struct target *target,
		       struct err *e)
{
	uint64_t start;
	bool known = find_start(image, n, &start);
	int err;

	if (u->force)
		return 0;
	err = check_code(image, u->offset, target->event.path, e);
	if (err)
		return err;
	if (!known)
		return fail(
			e, EINVAL,
			"no telling whether an instruction begins at offset 0x%jx: no function of '%s' is known there; write 1 to 'force' if one does",
			(uintmax_t)u->offset, target->event.path);
	if (target->event.ret && start != u->offset)
		return fail(
			e, EINVAL,
			"a return probe must be at the start of its function, which is at 0x%jx",
			(uintmax_t)start);
	return uprobe_check_site(image, start, u->offset, target->event.path,
				 e);
}

int uprobe_site_at(const struct uprobe *u, struct image *image,
		   struct target *target, struct err *e)
{
	struct nearest n = { .offset = u->offset };
	struct site *site;
	bool named;
	int err = check_place(u, image, &n, target, e);

	if (err)
		return err;
	named = n.found && (n.holds || n.function.offset == u->offset);
	site = target_add(target, named ? n.function.name : NULL);
	if (!site)
		return fail(e, ENOMEM, "no memory for the sites");
	site->offset = u->offset;
	site->symbol_offset = named ? u->offset - n.function.offset : 0;
	site->ref_ctr = u->ref_ctr_offset;
	return 0;
}

int uprobe_check_counter(const struct uprobe *u, const struct image *image,
			 struct err *e)
{
	uint64_t offset = u->ref_ctr_offset;
	const struct image_segment *segment = NULL, *all;
	size_t count, i;

	if (!offset)
		return 0;
	if (offset % 2)
		return fail(
			e, EINVAL,
			"'ref_ctr_offset' is odd; the counter is of two bytes, and aligned");
	/* Pages at a border of segments are mapped twice: any will do. */
	all = image_segments(image, &count);
	for (i = 0; i < count; i++)
		if ((all[i].flags & (PF_W | PF_X)) == PF_W &&
		    offset >= all[i].offset && all[i].file_size >= 2 &&
		    offset - all[i].offset <= all[i].file_size - 2)
			segment = &all[i];
	if (!segment)
		return fail(
			e, EINVAL,
			"'ref_ctr_offset' 0x%jx is not in the writable data of the file; it counts from the start of the file, and is no address",
			(uintmax_t)offset);
	return 0;
}

static int explain_invalid(const struct target *target, const struct site *site,
			   const char *what, struct err *e)
{
	if (site->ref_ctr)
		return fail(
			e, EINVAL,
			"the kernel refused the %s: 'ref_ctr_offset' 0x%jx does not fit the file, or another probe there has another one",
			what, (uintmax_t)site->ref_ctr);
	return fail(
		e, EINVAL,
		"the kernel refused the %s: '%s' has become shorter, or another probe there has a 'ref_ctr_offset'",
		what, target->event.path);
}

int uprobe_explain(const struct target *target, const struct site *site,
		   bool event, int code, struct err *e)
{
	char what[ERR_TEXT / 2];

	snprintf(what, sizeof(what), "%s at 0x%jx of '%s'",
		 target->event.ret ? "uretprobe" : "uprobe",
		 (uintmax_t)site->offset, target->event.path);
	if (event && code == EINVAL)
		return explain_invalid(target, site, what, e);
	/* A multi link makes its events itself, so both sides have these. */
	switch (code) {
	case KERNEL_ENOTSUPP:
		return fail(
			e, EOPNOTSUPP,
			"the kernel refused the %s: it cannot probe the instruction there",
			what);
	case ESRCH:
		return fail(e, ESRCH,
			    "the kernel refused the %s: there is no process %d",
			    what, (int)target->pid);
	case EIO:
		return fail(
			e, EIO,
			"the kernel refused the %s: the file is on a file system whose programs cannot be probed",
			what);
	default:
		return refusal_explain(what, event, code, e);
	}
}
