// SPDX-License-Identifier: BSD-2-Clause
/* file_tags=host */
/* ksyms.c - the lines of kallsyms that an object asks for. */
#include <string.h>

#include "attach/program/ksyms.h"
#include "scope.h"
#include "tests/unit/check.h"

static const char *const wanted[] = {
	"vfs_read",
	"no_such_symbol",
	"_stext",
};

static char *shown(size_t count, bool addresses)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	check_number("shown", 0, ksyms_show(wanted, count, addresses, out));
	fclose(out);
	return text;
}

static void test_shown(void)
{
	scoped_free char *hidden = shown(COUNT(wanted), false);
	scoped_free char *told = shown(COUNT(wanted), true);
	scoped_free char *none = shown(0, true);

	check_holds("a function", "0000000000000000 T vfs_read\n", hidden);
	check_holds("another", "0000000000000000 T _stext\n", hidden);
	check_true("no other", !strstr(hidden, "no_such_symbol"));
	check_number("two lines",
		     2 * strlen("0000000000000000 T \n") + strlen("vfs_read") +
			     strlen("_stext"),
		     (int64_t)strlen(hidden));
	check_holds("addresses", " T vfs_read\n", told);
	check_true("addresses", !strstr(told, "0000000000000000 "));
	check_text("nothing", "", none);
}

int main(void)
{
	test_shown();
	return check_end("ksyms");
}
