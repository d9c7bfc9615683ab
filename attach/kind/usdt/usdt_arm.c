// SPDX-License-Identifier: BSD-2-Clause
/*
 * usdt_arm.c - telling a program how to find the arguments.
 *
 * A program built with usdt.bpf.h looks in its map __bpf_usdt_specs, under the
 * id that the link's cookie holds; the user's own cookie is inside the spec.
 * On a kernel without cookies (before 5.15) it finds the id by the address of
 * the instruction, in the map __bpf_usdt_ip_to_spec_id.  Any other program gets
 * the user's cookie as it is.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "attach/kernel/bpf.h"
#include "attach/kernel/features.h"
#include "attach/kernel/program.h"
#include "attach/kind/usdt/usdt.h"
#include "scope.h"

static const char specs_name[] = "__bpf_usdt_specs";

void usdt_own_free(void *pointer, bool outlive)
{
	struct usdt_own *own = pointer;

	usdt_ips_give(own->ips);
	if (outlive)
		specs_leave(own->specs);
	else
		specs_give(own->specs);
	spec_symbols_free(own->symbols);
	usdt_file_put(own->file);
	free(own->notes);
	free(own);
}

static struct spec_site spec_site(struct target *target, size_t i)
{
	const struct usdt_own *own = target->own;
	const struct note *note = own->notes[i];

	return (struct spec_site){
		.machine = own->file->notes->machine,
		.type = own->file->notes->type,
		.class = own->file->notes->class,
		.ip = note->location + target->sites[i].offset - note->offset,
		.find = own->symbols ? spec_symbols_find : NULL,
		.ctx = own->symbols,
	};
}

/* What `sites` shows of the arguments. */
static int note_args(struct target *target, uint32_t size, struct err *e)
{
	const struct usdt_own *own = target->own;
	size_t i, length;

	for (i = 0; i < target->nsites; i++) {
		struct spec_site site = spec_site(target, i);
		FILE *out = open_memstream(&target->sites[i].note, &length);

		if (!out)
			return fail(e, ENOMEM, "no memory");
		spec_show(&site, size, own->notes[i]->args, ", ", out);
		if (fclose(out))
			return fail(e, ENOMEM, "no memory");
	}
	return 0;
}

/* arm and rearm */

static int take_specs(struct target *target, int prog_fd, int map_fd,
		      uint32_t size, uint64_t cookie, struct err *e)
{
	scoped_free struct usdt_spec *list =
		calloc(target->nsites, sizeof(*list));
	scoped_free uint32_t *ids = calloc(target->nsites, sizeof(*ids));
	struct usdt_own *own = target->own;
	int cookies = feature_ask(FEATURE_COOKIE, e), err;
	size_t i;

	if (cookies < 0)
		return cookies;
	if (!list || !ids)
		return fail(e, ENOMEM, "no memory for the argument specs");
	for (i = 0; i < target->nsites; i++) {
		struct spec_site site = spec_site(target, i);

		spec_encode(&site, size, own->notes[i]->args, cookie, &list[i]);
	}
	err = specs_take(map_fd, list, target->nsites, ids, &own->specs, e);
	if (err)
		return err;
	target->event.takes_room = true;
	if (!cookies) {
		for (i = 0; i < target->nsites; i++)
			target->sites[i].cookie = 0;
		return usdt_arm_addresses(target, prog_fd, map_fd, ids, e);
	}
	for (i = 0; i < target->nsites; i++)
		target->sites[i].cookie = ids[i];
	return 0;
}

/* The program's spec map; -ENOENT when it has none, which is no failure. */
static int spec_map(int prog_fd, uint32_t *size, struct err *e)
{
	struct bpf_map_info info;
	int fd = program_map(prog_fd, specs_name, &info), err;

	*size = SPEC_SIZE_INDEX;
	if (fd == -ENOENT)
		return fd;
	if (fd < 0)
		return fail(e, -fd, "cannot look at the program's maps: %s",
			    strerror(errno_clamp(-fd)));
	*size = info.value_size;
	err = spec_check_size(*size, e);
	if (!err)
		return fd;
	close(fd);
	return err;
}

int usdt_arm(struct target *target, int prog_fd, uint64_t cookie, struct err *e)
{
	struct usdt_own *own = target->own;
	uint32_t size;
	scoped_fd int map = spec_map(prog_fd, &size, e);
	int err = map < 0 && map != -ENOENT ? map : 0;

	if (map >= 0)
		err = take_specs(target, prog_fd, map, size, cookie, e);
	if (!err)
		err = note_args(target, size, e);
	spec_symbols_free(take(own->symbols));
	return err;
}

/* The user's cookie is inside the spec, which the map has under the id. */
static int cookie_in_spec(int map, uint32_t id, uint32_t size, uint64_t *cookie)
{
	struct usdt_spec spec = { .size = size };
	int err = bpf_map_lookup(map, &id, spec.bytes);

	if (!err)
		*cookie = spec_cookie(&spec);
	return err;
}

/*
 * Which ids the links have is known only if the kernel told their cookies.  If
 * not, the ids stay taken, since the map has their specs.
 */
static int adopt_specs(struct target *target, int map, uint32_t size,
		       uint64_t *cookie, struct err *e)
{
	scoped_free uint32_t *ids = calloc(target->nsites, sizeof(*ids));
	struct usdt_own *own = target->own;
	size_t i;
	int err;

	if (!target->cookies_told)
		return 0;
	if (!ids)
		return fail(e, ENOMEM, "no memory");
	for (i = 0; i < target->nsites; i++)
		ids[i] = (uint32_t)target->sites[i].cookie;
	err = specs_adopt(map, ids, target->nsites, &own->specs, e);
	target->event.takes_room = !err;
	if (!err && cookie_in_spec(map, ids[0], size, cookie))
		err = fail(e, EINVAL, "the link's spec cannot be read");
	return err;
}

int usdt_rearm(struct target *target, int prog_fd, uint64_t *cookie,
	       struct err *e)
{
	struct usdt_own *own = target->own;
	uint32_t size;
	scoped_fd int map = spec_map(prog_fd, &size, e);
	int err = map < 0 && map != -ENOENT ? map : 0;

	if (map >= 0)
		err = adopt_specs(target, map, size, cookie, e);
	if (!err)
		err = note_args(target, size, e);
	spec_symbols_free(take(own->symbols));
	return err;
}
