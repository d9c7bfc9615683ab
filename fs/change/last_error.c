// SPDX-License-Identifier: BSD-2-Clause
/* last_error.c - why something was refused. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fs/change/last_error.h"
#include "fs/tree/area.h"

char *last_error_text(const char *file, const char *input, const struct err *e)
{
	size_t lines = strcspn(input, "\n"), size;
	char *text = NULL;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	fprintf(out, "%s: %s: %s\n", file, errno_name(e->code), e->text);
	if (e->pos != ERR_NO_POS && (size_t)e->pos <= lines && lines)
		fprintf(out, "  %.*s\n  %*s^\n", (int)lines, input, e->pos, "");
	fclose(out);
	return text;
}

void last_error_keep(struct tree *tree, uint64_t number, char *text)
{
	char **place, *old = text;

	pthread_mutex_lock(&tree->lock);
	place = area_at(number)->error(tree, number, text);
	if (place) {
		old = *place;
		*place = text;
	}
	pthread_mutex_unlock(&tree->lock);
	free(old);
}
