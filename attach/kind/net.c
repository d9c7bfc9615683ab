// SPDX-License-Identifier: BSD-2-Clause
/* net.c - namespaces and interfaces of the kinds of the network. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <vis.h>

#include "attach/kernel/in_netns.h"
#include "attach/kernel/link/link_info.h"
#include "attach/kernel/netdev.h"
#include "attach/kind/net.h"
#include "attach/kind/refusal.h"
#include "scope.h"

const char net_gone[] =
	"the interface has gone, or another tool has detached the program";

int net_open(struct target *target, const char *path,
	     const struct opener *opener, int *netns, struct err *e)
{
	int fd;

	*netns = -1;
	if (!opener || !opener->netns)
		return 0;
	fd = opener->netns(opener->ctx, path, e);
	if (fd < 0)
		return fd;
	target->hook.netns_ino = netns_inode(fd);
	*netns = fd;
	return 0;
}

/* To enter our own takes no right to enter any. */
int net_enter(struct target *target, const char *path,
	      const struct opener *opener, struct err *e)
{
	struct hook_target *hook = &target->hook;
	int err = net_open(target, path, opener, &hook->netns, e);

	if (hook->netns >= 0 && netns_is_own(hook->netns))
		fd_close(take_fd(&hook->netns));
	return err;
}

/* As dev_valid_name() of net/core/dev.c. */
static int check_name(const char *name, size_t pos, struct err *e)
{
	const char *c;

	if (!name[0] || name_is_dots(name) || strlen(name) >= IF_NAMESIZE)
		return fail_at(
			e, EINVAL, pos,
			"no name of an interface: '%s'; one has 1 to %d bytes",
			name, IF_NAMESIZE - 1);
	for (c = name; *c; c++)
		if (*c == '/' || *c == ':' || isspace((unsigned char)*c))
			return fail_at(
				e, EINVAL, pos,
				"'%c' cannot be in the name of an interface",
				*c);
	return 0;
}

int net_name(const char *text, struct span span, char **name, struct err *e)
{
	int err;

	if (span.start == span.end)
		return fail_at(e, EINVAL, span.start,
			       "the interface is missing");
	err = name_unescape(text, span, name, e);
	return err ? err : check_name(*name, span.start, e);
}

int net_find(struct target *target, const char *name, struct err *e)
{
	struct hook_target *hook = &target->hook;
	struct err why;
	int index;

	if (!name)
		return fail(
			e, EINVAL,
			"the field 'interface' is empty; write the name of an interface to it");
	if (check_name(name, 0, &why))
		return fail(e, EINVAL, "the field 'interface' is malformed: %s",
			    why.text);
	index = netdev_index(hook->netns, name);
	if (index == -ENODEV)
		return fail(
			e, ENODEV,
			"there is no interface '%s' in the network namespace (inode %" PRIu64
			"); 'available' lists those of the one that you are in",
			name, hook->netns_ino);
	if (index < 0)
		return fail(e, -index,
			    "the interface '%s' cannot be looked up: %s", name,
			    strerror(errno_clamp(-index)));
	hook->where = strdup(name);
	hook->where_id = (uint32_t)index;
	hook->create.target_fd = (uint32_t)index;
	return hook->where ? 0 : fail(e, ENOMEM, "no memory for a name");
}

int net_explain_gone(const struct target *target, struct err *e)
{
	const struct hook_target *hook = &target->hook;
	char name[IF_NAMESIZE];

	if (netdev_name(hook->netns, (uint32_t)hook->where_id, name) != -ENODEV)
		return 0;
	return fail(e, ENODEV, "the interface '%s' has gone meanwhile",
		    hook->where);
}

int net_refuse(const char *what, bool event, int code, struct err *e)
{
	if (code != EPERM && code != EACCES)
		return refusal_explain(what, event, code, e);
	return fail(
		e, code,
		"the kernel refused the %s: %s; probefs needs CAP_NET_ADMIN, and for another network namespace than its own CAP_SYS_ADMIN and to be allowed to enter it (RestrictNamespaces=)",
		what, strerror(errno_clamp(code)));
}

/*
 * As it is called now, where its namespace can be found.  What is attached goes
 * with an interface to another namespace, of which the kernel tells nothing.
 */
static void show_interface(const struct hook_target *hook, FILE *out)
{
	scoped_fd int netns = netns_find(hook->netns_ino);
	char name[IF_NAMESIZE], safe[4 * IF_NAMESIZE + 1];
	int err = netns < 0
			  ? netns
			  : netdev_name(netns, (uint32_t)hook->where_id, name);

	strvis(safe, err ? hook->where : name, VIS_TAB | VIS_NL | VIS_CSTYLE);
	fprintf(out, "ifindex:\t%" PRIu64 "\nifname:\t%s\n", hook->where_id,
		safe);
	if (err == -ENODEV)
		fputs("warning:\tthe interface was moved to another network namespace\n",
		      out);
}

void net_show(const struct target *target, FILE *out)
{
	const struct hook_target *hook = &target->hook;

	fprintf(out, "attach_type:\t%s\n",
		attach_type_name(hook->create.attach_type));
	if (hook->netns_ino)
		fprintf(out, "netns_ino:\t%" PRIu64 "\n", hook->netns_ino);
	if (hook->where)
		show_interface(hook, out);
}

bool net_matches(const struct target *target, const struct link_info *info)
{
	const struct hook_target *hook = &target->hook;

	return info->raw.netdev.ifindex == hook->where_id &&
	       info->raw.netdev.attach_type == hook->create.attach_type;
}

struct listing {
	const char *const *suffixes;
	const char *driver;
	FILE *out;
};

/* As it goes into a name. */
static void show_escaped(const char *name, FILE *out)
{
	for (; *name; name++) {
		if (strchr("%@", *name) || iscntrl((unsigned char)*name))
			fprintf(out, "%%%02X", (unsigned char)*name);
		else
			fputc(*name, out);
	}
}

static int list_one(void *arg, const char *name, const char *driver)
{
	const struct listing *listing = arg;
	size_t i;

	if (listing->driver && strcmp(driver, listing->driver))
		return 0;
	for (i = 0; listing->suffixes[i]; i++) {
		show_escaped(name, listing->out);
		fprintf(listing->out, "%s\n", listing->suffixes[i]);
	}
	return 0;
}

int net_available(const struct opener *opener, const char *const *suffixes,
		  const char *driver, FILE *out, struct err *e)
{
	struct listing listing = { suffixes, driver, out };
	struct target target;
	int err;

	target_init(&target);
	err = net_enter(&target, NULL, opener, e);
	if (!err) {
		err = netdev_list(target.hook.netns, list_one, &listing);
		if (err)
			fail(e, -err, "the interfaces cannot be listed: %s",
			     strerror(errno_clamp(-err)));
	}
	target_clear(&target);
	return err;
}
