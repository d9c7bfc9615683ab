// SPDX-License-Identifier: BSD-2-Clause
/* show.c - the texts of files. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "attach/fate.h"
#include "attach/kernel/features.h"
#include "fs/tree/config_text.h"
#include "fs/tree/meant.h"
#include "fs/tree/show.h"
#include "fs/user/opener.h"
#include "fs/user/throttle.h"
#include "scope.h"

int show_features(const struct file *row, const struct view *view, FILE *out,
		  struct err *e)
{
	(void)row;
	(void)view;
	(void)e;
	features_show(out);
	return 0;
}

static int list_available(const struct view *view, FILE *out, struct err *e)
{
	const struct kind *kind = view->kind;
	struct opener opener = opener_of(view->caller);
	void *spec;
	int err;

	if (!view->config.kind)
		return kind->available(NULL, &opener, out, e);
	err = config_spec(kind, view->config.texts, &spec, e);
	if (err)
		return err;
	err = kind->available(spec, &opener, out, e);
	spec_free(kind, spec);
	return err;
}

/* A binary may be on a server that does not answer. */
int show_available(const struct file *row, const struct view *view, FILE *out,
		   struct err *e)
{
	uid_t uid = view->caller->uid;
	int err = throttle_enter(THROTTLE_WRITE, uid, e);

	(void)row;
	if (err)
		return err;
	err = list_available(view, out, e);
	throttle_leave(THROTTLE_WRITE, uid);
	return err;
}

int show_dir_error(const struct file *row, const struct view *view, FILE *out,
		   struct err *e)
{
	(void)row;
	(void)e;
	if (view->error)
		fputs(view->error, out);
	return 0;
}

int show_text(const struct file *row, const struct view *view, FILE *out,
	      struct err *e)
{
	const char *text = view->config.texts[row->text];

	(void)e;
	fputs(text ? text : row->fallback, out);
	return 0;
}

/* A field that was never written shows its type's default. */
int show_field(const struct file *row, const struct view *view, FILE *out,
	       struct err *e)
{
	const struct field *field =
		&view->kind->fields[view->node.slot - SLOT_FIELDS];
	const char *text =
		view->config.texts[TEXT_FIELDS + view->node.slot - SLOT_FIELDS];
	void *spec;

	(void)row;
	if (text) {
		fputs(text, out);
		return 0;
	}
	spec = spec_make(view->kind);
	if (!spec)
		return fail(e, ENOMEM, "no memory");
	field_show(field, spec, out);
	if (ftell(out) > 0)
		fputc('\n', out);
	spec_free(view->kind, spec);
	return 0;
}

static bool gone(const struct view *view)
{
	struct fate fate;
	bool is;

	if (!view->attached)
		return false;
	view_fate(view, &fate);
	is = fate.is == FATE_GONE;
	fate_clear(&fate);
	return is;
}

/* What is no longer true is not shown, so that it can be written again. */
int show_attach(const struct file *row, const struct view *view, FILE *out,
		struct err *e)
{
	uint32_t other =
		view->attached
			? attachment_other_program(view->attached->attachment)
			: 0;

	if (gone(view))
		return 0;
	if (!other)
		return show_text(row, view, out, e);
	fprintf(out, "id:%" PRIu32 "\n", other);
	return 0;
}

int show_pin(const struct file *row, const struct view *view, FILE *out,
	     struct err *e)
{
	if (view->attached && !view_pinned(view))
		return 0;
	return show_text(row, view, out, e);
}

/* The same goes for each of its lines. */
int show_config(const struct file *row, const struct view *view, FILE *out,
		struct err *e)
{
	struct config now = view->config;

	(void)row;
	(void)e;
	if (gone(view))
		now.texts[TEXT_ATTACH] = NULL;
	if (view->attached && !view_pinned(view))
		now.texts[TEXT_PIN] = NULL;
	config_show(&now, out);
	return 0;
}

static const char *state_of(const struct view *view, const struct fate *fate)
{
	if (!view->attached && view->waiting)
		return text_number(view->config.texts[TEXT_ENABLED], 1)
			       ? "waiting"
			       : "disabled";
	if (!view->attached)
		return "detached";
	return fate->is == FATE_GONE ? "gone" : "attached";
}

