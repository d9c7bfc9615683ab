// SPDX-License-Identifier: BSD-2-Clause
/* file_tags=host */
/* addresses.c - which of a text's numbers are addresses of the kernel. */
#include "fs/user/addresses.h"
#include "tests/unit/check.h"

static const struct {
	char text[96];
	const char *want; /* NULL: the text as it is */
} table[] = {
	{ "", NULL },
	{ "0", NULL },
	{ "0x", NULL },
	{ "function:\tvfs_read\n", NULL },
	{ "address:\t0xffffffff812f4c50\n", "address:\t0x0000000000000000\n" },
	{ "0xffffffff812f4c50", "0x0000000000000000" },
	{ "0x8000000000000000", "0x0000000000000000" },
	/* Of a user, of a file, too long, too short, not a number. */
	{ "0x7fffffffffffffff", NULL },
	{ "0x1139\tmain\tlink 7", NULL },
	{ "0xffffffff812f4c501", NULL },
	{ "0xffffffff812f4c5", NULL },
	{ "0xffffffff812f4c5g", NULL },
	{ "00xffffffff812f4c50", "00x0000000000000000" },
	{ "use one of 0xffffffff81000200 (vmlinux); 0xffffffffc0100000 (alpha)",
	  "use one of 0x0000000000000000 (vmlinux); 0x0000000000000000 (alpha)" },
};

int main(void)
{
	char text[128];
	size_t i;

	for (EACH(table, i)) {
		memcpy(text, table[i].text, sizeof(table[i].text));
		check_number(table[i].text, table[i].want != NULL,
			     addresses_zero(text, strlen(text)));
		check_text(table[i].text,
			   table[i].want ? table[i].want : table[i].text, text);
		/* Nobody sees them, whatever the kernel says of others. */
		memcpy(text, table[i].text, sizeof(table[i].text));
		addresses_hide(text, 0, NULL);
		check_text("none of it", table[i].text, text);
	}
	return check_end("addresses");
}
