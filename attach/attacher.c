// SPDX-License-Identifier: BSD-2-Clause
/* attacher.c - the table of attachers. */
#include "attach/attacher.h"

extern const struct attacher attacher_events, attacher_hook, attacher_code,
	attacher_samples, attacher_map;

static const struct attacher *const attachers[] = {
	[ATTACHER_EVENTS] = &attacher_events,
	[ATTACHER_HOOK] = &attacher_hook,
	[ATTACHER_CODE] = &attacher_code,
	[ATTACHER_SAMPLES] = &attacher_samples,
	[ATTACHER_MAP] = &attacher_map,
};

const struct attacher *attacher_of(const struct kind *kind)
{
	return attachers[kind->attacher];
}
