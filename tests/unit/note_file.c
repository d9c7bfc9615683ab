// SPDX-License-Identifier: BSD-2-Clause
/* file_tags=host */
/* note_file.c - files of many, long and packed notes; finding notes. */
#include "tests/unit/build_notes.h"
#include "tests/unit/check.h"

static size_t matching(const struct notes *notes, const char *provider,
		       const char *name)
{
	const struct note *note = NULL;
	size_t count = 0;

	while ((note = notes_next(notes, note, provider, name)))
		count++;
	return count;
}

static void check_find(void)
{
	struct build b =
		build_usual(ELFCLASS64, ELFDATA2LSB, ET_DYN, EM_X86_64);
	struct bytes *s = notes_of(&b);
	struct notes *notes;

	add_probe(&b, s, TEXT, 0, 0, "app", "start", "");
	add_probe(&b, s, TEXT, 0, 0, "app", "stop", "");
	add_probe(&b, s, TEXT, 0, 0, "app", "start", "");
	add_probe(&b, s, TEXT, 0, 0, "lib", "start", "");
	notes = read_build(&b);
	check_number("app:start", 2, matching(notes, "app", "start"));
	check_number("app:st*", 3, matching(notes, "app", "st*"));
	check_number("*:start", 3, matching(notes, "*", "start"));
	check_number("any", 4, matching(notes, NULL, NULL));
	check_number("l?b:st?rt", 1, matching(notes, "l?b", "st?rt"));
	check_number("app:sta", 0, matching(notes, "app", "sta"));
	notes_free(notes);
}

static void check_many(size_t count, size_t expected)
{
	struct build b =
		build_usual(ELFCLASS64, ELFDATA2LSB, ET_DYN, EM_X86_64);
	struct bytes desc = { 0 };
	struct bytes *s = notes_of(&b);
	struct notes *notes;
	size_t i;

	add_probe(&b, &desc, TEXT, 0, 0, "p", "n", "");
	/* One allocation, not one a note. */
	bytes_add(s, NULL, count * desc.size);
	for (i = 0; i < count; i++)
		memcpy(s->data + i * desc.size, desc.data, desc.size);
	free(desc.data);
	notes = read_build(&b);
	check_number("many notes", expected, notes->count);
	check_number("many notes, faults", count > expected, notes->nfaults);
	check_true("many notes, bytes", notes->bytes < 64 << 20);
	notes_free(notes);
}

static void check_twice(void)
{
	struct build b =
		build_usual(ELFCLASS64, ELFDATA2LSB, ET_DYN, EM_X86_64);
	struct notes *notes;

	add_segment(&b, PT_LOAD, PF_R | PF_W, 0x2f00, 0x408f00, 0x200, 0x200);
	add_probe(&b, notes_of(&b), TEXT, 0, DATA, "p", "n", "");
	notes = read_build(&b);
	check_true("semaphore's page twice", notes->note[0].semaphore_twice);
	notes_free(notes);
}

/* What the data's segment has in memory behind what it has of the file. */
static void check_bss(void)
{
	static const struct {
		const char *what;
		uint64_t semaphore;
		int fault;
		uint64_t offset;
		bool cleared;
	} table[] = {
		{ "the last of the file", 0x5008fe, FAULT_OK, 0x38fe, false },
		{ "half in the file", 0x5008ff, FAULT_NOT_IN_FILE, 0, false },
		{ "bss", 0x500900, FAULT_OK, 0x3900, true },
		{ "odd", 0x500901, FAULT_ODD, 0, true },
		{ "the page's last", 0x500ffe, FAULT_OK, 0x3ffe, true },
		{ "half in the page", 0x500fff, FAULT_NOT_IN_FILE, 0, false },
		{ "the next page", 0x501000, FAULT_NOT_IN_FILE, 0, false },
		{ "a page of two", 0x600080, FAULT_NOT_IN_FILE, 0, false },
	};
	struct build b =
		build_usual(ELFCLASS64, ELFDATA2LSB, ET_DYN, EM_X86_64);
	struct bytes *s = notes_of(&b);
	struct notes *notes;
	size_t i;

	add_segment(&b, PT_LOAD, PF_R | PF_W, 0x3000, 0x500000, 0x900, 0x2000);
	add_segment(&b, PT_LOAD, PF_R | PF_W, 0x2f00, 0x600000, 0x80, 0x2000);
	for (EACH(table, i))
		add_probe(&b, s, TEXT, 0, table[i].semaphore, "p", "n", "");
	notes = read_build(&b);
	for (EACH(table, i)) {
		check_number(table[i].what, table[i].fault,
			     notes->note[i].semaphore_fault);
		check_number(table[i].what, (int64_t)table[i].offset,
			     (int64_t)notes->note[i].semaphore_offset);
		check_number(table[i].what, table[i].cleared,
			     notes->note[i].semaphore_cleared);
	}
	notes_free(notes);
}

