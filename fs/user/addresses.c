// SPDX-License-Identifier: BSD-2-Clause
/* addresses.c - addresses of the kernel, for those only who may see them. */
#include <ctype.h>
#include <limits.h>
#include <linux/capability.h>
#include <string.h>

#include "attach/kernel/sysfile.h"
#include "fs/user/addresses.h"
#include "fs/user/cred.h"

enum { DIGITS = 16 };

/* The address that begins at text: its digits, or NULL. */
static char *digits_of(char *text, const char *end)
{
	char *digits = text + 2;
	size_t i;

	if (end - text < 2 + DIGITS || text[0] != '0' || text[1] != 'x' ||
	    !strchr("89abcdef", digits[0]))
		return NULL;
	for (i = 0; i < DIGITS; i++)
		if (!isxdigit((unsigned char)digits[i]))
			return NULL;
	return digits + DIGITS < end && isxdigit((unsigned char)digits[DIGITS])
		       ? NULL
		       : digits;
}

static char *find(char *text, const char *end)
{
	char *digits = NULL;

	while (!digits && (text = memchr(text, '0', (size_t)(end - text)))) {
		digits = digits_of(text, end);
		text++;
	}
	return digits;
}

bool addresses_zero(char *text, size_t size)
{
	const char *end = text + size;
	char *digits;
	bool any = false;

	while ((digits = find(text, end))) {
		memset(digits, '0', DIGITS);
		text = digits + DIGITS;
		any = true;
	}
	return any;
}

/* kallsyms_show_value() of kernel/ksyms_common.c (6.4), kernel/kallsyms.c. */
bool addresses_seen(const struct caller *reader)
{
	struct cred identity;
	int restricted = sysfile_number("/proc/sys/kernel/kptr_restrict", 2);
	int paranoid =
		sysfile_number("/proc/sys/kernel/perf_event_paranoid", INT_MAX);

	if (restricted == 0 && paranoid <= 1)
		return true;
	if (restricted > 1 || !reader ||
	    caller_identify(reader, &identity, NULL))
		return false;
	return cred_has_cap(&identity, CAP_SYSLOG);
}

void addresses_hide(char *text, size_t size, const struct caller *reader)
{
	if (find(text, text + size) && !addresses_seen(reader))
		addresses_zero(text, size);
}
