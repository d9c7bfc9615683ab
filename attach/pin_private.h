/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pin_private.h - what making a pin and replacing one have in common; private
 * to this directory.
 *
 * A name in a directory of a user's can mean something else at any moment, so
 * what it means is compared, by device and inode, with what it should.  No name
 * is followed: neither as a symlink nor onto what somebody has mounted on it,
 * for that may never answer.
 */
#ifndef ATTACH_PIN_PRIVATE_H
#define ATTACH_PIN_PRIVATE_H

#include <sys/stat.h>
#include <sys/types.h>

#include "attach/pin.h"

int pin_look(int dir, const char *name, struct stat *st);
/* Of looking at a name: nothing is there, or something was mounted on it. */
bool pin_is_absent(int err);
/* The pin stands for what st is of, or for what the name is. */
bool pin_is_of(const struct pin *pin, const struct stat *st);
bool pin_is_at(const struct pin *pin, int dir, const char *name);

/* A name for what waits, or for what goes; bpffs takes no dots. */
enum { PIN_ASIDE = 32 };
int pin_name_aside(char name[PIN_ASIDE]);

/*
 * How many entries a directory has (O_PATH), if they are what we make: 0, 1,
 * ...  ENOTEMPTY if there are others.
 */
ssize_t pin_count_entries(int place);

/*
 * Removes what the pin stands for, where it is called name; gone is fine.
 * ENOTEMPTY: its directory holds more than the links.  On failure all is there.
 */
int pin_remove_at(const struct pin *pin, int dir, const char *name);

/* Pins at the name that the pin has, and fills in what it is. */
int pin_at(const struct attachment *a, struct pin *pin, struct err *e);

/* The sentence for a name that could not be pinned at. */
int pin_explain(int err, const char *name, struct err *e);

#endif
