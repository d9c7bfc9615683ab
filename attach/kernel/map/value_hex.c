// SPDX-License-Identifier: BSD-2-Clause
/* value_hex.c - values of no type that is known, byte by byte. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "attach/kernel/map/reader.h"
#include "attach/kernel/map/value.h"
#include "attach/kernel/map/value_draft.h"
#include "scope.h"

void value_show_hex(const void *data, size_t size, FILE *out)
{
	struct draft draft = { .limit = SIZE_MAX };

	draft_bytes(&draft, data, size);
	if (draft.used)
		fwrite(draft.data, 1, draft.used, out);
	draft_clear(&draft);
}

static bool take_byte(const char **at, uint8_t *byte)
{
	const char *from = *at;

	if (from[0] == '0' && (from[1] == 'x' || from[1] == 'X'))
		from += 2;
	if (!isxdigit((unsigned char)from[0]) ||
	    !isxdigit((unsigned char)from[1]))
		return false;
	*byte = (uint8_t)strtoul((char[]){ from[0], from[1], '\0' }, NULL, 16);
	*at = from + 2;
	return true;
}

int value_take_hex(const char *begin, const char **text, void *data,
		   size_t size, struct err *e)
{
	scoped_free uint8_t *copy = malloc(size + !size);
	struct reader reader = { .begin = begin, .at = *text, .e = e };
	size_t done;

	if (!copy)
		return fail(e, ENOMEM, "no memory");
	for (done = 0; done < size; done++) {
		reader_skip(&reader);
		if (take_byte(&reader.at, &copy[done]))
			continue;
		if (*reader.at && reader_word(&reader))
			return reader_refuse(&reader, "a byte as two "
						      "hexadecimal digits");
		return fail_at(
			e, EINVAL, reader_place(&reader),
			"there are %zu bytes, and not %zu as two hexadecimal digits each",
			done, size);
	}
	memcpy(data, copy, size);
	*text = reader.at;
	return 0;
}

int value_parse_hex(const char *text, void *data, size_t size, struct err *e)
{
	scoped_free uint8_t *copy = malloc(size + !size);
	struct reader reader = { .begin = text, .at = text, .e = e };
	int err;

	if (!copy)
		return fail(e, ENOMEM, "no memory");
	err = value_take_hex(text, &reader.at, copy, size, e);
	if (err)
		return err;
	reader_skip(&reader);
	if (*reader.at)
		return fail_at(e, ERANGE, reader_place(&reader),
			       "there are more than %zu bytes", size);
	memcpy(data, copy, size);
	return 0;
}
