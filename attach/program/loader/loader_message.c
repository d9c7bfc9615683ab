// SPDX-License-Identifier: BSD-2-Clause
/* loader_message.c - what the daemon says to its loader. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "attach/program/loader/flat.h"
#include "attach/program/loader/loader.h"
#include "scope.h"

enum {
	SETTING_BYTES = 3 * sizeof(uint32_t),
	TARGET_BYTES = 3 * sizeof(uint32_t),
	SYMBOLS = 16 << 20, /* bytes */
};

/* Whether there is a descriptor: it is then the next one of the message. */
static void put_fd(FILE *out, int fd, struct message *message)
{
	flat_put(out, fd >= 0);
	if (fd >= 0)
		message->fds[message->nfds++] = fd;
}

static int take_fd_of(struct flat *in, const struct message *message,
		      size_t *next)
{
	if (!flat_take_bool(in))
		return -1;
	if (*next < message->nfds)
		return message->fds[(*next)++];
	in->bad = true;
	return -1;
}

static void put_as(FILE *out, const struct loader_as *as)
{
	size_t i;

	flat_put(out, as->uid);
	flat_put(out, as->gid);
	flat_put_wide(out, as->caps);
	flat_put_wide(out, as->memlock);
	flat_put(out, as->addresses);
	flat_put(out, (uint32_t)as->ngroups);
	for (i = 0; i < as->ngroups; i++)
		flat_put(out, as->groups[i]);
}

static void put_asked(FILE *out, const struct object_request *asked, bool load,
		      struct message *message)
{
	const struct object_setting *setting;
	size_t i;

	flat_put(out, load);
	put_fd(out, asked->fd, message);
	put_fd(out, asked->btf_fd, message);
	put_fd(out, asked->log_fd, message);
	flat_put(out, asked->log_level);
	flat_put_text(out, asked->name ? asked->name : "object");
	put_as(out, &asked->as);
	flat_put(out, (uint32_t)asked->nsettings);
	for (i = 0; i < asked->nsettings; i++) {
		setting = &asked->settings[i];
		flat_put_text(out, setting->path);
		flat_put_text(out, setting->value);
		put_fd(out, setting->fd, message);
	}
}

int loader_put_request(const struct object_request *asked, bool load,
		       struct message *out)
{
	FILE *data;

	*out = (struct message){ .type = LOADER_ASK };
	out->fds = calloc(3 + asked->nsettings, sizeof(int));
	data = out->fds ? open_memstream(&out->data, &out->size) : NULL;
	if (!data)
		return -ENOMEM;
	put_asked(data, asked, load, out);
	return fclose(data) ? -ENOMEM : 0;
}

static void take_as(struct flat *in, struct loader_request *out)
{
	struct loader_as *as = &out->asked.as;
	size_t i;

	as->uid = flat_take(in);
	as->gid = flat_take(in);
	as->caps = flat_take_wide(in);
	as->memlock = flat_take_wide(in);
	as->addresses = flat_take_bool(in);
	as->ngroups = flat_take_count(in, LOADER_GROUPS, sizeof(uint32_t));
	as->groups = out->groups = calloc(as->ngroups + 1, sizeof(gid_t));
	for (i = 0; out->groups && i < as->ngroups; i++)
		out->groups[i] = flat_take(in);
}

static void take_settings(struct flat *in, struct loader_request *out,
			  size_t *next)
{
	size_t count = flat_take_count(in, LOADER_SETTINGS, SETTING_BYTES);
	struct object_setting *setting;

	out->settings = calloc(count + 1, sizeof(*setting));
	out->asked.settings = out->settings;
	for (; out->settings && count; count--) {
		setting = &out->settings[out->asked.nsettings++];
		setting->path = flat_take_text(in, 2 * OBJECT_TEXT);
		setting->value = flat_take_text(in, LOADER_REQUEST);
		setting->fd = take_fd_of(in, &out->message, next);
	}
}

int loader_take_request(struct message *message, struct loader_request *out)
{
	struct flat in = { .at = message->data, .left = message->size };
	size_t next = 0;

	*out = (struct loader_request){ .message = *message };
	*message = (struct message){ 0 };
	out->load = flat_take_bool(&in);
	out->asked.fd = take_fd_of(&in, &out->message, &next);
	out->asked.btf_fd = take_fd_of(&in, &out->message, &next);
	out->asked.log_fd = take_fd_of(&in, &out->message, &next);
	out->asked.log_level = flat_take(&in);
	out->asked.name = flat_take_text(&in, OBJECT_TEXT);
	take_as(&in, out);
	take_settings(&in, out, &next);
	if (flat_done(&in) && out->groups && out->settings)
		return 0;
	loader_request_clear(out);
	return -EPROTO;
}

static void free_text(const char *text)
{
	free((void *)(uintptr_t)text);
}

void loader_request_clear(struct loader_request *request)
{
	size_t i;

	for (i = 0; i < request->asked.nsettings; i++) {
		free_text(request->settings[i].path);
		free_text(request->settings[i].value);
	}
	free_text(request->asked.name);
	free(request->settings);
	free(request->groups);
	message_clear(&request->message);
	*request = (struct loader_request){ 0 };
}

int loader_put_supply(const struct loader_supply *supply, struct message *out)
{
	FILE *data;
	size_t i;

	*out = (struct message){ .type = LOADER_SUPPLY };
	out->fds = calloc(1 + 2 * supply->ntargets, sizeof(int));
	data = out->fds ? open_memstream(&out->data, &out->size) : NULL;
	if (!data)
		return -ENOMEM;
	flat_put_text(data, supply->symbols);
	flat_put(data, (uint32_t)supply->ntargets);
	for (i = 0; i < supply->ntargets; i++) {
		flat_put(data, supply->targets[i].btf_id);
		put_fd(data, supply->targets[i].btf_fd, out);
		put_fd(data, supply->targets[i].prog_fd, out);
	}
	return fclose(data) ? -ENOMEM : 0;
}

int loader_take_supply(struct message *message, size_t nprograms,
		       struct loader_supply *out)
{
	struct flat in = { .at = message->data, .left = message->size };
	size_t next = 0, i;

	*out = (struct loader_supply){ .message = *message };
	*message = (struct message){ 0 };
	out->symbols = flat_take_text(&in, SYMBOLS);
	out->ntargets = flat_take_count(&in, nprograms, TARGET_BYTES);
	out->targets = calloc(out->ntargets + 1, sizeof(*out->targets));
	for (i = 0; out->targets && i < out->ntargets; i++) {
		out->targets[i].btf_id = flat_take(&in);
		out->targets[i].btf_fd = take_fd_of(&in, &out->message, &next);
		out->targets[i].prog_fd = take_fd_of(&in, &out->message, &next);
	}
	return flat_done(&in) && out->ntargets == nprograms ? 0 : -EPROTO;
}
