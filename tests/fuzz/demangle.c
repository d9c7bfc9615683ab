// SPDX-License-Identifier: BSD-2-Clause
/*
 * demangle.c - fuzzing the names of C++ and Rust.
 *
 * What must hold: the name lies in its text, a person who writes the text means
 * the symbol, and the symbol gives the same text when it is read once more.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "scope.h"
#include "usdt/demangle/demangle.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool good)
{
	if (!good)
		abort();
}

static void check_plain(struct demangler *d, const char *symbol,
			const struct plain_name *plain)
{
	scoped_free char *text = strdup(plain->text);
	struct plain_name again;

	must(text);
	must(plain->start <= plain->bare_end);
	must(plain->bare_end <= plain->end);
	must(plain->end <= strlen(text));
	must(plain_name_is(plain, text));
	must(demangle(d, symbol, &again));
	must(strcmp(again.text, text) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	scoped_free char *symbol = malloc(size + 1);
	struct demangler *d = demangler_make();
	struct plain_name plain;

	must(symbol && d);
	memcpy(symbol, data, size);
	symbol[size] = '\0';
	if (demangle(d, symbol, &plain))
		check_plain(d, symbol, &plain);
	demangler_free(d);
	return 0;
}
