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
#include "attach/kernel/bpf.h"
#include "fs/change/apply.h"
#include "fs/change/repin.h"
#include "fs/change/rights.h"
#include "fs/tree/attached.h"
#include "fs/user/opener.h"
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
	struct opener opener = opener_of(c->caller);
	char *texts[TEXT_MAX];
	void *spec;
	int err;

	opener.again = c->again;
	change_texts(c, texts);
	err = config_spec(kind, texts, &spec, e);
	if (err)
		return err;
	target_init(target);
	err = kind->resolve(spec, &opener, target, e);
	spec_free(kind, spec);
	if (err)
		target_clear(target);
	return err;
}

/* The field's value in its canonical form, so that 0x10 and 16 are the same. */
static int field_text(const struct kind *kind, size_t row,
		      char *const texts[TEXT_MAX], char **text, struct err *e)
{
	size_t size;
	void *spec;
	FILE *out;
	int err = config_spec(kind, texts, &spec, e);

	if (err)
		return err;
	out = open_memstream(text, &size);
	if (out)
		field_show(&kind->fields[row], spec, out);
	spec_free(kind, spec);
	if (!out || fclose(out))
		return fail(e, ENOMEM, "no memory");
	return 0;
}

static int field_moves(const struct change *c, size_t row, bool *moves,
		       struct err *e)
{
	const struct config *config = &c->probe->config;
	scoped_free char *before = NULL, *after = NULL;
	char *texts[TEXT_MAX];
	int err;

	change_texts(c, texts);
	err = field_text(config->kind, row, texts, &after, e);
	if (!err)
		err = field_text(config->kind, row, config->texts, &before, e);
	if (!err)
		*moves = strcmp(before, after) != 0;
	return err;
}

int change_moves(const struct change *c, bool *moves, struct err *e)
{
	const struct attached *attached = c->probe->attached;
	const struct field *fields = c->probe->config.kind->fields;
	uint64_t cookie;
	size_t i;
	int err = number_of(c, TEXT_COOKIE, 0, &cookie, e);

	*moves = !err && attached && cookie != attached->attachment->cookie;
	for (i = 0; fields[i].name && !err && !*moves; i++)
		if (c->given[TEXT_FIELDS + i])
			err = field_moves(c, i, moves, e);
	return err;
}

/* As what the program that the probe has was loaded. */
static void loaded_as(const struct change *c, struct load_as *as)
{
	*as = c->probe->prog_as;
	if (c->probe->attached)
		attachment_loaded_as(c->probe->attached->attachment, as);
}

/* A built-in program is loaded for the way in which it is attached. */
static int program_of(const struct change *c, const struct source *source,
		      const struct load_as *as, struct err *e)
{
	struct load_as was;
	int fd;

	loaded_as(c, &was);
	if (source->builtin && (source->prog_fd < 0 || !load_as_same(&was, as)))
		return builtin_load(source->builtin, as, e);
	fd = fcntl(source->prog_fd, F_DUPFD_CLOEXEC, 0);
	if (fd < 0)
		return fail(e, errno, "no descriptor is left for the program");
	return fd;
}

/* The target of the texts, and a program for it: both are the caller's. */
static int prepare(const struct change *c, const struct source *source,
		   const struct attach_mode *mode, struct target *target,
		   struct err *e)
{
	const struct kind *kind = c->probe->config.kind;
	struct load_as as = { 0 };
	int fd, err = change_resolve(c, target, e);

	if (err)
		return err;
	if (source->builtin)
		err = attachment_load_as(kind, target, mode, &as, e);
	fd = err ? err : program_of(c, source, &as, e);
	if (fd < 0)
		target_clear(target);
	return fd;
}

static int note_attached(const struct change *c, struct attachment *a,
			 struct attached **out, struct err *e)
{
	*out = attached_new(a, c->caller);
	return *out ? 0 : fail(e, ENOMEM, "no memory");
}

/* mode: that for which a built-in program is loaded; NULL is the plainest. */
static int make_one(const struct change *c, const struct source *source,
		    const struct attach_mode *mode, struct attached **out,
		    struct err *e)
{
	struct attachment *a;
	struct target target;
	uint64_t cookie;
	int prog_fd, err = number_of(c, TEXT_COOKIE, 0, &cookie, e);

