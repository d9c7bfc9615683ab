// SPDX-License-Identifier: BSD-2-Clause
/* file_tags=host */
/*
 * note_padding.c - notes padded to 4 or 8 bytes, in sections aligned to either.
 */
#include "tests/unit/build_notes.h"

enum {
	NOTES = 4,
};

/*
 * Where the description begins, and the note after it, are multiples of these.
 */
struct padding {
	size_t desc, next;
};

/* clang-format off */
static const struct padding_case {
	const char *name;
	uint64_t align; /* of the section */
	struct padding notes[NOTES];
	bool little_only; /* where the other order cannot tell */
} padding_cases[] = {
	{ "4", 4, { { 4, 4 }, { 4, 4 }, { 4, 4 }, { 4, 4 } }, false },
	{ "8", 8, { { 8, 8 }, { 8, 8 }, { 8, 8 }, { 8, 8 } }, false },
	{ "4 in 8", 8, { { 4, 4 }, { 4, 4 }, { 4, 4 }, { 4, 4 } }, true },
	{ "8 between in 4", 4, { { 4, 8 }, { 4, 8 }, { 4, 8 }, { 4, 8 } }, false },
	{ "8 between in 8", 8, { { 4, 8 }, { 4, 8 }, { 4, 8 }, { 4, 8 } }, true },
	{ "4, then 8", 8, { { 4, 4 }, { 4, 8 }, { 8, 8 }, { 8, 8 } }, true },
	{ "8, then 4", 8, { { 8, 8 }, { 8, 8 }, { 4, 4 }, { 4, 4 } }, true },
};
/* clang-format on */

/* The longer the arguments, the other way the padding falls. */
static void add_one(const struct build *b, struct bytes *s,
		    const struct padding *padding, size_t i)
{
	static const char *const args[] = { "", "8@%rdi", "8@%rdi 4@%eax",
					    "1@$5" };
	struct bytes desc = { 0 };

	bytes_number(b, &desc, TEXT, build_word(b));
	bytes_number(b, &desc, 0, build_word(b));
	bytes_number(b, &desc, 0, build_word(b));
	bytes_text(&desc, "p");
	bytes_text(&desc, "n");
	bytes_text(&desc, args[i % COUNT(args)]);
	bytes_number(b, s, sizeof("stapsdt"), 4);
	bytes_number(b, s, desc.size, 4);
	bytes_number(b, s, 3, 4);
	bytes_text(s, "stapsdt");
	bytes_align(s, padding->desc);
	bytes_add(s, desc.data, desc.size);
	bytes_align(s, padding->next);
	free(desc.data);
}

static void check_case(const struct padding_case *c, const struct flavour *f,
		       bool no_sections)
{
	struct build b = build_usual(f->class, f->order, f->type, f->machine);
	struct build_section *s = add_section(&b, ".note.stapsdt", SHT_NOTE);
	size_t i;

	s->align = c->align;
	b.no_sections = no_sections;
	for (i = 0; i < NOTES; i++)
		add_one(&b, &s->bytes, &c->notes[i], i);
	check_notes(c->name, f, &b,
		    "p\tn\t0x1010\t0x0\t\n"
		    "p\tn\t0x1010\t0x0\t8@%rdi\n"
		    "p\tn\t0x1010\t0x0\t8@%rdi 4@%eax\n"
		    "p\tn\t0x1010\t0x0\t1@$5\n",
		    "");
}

int main(void)
{
	const struct padding_case *c;
	size_t i, j;

	for (EACH(padding_cases, i))
		for (EACH(flavours, j)) {
			c = &padding_cases[i];
			if (c->little_only &&
			    flavours[j].order == ELFDATA2MSB &&
			    flavours[j].class == ELFCLASS64)
				continue;
			check_case(c, &flavours[j], false);
			/* A scan has no alignment to tell. */
			if (c->notes[0].desc == 4 && c->notes[3].desc == 4)
				check_case(c, &flavours[j], true);
		}
	return check_end("note_padding");
}
