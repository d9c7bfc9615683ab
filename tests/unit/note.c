// SPDX-License-Identifier: BSD-2-Clause
/* file_tags=host */
/* note.c - notes, sections and tables that are odd, broken or missing. */
#include "tests/unit/build_notes.h"

#define LINE "p\tn\t0x1010\t0x0\t8@%rdi\n"
#define LAST "z\tlast\t0x1020\t0x0\t\n"

static void good(const struct build *b, struct bytes *s)
{
	add_probe(b, s, TEXT, 0, 0, "p", "n", "8@%rdi");
}

static void last(const struct build *b, struct bytes *s)
{
	add_probe(b, s, TEXT + 0x10, 0, 0, "z", "last", "");
}

static void raw(const struct build *b, struct bytes *s, const char *owner,
		size_t owner_size, uint32_t type, const char *text, size_t size)
{
	struct bytes desc = { 0 };

	bytes_number(b, &desc, TEXT, build_word(b));
	bytes_number(b, &desc, 0, build_word(b));
	bytes_number(b, &desc, 0, build_word(b));
	bytes_add(&desc, text, size);
	add_note(b, s, owner, owner_size, type, &desc);
	free(desc.data);
}

static void one(struct build *b)
{
	good(b, notes_of(b));
}

static void two_sections(struct build *b)
{
	good(b, notes_of(b));
	last(b, notes_of(b));
}

static void foreign(struct build *b)
{
	struct bytes *s = notes_of(b);

	raw(b, s, "stapsdx", 8, 3, "p\0n\0", 5);
	raw(b, s, "stapsdt", 8, 4, "p\0n\0", 5);
	raw(b, s, "stap", 5, 3, "p\0n\0", 5);
	raw(b, s, "", 0, 3, "p\0n\0", 5);
	last(b, s);
}

static void owners(struct build *b)
{
	struct bytes *s = notes_of(b);

	raw(b, s, "stapsdt", 7, 3, "p\0n\0008@%rdi", 11);
	raw(b, s, "stapsdt\0\0\0\0", 12, 3, "p\0n\0008@%rdi", 11);
	last(b, s);
}

static void bad_strings(struct build *b)
{
	struct bytes *s = notes_of(b);

	good(b, s);
	raw(b, s, "stapsdt", 8, 3, "prov", 4);
	raw(b, s, "stapsdt", 8, 3, "p\0n", 3);
	raw(b, s, "stapsdt", 8, 3, "p\0n\0arg", 7);
	raw(b, s, "stapsdt", 8, 3, "p\0\0\0", 4);
	raw(b, s, "stapsdt", 8, 3, "", 0);
	last(b, s);
}

static void too_short(struct build *b)
{
	struct bytes *s = notes_of(b);
	struct bytes desc = { 0 };

	bytes_add(&desc, NULL, 11);
	add_note(b, s, "stapsdt", 8, 3, &desc);
	free(desc.data);
	last(b, s);
}

static void trailing(struct build *b)
{
	struct bytes *s = notes_of(b);

	raw(b, s, "stapsdt", 8, 3, "p\0n\0008@%rdi\0more\0bytes", 19);
	bytes_add(s, NULL, 7);
}

static void huge_size(struct build *b, uint32_t owner, uint32_t desc)
{
	struct bytes *s = notes_of(b);

	good(b, s);
	bytes_number(b, s, owner, 4);
	bytes_number(b, s, desc, 4);
	bytes_number(b, s, 3, 4);
	bytes_add(s, "stapsdt", 8);
	last(b, s);
}

static void huge_name(struct build *b)
{
	huge_size(b, 0xfffffffd, 8);
}

static void huge_desc(struct build *b)
{
	huge_size(b, 8, 0xfffffff0);
}

static void both_wrap(struct build *b)
{
	huge_size(b, 0xffffffff, 0xffffffff);
}

static void cut(struct build *b)
{
	struct bytes *s = notes_of(b);

	good(b, s);
	bytes_add(s, "\1\2\3", 3);
}

static void unpadded(struct build *b)
{
	struct bytes *s = notes_of(b);

	add_probe(b, s, TEXT, 0, 0, "p", "n", "8@%rdi");
	while (s->data[s->size - 2] == '\0')
		s->size--;
}

