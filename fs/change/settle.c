// SPDX-License-Identifier: BSD-2-Clause
/* settle.c - putting in place what a write has changed. */
#include "fs/change/settle.h"
#include "fs/tree/attached.h"
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

	if (!err)
		c->next = held_by(c->probe);
	return err;
}

static void announce(struct change *c, struct pin pin)
{
	struct pin old;

	pthread_mutex_lock(&c->tree->lock);
	old = c->probe->pin_next;
	c->probe->pin_next = pin;
	c->probe->pin_changes++;
	pthread_mutex_unlock(&c->tree->lock);
	pin_forget(&old);
}

int change_announce(struct change *c, const struct pin *pin, struct err *e)
{
	struct pin copy;
	int err = pin_copy(pin, &copy);

	if (err)
		return fail(e, -err, "no memory or no descriptor for the pin");
	announce(c, copy);
	return 0;
}

void change_end(struct change *c)
{
	if (c->probe->pin_next.name)
		announce(c, PIN_NONE);
	probe_release(c->tree, c->probe, c->changed);
}

static const char *text_of(const struct change *c, unsigned int slot)
{
	return c->slot == slot ? c->text : c->probe->config.texts[slot];
}

int change_value(const struct change *c, unsigned int slot, char **value,
		 struct err *e)
{
	const char *text = text_of(c, slot);

	return text_value(text ? text : "", value, e);
}

void change_tell(struct change *c, unsigned int slot, char *text)
{
	free(c->texts[slot]);
	c->texts[slot] = text;
	c->told[slot] = true;
}

void change_keep_program(struct change *c, int prog_fd,
			 const struct load_as *as)
{
	c->next.prog_fd = prog_fd;
	c->next.prog_as = as ? *as : (struct load_as){ 0 };
}

/* The lock is held.  The texts that were there are the change's to free. */
static void place_texts(struct change *c)
{
	char **texts = c->probe->config.texts, *old;
	size_t i;

	for (i = 0; i < TEXT_MAX; i++) {
		if (!c->told[i])
			continue;
		old = texts[i];
		texts[i] = c->texts[i];
		c->texts[i] = old;
	}
}

/* The lock is held. */
static void place_holding(struct probe *probe, const struct holding *next)
{
	probe->attached = next->attached;
	if (probe->pin.name != next->pin.name)
		probe->pin_changes++;
	probe->pin = next->pin;
	probe->prog_fd = next->prog_fd;
	probe->prog_as = next->prog_as;
}

static void free_texts(struct change *c)
{
	size_t i;

	for (i = 0; i < TEXT_MAX; i++) {
		free(take(c->texts[i]));
		c->told[i] = false;
	}
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
	struct probe *probe = c->probe;
	struct holding old = held_by(probe);

	pthread_mutex_lock(&c->tree->lock);
	place_texts(c);
	place_holding(probe, &c->next);
	/* A built-in program's file is there again, if it had been removed. */
	if (old.attached != c->next.attached)
		probe->hidden[1] &= ~(UINT64_MAX << (SLOT_BUILTINS - 64));
	pthread_mutex_unlock(&c->tree->lock);
	if (old.attached != c->next.attached)
		c->attached = true;
	if (old.attached != c->next.attached ||
	    old.pin.name != c->next.pin.name)
		c->changed = true;
	free_texts(c);
	free_holding(c->tree, &old, &c->next);
}
