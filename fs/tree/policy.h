/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * policy.h - what the mount's options say of its tree.
 *
 * Constant once the arguments are read, so any thread may read it.
 */
#ifndef FS_TREE_POLICY_H
#define FS_TREE_POLICY_H

#include <stdint.h>
#include <sys/types.h>

#include "attach/attachment.h"

struct policy {
	mode_t mode; /* of the root and of the directories of kinds */
	uid_t uid; /* their owner, as is gid */
	gid_t gid;
	uint64_t max_probes;
	uint64_t max_user_probes; /* of a user but root; 0: a part of those */
	uint64_t max_object; /* bytes of an object file of a user's */
	uint64_t allow; /* bits of kinds[] that users but root may use */
	const struct attach_mode *attach_mode;
};

#endif