static void beyond_file(struct build *b)
{
	add_segment(b, PT_LOAD, PF_R | PF_X, 0x1000000, 0x800000, 0x1000,
		    0x1000);
	add_probe(b, notes_of(b), 0x800010, 0, 0, "p", "eof", "");
}

static void no_table(struct build *b)
{
	one(b);
	b->no_sections = true;
}

static void table_outside(struct build *b)
{
	one(b);
	b->bad_sections = true;
}

static void by_segment(struct build *b)
{
	struct bytes *s = notes_of(b);

	raw(b, s, "GNU", 4, 3, "build-id", 8);
	good(b, s);
	add_segment(b, PT_NOTE, PF_R, FIXED, 0x400100, s->size, s->size);
	b->no_sections = true;
}

static void scanned(struct build *b)
{
	struct bytes *s = notes_of(b);

	bytes_text(s, "here is stapsdt in a text");
	bytes_align(s, 4);
	good(b, s);
	good(b, s);
	bytes_add(s, NULL, 70000);
	bytes_align(s, 4);
	last(b, s);
	b->no_sections = true;
}

static void nobits(struct build *b)
{
	struct build_section *s = add_section(b, ".note.stapsdt", SHT_NOBITS);

	s->claims = 1000;
}

static void leaves_file(struct build *b)
{
	struct build_section *s = add_section(b, ".note.stapsdt", SHT_NOTE);

	good(b, &s->bytes);
	s->claims = (uint64_t)1 << 31;
}

static void beyond_end(struct build *b)
{
	struct build_section *s = add_section(b, ".note.stapsdt", SHT_NOTE);

	s->moved = (uint64_t)1 << 31;
	s->claims = 1000;
	last(b, notes_of(b));
}

static void empty_before(struct build *b)
{
	add_section(b, ".note.stapsdt", SHT_NOTE);
	good(b, notes_of(b));
}

static void nothing(struct build *b)
{
	add_section(b, ".text", SHT_PROGBITS);
}

#define LONGER	"a note that is longer than its section; what follows is lost\n"
#define FOREIGN "a note of another owner or type\n"
#define ENDLESS "a note with a string that does not end\n"

/* clang-format off */
static const struct note_case {
	const char *name;
	void (*fill)(struct build *b);
	const char *lines, *faults;
} note_cases[] = {
	{ "no notes", nothing, "", "" },
	{ "two sections", two_sections, LINE LAST, "" },
	{ "empty section before", empty_before, LINE, "" },
	{ "foreign notes", foreign, LAST, FOREIGN FOREIGN FOREIGN FOREIGN },
	{ "owners that libbpf takes", owners, LINE LINE LAST, "" },
	{ "bad strings", bad_strings, LINE LAST,
	  ENDLESS ENDLESS ENDLESS "a note without a name\n" ENDLESS },
	{ "too short", too_short, LAST,
	  "a note that is too short for its addresses\n" },
	{ "trailing bytes", trailing, LINE, "" },
	{ "name size wraps", huge_name, LINE, LONGER },
	{ "description size wraps", huge_desc, LINE, LONGER },
	{ "both sizes wrap", both_wrap, LINE, LONGER },
	{ "cut", cut, LINE, "bytes too few for a note\n" },
	{ "no padding at the end", unpadded, LINE, "" },
	{ "beyond the file", beyond_file, "p\teof\t-\t0x0\t\n", "" },
	{ "no section table", no_table, LINE, "" },
	{ "section table outside", table_outside, LINE,
	  "its table of sections is malformed or beyond its end\n" },
	{ "segment of notes", by_segment, LINE, "" },
	{ "scanned for", scanned, LINE LINE LAST, "" },
	{ "no bytes", nobits, "", "" },
	{ "section beyond the file", beyond_end, LAST,
	  "a section of notes that leaves the file\n" },
	{ "section leaves the file", leaves_file, LINE,
	  "a section of notes that leaves the file\n" LONGER },
};
/* clang-format on */

static void check_case(const struct note_case *c, const struct flavour *f)
{
	struct build b = build_usual(f->class, f->order, f->type, f->machine);

	c->fill(&b);
	check_notes(c->name, f, &b, c->lines, c->faults);
}

int main(void)
{
	size_t i, j;

	for (EACH(note_cases, i))
		for (EACH(flavours, j))
			check_case(&note_cases[i], &flavours[j]);
	return check_end("note");
}