	if (err)
		return err;
	prog_fd = prepare(c, source, mode, &target, e);
	if (prog_fd < 0)
		return prog_fd;
	err = attachment_make(c->probe->config.kind,
			      c->tree->policy->attach_mode, &target, prog_fd,
			      cookie, &a, e);
	return err ? err : note_attached(c, a, out, e);
}

/* ESRCH: a function that ftrace does not know can have an event all the same. */
static int make(const struct change *c, const struct source *source,
		struct attached **out, struct err *e)
{
	int err = make_one(c, source, c->tree->policy->attach_mode, out, e);

	if (err == -ESRCH && source->builtin)
		err = make_one(c, source, NULL, out, e);
	if (err || !target_has_exited(&(*out)->attachment->target))
		return err;
	/* By now its number may be another's, on whom the link is then. */
	attached_retire(c->tree, *out);
	return fail(e, ESRCH, "the process has exited meanwhile");
}

/* Only the program is another one, and there is a link that it can get. */
static bool may_update(const struct change *c, const struct source *source)
{
	const struct attached *attached = c->probe->attached;
	bool moves;

	return attached && change_pin_stays(c) &&
	       !change_moves(c, &moves, NULL) && !moves &&
	       (attachment_other_program(attached->attachment) ||
		!bpf_same_object(attached->attachment->prog_fd,
				 source->prog_fd));
}

/* The program that is replaced: the one that was named, or that we know of. */
static int replaced(const struct change *c, const struct source *source)
{
	return source->old_fd >= 0 ? source->old_fd
				   : c->probe->attached->attachment->prog_fd;
}

/* ENOTSUP: what is there has to make room for a new link. */
static int update(struct change *c, const struct source *source, struct err *e)
{
	struct attached *attached;
	struct attachment *a;
	struct target target;
	int prog_fd, err;

	if (!may_update(c, source))
		return -ENOTSUP;
	prog_fd = prepare(c, source, c->tree->policy->attach_mode, &target, e);
	if (prog_fd < 0)
		return prog_fd;
	err = attachment_update(c->probe->attached->attachment,
				replaced(c, source), &target, prog_fd, &a, e);
	if (!err)
		err = note_attached(c, a, &attached, e);
	if (!err)
		c->next.attached = attached;
	return err;
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
	change_keep_program(c, -1, NULL);
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
	struct source old = { .prog_fd = prog_fd, .old_fd = -1 };
	struct change before = *c;
	struct err why;

	memset(before.given, 0, sizeof(before.given));
	if (make_and_pin(&before, &old, &why)) {
		fail_hint(e, "what was attached could not be restored: %s",
			  why.text);
		change_lose(c);
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
	c->again = true;
	err = make_and_pin(c, &again, e);
	if (err)
		restore(c, kept, e);
	return err;
}

/*
 * The old one is what keeps the new one out, not somebody else's where the texts
 * now mean another place.
 */
static bool is_in_the_way(const struct change *c, const struct source *source,
			  int err)
{
	const struct attachment *old = c->probe->attached->attachment;
	struct target target;
	bool same;

	if (!attachment_in_the_way(old, source->prog_fd, err) ||
	    change_resolve(c, &target, NULL))
		return false;
	same = target_same_hook(&old->target, &target);
	target_clear(&target);
	return same;
}

int apply(struct change *c, const struct source *source, struct err *e)
{
	const struct attached *old = c->probe->attached;
	struct attached *attached;
	int err = rights_check(c->caller, c->probe->config.kind,
			       source->builtin ? -1 : source->prog_fd, e);

	if (!err)
		err = update(c, source, e);
	if (err != -ENOTSUP)
		return err;
	err = make(c, source, &attached, e);
	if (err && old && is_in_the_way(c, source, err))
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
		.old_fd = -1,
		.prog_fd = change_program(c),
		.builtin = attached ? attached->builtin
				    : builtin_of(change_program(c)),
	};

	return apply(c, &source, e);
}

int apply_more(struct change *c, struct err *e)
{
	const struct attached *old = c->probe->attached;
	struct attached *attached;
	struct attachment *a;
	struct target target;
	int err = rights_check(c->caller, c->probe->config.kind,
			       old->builtin ? -1 : old->attachment->prog_fd, e);

	if (!err)
		err = change_resolve(c, &target, e);
	if (!err)
		err = attachment_grow(old->attachment, &target, &a, e);
	if (!err)
		err = note_attached(c, a, &attached, e);
	return err ? err : pin_and_note(c, attached, e);
}
