// SPDX-License-Identifier: BSD-2-Clause
/* take.c - one way for each file of a probe to take a new text. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "attach/kernel/bpf.h"
#include "attach/kernel/program.h"
#include "fs/change/apply.h"
#include "fs/change/follow_write.h"
#include "fs/change/repin.h"
#include "fs/change/stale.h"
#include "fs/change/take.h"
#include "fs/tree/attached.h"
#include "fs/user/reference.h"
#include "scope.h"

static bool alive(const struct change *c)
{
	return c->probe->attached &&
	       attachment_alive(c->probe->attached->attachment);
}

static bool enabled(const struct change *c)
{
	return config_number(&c->probe->config, TEXT_ENABLED, 1);
}

/* attach */

static int detach(struct change *c, struct err *e)
{
	int err = change_unpin(c, e);

	if (err)
		return err;
	c->next.attached = NULL;
	change_keep_program(c, -1, NULL);
	return 0;
}

/* The reference is to what the probe has: there is nothing to do. */
static bool in_force(const struct change *c, const struct reference *r)
{
	const struct attached *attached = c->probe->attached;

	if (enabled(c) && !alive(c))
		return false;
	if (r->nlinks)
		return attached &&
		       attachment_is(attached->attachment, r->links, r->nlinks);
	if (r->builtin ? builtin_of(change_program(c)) != r->builtin
		       : !program_same(change_program(c), r->prog_fd))
		return false;
	return !change_is_stale(c);
}

/*
 * A link's own cookie is the probe's, unless the probe asks for another: *text
 * becomes what the probe's cookie shall say, NULL to leave it.
 */
static int adopted_cookie(const struct change *c, const struct attachment *a,
			  char **text, struct err *e)
{
	uint64_t wanted = config_number(&c->probe->config, TEXT_COOKIE, 0);

	*text = NULL;
	if (wanted == a->cookie)
		return 0;
	if (c->probe->config.texts[TEXT_COOKIE])
		return fail(e, EINVAL,
			    "the link has the cookie %" PRIu64
			    ", this probe %" PRIu64
			    "; write the link's cookie first",
			    a->cookie, wanted);
	if (asprintf(text, "%" PRIu64 "\n", a->cookie) < 0)
		return fail(e, ENOMEM, "no memory");
	return 0;
}

/* What was written to `pin` before may be no other place. */
static int check_pin(const struct change *c, struct err *e)
{
	scoped_free char *pin = NULL;
	int err = change_value(c, TEXT_PIN, &pin, e);

	if (err || !pin[0] || !strcmp(pin, c->value))
		return err;
	return fail(
		e, EINVAL,
		"'pin' of this probe is '%s', and the link is pinned at '%s'; write that, or an empty line, to 'pin' first",
		pin, c->value);
}

/* The pin of the links is the probe's; a link without one gets the probe's. */
static int take_pin_over(struct change *c, struct reference *r,
			 const struct attachment *a, struct err *e)
{
	scoped_free char *path = NULL;
	int err;

	if (!r->place.name)
		return change_repin(c, a, e);
	err = check_pin(c, e);
	if (!err && asprintf(&path, "%s\n", c->value) < 0)
		err = fail(e, ENOMEM, "no memory");
	if (!err)
		err = change_unpin(c, e);
	if (err)
		return err;
	c->next.pin = r->place;
	r->place = PIN_NONE;
	change_tell(c, TEXT_PIN, take(path));
	return 0;
}

static int take_over(struct change *c, struct reference *r,
		     struct attached *attached, struct err *e)
{
	scoped_free char *cookie = NULL;
	int err = adopted_cookie(c, attached->attachment, &cookie, e);

	if (!err)
		err = take_pin_over(c, r, attached->attachment, e);
	if (err)
		return err;
	c->next.attached = attached;
	change_keep_program(c, -1, NULL);
	if (cookie)
		change_tell(c, TEXT_COOKIE, take(cookie));
	return 0;
}

static int adopt(struct change *c, struct reference *r, struct err *e)
{
	struct attachment *a;
	struct target target;
	struct attached *attached;
	int err;

	err = change_resolve(c, &target, e);
	if (err)
		return err;
	err = attachment_adopt(c->probe->config.kind, &target, r->links,
			       r->nlinks, &a, e);
	r->nlinks = 0;
	if (err)
		return err;
	attached = attached_new(a, c->caller);
	if (!attached)
		return fail(e, ENOMEM, "no memory");
	err = take_over(c, r, attached, e);
	if (err) {
		attachment_outlives(a);
		attached_retire(c->tree, attached);
	}
	return err;
}

/*
 * A built-in program that waits: loaded as the kind takes it, and again should
 * the target then want another.
 */
static int load_waiting(const struct change *c, const struct builtin *builtin,
			struct load_as *as, struct err *e)
{
	struct target target;
	int err = change_resolve(c, &target, e);

	if (err)
		return err;
	err = attachment_load_as(c->probe->config.kind, &target, NULL, as, e);
	target_clear(&target);
	return err ? err : builtin_load(builtin, as, e);
}

/* A probe that is not enabled keeps the program until it is. */
static int keep(struct change *c, const struct reference *r, struct err *e)
{
	const struct kind *kind = c->probe->config.kind;
	struct load_as as = { 0 };
	int fd;

	if (r->nlinks)
		return fail(
			e, EINVAL,
			"a pinned link cannot wait; write 1 to 'enabled' first");
	if (r->builtin) {
		fd = load_waiting(c, r->builtin, &as, e);
		if (fd < 0)
			return fd;
	} else {
		int err = program_fits(kind, r->prog_fd, e);

		if (err)
			return err;
		fd = fcntl(r->prog_fd, F_DUPFD_CLOEXEC, 0);
		if (fd < 0)
			return fail(e, errno, "no descriptor is left");
	}
	change_keep_program(c, fd, &as);
	return 0;
}

