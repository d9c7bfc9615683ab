// SPDX-License-Identifier: BSD-2-Clause
/* image_symbols.c - every symbol of a file and of its debug files, once. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "scope.h"
#include "usdt/elf/image_private.h"

enum {
	NAME_BYTES = 65535, /* longer names are not of this world */
	CUT_BYTES = 1 << 26,
	/* Names may share their tails, so a small file can hold names of any
	   length altogether; nobody's do. */
	ALL_NAMES = 1 << 30,
};

/* Names and addresses that were told, as hashes. */
struct seen {
	uint64_t *slots; /* 0 is free */
	size_t count, size;
};

struct walk {
	struct image *image; /* whose segments count */
	int (*each)(void *ctx, const struct image_symbol *symbol);
	void *ctx;
	struct err *e;
	struct seen seen;
	uint64_t bytes; /* of names, so far */
	struct image *from; /* whose table is read */
	size_t strings; /* the section of its names */
	const struct versions *versions; /* .dynsym only */
};

static bool seen_put(struct seen *seen, uint64_t hash)
{
	size_t i = hash & (seen->size - 1);

	while (seen->slots[i]) {
		if (seen->slots[i] == hash)
			return false;
		i = (i + 1) & (seen->size - 1);
	}
	seen->slots[i] = hash;
	seen->count++;
	return true;
}

static int seen_grow(struct seen *seen)
{
	struct seen larger = { .size = seen->size ? 2 * seen->size : 4096 };
	size_t i;

	if (seen->size && seen->count < seen->size / 2)
		return 0;
	larger.slots = calloc(larger.size, sizeof(*larger.slots));
	if (!larger.slots)
		return -ENOMEM;
	for (i = 0; i < seen->size; i++)
		if (seen->slots[i])
			seen_put(&larger, seen->slots[i]);
	free(seen->slots);
	*seen = larger;
	return 0;
}

/* FNV-1a; the offset basis and the prime of 64 bits. */
static uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t size)
{
	const unsigned char *at = bytes;

	while (size-- > 0)
		hash = (hash ^ *at++) * 0x100000001b3;
	return hash;
}

static uint64_t symbol_hash(const struct image_symbol *s)
{
	uint64_t hash = 0xcbf29ce484222325;

	hash = hash_bytes(hash, s->name, strlen(s->name));
	hash = hash_bytes(hash, &s->address, sizeof(s->address));
	hash = hash_bytes(hash, &s->undefined, sizeof(s->undefined));
	return hash ? hash : 1;
}

/*
 * True when the symbol was not told yet.  In .dynsym one name at one address
 * may have several versions; other tables only repeat what it says.
 */
static int first_time(struct walk *w, const struct image_symbol *s)
{
	uint64_t hash = symbol_hash(s);
	int err = seen_grow(&w->seen);
	bool fresh;

	if (err)
		return fail(w->e, ENOMEM, "no memory for its symbols");
	fresh = seen_put(&w->seen, hash);
	if (fresh || !w->versions || !s->version)
		return fresh;
	hash = hash_bytes(hash, s->version, strlen(s->version));
	return seen_put(&w->seen, hash ? hash : 1);
}

/*
 * The linker writes versions into the names of .symtab: puts@GLIBC_2.2.5.
 * False when the name cannot be kept.
 */
static bool cut_version(struct walk *w, struct image_symbol *s, size_t length)
{
	char *at = strchr(s->name, '@');
	struct cut *copy;

	if (!at || at == s->name)
		return true;
	if (w->image->cut_bytes + length > CUT_BYTES)
		return false;
	copy = malloc(sizeof(*copy) + length + 1);
	if (!copy)
		return false;
	w->image->cut_bytes += length;
	memcpy(copy->name, s->name, length + 1);
	SLIST_INSERT_HEAD(&w->image->cuts, copy, next);
	at = copy->name + (at - s->name);
	s->name = copy->name;
	s->default_version = at[1] == '@' && !s->undefined;
	s->version = at + 1 + (at[1] == '@');
	*at = '\0';
	return true;
}

