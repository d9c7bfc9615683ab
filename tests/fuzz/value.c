// SPDX-License-Identifier: BSD-2-Clause
/*
 * value.c - fuzzing values as text: types, bytes and text are the fuzzer's.
 *
 * What must hold: nothing beside the value is touched, and nothing of it on
 * failure; a failure has its errno and its sentence; all of it ends.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attach/kernel/map/value.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool good)
{
	if (!good)
		abort();
}

/* What the input begins with. */
struct input {
	uint8_t type, size;
	uint16_t text, strings; /* bytes; the types are the rest */
};

/* Takes that much of the data, as a string. */
static char *part(const uint8_t **data, size_t *left, size_t size)
{
	char *out;

	if (size > *left)
		size = *left;
	out = malloc(size + 1);
	must(out);
	memcpy(out, *data, size);
	out[size] = '\0';
	*data += size;
	*left -= size;
	return out;
}

static char *make_btf(const char *strings, const uint8_t *types, size_t ntypes,
		      uint32_t nstrings, size_t *size)
{
	struct btf_header header = {
		.magic = BTF_MAGIC,
		.version = BTF_VERSION,
		.hdr_len = sizeof(header),
		.type_len = (uint32_t)ntypes,
		.str_off = (uint32_t)ntypes,
		.str_len = nstrings + 1,
	};
	char *out;

	*size = sizeof(header) + ntypes + header.str_len;
	out = malloc(*size);
	must(out);
	memcpy(out, &header, sizeof(header));
	memcpy(out + sizeof(header), types, ntypes);
	memcpy(out + sizeof(header) + ntypes, strings, header.str_len);
	return out;
}

static void check(const struct btf_types *btf, uint32_t type, const char *text,
		  uint8_t *value, size_t size)
{
	uint8_t before[UINT8_MAX + 1];
	struct err e = { 0 };
	FILE *out = fopen("/dev/null", "w");
	int err;

	memcpy(before, value, size);
	err = value_show(btf, type, value, size, out);
	must(!err || err == -EINVAL || err == -ENOMEM);
	value_type(btf, type, out);
	must(!memcmp(before, value, size));
	err = value_parse(btf, type, text, value, size, &e);
	must(!err || (err == -e.code && e.text[0]));
	must(!err || !memcmp(before, value, size));
	value_show(btf, type, value, size, out);
	value_parse_hex(text, value, size, &e);
	fclose(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct btf_types btf;
	struct input input;
	char *text, *strings, *blob;
	uint8_t *value;
	size_t nblob;

	if (size < sizeof(input))
		return 0;
	memcpy(&input, data, sizeof(input));
	data += sizeof(input);
	size -= sizeof(input);
	text = part(&data, &size, input.text);
	if (input.strings > size)
		input.strings = (uint16_t)size;
	strings = part(&data, &size, input.strings);
	blob = make_btf(strings, data, size, input.strings, &nblob);
	value = calloc(1, input.size + !input.size);
	must(value);
	if (!btf_parse(&btf, blob, nblob, NULL))
		check(&btf, input.type, text, value, input.size);
	free(value);
	free(blob);
	free(strings);
	free(text);
	return 0;
}
