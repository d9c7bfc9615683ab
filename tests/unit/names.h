/* SPDX-License-Identifier: BSD-2-Clause */
/* names.h - names of probes, and the fields or the fault that is in them. */
#ifndef NAMES_H
#define NAMES_H

#include "attach/kind/kind.h"
#include "scope.h"
#include "tests/unit/check.h"

/* '^' is where the fault is, and no part of the name. */
struct name {
	const char *text;
	const char *want; /* the fields with '|' between; NULL: EINVAL */
};

static inline void check_fault(const char *text, const char *plain,
			       const struct err *e)
{
	const char *mark = strchr(text, '^');
	char got[64], want[64];

	snprintf(want, sizeof(want), "EINVAL at %d",
		 mark ? (int)(mark - text) : ERR_NO_POS);
	snprintf(got, sizeof(got), "%s at %d", errno_name(e->code), e->pos);
	check_text(plain, want, got);
}

static inline char *show_fields(const struct kind *kind, size_t nfields,
				const void *spec)
{
	char *text = NULL;
	size_t size, i;
	FILE *out = open_memstream(&text, &size);

	for (i = 0; i < nfields; i++) {
		fputs(i ? "|" : "", out);
		field_show(&kind->fields[i], spec, out);
	}
	fclose(out);
	return text;
}

/* The kind's first fields are compared, nfields of them. */
static inline void check_name(const struct kind *kind, size_t nfields,
			      const struct name *name)
{
	size_t place = strcspn(name->text, "^");
	scoped_free char *got = NULL, *plain = NULL;
	void *spec = spec_make(kind);
	struct err e = { 0 };

	if (asprintf(&plain, "%.*s%s", (int)place, name->text,
		     name->text + place + !!name->text[place]) < 0)
		abort();
	if (kind->parse(plain, spec, &e)) {
		check_fault(name->text, plain, &e);
	} else {
		got = show_fields(kind, nfields, spec);
		check_text(plain, name->want ? name->want : "EINVAL", got);
	}
	spec_free(kind, spec);
}

#endif
