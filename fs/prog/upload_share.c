// SPDX-License-Identifier: BSD-2-Clause
/* upload_share.c - what object files cost, and how much a user may have. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "fs/prog/upload.h"

static size_t cost_of_text(const char *text)
{
	return sizeof(text) + strlen(text) + 1;
}

size_t upload_cost(const struct object *object)
{
	size_t i, cost = sizeof(*object) + cost_of_text(object->license) +
			 cost_of_text(object->needs);

	for (i = 0; i < object->nprograms; i++) {
		const struct object_program *program = &object->programs[i];

		cost += sizeof(*program) + cost_of_text(program->name) +
			cost_of_text(program->section) +
			cost_of_text(program->kernel_name) +
			cost_of_text(program->target) +
			(program->fd >= 0 ? UPLOAD_FD_COST : 0);
	}
	for (i = 0; i < object->nmaps; i++)
		cost += sizeof(*object->maps) +
			cost_of_text(object->maps[i].name) +
			(object->maps[i].fd >= 0 ? UPLOAD_FD_COST : 0);
	for (i = 0; i < object->nvariables; i++)
		cost += sizeof(*object->variables) +
			cost_of_text(object->variables[i].name) +
			cost_of_text(object->variables[i].type) +
			cost_of_text(object->variables[i].value);
	return cost;
}

size_t upload_bytes(const struct upload *upload)
{
	size_t bytes = UPLOAD_COST + settings_bytes(&upload->settings);
	struct stat st;

	if (upload->content)
		bytes += upload->content->size;
	if (upload->info)
		bytes += upload->info_cost;
	if (upload->set)
		bytes += upload->set->cost;
	if (upload->set && upload->set->content != upload->content)
		bytes += upload->set->content->size;
	if (upload->log_fd >= 0 && !fstat(upload->log_fd, &st))
		bytes += (size_t)st.st_size;
	return bytes;
}

int upload_has_room(struct tree *tree, const struct upload *upload, size_t more,
		    struct err *e)
{
	size_t total = UPLOAD_OBJECTS * tree->policy->max_object;
	size_t share = total / UPLOAD_PART, all = 0, own = 0;
	const struct upload *other;

	TAILQ_FOREACH(other, &tree->uploads, entry) {
		size_t bytes = upload_bytes(other);

		all += bytes;
		own += other->owner == upload->owner ? bytes : 0;
	}
	if (upload->owner && own + more > share)
		return fail(
			e, ENOSPC,
			"your object files and logs have %zu bytes, and may have %zu",
			own, share);
	if (all + more > (upload->owner ? total - share : total))
		return fail(e, ENOSPC,
			    "all object files and logs have %zu bytes of %zu",
			    all, total);
	return 0;
}
