// SPDX-License-Identifier: BSD-2-Clause
/* usdt_symbol.c - the addresses of the symbols that arguments name. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "usdt/args.h"
#include "usdt/usdt_symbol.h"

enum {
	/* The largest number seen in one file is 40. */
	NAMES = 1 << 14,
};

struct wanted {
	struct usdt_span name;
	uint64_t address;
	bool known, ambiguous;
};

struct spec_symbols {
	size_t count, room;
	bool full; /* no more are taken */
	struct wanted *wanted; /* in the order of the names, once made */
};

static int compare(const char *a, size_t a_length, const char *b,
		   size_t b_length)
{
	size_t least = a_length < b_length ? a_length : b_length;
	int order = memcmp(a, b, least);

	if (order)
		return order;
	return a_length < b_length ? -1 : a_length > b_length;
}

static int by_name(const void *a, const void *b)
{
	const struct wanted *left = a, *right = b;

	return compare(left->name.at, left->name.length, right->name.at,
		       right->name.length);
}

static struct wanted *find(const struct spec_symbols *symbols, const char *name,
			   size_t length)
{
	struct wanted key = { .name = { .at = name, .length = length } };

	if (symbols->count == 0)
		return NULL;
	return bsearch(&key, symbols->wanted, symbols->count, sizeof(key),
		       by_name);
}

static void sort(struct spec_symbols *symbols)
{
	struct wanted *wanted = symbols->wanted;
	size_t i, kept = 0;

	if (symbols->count == 0)
		return;
	qsort(wanted, symbols->count, sizeof(*wanted), by_name);
	for (i = 1; i < symbols->count; i++)
		if (by_name(&wanted[kept], &wanted[i]))
			wanted[++kept] = wanted[i];
	symbols->count = kept + 1;
}

/* Thousands of sites name the same few symbols; else it is nonsense. */
static bool make_room(struct spec_symbols *symbols)
{
	sort(symbols);
	symbols->full = symbols->count > NAMES / 2;
	return !symbols->full;
}

static int want(struct spec_symbols *symbols, const struct usdt_span *name)
{
	size_t room = symbols->room ? 2 * symbols->room : 16;
	struct wanted *more;

	if (symbols->full || (symbols->count == NAMES && !make_room(symbols)))
		return 0;
	if (symbols->count == symbols->room) {
		more = reallocarray(symbols->wanted, room, sizeof(*more));
		if (!more)
			return -ENOMEM;
		symbols->wanted = more;
		symbols->room = room;
	}
	symbols->wanted[symbols->count++] = (struct wanted){ .name = *name };
	return 0;
}

static int want_note(struct spec_symbols *symbols, const struct image *image,
		     const struct note *note)
{
	struct usdt_args args;
	struct usdt_arg arg;
	int r = 0;

	usdt_args_begin(&args, image_machine(image), image_class(image),
			note->args);
	while (!r && usdt_args_next(&args, &arg))
		if (arg.kind != USDT_UNAVAILABLE && arg.symbol.length)
			r = want(symbols, &arg.symbol);
	return r;
}

/* An address in no thread's own memory, and not chosen when the file loads. */
static bool has_address(const struct image_symbol *symbol)
{
	return !symbol->undefined && symbol->type != STT_TLS &&
	       symbol->type != STT_GNU_IFUNC && symbol->type != STT_SECTION &&
	       symbol->type != STT_FILE;
}

static int see(void *ctx, const struct image_symbol *symbol)
{
	struct spec_symbols *symbols = ctx;
	struct wanted *wanted;

	wanted = find(symbols, symbol->name, strlen(symbol->name));
	if (!wanted || !has_address(symbol))
		return 0;
	/* Two static variables: which of them the compiler meant is lost. */
	if (wanted->known && wanted->address != symbol->address)
		wanted->ambiguous = true;
	wanted->known = true;
	wanted->address = symbol->address;
	return 0;
}

static int look_up(struct spec_symbols *symbols, struct image *image,
		   struct err *e)
{
	int r;

	if (symbols->count == 0)
		return 0;
	r = image_symbols(image, see, symbols, e);
	return r == -ENOEXEC || r == -EFBIG ? 0 : r;
}

int spec_symbols_make(struct image *image, const struct note *const *notes,
		      size_t count, struct spec_symbols **out, struct err *e)
{
	struct spec_symbols *symbols = calloc(1, sizeof(*symbols));
	size_t i;
	int r = symbols ? 0 : -ENOMEM;

	for (i = 0; !r && i < count; i++)
		r = want_note(symbols, image, notes[i]);
	if (r) {
		spec_symbols_free(symbols);
		return fail(e, -r, "no memory for its symbols");
	}
	sort(symbols);
	r = look_up(symbols, image, e);
	if (r) {
		spec_symbols_free(symbols);
		return r;
	}
	*out = symbols;
	return 0;
}

void spec_symbols_free(struct spec_symbols *symbols)
{
	if (!symbols)
		return;
	free(symbols->wanted);
	free(symbols);
}

int spec_symbols_find(void *ctx, const char *name, size_t length,
		      uint64_t *address)
{
	const struct wanted *wanted = find(ctx, name, length);

	if (!wanted || !wanted->known)
		return -ENOENT;
	if (wanted->ambiguous)
		return -ENOTUNIQ;
	*address = wanted->address;
	return 0;
}
