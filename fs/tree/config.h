/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * config.h - all that makes a probe besides its links: its name, owner, mode
 * and the texts of its files.
 *
 * Texts are kept as they were accepted, byte for byte; a NULL text means the
 * default.  What a text says is read out of it when it is needed.
 */
#ifndef FS_TREE_CONFIG_H
#define FS_TREE_CONFIG_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <time.h>

#include "attach/kind/kind.h"

enum text_slot {
	TEXT_ATTACH,
	TEXT_COOKIE,
	TEXT_PIN,
	TEXT_ENABLED,
	TEXT_FOLLOW,
	TEXT_CONFIG, /* all of them, see config_text.h */
	TEXT_FIELDS, /* plus the row in the kind's fields */
	TEXT_MAX = TEXT_FIELDS + 8,
	TEXT_NONE = TEXT_MAX, /* of a file that nobody can write */
};

enum {
	TEXT_BYTES = 4096, /* the longest text that is taken */
};

struct config {
	const struct kind *kind;
	uid_t uid; /* of the directory, as are gid, mode and made */
	gid_t gid;
	mode_t mode; /* permission bits */
	struct timespec made;
	char *name;
	char *texts[TEXT_MAX];
	char *error; /* of the last refused write; NULL after a success */
};

/*
 * A config with the texts that the name gives; *e says what is wrong with it.
 */
int config_make(const struct kind *kind, const char *name,
		struct config *config, struct err *e);
/* A copy of its own; ENOMEM. */
int config_copy(const struct config *config, struct config *copy);
void config_clear(struct config *config);

/*
 * What the text says: without comment lines (#), blank lines and white space
 * around.  "" when it says nothing.  EINVAL for more than one line that says
 * something.  *value is the caller's to free.
 */
int text_value(const char *text, char **value, struct err *e);

/* The number or flag that the text, which may be NULL, says; or the default. */
uint64_t text_number(const char *text, uint64_t fallback);

/*
 * The spec that the texts of the fields, in their slots, stand for; spec_free()
 * it.
 */
int config_spec(const struct kind *kind, char *const texts[TEXT_MAX],
		void **spec, struct err *e);

/*
 * Cuts NEW if OLD in two and returns OLD, or NULL where there is no condition: at
 * the last ` if `, so that a path of NEW may have one.
 */
char *text_condition(char *value);

#endif
