// SPDX-License-Identifier: BSD-2-Clause
/* adopt.c - links that somebody has made and pinned become the probe's. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "fs/change/adopt.h"
#include "fs/change/apply.h"
#include "fs/change/repin.h"
#include "fs/tree/attached.h"
#include "scope.h"

/*
 * A link's own cookie is the probe's, unless the probe asks for another: *text
 * becomes what the probe's cookie shall say, NULL to leave it.
 */
static int adopted_cookie(const struct change *c, const struct attachment *a,
			  char **text, struct err *e)
{
	const char *cookie = change_text_of(c, TEXT_COOKIE);
	uint64_t wanted = text_number(cookie, 0);

	*text = NULL;
	if (wanted == a->cookie)
		return 0;
	if (cookie)
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
static int check_pin(const struct change *c, const char *path, struct err *e)
{
	scoped_free char *pin = NULL;
	int err = change_value(c, TEXT_PIN, &pin, e);

	if (err || !pin[0] || !strcmp(pin, path))
		return err;
	return fail(
		e, EINVAL,
		"'pin' of this probe is '%s', and the link is pinned at '%s'; write that, or an empty line, to 'pin' first",
		pin, path);
}

/* The pin of the links is the probe's; a link without one gets the probe's. */
static int take_pin_over(struct change *c, struct reference *r,
			 const struct attachment *a, struct err *e)
{
	scoped_free char *path = NULL, *text = NULL;
	int err;

	if (!r->place.name)
		return change_repin(c, a, e);
	err = change_value(c, TEXT_ATTACH, &path, e);
	if (!err)
		err = check_pin(c, path, e);
	if (!err && asprintf(&text, "%s\n", path) < 0)
		err = fail(e, ENOMEM, "no memory");
	if (!err)
		err = change_unpin(c, e);
	if (err)
		return err;
	c->next.pin = r->place;
	r->place = PIN_NONE;
	change_tell(c, TEXT_PIN, take(text));
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

int change_adopt(struct change *c, struct reference *r, struct err *e)
{
	struct attachment *a;
	struct target target;
	struct attached *attached;
	int err;

	c->fault = TEXT_NONE;
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
