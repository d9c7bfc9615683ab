// SPDX-License-Identifier: BSD-2-Clause
/* file_tags=host */
/* note_place.c - sound notes: where their addresses are in the file. */
#include "tests/unit/build_notes.h"

#define ZERO 1

/* clang-format off */
/* Files with one section of notes, and maybe .stapsdt.base. */
static const struct place_case {
	const char *name;
	uint64_t base; /* the address of .stapsdt.base, 0 for none, or ZERO */
	struct probe {
		uint64_t location, base, semaphore;
		const char *provider, *name, *args;
	} probes[8]; /* ends with a nameless one */
	const char *lines;
} place_cases[] = {
	{ "one note", 0, {
		{ TEXT, 0, 0, "p", "n", "8@%rdi" },
	  }, "p\tn\t0x1010\t0x0\t8@%rdi\n" },
	{ "semaphore", 0, {
		{ TEXT, 0, DATA, "p", "n", "-4@$-1" },
	  }, "p\tn\t0x1010\t0x2010\t-4@$-1\n" },
	{ "prelinked up", 0x401000, {
		{ TEXT + 0x70000, 0x471000, DATA + 0x70000, "p", "n", "" },
	  }, "p\tn\t0x1010\t0x2010\t\n" },
	{ "prelinked down", 0x401000, {
		{ TEXT - 0x400000, 0x1000, DATA - 0x400000, "p", "n", "" },
	  }, "p\tn\t0x1010\t0x2010\t\n" },
	{ "base is zero", 0x401000, {
		{ TEXT, 0, DATA, "p", "n", "" },
	  }, "p\tn\t0x1010\t0x2010\t\n" },
	{ "base is not loaded", ZERO, {
		{ TEXT, 0x1234, DATA, "p", "n", "" },
	  }, "p\tn\t0x1010\t0x2010\t\n" },
	{ "base without section", 0, {
		{ TEXT, 0x1234, 0, "p", "n", "" },
	  }, "p\tn\t0x1010\t0x0\t\n" },
	{ "places", 0, {
		{ 0x10, 0, 0, "p", "outside", "" },
		{ 0xfffffff0, 0, 0, "p", "high", "" },
		{ 0x400010, 0, 0, "p", "not_text", "" },
		{ 0x402fff, 0, 0, "p", "end", "" },
		{ 0x403000, 0, 0, "p", "behind", "" },
		{ TEXT + 0x10, 0, 0, "z", "last", "" },
	  }, "p\toutside\t-\t0x0\t\n"
	     "p\thigh\t-\t0x0\t\n"
	     "p\tnot_text\t-\t0x0\t\n"
	     "p\tend\t0x1fff\t0x0\t\n"
	     "p\tbehind\t-\t0x0\t\n"
	     "z\tlast\t0x1020\t0x0\t\n" },
	{ "semaphores", 0, {
		{ TEXT, 0, 0x10, "p", "outside", "" },
		{ TEXT, 0, 0x400010, "p", "read_only", "" },
		{ TEXT, 0, 0x402010, "p", "text", "" },
		{ TEXT, 0, 0x405011, "p", "odd", "" },
		{ TEXT, 0, 0x405ffe, "p", "end", "" },
		{ TEXT, 0, 0x405fff, "p", "half", "" },
		{ TEXT, 0, 0x406000, "p", "bss", "" },
	  }, "p\toutside\t0x1010\t-\t\n"
	     "p\tread_only\t0x1010\t-\t\n"
	     "p\ttext\t0x1010\t-\t\n"
	     "p\todd\t0x1010\t-\t\n"
	     "p\tend\t0x1010\t0x2ffe\t\n"
	     "p\thalf\t0x1010\t-\t\n"
	     "p\tbss\t0x1010\t-\t\n" },
	{ "odd names", 0, {
		{ TEXT, 0, 0, "a/b:c", "..", "\xff\xfe" },
		{ TEXT, 0, 0, "", "n\nn\t\x7f", "" },
	  }, "a/b:c\t..\t0x1010\t0x0\t\xff\xfe\n"
	     "\tn\\012n\\011\\177\t0x1010\t0x0\t\n" },
};
/* clang-format on */

static void check_case(const struct place_case *c, const struct flavour *f)
{
	struct build b = build_usual(f->class, f->order, f->type, f->machine);
	const struct probe *p;
	struct bytes *s;

	if (c->base)
		add_section(&b, ".stapsdt.base", SHT_PROGBITS)->address =
			c->base == ZERO ? 0 : c->base;
	s = notes_of(&b);
	for (p = c->probes; p->name; p++)
		add_probe(&b, s, p->location, p->base, p->semaphore,
			  p->provider, p->name, p->args);
	check_notes(c->name, f, &b, c->lines, "");
}

int main(void)
{
	size_t i, j;

	for (EACH(place_cases, i))
		for (EACH(flavours, j))
			check_case(&place_cases[i], &flavours[j]);
	return check_end("note_place");
}
