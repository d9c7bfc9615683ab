/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * build_elf.h - small ELF files for tests, made in memory.
 *
 * A file has a fixed part of FIXED bytes, in which its header, its segments and
 * whatever these map are, and behind it the sections, one after the other.
 */
#ifndef BUILD_ELF_H
#define BUILD_ELF_H

#include <elf.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
	FIXED = 0x4000,
	PARTS = 8, /* segments, and sections */
};

struct bytes {
	char *data;
	size_t size;
};

struct build_segment {
	uint32_t type, flags;
	uint64_t offset, address, file_size, memory_size;
};

struct build_section {
	const char *name;
	uint32_t type, link;
	uint64_t flags, address, entry_size;
	struct bytes bytes;
	uint64_t offset; /* set by build() */
	uint64_t claims; /* sh_size, if it is to differ */
	uint64_t moved; /* sh_offset, likewise */
	uint64_t align; /* sh_addralign; 0 is 4 */
};

struct build {
	int class, order;
	uint16_t type, machine;
	size_t nsegments, nsections;
	struct build_segment segments[PARTS];
	struct build_section sections[PARTS];
	bool no_sections; /* the table alone is left out */
	bool bad_sections; /* the table is said to be outside the file */
};

static inline void bytes_add(struct bytes *bytes, const void *data, size_t size)
{
	bytes->data = realloc(bytes->data, bytes->size + size + 1);
	if (!bytes->data)
		abort();
	if (data)
		memcpy(bytes->data + bytes->size, data, size);
	else
		memset(bytes->data + bytes->size, 0, size);
	bytes->size += size;
}

static inline void bytes_text(struct bytes *bytes, const char *text)
{
	bytes_add(bytes, text, strlen(text) + 1);
}

static inline void bytes_number(const struct build *b, struct bytes *bytes,
				uint64_t value, size_t width)
{
	unsigned char raw[8];
	size_t i;

	for (i = 0; i < width; i++)
		raw[b->order == ELFDATA2MSB ? width - 1 - i : i] =
			(unsigned char)(value >> (8 * i));
	bytes_add(bytes, raw, width);
}

static inline void bytes_align(struct bytes *bytes, size_t align)
{
	while (bytes->size % align)
		bytes_add(bytes, NULL, 1);
}

static inline size_t build_word(const struct build *b)
{
	return b->class == ELFCLASS64 ? 8 : 4;
}

/* A note of any owner, type and description, as they say and as it is. */
static inline void add_note(const struct build *b, struct bytes *bytes,
			    const char *owner, size_t owner_size, uint32_t type,
			    const struct bytes *desc)
{
	bytes_number(b, bytes, owner_size, 4);
	bytes_number(b, bytes, desc->size, 4);
	bytes_number(b, bytes, type, 4);
	bytes_add(bytes, owner, owner_size);
	bytes_align(bytes, 4);
	bytes_add(bytes, desc->data, desc->size);
	bytes_align(bytes, 4);
}

/* A probe as sys/sdt.h writes it. */
static inline void add_probe(const struct build *b, struct bytes *bytes,
			     uint64_t location, uint64_t base,
			     uint64_t semaphore, const char *provider,
			     const char *name, const char *args)
{
	struct bytes desc = { 0 };

	bytes_number(b, &desc, location, build_word(b));
	bytes_number(b, &desc, base, build_word(b));
	bytes_number(b, &desc, semaphore, build_word(b));
	bytes_text(&desc, provider);
	bytes_text(&desc, name);
	bytes_text(&desc, args);
	add_note(b, bytes, "stapsdt", 8, 3, &desc);
	free(desc.data);
}

static inline struct build_section *add_section(struct build *b,
						const char *name, uint32_t type)
{
	struct build_section *section = &b->sections[b->nsections++];

	*section = (struct build_section){ .name = name, .type = type };
	return section;
}

static inline void add_segment(struct build *b, uint32_t type, uint32_t flags,
			       uint64_t offset, uint64_t address,
			       uint64_t file_size, uint64_t memory_size)
{
	b->segments[b->nsegments++] =
		(struct build_segment){ type,	 flags,	    offset,
					address, file_size, memory_size };
}

