// SPDX-License-Identifier: BSD-2-Clause
/* answer.c - whatever the loader answers, the daemon takes it or leaves it. */
#include <stdlib.h>
#include <string.h>

#include "attach/program/loader/answer.h"
#include "scope.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What was taken is put together to the same bytes again. */
static void take_opened(const char *data, size_t size)
{
	struct answer_opened opened;
	char *again;
	size_t length;
	FILE *out;

	if (answer_take_opened(data, size, &opened))
		return;
	out = open_memstream(&again, &length);
	answer_put_opened(out, &opened);
	fclose(out);
	if (length != size || memcmp(data, again, size) != 0)
		abort();
	free(again);
	object_put(opened.object);
	free(opened.symbols);
}

static void take_loaded(const uint8_t *data, size_t size)
{
	struct object_program programs[2] = { { .fd = -1 }, { .fd = -1 } };
	struct object_map maps[1] = { { .fd = -1 } };
	struct object object = {
		.programs = programs,
		.nprograms = 2,
		.maps = maps,
		.nmaps = 1,
	};
	struct message message = { 0 };

	message.data = malloc(size + 1);
	memcpy(message.data, data, size);
	message.size = size;
	answer_take_loaded(&message, &object);
	message_clear(&message);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct answer_failed failed;
	char text[8192];

	if (size > sizeof(text))
		return 0;
	memcpy(text, data, size);
	take_opened(text, size);
	take_loaded(data, size);
	if (!answer_take_failed(text, size, &failed) && !failed.why.code)
		abort();
	return 0;
}
