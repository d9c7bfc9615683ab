// SPDX-License-Identifier: BSD-2-Clause
/* note.c - notes of files made by hand: what is listed, and what complained. */
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

static void semaphore(struct build *b)
{
	add_probe(b, notes_of(b), TEXT, 0, DATA, "p", "n", "-4@$-1");
}

static void two_sections(struct build *b)
{
	good(b, notes_of(b));
	last(b, notes_of(b));
}

static void prelinked(struct build *b)
{
	add_section(b, ".stapsdt.base", SHT_PROGBITS)->address = 0x401000;
	add_probe(b, notes_of(b), TEXT + 0x70000, 0x471000, DATA + 0x70000, "p",
		  "n", "");
}

static void prelinked_down(struct build *b)
{
	add_section(b, ".stapsdt.base", SHT_PROGBITS)->address = 0x401000;
	add_probe(b, notes_of(b), TEXT - 0x400000, 0x1000, DATA - 0x400000, "p",
		  "n", "");
}

static void base_zero(struct build *b)
{
	add_section(b, ".stapsdt.base", SHT_PROGBITS)->address = 0x401000;
	add_probe(b, notes_of(b), TEXT, 0, DATA, "p", "n", "");
}

static void base_without_section(struct build *b)
{
	add_probe(b, notes_of(b), TEXT, 0x1234, 0, "p", "n", "");
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

static void places(struct build *b)
{
	struct bytes *s = notes_of(b);

	add_probe(b, s, 0x10, 0, 0, "p", "outside", "");
	add_probe(b, s, 0xfffffff0, 0, 0, "p", "high", "");
	add_probe(b, s, 0x400010, 0, 0, "p", "not_text", "");
	add_probe(b, s, 0x402fff, 0, 0, "p", "end", "");
	add_probe(b, s, 0x403000, 0, 0, "p", "behind", "");
	last(b, s);
}

static void semaphores(struct build *b)
{
	struct bytes *s = notes_of(b);

	add_probe(b, s, TEXT, 0, 0x10, "p", "outside", "");
	add_probe(b, s, TEXT, 0, 0x400010, "p", "read_only", "");
	add_probe(b, s, TEXT, 0, 0x402010, "p", "text", "");
	add_probe(b, s, TEXT, 0, 0x405011, "p", "odd", "");
	add_probe(b, s, TEXT, 0, 0x405ffe, "p", "end", "");
	add_probe(b, s, TEXT, 0, 0x405fff, "p", "half", "");
	add_probe(b, s, TEXT, 0, 0x406000, "p", "bss", "");
}

static void beyond_file(struct build *b)
{
	add_segment(b, PT_LOAD, PF_R | PF_X, 0x1000000, 0x800000, 0x1000,
		    0x1000);
	add_probe(b, notes_of(b), 0x800010, 0, 0, "p", "eof", "");
}

static void odd_names(struct build *b)
{
	struct bytes *s = notes_of(b);

	add_probe(b, s, TEXT, 0, 0, "a/b:c", "..", "\xff\xfe");
	add_probe(b, s, TEXT, 0, 0, "", "n\nn\t\x7f", "");
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
} cases[] = {
	{ "one note", one, LINE, "" },
	{ "no notes", nothing, "", "" },
	{ "semaphore", semaphore, "p\tn\t0x1010\t0x2010\t-4@$-1\n", "" },
	{ "two sections", two_sections, LINE LAST, "" },
	{ "empty section before", empty_before, LINE, "" },
	{ "prelinked up", prelinked, "p\tn\t0x1010\t0x2010\t\n", "" },
	{ "prelinked down", prelinked_down, "p\tn\t0x1010\t0x2010\t\n", "" },
	{ "base is zero", base_zero, "p\tn\t0x1010\t0x2010\t\n", "" },
	{ "base without section", base_without_section,
	  "p\tn\t0x1010\t0x0\t\n", "" },
	{ "foreign notes", foreign, LAST, FOREIGN FOREIGN FOREIGN FOREIGN },
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
	{ "places", places,
	  "p\toutside\t-\t0x0\t\np\thigh\t-\t0x0\t\np\tnot_text\t-\t0x0\t\n"
	  "p\tend\t0x1fff\t0x0\t\np\tbehind\t-\t0x0\t\n" LAST, "" },
	{ "semaphores", semaphores,
	  "p\toutside\t0x1010\t-\t\np\tread_only\t0x1010\t-\t\n"
	  "p\ttext\t0x1010\t-\t\np\todd\t0x1010\t-\t\n"
	  "p\tend\t0x1010\t0x2ffe\t\np\thalf\t0x1010\t-\t\n"
	  "p\tbss\t0x1010\t-\t\n", "" },
	{ "beyond the file", beyond_file, "p\teof\t-\t0x0\t\n", "" },
	{ "odd names", odd_names,
	  "a/b:c\t..\t0x1010\t0x0\t\xff\xfe\n"
	  "\tn\\012n\\011\\177\t0x1010\t0x0\t\n", "" },
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

static const struct flavour {
	const char *name;
	int class, order;
	uint16_t type, machine;
} flavours[] = {
	{ "64 little", ELFCLASS64, ELFDATA2LSB, ET_DYN, EM_X86_64 },
	{ "64 big", ELFCLASS64, ELFDATA2MSB, ET_DYN, EM_S390 },
	{ "32 little", ELFCLASS32, ELFDATA2LSB, ET_EXEC, EM_386 },
	{ "32 big", ELFCLASS32, ELFDATA2MSB, ET_EXEC, EM_PPC },
};
/* clang-format on */

static int failures;

static void expect(const char *what, const char *flavour, const char *expected,
		   const char *got)
{
	if (!strcmp(expected, got))
		return;
	failures++;
	printf("note: %s (%s):\nexpected:\n%s\ngot:\n%s\n", what, flavour,
	       expected, got);
}

static char *lines(const struct notes *notes)
{
	const struct note *note = NULL;
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	while ((note = notes_next(notes, note, NULL, NULL)))
		note_show(note, out);
	fclose(out);
	return text;
}

static char *faults(const struct notes *notes)
{
	char *text;
	size_t size, i;
	FILE *out = open_memstream(&text, &size);

	for (i = 0; i < notes->nfaults && i < NOTES_FAULTS; i++)
		fprintf(out, "%s\n", notes->faults[i].text);
	fclose(out);
	return text;
}

static void run(const struct note_case *c, const struct flavour *f)
{
	struct build b = build_usual(f->class, f->order, f->type, f->machine);
	struct notes *notes;
	char *text;

	c->fill(&b);
	notes = read_build(&b);
	if (!notes) {
		failures++;
		return;
	}
	text = lines(notes);
	expect(c->name, f->name, c->lines, text);
	free(text);
	text = faults(notes);
	expect(c->name, f->name, c->faults, text);
	free(text);
	notes_free(notes);
}

int main(void)
{
	size_t i, j, ncases = sizeof(cases) / sizeof(cases[0]);
	size_t nflavours = sizeof(flavours) / sizeof(flavours[0]);

	for (i = 0; i < ncases; i++)
		for (j = 0; j < nflavours; j++)
			run(&cases[i], &flavours[j]);
	if (failures)
		return 1;
	printf("ok note: %zu cases\n", ncases * nflavours);
	return 0;
}
