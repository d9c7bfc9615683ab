// SPDX-License-Identifier: BSD-2-Clause
/* settle.c - putting in place what a write has changed. */
#include <stdlib.h>

#include "fs/change/settle.h"
#include "fs/tree/area.h"
#include "fs/tree/attached.h"
#include "fs/tree/attr.h"
#include "fs/tree/handle.h"
#include "fs/tree/poll.h"
#include "fs/tree/probe.h"
#include "scope.h"

static struct holding held_by(const struct probe *probe)
{
	return (struct holding){
		.attached = probe->attached,
		.pin = probe->pin,
		.prog_fd = probe->prog_fd,
		.prog_as = probe->prog_as,
	};
}

int change_begin(struct change *c, uint64_t number, struct err *e)
{
	int err = probe_claim(c->tree, number, c->renews, &c->probe, e);

	c->fault = TEXT_NONE;
	if (!err)
		c->next = held_by(c->probe);
	return err;
}

int change_announce(struct change *c, const struct pin *pin, struct err *e)
{
	struct pin old, copy;
	int err = pin_copy(pin, &copy);

	if (err)
		return fail(e, -err, "no memory or no descriptor for the pin");
	pthread_mutex_lock(&c->tree->lock);
	old = c->probe->pin_next;
	c->probe->pin_next = copy;
	c->probe->pin_changes++;
	pthread_mutex_unlock(&c->tree->lock);
	pin_forget(&old);
	return 0;
}

char *change_text_of(const struct change *c, unsigned int slot)
{
	return c->given[slot] ? c->texts[slot] : c->probe->config.texts[slot];
}

void change_texts(const struct change *c, char *texts[TEXT_MAX])
{
	unsigned int slot;

	for (slot = 0; slot < TEXT_MAX; slot++)
		texts[slot] = change_text_of(c, slot);
}

int change_value(const struct change *c, unsigned int slot, char **value,
		 struct err *e)
{
	const char *text = change_text_of(c, slot);

	return text_value(text ? text : "", value, e);
}

void change_tell(struct change *c, unsigned int slot, char *text)
{
	free(c->texts[slot]);
	c->texts[slot] = text;
	c->given[slot] = true;
}

void change_keep_program(struct change *c, int prog_fd,
			 const struct load_as *as)
{
	c->next.prog_fd = prog_fd;
	c->next.prog_as = as ? *as : (struct load_as){ 0 };
}

static void free_texts(struct change *c)
{
	size_t i;

	for (i = 0; i < TEXT_MAX; i++) {
		free(take(c->texts[i]));
		c->given[i] = false;
	}
}

void change_lose(struct change *c)
{
	free_texts(c);
	change_tell(c, TEXT_ATTACH, NULL);
	c->lost = true;
}

/* The lock is held.  The texts that were there are the change's to free. */
static void place_texts(struct change *c)
{
	char **texts = c->probe->config.texts, *old;
	size_t i;

	for (i = 0; i < TEXT_MAX; i++) {
		if (!c->given[i])
			continue;
		old = texts[i];
		texts[i] = c->texts[i];
		c->texts[i] = old;
	}
}

/* The lock is held. */
static void place_holding(struct change *c, const struct holding *old)
{
	struct probe *probe = c->probe;
	bool pin_differs = old->pin.name != c->next.pin.name;

	probe->attached = c->next.attached;
	probe->pin = c->next.pin;
	probe->pin_changes += pin_differs;
	probe->prog_fd = c->next.prog_fd;
	probe->prog_as = c->next.prog_as;
	c->changed |= pin_differs || old->attached != c->next.attached;
	if (old->attached == c->next.attached)
		return;
	c->attached = true;
	/* A built-in program's file is there again, if it had been removed. */
	probe->nest.hidden[1] &= ~(UINT64_MAX << (SLOT_BUILTINS - 64));
}

/* Frees what was there, as far as it has been replaced. */
static void free_holding(struct tree *tree, struct holding *old,
			 const struct holding *now)
{
	if (old->pin.name != now->pin.name)
		pin_forget(&old->pin);
	if (old->attached != now->attached)
		attached_retire(tree, old->attached);
	if (old->prog_fd != now->prog_fd)
		fd_close(old->prog_fd);
}

void change_settle(struct change *c)
{
	struct holding old = held_by(c->probe);

	pthread_mutex_lock(&c->tree->lock);
	place_holding(c, &old);
	pthread_mutex_unlock(&c->tree->lock);
	free_holding(c->tree, &old, &c->next);
}

/* What was there is in its place after that.  The lock is held. */
static void place_written(struct tree *tree, struct written *written,
			  bool taken, char **error)
{
	char **place =
		area_at(written->number)->error(tree, written->number, true);
	char *old = *error;

	if (place) {
		*error = *place;
		*place = old;
	}
	if (taken) {
		attr_touch(tree, written->number);
		handle_remember(tree->handles, written->fh, &written->taken,
				&written->prior, written->end);
	} else {
		handle_forget(tree->handles, written->fh);
	}
}

void written_refuse(struct tree *tree, struct written *written, char *error)
{
	pthread_mutex_lock(&tree->lock);
	place_written(tree, written, false, &error);
	pthread_mutex_unlock(&tree->lock);
	free(error);
}

void written_clear(struct written *written)
{
	free(take(written->taken));
	free(take(written->prior));
}

/*
 * The claim ends with what is put in place, unless something attached has to go
 * first: a thread that removes the probe meanwhile would not wait for that.
 */
void change_end(struct change *c, bool taken, struct written *written,
		char *error)
{
	struct watchers woken = LIST_HEAD_INITIALIZER(woken);
	struct holding old = held_by(c->probe);
	struct pin pin_next;
	bool lasts = false;

	pthread_mutex_lock(&c->tree->lock);
	if (taken || c->lost)
		place_texts(c);
	if (taken)
		place_holding(c, &old);
	pin_next = c->probe->pin_next;
	c->probe->pin_next = PIN_NONE;
	c->probe->pin_changes += !!pin_next.name;
	if (written)
		place_written(c->tree, written, taken, &error);
	lasts = old.attached && old.attached != c->probe->attached;
	if (!lasts)
		probe_unclaim(c->tree, c->probe, c->changed, &woken);
	pthread_mutex_unlock(&c->tree->lock);
	poll_wake(&woken);
	pin_forget(&pin_next);
	free(error);
	free_texts(c);
	if (taken)
		free_holding(c->tree, &old, &c->next);
	if (lasts)
		probe_release(c->tree, c->probe, c->changed);
}