static inline void build_header(const struct build *b, struct bytes *out,
				uint64_t sections)
{
	size_t word = build_word(b);
	const unsigned char ident[EI_NIDENT] = {
		ELFMAG0,
		ELFMAG1,
		ELFMAG2,
		ELFMAG3,
		(unsigned char)b->class,
		(unsigned char)b->order,
		EV_CURRENT,
	};

	bytes_add(out, ident, sizeof(ident));
	bytes_number(b, out, b->type, 2);
	bytes_number(b, out, b->machine, 2);
	bytes_number(b, out, EV_CURRENT, 4);
	bytes_number(b, out, 0, word);
	bytes_number(b, out, word == 8 ? 64 : 52, word);
	bytes_number(b, out, sections, word);
	bytes_number(b, out, 0, 4);
	bytes_number(b, out, word == 8 ? 64 : 52, 2);
	bytes_number(b, out, word == 8 ? 56 : 32, 2);
	bytes_number(b, out, b->nsegments, 2);
	bytes_number(b, out, word == 8 ? 64 : 40, 2);
	bytes_number(b, out, sections ? b->nsections + 2 : 0, 2);
	bytes_number(b, out, sections ? b->nsections + 1 : 0, 2);
}

static inline void build_segment(const struct build *b, struct bytes *out,
				 const struct build_segment *s)
{
	size_t word = build_word(b);

	bytes_number(b, out, s->type, 4);
	if (word == 8)
		bytes_number(b, out, s->flags, 4);
	bytes_number(b, out, s->offset, word);
	bytes_number(b, out, s->address, word);
	bytes_number(b, out, s->address, word);
	bytes_number(b, out, s->file_size, word);
	bytes_number(b, out, s->memory_size, word);
	if (word == 4)
		bytes_number(b, out, s->flags, 4);
	bytes_number(b, out, 4, word);
}

static inline void build_section(const struct build *b, struct bytes *out,
				 const struct build_section *s, uint32_t name)
{
	size_t word = build_word(b);

	bytes_number(b, out, name, 4);
	bytes_number(b, out, s->type, 4);
	bytes_number(b, out, s->flags, word);
	bytes_number(b, out, s->address, word);
	bytes_number(b, out, s->moved ? s->moved : s->offset, word);
	bytes_number(b, out, s->claims ? s->claims : s->bytes.size, word);
	bytes_number(b, out, s->link, 4);
	bytes_number(b, out, 0, 4);
	bytes_number(b, out, s->align ? s->align : 4, word);
	bytes_number(b, out, s->entry_size, word);
}

static inline void build_table(struct build *b, struct bytes *out,
			       struct bytes *names)
{
	struct build_section empty = { 0 }, last = { .type = SHT_STRTAB };
	size_t i, at = 1;

	last.offset = out->size - names->size;
	last.bytes = *names;
	bytes_align(out, 8);
	build_section(b, out, &empty, 0);
	for (i = 0; i < b->nsections; i++) {
		build_section(b, out, &b->sections[i], (uint32_t)at);
		at += strlen(b->sections[i].name) + 1;
	}
	build_section(b, out, &last, 0);
}

/* The file; the sections' bytes are freed. */
static inline struct bytes build(struct build *b)
{
	struct bytes header = { 0 }, out = { 0 }, names = { 0 };
	uint64_t table;
	size_t i;

	bytes_add(&out, NULL, FIXED);
	bytes_text(&names, "");
	for (i = 0; i < b->nsections; i++) {
		bytes_align(&out, 8);
		b->sections[i].offset = out.size;
		bytes_add(&out, b->sections[i].bytes.data,
			  b->sections[i].bytes.size);
		bytes_text(&names, b->sections[i].name);
	}
	table = b->no_sections ? 0 : (out.size + names.size + 7) & ~7ULL;
	if (!b->no_sections) {
		bytes_add(&out, names.data, names.size);
		build_table(b, &out, &names);
	}
	build_header(b, &header, b->bad_sections ? 1 << 30 : table);
	for (i = 0; i < b->nsegments; i++)
		build_segment(b, &header, &b->segments[i]);
	memcpy(out.data, header.data, header.size);
	for (i = 0; i < b->nsections; i++)
		free(b->sections[i].bytes.data);
	free(header.data);
	free(names.data);
	return out;
}

/* A descriptor of a file with these bytes, which are freed. */
static inline int bytes_file(struct bytes *bytes)
{
	int fd = memfd_create("elf", MFD_CLOEXEC);

	if (fd < 0 ||
	    write(fd, bytes->data, bytes->size) != (ssize_t)bytes->size)
		abort();
	free(bytes->data);
	*bytes = (struct bytes){ 0 };
	return fd;
}

/* Text and data, as lld lays them out: addresses are not offsets. */
static inline struct build build_usual(int class, int order, uint16_t type,
				       uint16_t machine)
{
	struct build b = {
		.class = class,
		.order = order,
		.type = type,
		.machine = machine,
	};

	add_segment(&b, PT_LOAD, PF_R, 0, 0x400000, 0x1000, 0x1000);
	add_segment(&b, PT_LOAD, PF_R | PF_X, 0x1000, 0x402000, 0x1000, 0x1000);
	add_segment(&b, PT_LOAD, PF_R | PF_W, 0x2000, 0x405000, 0x1000, 0x2000);
	return b;
}

#endif
