// SPDX-License-Identifier: BSD-2-Clause
/* file_tags=host */
/* usdt_refusal.c - files that are damaged: what is said of them. */
#include <errno.h>

#include "attach/kind/usdt/usdt.h"
#include "tests/unit/build_notes.h"

static struct bytes *good(struct build *b)
{
	struct bytes *s = notes_of(b);

	add_probe(b, s, TEXT, 0, 0, "p", "n", "");
	return s;
}

static void sound(struct build *b)
{
	good(b);
}

static void none(struct build *b)
{
	add_section(b, ".text", SHT_PROGBITS);
}

static void outside(struct build *b)
{
	good(b);
	b->sections[0].moved = (uint64_t)1 << 31;
	b->sections[0].claims = 1000;
}

static void one_outside(struct build *b)
{
	outside(b);
	good(b);
}

static void no_bound(struct build *b)
{
	struct bytes *s = notes_of(b);

	b->sections[0].flags = SHF_COMPRESSED;
	bytes_number(b, s, ELFCOMPRESS_ZLIB, 8);
	bytes_number(b, s, (uint64_t)1 << 40, 8);
	bytes_number(b, s, 4, 8);
}

static void cut_short(struct build *b)
{
	bytes_add(notes_of(b), "\1\2\3", 3);
}

static void table_outside(struct build *b)
{
	none(b);
	b->bad_sections = true;
}

#define DAMAGED "'file' is damaged, and no static probe of it can be read: "

/* clang-format off */
static const struct refusal_case {
	const char *name;
	void (*fill)(struct build *b);
	const char *sentence; /* "" for none */
} refusal_cases[] = {
	{ "sound", sound, "" },
	{ "no notes", none, "" },
	{ "one of two sections outside", one_outside, "" },
	{ "sections outside", outside,
	  DAMAGED "a section of notes that leaves the file; it is at offset 0x80000000" },
	{ "compressed without bound", no_bound,
	  DAMAGED "a compressed section that is larger than is sensible; it is at offset 0x4000" },
	{ "cut short", cut_short,
	  DAMAGED "bytes too few for a note; it is at offset 0x4000" },
	{ "table outside", table_outside,
	  DAMAGED "its table of sections is malformed or beyond its end" },
};
/* clang-format on */

static void check_case(const struct refusal_case *c)
{
	struct build b =
		build_usual(ELFCLASS64, ELFDATA2LSB, ET_DYN, EM_X86_64);
	struct notes *notes;
	struct err e = { .code = 0 };

	c->fill(&b);
	notes = read_build(&b);
	check_true(c->name, notes);
	check_number(c->name, c->sentence[0] ? -ENOEXEC : 0,
		     usdt_check_notes(notes, "file", &e));
	check_text(c->name, c->sentence, e.code ? e.text : "");
	notes_free(notes);
}

int main(void)
{
	size_t i;

	for (EACH(refusal_cases, i))
		check_case(&refusal_cases[i]);
	return check_end("usdt_refusal");
}
