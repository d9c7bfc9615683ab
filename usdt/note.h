/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * note.h - the static probes of an ELF file: the notes of .note.stapsdt.
 *
 * Any class, byte order and machine.  The sections of that name are read, all
 * of them; of a file without a section table the segments of notes; and if
 * those have none, whatever looks like such a note.  A bad note costs itself
 * alone, and is counted and explained.
 *
 * The addresses are those of the file as it is now: prelink moves a file after
 * its notes were written, and they are moved with it.  What cannot be probed
 * is listed all the same, with the reason.
 *
 * Lifetime: struct notes is constant once made and owns its strings.  Locking:
 * none is needed.
 */
#ifndef USDT_NOTE_H
#define USDT_NOTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "fail.h"
#include "usdt/elf/image.h"

enum {
	/* Together 42 MiB.  The largest known file has 566 notes. */
	NOTES_BYTES = 32 << 20, /* of notes, unpacked */
	NOTES_COUNT = 1 << 17,
	NOTES_SECTIONS = 64,
	NOTES_FAULTS = 16, /* that are explained; all are counted */
};

/* Why a place cannot be used. */
enum place_fault {
	FAULT_OK,
	FAULT_OUTSIDE, /* in no segment */
	FAULT_NOT_TEXT, /* in a segment that is not executable */
	FAULT_NOT_CODE, /* in one that is, but in no section that is */
	FAULT_NOT_IN_FILE, /* in memory only: .bss, or cut off */
	FAULT_READ_ONLY, /* semaphore: the kernel could not count */
	FAULT_TEXT, /* semaphore: among instructions */
	FAULT_ODD, /* semaphore: not aligned to its two bytes */
};

struct note {
	const char *provider; /* any bytes but NUL; may be empty */
	const char *name; /* not empty */
	const char *args; /* for usdt_args_begin(); up to 64 KiB and more */
	uint64_t location; /* address of the instruction */
	uint64_t semaphore; /* address; 0 is none */
	uint64_t offset; /* of location in the file; if fault is 0 */
	uint64_t semaphore_offset; /* if semaphore_fault is 0; 0 is none */
	uint8_t fault; /* enum place_fault of location */
	uint8_t semaphore_fault;
	/*
	 * The semaphore's page of the file is mapped writable twice, as lld
	 * does around RELRO: the kernel may raise the copy that nobody reads
	 * in processes that start later.
	 */
	bool semaphore_twice;
	bool semaphore_cleared; /* by processes that start later: in .bss */
};

struct note_fault {
	uint64_t offset; /* in the file, of what is at fault */
	const char *text; /* a phrase; static */
};

struct notes {
	uint16_t machine, type;
	int class, order;
	char *build_id; /* in hexadecimal, or NULL */
	size_t count;
	struct note *note;
	size_t nfaults; /* all that there were */
	struct note_fault faults[NOTES_FAULTS]; /* the first of them */
	size_t bytes; /* of memory, of all this */
	char *strings[NOTES_SECTIONS];
	size_t nstrings;
};

/*
 * The notes of the image, in the order of the file; a file may well have none.
 * EIO: the file shrank.  Everything else that is wrong becomes a fault.
 */
int notes_read(struct image *image, struct notes **out, struct err *e);
void notes_free(struct notes *notes); /* NULL is fine */

/*
 * The note after prev (NULL: the first) whose provider and name match the
 * patterns, in which * and ? are wild; a NULL pattern matches all.  NULL after
 * the last.
 */
const struct note *notes_next(const struct notes *notes,
			      const struct note *prev, const char *provider,
			      const char *name);

/* "in a segment that is not executable"; NULL for FAULT_OK.  Static. */
const char *place_fault_text(unsigned int fault);

/*
 * A line of `available`: provider, name, offsets of the probe and its semaphore
 * ("-" if it cannot be used), args; tabs between.  Control characters as \ooo.
 */
void note_show(const struct note *note, FILE *out);
void note_show_text(const char *text, FILE *out); /* so a name is shown */

#endif
