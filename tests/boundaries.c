// SPDX-License-Identifier: BSD-2-Clause
/*
 * boundaries.c - where instructions begin, by our decoder and by objdump.
 *
 *	objdump -d -j .text FILE | boundaries FILE
 *
 * Prints how many functions of the unwind table were compared, instructions of
 * them, beginnings that objdump does not know (false), and instructions that
 * cannot be decoded.
 */
#include <err.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "usdt/elf/insn_x86.h"
#include "usdt/elf/image.h"

static struct image *image;
static uint8_t *begins; /* by file offset */
static uint64_t functions, instructions, wrong, unknown;

/*
 * " 401000:	55	push %rbp"; lines without an instruction go on with
 * bytes.
 */
static void take_line(const char *line)
{
	const struct image_segment *segment;
	const char *text;
	uint64_t address;
	char *end;

	address = strtoull(line, &end, 16);
	text = *end == ':' ? strchr(end + 2, '\t') : NULL;
	segment = text ? image_segment_of(image, address) : NULL;
	if (!segment || strstr(text, "(bad)"))
		return;
	address += segment->offset - segment->address;
	if (address < image_size(image))
		begins[address] = 1;
}

static void compare(uint64_t start, uint64_t end)
{
	uint8_t *code = malloc(end - start);
	uint64_t at = 0;
	size_t length;

	if (!code || image_read(image, start, code, end - start))
		errx(1, "cannot read 0x%" PRIx64, start);
	functions++;
	while (at < end - start) {
		instructions++;
		if (!begins[start + at]) {
			wrong++;
			break;
		}
		length = x86_length(code + at, end - start - at, 64);
		unknown += length == 0;
		if (length == 0)
			break;
		at += length;
	}
	free(code);
}

int main(int argc, char **argv)
{
	char line[4096];
	uint64_t offset, start, end;
	int fd;

	if (argc != 2)
		errx(2, "usage: objdump -d -j .text FILE | boundaries FILE");
	fd = open(argv[1], O_RDONLY | O_CLOEXEC);
	if (fd < 0 || image_open(fd, &image, NULL))
		err(1, "%s", argv[1]);
	begins = calloc(image_size(image), 1);
	while (begins && fgets(line, sizeof(line), stdin))
		take_line(line);
	for (offset = 0; begins && offset < image_size(image); offset++) {
		if (!begins[offset] ||
		    !image_frame_at(image, offset, &start, &end) ||
		    start != offset || end <= start)
			continue;
		compare(start, end);
		offset = end - 1;
	}
	printf("functions %" PRIu64 " instructions %" PRIu64 " false %" PRIu64
	       " unknown %" PRIu64 "\n",
	       functions, instructions, wrong, unknown);
	return 0;
}
