// SPDX-License-Identifier: BSD-2-Clause
/* fail.c - making the sentence of an error. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <vis.h>

#include "fail.h"

int errno_clamp(int code)
{
	if (code == KERNEL_ENOTSUPP)
		return EOPNOTSUPP;
	if (code < 1 || code > ERRNO_LARGEST)
		return EIO;
	return code;
}

const char *errno_name(int code)
{
	const char *name = strerrorname_np(code);

	return name ? name : "E?";
}

static void append(struct err *e, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));
static int vfail(struct err *e, int code, int pos, const char *format,
		 va_list args) __attribute__((format(printf, 4, 0)));

static void append(struct err *e, const char *format, va_list args)
{
	char raw[ERR_TEXT], safe[4 * ERR_TEXT];
	size_t used = strlen(e->text);

	vsnprintf(raw, sizeof(raw), format, args);
	strvisx(safe, raw, strlen(raw),
		VIS_TAB | VIS_NL | VIS_CSTYLE | VIS_NOSLASH);
	snprintf(e->text + used, sizeof(e->text) - used, "%s", safe);
}

static int vfail(struct err *e, int code, int pos, const char *format,
		 va_list args)
{
	code = errno_clamp(code);
	if (e) {
		e->code = code;
		e->pos = pos;
		e->text[0] = '\0';
		append(e, format, args);
	}
	return -code;
}

int fail(struct err *e, int code, const char *format, ...)
{
	va_list args;
	int result;

	va_start(args, format);
	result = vfail(e, code, ERR_NO_POS, format, args);
	va_end(args);
	return result;
}

int fail_at(struct err *e, int code, size_t pos, const char *format, ...)
{
	va_list args;
	int result;

	va_start(args, format);
	result = vfail(e, code, (int)pos, format, args);
	va_end(args);
	return result;
}

void fail_hint(struct err *e, const char *format, ...)
{
	va_list args;

	if (!e)
		return;
	if (strlen(e->text) + sizeof("; ") <= sizeof(e->text))
		strcat(e->text, "; ");
	va_start(args, format);
	append(e, format, args);
	va_end(args);
}
