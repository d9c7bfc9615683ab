/* SPDX-License-Identifier: BSD-2-Clause */
/* refusal_code.h - why the kernel refuses a program that is for certain code. */
#ifndef ATTACH_KIND_CODE_REFUSAL_CODE_H
#define ATTACH_KIND_CODE_REFUSAL_CODE_H

#include <stdbool.h>

#include "attach/kind/target.h"

/* As explain() of struct kind. */
int code_explain(const struct target *target, const struct site *site,
		 bool event, int code, struct err *e);

#endif
