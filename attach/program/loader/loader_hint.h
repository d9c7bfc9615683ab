/* SPDX-License-Identifier: BSD-2-Clause */
/* loader_hint.h - why an object was not loaded, as a sentence. */
#ifndef ATTACH_PROGRAM_LOADER_LOADER_HINT_H
#define ATTACH_PROGRAM_LOADER_LOADER_HINT_H

#include "attach/program/loader/answer.h"

/*
 * What the child has said, and for what the kernel refused a hint by its log,
 * the rights of the user and the kernel.  Fills *e, returns the errno; object is
 * NULL when it could not be opened.
 */
int loader_hint(const struct object_request *request,
		const struct object *object, const struct answer_failed *failed,
		struct err *e);

#endif
