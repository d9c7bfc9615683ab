// SPDX-License-Identifier: BSD-2-Clause
/*
 * apply.c - making what the texts of a probe ask for.
 *
 * What shall be attached is made anew and pinned before it takes the place of
 * what was.  Only where there is no place for both at once (the same program on
 * the same tracepoint, or a 65th there; the spec map of a program full) must the
 * old one go first, to come back on failure.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "attach/fate.h"
#include "attach/kernel/program.h"
#include "fs/change/apply.h"
#include "fs/change/repin.h"
#include "scope.h"

static int number_of(const struct change *c, unsigned int slot,
		     uint64_t fallback, uint64_t *number, struct err *e)
{
	scoped_free char *value = NULL;
	int err = change_value(c, slot, &value, e);

	*number = fallback;
	return err || !value[0] ? err : type_u64.parse(number, value, e);
}

int change_resolve(const struct change *c, struct target *target, struct err *e)
{
	const struct kind *kind = c->probe->config.kind;
	struct opener opener = caller_opener(c->caller);
	void *spec;
	int err;

	err = config_spec(&c->probe->config, c->slot, c->text, &spec, e);
	if (err)
		return err;
	target_init(target, PLACE_KERNEL);
	err = kind->resolve(spec, &opener, target, e);
	spec_free(kind, spec);
	if (err)
		target_clear(target);
	return err;
}

/* The number of BPF_LINK_CREATE's attach type for a multi link on the place. */
static uint32_t multi_attach_type(const struct target *target)
{
	return target->place == PLACE_FILE ? BPF_TRACE_UPROBE_MULTI
					   : BPF_TRACE_KPROBE_MULTI;
}

static int program_of(const struct change *c, const struct source *source,
		      const struct target *target, bool multi, struct err *e)
{
	const struct kind *kind = c->probe->config.kind;
	const struct attached *attached = c->probe->attached;
	int fd;

	/* A built-in program is loaded for the way in which it is attached. */
	if (source->builtin && source->prog_fd >= 0 &&
	    multi == (attached ? !!(attached->attachment->way & WAY_MULTI)
			       : c->probe->prog_multi))
		return fcntl(source->prog_fd, F_DUPFD_CLOEXEC, 0);
	if (source->builtin)
		return builtin_load(source->builtin, kind->prog_type,
				    multi ? multi_attach_type(target) : 0, e);
	fd = fcntl(source->prog_fd, F_DUPFD_CLOEXEC, 0);
	if (fd < 0)
		return fail(e, errno, "no descriptor is left for the program");
	return fd;
}

/* A built-in program is loaded for a multi link if it may and the target is. */
static int wants_multi(const struct change *c, const struct source *source,
		       const struct target *target, bool may, struct err *e)
{
	if (!source->builtin || !may)
		return 0;
	return attachment_wants_multi(target, c->tree->options->attach_mode, e);
}

static int make_one(const struct change *c, const struct source *source,
		    bool may_multi, struct attached **out, struct err *e)
{
	const struct kind *kind = c->probe->config.kind;
	struct attachment *a;
	struct target target;
	uint64_t cookie;
	int err, prog_fd;

	err = number_of(c, TEXT_COOKIE, 0, &cookie, e);
	if (!err)
		err = change_resolve(c, &target, e);
	if (err)
		return err;
	prog_fd = wants_multi(c, source, &target, may_multi, e);
	if (prog_fd >= 0)
		prog_fd = program_of(c, source, &target, prog_fd, e);
	if (prog_fd < 0) {
		target_clear(&target);
		return prog_fd;
	}
	err = attachment_make(kind, c->tree->options->attach_mode, &target,
			      prog_fd, cookie, &a, e);
	if (err)
		return err;
	*out = attached_new(a, c->caller);
	return *out ? 0 : fail(e, ENOMEM, "no memory");
}

/* ESRCH: a function that ftrace does not know can have an event all the same. */
static int make(const struct change *c, const struct source *source,
		struct attached **out, struct err *e)
{
	int err = make_one(c, source, true, out, e);

	if (err == -ESRCH && source->builtin)
		err = make_one(c, source, false, out, e);
	if (err || !target_has_exited(&(*out)->attachment->target))
		return err;
	/* By now its number may be another's, on whom the link is then. */
	attached_retire(c->tree, *out);
	return fail(e, ESRCH, "the process has exited meanwhile");
}

/* Pins what was made, and notes both; or frees it. */
static int pin_and_note(struct change *c, struct attached *attached,
			struct err *e)
{
	int err = change_repin(c, attached->attachment, e);

	if (err) {
		attached_retire(c->tree, attached);
		return err;
	}
	c->next.attached = attached;
	change_keep_program(c, -1, false);
	return 0;
}

static int make_and_pin(struct change *c, const struct source *source,
			struct err *e)
{
	struct attached *attached;
	int err = make(c, source, &attached, e);

	return err ? err : pin_and_note(c, attached, e);
}

/* What was attached is to be there again, by the texts as they were. */
static void restore(struct change *c, int prog_fd, struct err *e)
{
	struct source old = { .prog_fd = prog_fd };
	struct change before = *c;
	struct err why;

	before.slot = TEXT_NONE;
	if (make_and_pin(&before, &old, &why)) {
		fail_hint(e, "what was attached could not be restored: %s",
			  why.text);
		change_tell(c, TEXT_ATTACH, NULL);
	} else {
		c->next = before.next;
	}
	change_settle(c);
}

/*
 * The old one first, and back again when the new one does not come: settled on
 * the way, so that nobody reads what is freed.
 */
static int replace_after(struct change *c, const struct source *source,
			 struct err *e)
{
	int was = c->probe->attached->attachment->prog_fd;
	struct source again = *source;
	int err;

	scoped_fd int kept = fcntl(was, F_DUPFD_CLOEXEC, 0);

	if (kept < 0)
		return fail(e, errno, "no descriptor is left");
	err = change_unpin(c, e);
	if (err)
		return err;
	if (again.prog_fd == was)
		again.prog_fd = kept;
	c->next.attached = NULL;
	change_settle(c);
	err = make_and_pin(c, &again, e);
	if (err)
		restore(c, kept, e);
	return err;
}

/*
 * What is there may be all that is in the way: the same program, one of the 64
 * that a tracepoint takes, of which the kernel complains first, or what it has
 * of the room in the program.
 */
static bool is_in_the_way(const struct attachment *old, int prog_fd, int err)
{
	if (err == -E2BIG)
		return old->target.place == PLACE_TRACEPOINT;
	if (err == -ENOSPC)
		return old->target.takes_room;
	return err == -EEXIST && program_same(old->prog_fd, prog_fd);
}

int apply(struct change *c, const struct source *source, struct err *e)
{
	const struct attached *old = c->probe->attached;
	struct attached *attached;
	int err = make(c, source, &attached, e);

	if (err && old && is_in_the_way(old->attachment, source->prog_fd, err))
		return replace_after(c, source, e);
	return err ? err : pin_and_note(c, attached, e);
}

int change_program(const struct change *c)
{
	const struct attached *attached = c->probe->attached;

	return attached ? attached->attachment->prog_fd : c->probe->prog_fd;
}

int apply_own(struct change *c, struct err *e)
{
	const struct attached *attached = c->probe->attached;
	struct source source = {
		.prog_fd = change_program(c),
		.builtin = attached ? attached->builtin
				    : builtin_of(change_program(c)),
	};

	return apply(c, &source, e);
}
