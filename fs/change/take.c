// SPDX-License-Identifier: BSD-2-Clause
/* take.c - from the texts as they were to the texts as they shall be. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attach/kernel/bpf.h"
#include "attach/kernel/program.h"
#include "fs/change/adopt.h"
#include "fs/change/apply.h"
#include "fs/change/follow_write.h"
#include "fs/change/give.h"
#include "fs/change/keep.h"
#include "fs/change/repin.h"
#include "fs/change/stale.h"
#include "fs/change/take.h"
#include "fs/tree/attached.h"
#include "fs/user/reference.h"
#include "scope.h"

/* What the texts say by themselves */

static int check_number(const char *value, struct err *e)
{
	uint64_t number;

	return type_u64.parse(&number, value, e);
}

static int check_flag(const char *value, struct err *e)
{
	bool flag;

	return type_flag.parse(&flag, value, e);
}

static int check_path(const char *value, struct err *e)
{
	if (value[0] == '/')
		return 0;
	return fail_at(e, EINVAL, 0, "'%s' is not an absolute path", value);
}

/* By slot; NULL: what it says is looked up. */
static int (*const checks[TEXT_FIELDS])(const char *value, struct err *e) = {
	[TEXT_COOKIE] = check_number,
	[TEXT_PIN] = check_path,
	[TEXT_ENABLED] = check_flag,
	[TEXT_FOLLOW] = check_flag,
};

static int check_field(const struct kind *kind, unsigned int slot,
		       const char *value, struct err *e)
{
	void *spec = spec_make(kind);
	int err;

	if (!spec)
		return fail(e, ENOMEM, "no memory");
	err = field_parse(&kind->fields[slot - TEXT_FIELDS], spec, value, e);
	spec_free(kind, spec);
	return err;
}

/* 0 is what a program without a cookie reads. */
static int check_cookie(const struct kind *kind, const char *value,
			struct err *e)
{
	uint64_t cookie = 0;

	if (kind->traits & KIND_COOKIE ||
	    type_u64.parse(&cookie, value, NULL) || !cookie)
		return 0;
	return fail(e, EOPNOTSUPP,
		    "the kernel gives no cookie to the programs of a %s",
		    kind->name);
}

static int check_text(const struct change *c, unsigned int slot, struct err *e)
{
	scoped_free char *value = NULL;
	int err = change_value(c, slot, &value, e);

	if (!err && slot == TEXT_COOKIE && value[0])
		err = check_cookie(c->probe->config.kind, value, e);
	if (err)
		return err;
	if (slot >= TEXT_FIELDS)
		return check_field(c->probe->config.kind, slot, value, e);
	return checks[slot] && value[0] ? checks[slot](value, e) : 0;
}

static int check_texts(struct change *c, struct err *e)
{
	unsigned int slot;
	int err = 0;

	for (slot = 0; slot < TEXT_MAX && !err; slot++) {
		c->fault = slot;
		if (slot != TEXT_CONFIG && c->given[slot] && c->texts[slot])
			err = check_text(c, slot, e);
	}
	if (!err)
		c->fault = TEXT_NONE;
	return err;
}

/* What they bring about */

static bool enabled(const struct change *c)
{
	return text_number(change_text_of(c, TEXT_ENABLED), 1);
}

static bool alive(const struct change *c)
{
	return c->probe->attached &&
	       attachment_alive(c->probe->attached->attachment);
}

/* The reference is to what the probe has. */
static bool in_force(const struct change *c, const struct reference *r)
{
	const struct attached *attached = c->probe->attached;

	if (enabled(c) && !alive(c))
		return false;
	if (attached && attachment_other_program(attached->attachment))
		return false;
	if (r->nlinks)
		return attached &&
		       attachment_is(attached->attachment, r->links, r->nlinks);
	if (r->builtin)
		return builtin_of(change_program(c)) == r->builtin;
	return bpf_same_object(change_program(c), reference_fd(r));
}

/* What was written may say where something was that has moved. */
static bool asks(const struct change *c)
{
	unsigned int slot = TEXT_FIELDS;

	while (slot < TEXT_MAX && !c->given[slot])
		slot++;
	return slot < TEXT_MAX || c->given[TEXT_ENABLED];
}

/* What is attached stays. */
static int stay(struct change *c, struct err *e)
{
	int err = 0;

	c->fault = TEXT_FOLLOW;
	if (c->given[TEXT_FOLLOW])
		err = change_follow(c, e);
	if (err)
		return err;
	c->fault = TEXT_PIN;
	if (c->given[TEXT_PIN])
		err = change_pin(c, e);
	/* Whatever is followed by now, it is by the texts that stay. */
	c->attached |= err && c->given[TEXT_FOLLOW];
	return err;
}

/*
 * The program that the probe has, where and as the texts say.  looks: it may be
 * that something else is there by now.
 */
static int take_own(struct change *c, bool looks, struct err *e)
{
	bool moves;
	int err;

	if (change_program(c) < 0)
		return 0;
	if (!enabled(c))
		return change_disable(c, e);
	if (change_waits(c))
		return 0;
	err = change_moves(c, &moves, e);
	if (err)
		return err;
	if (!c->probe->attached || moves || (looks && change_is_stale(c)))
		return apply_own(c, e);
	return stay(c, e);
}

