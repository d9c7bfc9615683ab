// SPDX-License-Identifier: BSD-2-Clause
/* types.c - the text forms of the members of a spec. */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "attach/kind/kind.h"

static int number(const char *text, uint64_t max, uint64_t *value,
		  struct err *e)
{
	bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	const char *digits = hex ? text + 2 : text;
	size_t length =
		strspn(digits, hex ? "0123456789abcdefABCDEF" : "0123456789");
	unsigned long long parsed;

	if (!length)
		return fail_at(e, EINVAL, 0, "not a number: '%s'", text);
	if (!hex && digits[0] == '0' && digits[1])
		return fail_at(
			e, EINVAL, 0,
			"'%s' has a leading zero; write a decimal number, or 0x... for a hexadecimal one",
			text);
	/* Before strtoull(), which would take a second 0x. */
	if (digits[length])
		return fail_at(e, EINVAL, (size_t)(digits - text) + length,
			       "not a number: '%s'", text);
	errno = 0;
	parsed = strtoull(digits, NULL, hex ? 16 : 10);
	if (errno == ERANGE || parsed > max)
		return fail_at(e, ERANGE, 0,
			       "'%s' is too large; the largest is %" PRIu64,
			       text, max);
	*value = parsed;
	return 0;
}

static int u64_parse(void *value, const char *text, struct err *e)
{
	return number(text, UINT64_MAX, value, e);
}

static void u64_show(const void *value, FILE *out)
{
	fprintf(out, "%" PRIu64, *(const uint64_t *)value);
}

static void u64_clear(void *value)
{
	*(uint64_t *)value = 0;
}

static int u32_parse(void *value, const char *text, struct err *e)
{
	uint64_t wide;
	int err = number(text, UINT32_MAX, &wide, e);

	if (!err)
		*(uint32_t *)value = (uint32_t)wide;
	return err;
}

static void u32_show(const void *value, FILE *out)
{
	fprintf(out, "%" PRIu32, *(const uint32_t *)value);
}

static void u32_clear(void *value)
{
	*(uint32_t *)value = 0;
}

static int s32_parse(void *value, const char *text, struct err *e)
{
	size_t sign = text[0] == '-' || text[0] == '+';
	bool negative = text[0] == '-';
	struct err why;
	uint64_t wide;
	int err = number(text + sign, (uint64_t)INT32_MAX + negative, &wide,
			 &why);

	if (err == -ERANGE)
		return fail_at(e, ERANGE, 0,
			       "'%s' is not within %" PRId32 " and %" PRId32,
			       text, INT32_MIN, INT32_MAX);
	if (err)
		return fail_at(e, EINVAL, sign + (size_t)why.pos,
			       "not a number: '%s'", text);
	*(int32_t *)value =
		(int32_t)(negative ? -(int64_t)wide : (int64_t)wide);
	return 0;
}

static void s32_show(const void *value, FILE *out)
{
	fprintf(out, "%" PRId32, *(const int32_t *)value);
}

static void s32_clear(void *value)
{
	*(int32_t *)value = 0;
}

static int pid_parse(void *value, const char *text, struct err *e)
{
	uint64_t wide;
	int err = number(text, INT_MAX, &wide, e);

	if (!err)
		*(pid_t *)value = (pid_t)wide;
	return err;
}

static void pid_show(const void *value, FILE *out)
{
	fprintf(out, "%d", *(const pid_t *)value);
}

static void pid_clear(void *value)
{
	*(pid_t *)value = 0;
}

static int flag_parse(void *value, const char *text, struct err *e)
{
	if ((text[0] != '0' && text[0] != '1') || text[1])
		return fail_at(e, EINVAL, 0, "neither 0 nor 1: '%s'", text);
	*(bool *)value = text[0] == '1';
	return 0;
}

static void flag_show(const void *value, FILE *out)
{
	fputc(*(const bool *)value ? '1' : '0', out);
}

static void flag_clear(void *value)
{
	*(bool *)value = false;
}

static int string_parse(void *value, const char *text, struct err *e)
{
	char *copy = strdup(text);

	if (!copy)
		return fail(e, ENOMEM, "no memory");
	free(*(char **)value);
	*(char **)value = copy;
	return 0;
}

static void string_show(const void *value, FILE *out)
{
	const char *const *text = value;

	if (*text)
		fputs(*text, out);
}

static void string_clear(void *value)
{
	free(*(char **)value);
	*(char **)value = NULL;
}

const struct type type_string = {
	.parse = string_parse,
	.show = string_show,
	.clear = string_clear,
	.form = "text",
};

const struct type type_u64 = {
	.parse = u64_parse,
	.show = u64_show,
	.clear = u64_clear,
	.form = "0..2^64-1, decimal or 0x...",
};

const struct type type_u32 = {
	.parse = u32_parse,
	.show = u32_show,
	.clear = u32_clear,
	.form = "0..2^32-1, decimal or 0x...",
};

const struct type type_s32 = {
	.parse = s32_parse,
	.show = s32_show,
	.clear = s32_clear,
	.form = "-2147483648..2147483647, decimal or 0x...",
};

const struct type type_pid = {
	.parse = pid_parse,
	.show = pid_show,
	.clear = pid_clear,
	.form = "a process id, or 0 for every process",
};

const struct type type_flag = {
	.parse = flag_parse,
	.show = flag_show,
	.clear = flag_clear,
	.form = "0 or 1",
};