static void check_long(void)
{
	static char args[65536];
	struct build b =
		build_usual(ELFCLASS64, ELFDATA2LSB, ET_DYN, EM_X86_64);
	struct bytes *s = notes_of(&b);
	struct notes *notes;

	memset(args, 'x', sizeof(args) - 1);
	add_probe(&b, s, TEXT, 0, 0, "p", "long", args);
	add_probe(&b, s, TEXT, 0, 0, "p", "last", "");
	notes = read_build(&b);
	check_number("long arguments", 2, notes->count);
	check_number("long arguments' length", 65535,
		     strlen(notes->note[0].args));
	notes_free(notes);
}

/* As zlib writes what it does not compress: RFC 1950 and 1951. */
static void pack(struct build *b, struct bytes *out, const struct bytes *plain)
{
	uint32_t low = 1, high = 0;
	size_t i;

	for (i = 0; i < plain->size; i++) {
		low = (low + (unsigned char)plain->data[i]) % 65521;
		high = (high + low) % 65521;
	}
	bytes_number(b, out, ELFCOMPRESS_ZLIB, 8);
	bytes_number(b, out, plain->size, 8);
	bytes_number(b, out, 4, 8);
	bytes_add(out, "\x78\x01\x01", 3);
	bytes_number(b, out, plain->size, 2);
	bytes_number(b, out, ~plain->size & 0xffff, 2);
	bytes_add(out, plain->data, plain->size);
	b->order = ELFDATA2MSB;
	bytes_number(b, out, high << 16 | low, 4);
	b->order = ELFDATA2LSB;
}

static void check_compressed(void)
{
	struct build b =
		build_usual(ELFCLASS64, ELFDATA2LSB, ET_DYN, EM_X86_64);
	struct build_section *s = add_section(&b, ".note.stapsdt", SHT_NOTE);
	struct bytes plain = { 0 };
	struct notes *notes;

	add_probe(&b, &plain, TEXT, 0, 0, "p", "n", "8@%rdi");
	s->flags = SHF_COMPRESSED;
	pack(&b, &s->bytes, &plain);
	free(plain.data);
	notes = read_build(&b);
	check_number("compressed notes", 1, notes->count);
	check_number("compressed notes, faults", 0, notes->nfaults);
	notes_free(notes);
}

static void check_bomb(void)
{
	struct build b =
		build_usual(ELFCLASS64, ELFDATA2LSB, ET_DYN, EM_X86_64);
	struct build_section *s = add_section(&b, ".note.stapsdt", SHT_NOTE);
	struct notes *notes;

	s->flags = SHF_COMPRESSED;
	bytes_number(&b, &s->bytes, ELFCOMPRESS_ZLIB, 8);
	bytes_number(&b, &s->bytes, (uint64_t)1 << 40, 8);
	bytes_number(&b, &s->bytes, 4, 8);
	notes = read_build(&b);
	check_number("huge compressed notes", 0, notes->count);
	check_number("huge compressed notes, faults", 1, notes->nfaults);
	notes_free(notes);
}

/* Its segments are those of the file that it was made from. */
static void check_debug_file(void)
{
	struct build b =
		build_usual(ELFCLASS64, ELFDATA2LSB, ET_DYN, EM_X86_64);
	struct notes *notes;

	*add_section(&b, ".text", SHT_NOBITS) = (struct build_section){
		.name = ".text",
		.type = SHT_NOBITS,
		.flags = SHF_ALLOC | SHF_EXECINSTR,
		.claims = 0x1000,
	};
	add_probe(&b, notes_of(&b), TEXT, 0, DATA, "p", "n", "");
	notes = read_build(&b);
	check_number("debug file", FAULT_NOT_IN_FILE, notes->note[0].fault);
	check_number("debug file, semaphore", FAULT_NOT_IN_FILE,
		     notes->note[0].semaphore_fault);
	notes_free(notes);
}

/* ld -z noseparate-code: constants are in the executable segment. */
static void check_data_in_text(void)
{
	struct build b =
		build_usual(ELFCLASS64, ELFDATA2LSB, ET_DYN, EM_X86_64);
	struct notes *notes;

	*add_section(&b, ".text", SHT_PROGBITS) = (struct build_section){
		.name = ".text",
		.type = SHT_PROGBITS,
		.flags = SHF_ALLOC | SHF_EXECINSTR,
		.moved = 0x1000,
		.claims = 0x20,
	};
	add_probe(&b, notes_of(&b), TEXT, 0, 0, "p", "code", "");
	add_probe(&b, &b.sections[1].bytes, TEXT + 0x10, 0, 0, "p", "data", "");
	notes = read_build(&b);
	check_number("code", FAULT_OK, notes->note[0].fault);
	check_number("data in a segment of code", FAULT_NOT_CODE,
		     notes->note[1].fault);
	notes_free(notes);
}

int main(void)
{
	check_find();
	check_many(100000, 100000);
	check_many(200000, NOTES_COUNT);
	check_twice();
	check_bss();
	check_long();
	check_compressed();
	check_bomb();
	check_debug_file();
	check_data_in_text();
	return check_end("note_file");
}
