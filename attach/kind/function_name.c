// SPDX-License-Identifier: BSD-2-Clause
/* function_name.c - the grammar of the names of kernel functions. */
#include <errno.h>
#include <string.h>

#include "attach/kind/function.h"

static int address_check(const char *text, struct span span, struct err *e)
{
	const char *digits = text + span.start + 2;
	size_t count = strspn(digits, "0123456789abcdefABCDEF");
	size_t end = span.start + 2 + count;

	if (end < span.end)
		return fail_at(e, EINVAL, end,
			       "'%c' is not a hexadecimal digit", text[end]);
	if (!count || count > 16)
		return fail_at(e, EINVAL, span.start + 2,
			       "an address has 1 to 16 hexadecimal digits");
	return 0;
}

/* Sixteen digits are how kallsyms prints an address. */
static bool is_bare_address(const char *text, size_t length)
{
	return length == 16 && strspn(text, "0123456789abcdef") >= length &&
	       strchr("89abcdef", text[0]);
}

bool function_is_address(const char *symbol)
{
	return (symbol[0] == '0' && symbol[1] == 'x') ||
	       is_bare_address(symbol, strlen(symbol));
}

int function_check(const char *text, struct span span, struct err *e)
{
	size_t colon = span.start + strcspn(text + span.start, ":");
	struct span module = { span.start, colon }, symbol = span;
	int err;

	if (text[span.start] == '0' && text[span.start + 1] == 'x')
		return address_check(text, span, e);
	if (is_bare_address(text + span.start, span.end - span.start))
		return 0;
	if (colon < span.end) {
		err = name_check(text, module, "_-", "a module's name", e);
		if (err)
			return err;
		symbol.start = colon + 1;
	}
	err = name_check(text, symbol, "_.$*?", "a function's name", e);
	if (!err &&
	    strspn(text + symbol.start, ".") == symbol.end - symbol.start)
		return fail_at(e, EINVAL, symbol.start,
			       "a function's name is not of dots alone");
	if (!err && strchr("0123456789", text[symbol.start]))
		return fail_at(e, EINVAL, symbol.start,
			       "a function's name does not begin with a digit");
	return err;
}
