/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * loader_supply.h - what the loader lacks, for its user is not told it, or it
 * sees no file that has it.
 */
#ifndef ATTACH_PROGRAM_LOADER_LOADER_SUPPLY_H
#define ATTACH_PROGRAM_LOADER_LOADER_SUPPLY_H

#include "attach/program/loader/answer.h"
#include "attach/program/loader/loader.h"

/* The targets of the programs and the addresses that it asks for. */
int loader_supply_find(const struct object_request *request,
		       const struct answer_opened *opened,
		       struct loader_supply *out, struct err *e);
void loader_supply_clear(struct loader_supply *supply);

/* Adds the BTF of each module to the message. */
int loader_supply_modules(struct message *message);

#endif
