// SPDX-License-Identifier: BSD-2-Clause
/* area_loaded_map.c - map/M of prog/NAME. */
#include <inttypes.h>

#include "fs/prog/act.h"
#include "fs/prog/area_prog.h"
#include "fs/prog/member.h"
#include "fs/tree/area_common.h"
#include "fs/tree/meta.h"
#include "fs/tree/show.h"
#include "scope.h"

#define SHOW_MAP(noun, field)                                              \
	static int show_map_##noun(const struct file *row,                 \
				   const struct view *view, FILE *out,     \
				   struct err *e)                          \
	{                                                                  \
		struct member member;                                      \
		int err = member_get(view->tree, view->node, &member, e);  \
                                                                           \
		(void)row;                                                 \
		if (err)                                                   \
			return err;                                        \
		fprintf(out, "%" PRIu32 "\n", member_map(&member)->field); \
		member_put(&member);                                       \
		return 0;                                                  \
	}

SHOW_MAP(type, type)
SHOW_MAP(key_size, key_size)
SHOW_MAP(value_size, value_size)
SHOW_MAP(max_entries, max_entries)

/* clang-format off */
static const struct file map_files[] = {
	SETTING("type", act_setting, show_map_type, "its type"),
	SETTING("key_size", act_setting, show_map_key_size, "bytes of a key"),
	SETTING("value_size", act_setting, show_map_value_size, "bytes of a value"),
	SETTING("max_entries", act_setting, show_map_max_entries, "how many there can be"),
	TELLS_ADDRESSES("error", show_dir_error, "that of prog/NAME"),
	{ 0 },
};
/* clang-format on */

const struct area area_loaded_map = {
	.holds = HOLDS_MEMBERS,
	.comes_and_goes = true,
	.metas = METAS_OF_OBJECTS,
	.files = map_files,
	.attr = area_member_attr,
	.refer = refer_member,
	.error = area_loaded_error,
};