static void place(struct walk *w, struct image_symbol *s)
{
	const struct image_segment *segment;
	uint64_t into;

	if (s->undefined)
		return;
	segment = image_segment_of(w->image, s->address);
	if (!segment)
		return;
	into = s->address - segment->address;
	if (into >= segment->file_size ||
	    !image_code_end(w->image, segment->offset + into))
		return;
	s->in_text = true;
	s->offset = segment->offset + into;
}

static bool wanted(unsigned char type, uint64_t section)
{
	if (type == STT_SECTION || type == STT_FILE || type == STT_TLS)
		return false;
	return section != SHN_ABS;
}

static void take_version(const struct walk *w, size_t index,
			 struct image_symbol *s)
{
	struct version version = versions_of(w->versions, index);

	s->version = version.name;
	s->library = version.library;
	s->default_version = version.name && !version.hidden && !s->undefined;
}

static int tell(struct walk *w, const GElf_Sym *raw, size_t index)
{
	struct image_symbol s = {
		.name = elf_strptr(w->from->elf, w->strings, raw->st_name),
		.type = GELF_ST_TYPE(raw->st_info),
		.undefined = raw->st_shndx == SHN_UNDEF,
		.debug = w->from != w->image,
		.address = raw->st_value,
		.size = raw->st_size,
	};
	size_t length;
	int fresh;

	if (!s.name || !*s.name || !wanted(s.type, raw->st_shndx))
		return 0;
	length = strnlen(s.name, NAME_BYTES + 1);
	w->bytes += length;
	if (w->bytes > ALL_NAMES)
		return fail(w->e, EFBIG, "its symbols have too many names");
	if (length > NAME_BYTES)
		return 0;
	take_version(w, index, &s);
	if (!s.version && !cut_version(w, &s, length))
		return 0;
	fresh = first_time(w, &s);
	if (fresh <= 0)
		return fresh;
	place(w, &s);
	return w->each(w->ctx, &s);
}

static int walk_table(struct walk *w, uint32_t type)
{
	struct section *table = section_of_type(w->from, type);
	int err = 0, i;
	Elf_Data *data;
	GElf_Sym symbol;

	if (!table)
		return 0;
	if (table->entry_size !=
		    gelf_fsize(w->from->elf, ELF_T_SYM, 1, EV_CURRENT) ||
	    table->where.size % table->entry_size)
		return fail(w->e, ENOEXEC, "its section '%s' is malformed",
			    table->name);
	if (!image_strings(w->from, table->link, w->e))
		return -w->e->code;
	data = image_data(w->from, table, w->e);
	if (!data)
		return -w->e->code;
	w->strings = table->link;
	for (i = 0; !err && gelf_getsym(data, i, &symbol); i++)
		err = tell(w, &symbol, (size_t)i);
	return err;
}

static int walk_dynamic(struct walk *w)
{
	struct versions *versions = versions_load(w->from);
	int err;

	w->versions = versions;
	err = walk_table(w, SHT_DYNSYM);
	w->versions = NULL;
	versions_free(versions);
	return err;
}

/* Their own faults are nobody's business: the file itself is fine. */
static int walk_debug(struct walk *w, struct image *debug)
{
	struct err *e = w->e, ignored = { .code = 0 };
	int err;

	if (!debug)
		return 0;
	w->from = debug;
	w->e = &ignored;
	err = walk_table(w, SHT_SYMTAB);
	w->e = e;
	return ignored.code ? 0 : err;
}

static int walk_all(struct walk *w)
{
	int err;

	if (w->image->sections_fault)
		return fail(w->e, ENOEXEC, "it has no symbols: %s",
			    w->image->sections_fault);
	w->from = w->image;
	err = walk_dynamic(w);
	if (!err)
		err = walk_table(w, SHT_SYMTAB);
	if (!err)
		err = walk_debug(w, image_inside(w->image));
	if (!err)
		err = walk_debug(w, image_outside(w->image));
	return err;
}

int image_symbols(struct image *image,
		  int (*each)(void *ctx, const struct image_symbol *symbol),
		  void *ctx, struct err *e)
{
	struct err ignored;
	struct walk w = {
		.image = image,
		.each = each,
		.ctx = ctx,
		.e = e ? e : &ignored,
	};
	int err = walk_all(&w);

	free(w.seen.slots);
	return err;
}
