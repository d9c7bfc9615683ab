// SPDX-License-Identifier: BSD-2-Clause
/* iter_order.c - in which order cgroups are gone through, as text. */
#include <errno.h>
#include <string.h>

#include "attach/kind/iter/iter.h"

static const char *const orders[] = {
	[ABI_CGROUP_ITER_SELF_ONLY] = "self_only",
	[ABI_CGROUP_ITER_DESCENDANTS_PRE] = "descendants_pre",
	[ABI_CGROUP_ITER_DESCENDANTS_POST] = "descendants_post",
	[ABI_CGROUP_ITER_ANCESTORS_UP] = "ancestors_up",
};

enum { NORDERS = sizeof(orders) / sizeof(orders[0]) };

const char *iter_order_name(uint32_t order)
{
	return order < NORDERS ? orders[order] : NULL;
}

#define ORDER_FORM "descendants_pre, descendants_post, ancestors_up, self_only"

static int order_parse(void *value, const char *text, struct err *e)
{
	uint32_t i;

	for (i = ABI_CGROUP_ITER_SELF_ONLY; i < NORDERS; i++)
		if (!strcmp(orders[i], text)) {
			*(uint32_t *)value = i;
			return 0;
		}
	return fail_at(e, EINVAL, 0, "no order '%s'; there are " ORDER_FORM,
		       text);
}

static void order_show(const void *value, FILE *out)
{
	const char *name = iter_order_name(*(const uint32_t *)value);

	if (name)
		fputs(name, out);
}

static void order_clear(void *value)
{
	*(uint32_t *)value = 0;
}

const struct type iter_order = {
	.parse = order_parse,
	.show = order_show,
	.clear = order_clear,
	.form = ORDER_FORM,
};
