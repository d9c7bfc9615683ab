// SPDX-License-Identifier: BSD-2-Clause
/* meant.c - which name was meant by one that is near it. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fs/tree/files.h"
#include "fs/tree/meant.h"
#include "fs/tree/scratch.h"

enum {
	LONGEST = 32, /* names that are longer are near none */
	SHORT = 5, /* names up to here allow one mistake, others two */
};

static bool is_word(const char *name)
{
	size_t length = strlen(name);

	return length > 1 && length < LONGEST &&
	       name[strspn(name, "abcdefghijklmnopqrstuvwxyz_"
				 "ABCDEFGHIJKLMNOPQRSTUVWXYZ")] == '\0';
}

static unsigned int least(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

static bool is_same(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/*
 * How many letters must be left out, put in, changed, or swapped with the next
 * (Damerau's distance, of strings that are aligned): row i of the table has the
 * distances of a's first i letters.
 */
static unsigned int distance(const char *a, const char *b)
{
	unsigned int rows[LONGEST + 1][LONGEST + 1], best;
	size_t na = strlen(a), nb = strlen(b), i, j;

	for (i = 0; i <= na; i++) {
		for (j = 0; j <= nb; j++) {
			if (!i || !j) {
				rows[i][j] = (unsigned int)(i + j);
				continue;
			}
			best = rows[i - 1][j - 1] +
			       !is_same(a[i - 1], b[j - 1]);
			best = least(best, rows[i - 1][j] + 1);
			best = least(best, rows[i][j - 1] + 1);
			if (i > 1 && j > 1 && is_same(a[i - 1], b[j - 2]) &&
			    is_same(a[i - 2], b[j - 1]))
				best = least(best, rows[i - 2][j - 2] + 1);
			rows[i][j] = best;
		}
	}
	return rows[na][nb];
}

/* The nearest so far, and how near it is. */
struct nearest {
	const char *word; /* NULL: none */
	unsigned int distance;
};

static void consider(struct nearest *nearest, const char *name,
		     const char *word)
{
	unsigned int allowed = strlen(word) > SHORT ? 2 : 1, d;

	if (strlen(word) >= LONGEST)
		return;
	d = distance(name, word);
	if (d > allowed || (nearest->word && nearest->distance <= d))
		return;
	nearest->word = word;
	nearest->distance = d;
}

/* A field that only other kinds have. */
static const char *foreign_field(const char *name)
{
	const struct field *field;
	size_t i;

	for (i = 0; kinds[i]; i++) {
		field = field_find(kinds[i], name);
		if (field)
			return field->name;
	}
	return NULL;
}

const char *meant_file(uint64_t dir, const char *name)
{
	struct node node = node_of(dir);
	struct nearest nearest = { .word = NULL };
	struct file file;

	if (!is_word(name))
		return NULL;
	for (node.slot = SLOT_FILES; node.slot < SLOT_END; node.slot++)
		if (file_of(node, &file))
			consider(&nearest, name, file.name);
	if (nearest.word && !nearest.distance)
		return nearest.word;
	return foreign_field(name) ? foreign_field(name) : nearest.word;
}

const char *meant_kind(const char *name)
{
	struct nearest nearest = { .word = NULL };
	size_t i;

	if (!is_word(name))
		return NULL;
	for (i = 0; kinds[i]; i++)
		consider(&nearest, name, kinds[i]->name);
	return nearest.word;
}

/* Files that somebody has made */

/*
 * Once for each name: many letters are compared.  A directory is no file that
 * something was written to.  The lock is held.
 */
static const char *meant(struct scratch *scratch)
{
	if (!scratch->judged && S_ISREG(scratch->mode))
		scratch->meant = meant_file(scratch->dir, scratch->name);
	scratch->judged = true;
	return scratch->meant;
}

static char *name_it(struct tree *tree, uint64_t number, const char **what)
{
	struct probe *probe = tree_find(tree, number);
	struct scratch *scratch;
	unsigned int slot;

	if (!probe)
		return NULL;
	LIST_FOREACH(scratch, &probe->nest.scratches, sibling) {
		*what = meant(scratch);
		/* That of a built-in program can have come meanwhile. */
		if (*what && !file_find(tree, number, scratch->name, &slot))
			return strdup(scratch->name);
	}
	return NULL;
}

void stray_find(struct tree *tree, uint64_t number, struct stray *stray)
{
	const char *what = NULL;
	int length = 0;

	*stray = (struct stray){ .name = NULL };
	pthread_mutex_lock(&tree->lock);
	stray->name = name_it(tree, number, &what);
	pthread_mutex_unlock(&tree->lock);
	if (!stray->name)
		return;
	if (strcmp(what, stray->name) != 0)
		length = asprintf(
			&stray->sentence,
			"no file of a probe, so it does nothing; did you mean '%s'?",
			what);
	else
		length = asprintf(
			&stray->sentence,
			"a file of other probes, but not of this one, so it does nothing");
	if (length < 0) {
		stray->sentence = NULL;
		stray_clear(stray);
	}
}

void stray_clear(struct stray *stray)
{
	free(stray->name);
	free(stray->sentence);
	*stray = (struct stray){ .name = NULL };
}
