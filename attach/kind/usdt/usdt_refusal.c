// SPDX-License-Identifier: BSD-2-Clause
/* usdt_refusal.c - why a static probe cannot be attached, and what there is. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "attach/kind/name.h"
#include "attach/kind/uprobe/binary.h"
#include "attach/kind/uprobe/uprobe.h"
#include "attach/kind/usdt/usdt.h"
#include "pattern.h"
#include "scope.h"
#include "usdt/elf/native.h"

enum {
	LIBRARIES = 64, /* that are looked into; programs need ten or twenty */
};

int usdt_check_notes(const struct notes *notes, const char *path, struct err *e)
{
	const struct note_fault *fault = &notes->faults[0];

	if (notes->count || !notes->nfaults)
		return 0;
	fail(e, ENOEXEC,
	     "'%s' is damaged, and no static probe of it can be read: %s", path,
	     fault->text);
	if (fault->offset)
		fail_hint(e, "it is at offset 0x%" PRIx64, fault->offset);
	return -ENOEXEC;
}

int usdt_check_machine(const struct notes *notes, const char *path,
		       struct err *e)
{
	const char *name = machine_name(notes->machine);

	if (spec_native(notes->machine, notes->class, notes->order))
		return 0;
	return fail(
		e, ENOEXEC,
		"'%s' is for %s (machine %d, %d bit): its probes can be listed, but not attached on this machine",
		path, name ? name : "another machine", notes->machine,
		notes->class == ELFCLASS64 ? 64 : 32);
}

/* A semaphore that is in memory only is warned of: usdt.c, add_site(). */
int usdt_check_note(const struct note *note, const char *path, struct err *e)
{
	if (note->fault)
		return fail(e, EINVAL,
			    "a site of %s:%s in '%s', at address 0x%" PRIx64
			    ", is %s",
			    note->provider, note->name, path, note->location,
			    place_fault_text(note->fault));
	if (note->semaphore_fault && note->semaphore_fault != FAULT_NOT_IN_FILE)
		return fail(
			e, EINVAL,
			"the semaphore of %s:%s in '%s', at address 0x%" PRIx64
			", is %s",
			note->provider, note->name, path, note->semaphore,
			place_fault_text(note->semaphore_fault));
	return 0;
}

/* "query__start" for "query-start", as dtrace(1) has it; NULL without '-'. */
static char *undashed(const char *text)
{
	char *longer = strchr(text, '-') ? malloc(2 * strlen(text) + 1) : NULL;
	char *to = longer;

	for (; longer && *text; text++) {
		*to++ = *text == '-' ? '_' : *text;
		if (*text == '-')
			*to++ = '_';
	}
	if (longer)
		*to = '\0';
	return longer;
}

/*
 * The probe that was meant: the very one, or of another spelling or provider.
 */
static const struct note *find_similar(const struct notes *notes,
				       const struct usdt *u)
{
	scoped_free char *name = undashed(u->name);
	scoped_free char *other = u->provider ? undashed(u->provider) : NULL;
	const char *provider = u->provider && *u->provider ? u->provider : NULL;
	const struct note *note = notes_next(notes, NULL, provider, u->name);

	if (!note && name)
		note = notes_next(notes, NULL, provider, name);
	if (!note && other)
		note = notes_next(notes, NULL, other, name ? name : u->name);
	if (!note && !pattern_is(u->name))
		note = notes_next(notes, NULL, NULL, name ? name : u->name);
	return note;
}

struct search { /* in the libraries that a file needs */
	const struct usdt *u;
	const struct opener *opener;
	size_t looked;
	bool told; /* of a library with the probe */
	char *other; /* the best that has any, or NULL */
	char *such; /* "PROVIDER:NAME" of one it has, or NULL */
	bool provides; /* it has the provider that is meant */
	struct err *e;
};

/* The first library with the provider; else the first with any probe. */
static void keep_other(struct search *search, const char *path,
		       const struct notes *notes)
{
	const char *provider = search->u->provider;
	const struct note *note = NULL;

	if (provider && *provider)
		note = notes_next(notes, NULL, provider, "*");
	if (search->other && (search->provides || !note))
		return;
	search->provides = note;
	if (!note)
		note = notes_next(notes, NULL, NULL, "*");
	free(search->other);
	free(search->such);
	search->other = strdup(path);
	if (!note ||
	    asprintf(&search->such, "%s:%s", note->provider, note->name) < 0)
		search->such = NULL;
}

static void search_notes(struct search *search, const char *path,
			 const struct notes *notes)
{
	const struct note *note = find_similar(notes, search->u);

	if (note) {
		fail_hint(search->e, "'%s', which it needs, has '%s:%s'", path,
			  note->provider, note->name);
		search->told = true;
	} else if (notes->count) {
		keep_other(search, path, notes);
	}
}

static void search_library(void *ctx, const char *library)
{
	const struct index_file *file;
	struct search *search = ctx;
	struct binary binary;
	struct err ignored;

	if (search->told || ++search->looked > LIBRARIES)
		return;
	if (!binary_open(library, search->opener, &binary, &ignored) &&
	    !usdt_file(binary.fd, binary.path, &file, &ignored)) {
		search_notes(search, binary.path, file->notes);
		usdt_file_put(file);
	}
	binary_clear(&binary);
}

/*
 * A program may be no more than a call into its library: ruby, node, python3.
 */
static void search_libraries(struct search *search, int fd)
{
	struct image *image;

	if (image_open(fd, &image, NULL))
		return;
	image_needed(image, search_library, search);
	image_close(image);
}

int usdt_explain_none(const struct usdt *u, const struct target *target,
		      const struct opener *opener, struct err *e)
{
	struct search search = { .u = u, .opener = opener, .e = e };
	const struct usdt_own *own = target->own;
	const struct notes *notes = own->file->notes;
	const struct note *note = find_similar(notes, u);

	if (notes->count)
		fail(e, ENOENT,
		     "'%s' has no static probe '%s:%s'; its file 'available' lists those it has",
		     target->event.path,
		     u->provider && *u->provider ? u->provider : "*", u->name);
	else
		fail(e, ENOENT, "'%s' has no static probes at all",
		     target->event.path);
	if (note)
		fail_hint(e, "there is '%s:%s'", note->provider, note->name);
	else
		search_libraries(&search, target->fd);
	if (!search.told && search.other && search.such && !notes->count)
		fail_hint(e, "'%s', which it needs, has some, such as '%s'",
			  search.other, search.such);
	if (notes->nfaults)
		fail_hint(e, "not all of its notes can be read: %s",
			  notes->faults[0].text);
	free(search.other);
	free(search.such);
	return -ENOENT;
}

int usdt_explain(const struct target *target, const struct site *site,
		 bool event, int code, struct err *e)
{
	if (!event || code != EINVAL)
		return uprobe_explain(target, site, event, code, e);
	return fail(
		e, EINVAL,
		"the kernel refused %s at 0x%" PRIx64
		" of '%s': somebody else probes the place with another semaphore, or the file has become shorter",
		site->symbol, site->offset, target->event.path);
}