/* What `attach` of the kind takes. */
static enum bpf_object wanted(const struct change *c)
{
	return c->probe->config.kind->traits & KIND_MAP ? BPF_OBJECT_MAP
							: BPF_OBJECT_PROG;
}

static int take_attach(struct change *c, struct err *e)
{
	struct reference r;
	int err;

	if (!c->value[0])
		return detach(c, e);
	err = reference_open(c->caller, c->value, wanted(c), &r, e);
	if (err)
		return err;
	if (in_force(c, &r)) {
		err = 0;
	} else if (!enabled(c)) {
		err = keep(c, &r, e);
	} else if (r.nlinks) {
		err = adopt(c, &r, e);
	} else {
		struct source source = {
			.prog_fd = r.prog_fd,
			.builtin = r.builtin,
		};

		err = apply(c, &source, e);
	}
	reference_clear(&r);
	return err;
}

/* The other files */

static int take_cookie(struct change *c, struct err *e)
{
	const struct attached *attached = c->probe->attached;
	uint64_t cookie = 0;
	int err = c->value[0] ? type_u64.parse(&cookie, c->value, e) : 0;

	if (err || !attached || cookie == attached->attachment->cookie)
		return err;
	return apply_own(c, e);
}

static int take_pin(struct change *c, struct err *e)
{
	scoped_free char *now = NULL;
	struct change before = *c;
	int err;

	if (c->value[0] && c->value[0] != '/')
		return fail_at(e, EINVAL, 0, "'%s' is not an absolute path",
			       c->value);
	if (!c->probe->attached)
		return 0;
	if (!c->value[0])
		return change_unpin(c, e);
	before.slot = TEXT_NONE;
	err = change_value(&before, TEXT_PIN, &now, e);
	if (err)
		return err;
	if (!strcmp(now, c->value) && pin_alive(&c->probe->pin))
		return 0;
	return change_pin(c, c->value, e);
}

/* Off: the program is kept, the link and its pin go. */
static int disable(struct change *c, struct err *e)
{
	struct load_as as;
	int fd, err;

	if (!c->probe->attached)
		return 0;
	fd = fcntl(change_program(c), F_DUPFD_CLOEXEC, 0);
	if (fd < 0)
		return fail(e, errno, "no descriptor is left");
	err = change_unpin(c, e);
	if (err) {
		close(fd);
		return err;
	}
	attachment_loaded_as(c->probe->attached->attachment, &as);
	c->next.attached = NULL;
	change_keep_program(c, fd, &as);
	return 0;
}

static int take_enabled(struct change *c, struct err *e)
{
	bool on = true;
	int err = c->value[0] ? type_flag.parse(&on, c->value, e) : 0;

	if (err)
		return err;
	if (!on)
		return disable(c, e);
	if (c->probe->attached ? !change_is_stale(c) : change_program(c) < 0)
		return 0;
	return apply_own(c, e);
}

/* The field's value in its canonical form, so that 0x10 and 16 are the same. */
static int field_text(const struct change *c, unsigned int slot, char **text,
		      struct err *e)
{
	const struct kind *kind = c->probe->config.kind;
	size_t size;
	void *spec;
	FILE *out;
	int err;

	err = config_spec(&c->probe->config, slot, c->text, &spec, e);
	if (err)
		return err;
	out = open_memstream(text, &size);
	if (out)
		field_show(&kind->fields[c->slot - TEXT_FIELDS], spec, out);
	spec_free(kind, spec);
	if (!out || fclose(out))
		return fail(e, ENOMEM, "no memory");
	return 0;
}

static int take_field(struct change *c, struct err *e)
{
	scoped_free char *before = NULL, *after = NULL;
	int err;

	err = field_text(c, c->slot, &after, e);
	if (err || !c->probe->attached)
		return err;
	err = field_text(c, TEXT_NONE, &before, e);
	if (err || (!strcmp(before, after) && !change_is_stale(c)))
		return err;
	return apply_own(c, e);
}

static int (*const takers[TEXT_FIELDS])(struct change *c, struct err *e) = {
	[TEXT_ATTACH] = take_attach,   [TEXT_COOKIE] = take_cookie,
	[TEXT_PIN] = take_pin,	       [TEXT_ENABLED] = take_enabled,
	[TEXT_FOLLOW] = change_follow,
};

/* A text that says nothing is the default; comments are kept as written. */
static int text_to_keep(const char *text, char **kept, struct err *e)
{
	bool says = text[strspn(text, " \t\r\v\f\n")];

	*kept = says ? strdup(text) : NULL;
	return says && !*kept ? fail(e, ENOMEM, "no memory") : 0;
}

static int take_text(struct change *c, struct err *e)
{
	scoped_free char *kept = NULL;
	int err = text_to_keep(c->text, &kept, e);

	if (!err)
		err = text_value(c->text, &c->value, e);
	if (!err && c->slot < TEXT_FIELDS)
		err = takers[c->slot](c, e);
	else if (!err)
		err = take_field(c, e);
	free(c->value);
	if (err)
		return err;
	change_tell(c, c->slot, take(kept));
	change_settle(c);
	return 0;
}

int change_text(struct tree *tree, const struct caller *caller, uint64_t number,
		unsigned int slot, const char *text, struct err *e)
{
	struct change c = {
		.tree = tree,
		.caller = caller,
		.slot = slot,
		.text = text,
	};
	int err = change_begin(&c, number, e);

	if (err)
		return err;
	err = take_text(&c, e);
	/* Also what a change that failed has restored, or could not restore. */
	if (c.attached)
		change_follow_on(&c);
	change_end(&c);
	return err;
}