/* What was probed has gone or changed: a built-in program counts from 0. */
static bool wants_anew(const struct change *c, const struct reference *r)
{
	return !r->nlinks && enabled(c) && c->probe->attached &&
	       change_is_stale(c);
}

/*
 * The program, or the links, that r refers to.  old_fd: the program that the
 * writer knows to be there, or -1.
 */
static int take_reference(struct change *c, struct reference *r, int old_fd,
			  struct err *e)
{
	struct source source = {
		.prog_fd = reference_fd(r),
		.old_fd = old_fd,
		.builtin = r->builtin,
	};

	if (in_force(c, r) && !wants_anew(c, r))
		return take_own(c, false, e);
	if (!enabled(c) || (change_waits(c) && !r->nlinks))
		return change_keep(c, r, e);
	return r->nlinks ? change_adopt(c, r, e) : apply(c, &source, e);
}

/* What `attach` of the kind takes. */
static enum bpf_object wanted(const struct change *c)
{
	return c->probe->config.kind->traits & KIND_MAP ? BPF_OBJECT_MAP
							: BPF_OBJECT_PROG;
}

/* "'NAME' (id N)", of a program or a map; false: it is neither. */
static bool describe(enum bpf_object object, int fd, char *text, size_t size)
{
	struct bpf_map_info map = { 0 };
	uint32_t length = sizeof(map);
	struct program program = { 0 };

	if (bpf_object_of(fd) != object)
		return false;
	if (object == BPF_OBJECT_PROG && !program_info(fd, &program))
		snprintf(text, size, "'%s' (id %" PRIu32 ")", program.name,
			 program.id);
	else if (object == BPF_OBJECT_MAP && !bpf_info(fd, &map, &length))
		snprintf(text, size, "'%s' (id %" PRIu32 ")", map.name, map.id);
	else
		return false;
	return true;
}

static int open_by_id(enum bpf_object object, uint32_t id)
{
	if (!id)
		return -1;
	return object == BPF_OBJECT_MAP ? bpf_map_by_id(id)
					: bpf_prog_by_id(id);
}

/* What the links have now is what the writer takes it to be. */
static int check_old(const struct change *c, const struct reference *old,
		     const char *text, struct err *e)
{
	const struct attached *attached = c->probe->attached;
	uint32_t other =
		attached ? attachment_other_program(attached->attachment) : 0;
	scoped_fd int fd = open_by_id(wanted(c), other);
	int now = other ? fd : change_program(c);
	char what[64];

	if (old->builtin ? builtin_of(now) == old->builtin
			 : bpf_same_object(now, reference_fd(old)))
		return 0;
	if (!describe(wanted(c), now, what, sizeof(what)))
		return fail(e, EPERM,
			    "nothing is attached, so '%s' cannot be replaced",
			    text);
	return fail(e, EPERM, "it is not '%s' that is attached, but %s", text,
		    what);
}

/* The condition was of this moment: what is kept is the program. */
static int keep_program_text(struct change *c, const char *value, struct err *e)
{
	char *text;

	if (asprintf(&text, "%s\n", value) < 0)
		return fail(e, ENOMEM, "no memory");
	change_tell(c, TEXT_ATTACH, text);
	return 0;
}

/* *was is the caller's to clear, whatever is returned. */
static int take_condition(struct change *c, const char *value, const char *old,
			  const struct reference *r, struct reference *was,
			  struct err *e)
{
	int err = keep_program_text(c, value, e);

	if (err || in_force(c, r))
		return err;
	err = reference_open(c->caller, old, wanted(c), was, e);
	if (!err)
		err = check_old(c, was, old, e);
	if (err && e->pos != ERR_NO_POS)
		e->pos += (int)(old - value);
	return err;
}

static int take_attach(struct change *c, struct err *e)
{
	scoped_free char *value = NULL;
	struct reference r, was = REFERENCE_NONE;
	int err = change_value(c, TEXT_ATTACH, &value, e);
	char *old;

	if (err)
		return err;
	if (!value[0])
		return change_detach(c, e);
	old = text_condition(value);
	c->fault = TEXT_ATTACH;
	err = reference_open(c->caller, value, wanted(c), &r, e);
	if (err)
		return err;
	if (old)
		err = take_condition(c, value, old, &r, &was, e);
	if (!err) {
		c->fault = TEXT_NONE;
		err = take_reference(c, &r, reference_fd(&was), e);
	}
	reference_clear(&was);
	reference_clear(&r);
	return err;
}

static int take_texts(struct change *c, struct err *e)
{
	int err = check_texts(c, e);

	if (err)
		return err;
	return c->given[TEXT_ATTACH] ? take_attach(c, e)
				     : take_own(c, asks(c), e);
}

int change_text(struct tree *tree, const struct caller *caller, uint64_t number,
		const struct file *file, const char *text,
		struct written *written, struct err *e)
{
	struct change c = { .tree = tree, .caller = caller };
	struct giving giving = { .file = file, .text = text };
	int err = change_begin(&c, number, e);

	if (err) {
		if (written)
			written_refuse(tree, written,
				       change_refusal(&c, &giving, e));
		return err;
	}
	err = change_give(&c, &giving, e);
	if (!err)
		err = take_texts(&c, e);
	/* Also what a change that failed has restored, or could not restore. */
	if (c.attached || (!err && c.next.attached != c.probe->attached))
		change_follow_on(&c, !err);
	change_end(&c, !err, written,
		   err ? change_refusal(&c, &giving, e) : NULL);
	return err;
}
