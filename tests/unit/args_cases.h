/* SPDX-License-Identifier: BSD-2-Clause */
/* args_cases.h - arguments of a machine, and what they are in words. */
#ifndef ARGS_CASES_H
#define ARGS_CASES_H

#include "tests/unit/check.h"
#include "usdt/args.h"

struct args_case {
	const char *args, *expected; /* arguments with "; " between */
};

struct args_table {
	uint16_t machine;
	int class;
	const struct args_case *cases; /* NULL ends them */
};

static inline char *words(const struct args_table *table, const char *text)
{
	struct usdt_args args;
	struct usdt_arg arg;
	const char *separator = "";
	char *result;
	size_t size;
	FILE *out = open_memstream(&result, &size);

	usdt_args_begin(&args, table->machine, table->class, text);
	while (usdt_args_next(&args, &arg)) {
		fputs(separator, out);
		usdt_arg_show(&arg, out);
		separator = "; ";
	}
	fclose(out);
	return result;
}

static inline void check_args(const struct args_table *table,
			      const struct args_case *c)
{
	char *got = words(table, c->args), what[128];

	snprintf(what, sizeof(what), "machine %u, '%s'", table->machine,
		 c->args);
	check_text(what, c->expected, got);
	free(got);
}

static inline void check_table(const struct args_table *table)
{
	const struct args_case *c;

	for (c = table->cases; c->args; c++)
		check_args(table, c);
}

#endif