static void show_value(const struct view *view, unsigned int slot,
		       const char *key, FILE *out)
{
	scoped_free char *value = NULL;
	const char *text = view->config.texts[slot];

	if (text && !text_value(text, &value, NULL) && value[0])
		fprintf(out, "%s:\t%s\n", key, value);
}

/* False: the program waits for nothing. */
static bool waits(const struct view *view, struct err *why)
{
	const struct kind *kind = view->kind;
	void *spec;
	int err;

	if (view->attached || !view->waiting || !kind->check ||
	    !text_number(view->config.texts[TEXT_ENABLED], 1) ||
	    config_spec(kind, view->config.texts, &spec, NULL))
		return false;
	err = kind->check(spec, why);
	spec_free(kind, spec);
	return err;
}

static uint64_t dir_of(const struct view *view)
{
	return node_number(view->node.area, view->node.object, SLOT_SELF);
}

static void warn_of_stray(const struct view *view, FILE *out)
{
	struct stray stray;

	stray_find(view->tree, dir_of(view), &stray);
	if (stray.name)
		fprintf(out, "warning:\t'%s' is %s\n", stray.name,
			stray.sentence);
	stray_clear(&stray);
}

int show_info(const struct file *row, const struct view *view, FILE *out,
	      struct err *e)
{
	struct fate fate = { .is = FATE_WHOLE };
	const struct field *field;
	unsigned int slot = TEXT_FIELDS;
	struct err why;

	(void)row;
	(void)e;
	if (view->attached)
		view_fate(view, &fate);
	fprintf(out, "kind:\t%s\nstate:\t%s\n", view->kind->name,
		state_of(view, &fate));
	if (fate.is == FATE_GONE && fate.text)
		fprintf(out, "gone:\t%s\n", fate.text);
	if (waits(view, &why))
		fprintf(out, "waits:\t%s\n", why.text);
	fprintf(out, "target:\t%s\n", view->config.name);
	for (field = view->kind->fields; field->name; field++)
		show_value(view, slot++, field->name, out);
	show_value(view, TEXT_ATTACH, "program", out);
	show_value(view, TEXT_FOLLOW, "follow", out);
	if (view->attached && attachment_alive(view->attached->attachment))
		attachment_show_info(view->attached->attachment, out);
	if (fate.is == FATE_CHANGED && fate.text)
		fprintf(out, "warning:\t%s\n", fate.text);
	if (view->tree->teller)
		view->tree->teller->tell(view->tree->teller, dir_of(view), out);
	fate_clear(&fate);
	if (view->attached && view_pinned(view))
		show_value(view, TEXT_PIN, "pinned", out);
	warn_of_stray(view, out);
	return 0;
}

int show_sites(const struct file *row, const struct view *view, FILE *out,
	       struct err *e)
{
	(void)row;
	(void)e;
	if (view->attached && attachment_alive(view->attached->attachment))
		attachment_show_sites(view->attached->attachment, out);
	return 0;
}

int show_error(const struct file *row, const struct view *view, FILE *out,
	       struct err *e)
{
	struct stray stray;
	struct err why;

	(void)row;
	(void)e;
	if (view->config.error)
		fputs(view->config.error, out);
	else if (waits(view, &why))
		fprintf(out, "attach: waits: %s\n", why.text);
	stray_find(view->tree, dir_of(view), &stray);
	if (stray.name)
		fprintf(out, "%s: %s\n", stray.name, stray.sentence);
	stray_clear(&stray);
	return 0;
}

/* There is no text: see fs/stream.h. */
int show_stream(const struct file *row, const struct view *view, FILE *out,
		struct err *e)
{
	(void)row;
	(void)view;
	(void)out;
	(void)e;
	return 0;
}

int show_builtin(const struct file *row, const struct view *view, FILE *out,
		 struct err *e)
{
	const struct attached *attached = view->attached;

	(void)row;
	if (!attached || !attached->builtin)
		return fail(e, ENOENT, "the program is no longer attached");
	return attached->builtin->show(attached->attachment->prog_fd, out, e);
}
