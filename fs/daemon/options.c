// SPDX-License-Identifier: BSD-2-Clause
/* options.c - what -o says, in one table. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>

#include "array.h"
#include "attach/kind/kind.h"
#include "fs/daemon/option_value.h"
#include "fs/daemon/options.h"
#include "scope.h"

/* Linux 5.10, include/uapi/linux/mount.h; glibc 2.36 does not have it. */
#ifndef MS_NOSYMFOLLOW
#define MS_NOSYMFOLLOW 256
#endif

enum {
	DEFAULT_MODE = 0700,
	DEFAULT_MAX_PROBES = 131072,
	DEFAULT_MAX_OBJECT = 16 << 20,
	/* A file system of root's texts has no use for these three. */
	FORCED = MS_NOSUID | MS_NODEV | MS_NOEXEC,
	LINE_WIDTH = 78, /* of the usage text */
	HELP_COLUMN = 18,
};

/* clang-format off */
#define OWN(member, form, noun)                          \
	.value = (form), .parse = value_##noun,          \
	.offset = offsetof(struct options, member)
#define CONTEXT(word)                                    \
	{ .name = (word), OWN(context, "LABEL", list),   \
	  .raw = true, .transient = true }
#define SETS(word, flag)   { .name = (word), .set = (flag) }
#define CLEARS(word, flag) { .name = (word), .clear = (flag) }
#define IGNORED(word)      { .name = (word) }

static const struct row rows[] = {
	/* Ours. */
	{ .name = "mode", OWN(policy.mode, "OCTAL", mode), .max = 07777,
	  .help = "mode of the root and of the directories of kinds; 0700" },
	{ .name = "uid", OWN(policy.uid, "USER", user), .max = UINT32_MAX - 1,
	  .help = "their owner, by name or number; 0" },
	{ .name = "gid", OWN(policy.gid, "GROUP", group), .max = UINT32_MAX - 1,
	  .help = "their group, by name or number; 0" },
	{ .name = "max_probes", OWN(policy.max_probes, "N", number),
	  .min = 1, .max = UINT32_MAX,
	  .help = "probes that can exist at a time; 131072" },
	{ .name = "max_user_probes", OWN(policy.max_user_probes, "N", number),
	  .min = 1, .max = UINT32_MAX,
	  .help = "probes of one user but root; an eighth of max_probes" },
	{ .name = "max_object", OWN(policy.max_object, "SIZE", size),
	  .min = 4096, .max = 1 << 30,
	  .help = "bytes of an object file of a user's, as 16M; 16M" },
	{ .name = "allow", OWN(policy.allow, "KIND[:KIND...]", kinds),
	  .help = "the kinds that users but root may use; all" },
	{ .name = "attach_mode", OWN(policy.attach_mode, "MODE", attach_mode),
	  .help = "how programs are attached" },
	{ .name = "bpffs", OWN(bpffs, "PATH", path),
	  .help = "the bpf file system to use" },
	{ .name = "tracefs", OWN(tracefs, "PATH", path),
	  .help = "the tracefs to use" },
	{ .name = "nomount", OWN(nomount, NULL, on),
	  .help = "do not mount a missing bpffs or tracefs" },
	{ .name = "nop5", OWN(nop5, NULL, on),
	  .help = "probe the nop5 behind the nop of a static probe: faster, but it overwrites the red zone" },
	{ .name = "noscope", OWN(noscope, NULL, on), .transient = true,
	  .help = "stay in the systemd unit of the caller" },
	{ .name = "foreground", OWN(foreground, NULL, on), .transient = true,
	  .help = "do not become a daemon; messages go to stderr" },
	{ .name = "debug", OWN(debug, NULL, on), .transient = true,
	  .help = "likewise, and print every request" },
	{ .name = "fsname", OWN(fsname, "NAME", text), .transient = true,
	  .help = "show NAME as the source, instead of SOURCE" },
	{ .name = "source", OWN(fsname, "NAME", text), .transient = true,
	  .help = "the same" },

	/* Those of mount(2). */
	CLEARS("rw", MS_RDONLY),
	SETS("ro", MS_RDONLY),
	SETS("remount", MS_REMOUNT),
	CLEARS("suid", MS_NOSUID),
	SETS("nosuid", MS_NOSUID),
	CLEARS("dev", MS_NODEV),
	SETS("nodev", MS_NODEV),
	CLEARS("exec", MS_NOEXEC),
	SETS("noexec", MS_NOEXEC),
	CLEARS("async", MS_SYNCHRONOUS),
	SETS("sync", MS_SYNCHRONOUS),
	SETS("dirsync", MS_DIRSYNC),
	CLEARS("atime", MS_NOATIME),
	SETS("noatime", MS_NOATIME),
	CLEARS("diratime", MS_NODIRATIME),
	SETS("nodiratime", MS_NODIRATIME),
	SETS("relatime", MS_RELATIME),
	CLEARS("norelatime", MS_RELATIME),
	SETS("strictatime", MS_STRICTATIME),
	CLEARS("nostrictatime", MS_STRICTATIME),
	SETS("lazytime", MS_LAZYTIME),
	CLEARS("nolazytime", MS_LAZYTIME),
	CLEARS("symfollow", MS_NOSYMFOLLOW),
	SETS("nosymfollow", MS_NOSYMFOLLOW),
	SETS("iversion", MS_I_VERSION),
	CLEARS("noiversion", MS_I_VERSION),
	SETS("silent", MS_SILENT),
	CLEARS("loud", MS_SILENT),

	/* Those of SELinux, in the words the kernel reads: quotes and all. */
	CONTEXT("context"),
	CONTEXT("fscontext"),
	CONTEXT("defcontext"),
	CONTEXT("rootcontext"),

	/* For mount(8), systemd and others that read fstab. */
	IGNORED("defaults"), IGNORED("auto"), IGNORED("noauto"),
	IGNORED("_netdev"), IGNORED("fail"), IGNORED("nofail"),
	IGNORED("user"), IGNORED("nouser"), IGNORED("users"),
	IGNORED("nousers"), IGNORED("owner"), IGNORED("noowner"),
	IGNORED("group"), IGNORED("nogroup"), IGNORED("comment"),
	IGNORED("helper"), IGNORED("uhelper"), IGNORED("x-*"),
	IGNORED("X-*"), IGNORED("mand"), IGNORED("nomand"),
	IGNORED("nonempty"),

	/* What mountinfo shows and a remount brings back, always on here. */
	IGNORED("default_permissions"), IGNORED("allow_other"),
	IGNORED("user_id"), IGNORED("group_id"), IGNORED("rootmode"),
	IGNORED("max_read"), IGNORED("blksize"), IGNORED("subtype"),
	IGNORED("seclabel"),
};
/* clang-format on */

enum { ROWS = COUNT(rows) };

static bool row_matches(const struct row *row, const char *word, size_t length)
{
	size_t fixed = strcspn(row->name, "*");

	if (row->name[fixed])
		return length > fixed && !strncmp(row->name, word, fixed);
	return length == fixed && !strncmp(row->name, word, fixed);
}

/* The row of a word, which is a name or a name=value. */
static const struct row *row_find(const char *word)
{
	size_t i, length = strcspn(word, "=");

	for (i = 0; i < ROWS; i++)
		if (row_matches(&rows[i], word, length))
			return &rows[i];
	return NULL;
}

static bool row_ignored(const struct row *row)
{
	return !row->parse && !row->set && !row->clear;
}

/* Both or neither of the value the row wants and the one that was given. */
static int row_check(const struct row *row, const char *word, const char *value,
		     struct err *e)
{
	if (!row->value == !value)
		return 0;
	if (value)
		return fail(e, EINVAL, "bad option '%s': '%s' takes no value",
			    word, row->name);
	return fail(e, EINVAL, "bad option '%s': write it as '%s=%s'", word,
		    row->name, row->value);
}

static int apply(struct options *o, const struct row *row, const char *word,
		 const char *value, struct err *e)
{
	struct err why;

	if (!row->parse)
		return 0;
	if (row->parse(row, (char *)o + row->offset, row->raw ? word : value,
		       &why))
		return fail(e, why.code, "bad option '%s': %s", word, why.text);
	return row->transient ? 0 : value_list(row, &o->fixed, word, e);
}

/* mount(8) leaves the quotes of opt="a,b" on. */
static char *unquoted(const char *value)
{
	size_t length = strlen(value);

	if (length >= 2 && value[0] == '"' && value[length - 1] == '"')
		return strndup(value + 1, length - 2);
	return strdup(value);
}

/* The words of mount(8) that take no value, and what a value may have meant. */
static int ours_check(const struct row *row, const char *word, struct err *e)
{
	static const char *const meant[][2] = {
		{ "owner", "uid" },
		{ "group", "gid" },
	};
	const char *value = strchr(word, '=');
	size_t i;

	for (i = 0; value && i < COUNT(meant); i++)
		if (!strcmp(row->name, meant[i][0]))
			return fail(
				e, EINVAL,
				"bad option '%s': '%s' says who may mount, and takes no value; for who owns what is mounted write '%s%s'",
				word, row->name, meant[i][1], value);
	return 0;
}

/* A comma ends a list of kinds, and an option. */
static int refuse_unknown(const char *word, struct err *e)
{
	int err = fail(e, EINVAL, "unknown option '%s'; see -h", word);

	if (kind_find(word))
		fail_hint(e, "in allow=, kinds are separated by ':'");
	return err;
}

static int word_parse(struct options *o, const char *word, struct err *e)
{
	const struct row *row = row_find(word);
	const char *value = strchr(word, '=');
	scoped_free char *bare = NULL;
	int err;

	if (!row && o->sloppy)
		return 0;
	if (!row)
		return refuse_unknown(word, e);
	if (row_ignored(row))
		return ours_check(row, word, e);
	err = row_check(row, word, value, e);
	if (err)
		return err;
	if (value) {
		bare = unquoted(value + 1);
		if (!bare)
			return fail(e, ENOMEM, "no memory");
	}
	o->flags = (o->flags & ~row->clear) | row->set;
	return apply(o, row, word, bare, e);
}

/* Cuts the first word off; NULL if a quote in it is never closed. */
static char *word_cut(char **rest)
{
	char *word = *rest, *end;
	bool quoted = false;

	for (end = word; *end && (quoted || *end != ','); end++)
		if (*end == '"')
			quoted = !quoted;
	*rest = *end ? end + 1 : end;
	*end = '\0';
	return quoted ? NULL : word;
}

int options_parse(struct options *o, const char *text, struct err *e)
{
	scoped_free char *copy = strdup(text);
	char *rest = copy;
	const char *word;
	int err;

	if (!copy)
		return fail(e, ENOMEM, "no memory");
	while (*rest) {
		word = word_cut(&rest);
		if (!word)
			return fail(e, EINVAL, "quote not closed in '%s'",
				    text);
		err = *word ? word_parse(o, word, e) : 0;
		if (err)
			return err;
	}
	o->flags |= FORCED;
	o->read_only = o->flags & MS_RDONLY;
	return 0;
}

void options_init(struct options *o)
{
	*o = (struct options){
		.policy = {
			.mode = DEFAULT_MODE,
			.max_probes = DEFAULT_MAX_PROBES,
			.max_object = DEFAULT_MAX_OBJECT,
			.allow = kinds_of_users(),
			.attach_mode = attach_modes,
		},
		.flags = FORCED,
	};
}

void options_free(struct options *o)
{
	free(o->source);
	free(o->mountpoint);
	free(o->namespace);
	free(o->fsname);
	free(o->bpffs);
	free(o->tracefs);
	free(o->context);
	free(o->fixed);
	memset(o, 0, sizeof(*o));
}

static void show_help(FILE *out)
{
	const struct attach_mode *mode;
	size_t i;

	for (i = 0; i < ROWS; i++)
		if (rows[i].help)
			fprintf(out, "  %s%s%-*s %s\n", rows[i].name,
				rows[i].value ? "=" : " ",
				HELP_COLUMN - (int)strlen(rows[i].name),
				rows[i].value ? rows[i].value : "",
				rows[i].help);
	fprintf(out, "MODE is\n");
	for (mode = attach_modes; mode->name; mode++)
		fprintf(out, "  %-*s %s\n", HELP_COLUMN + 1, mode->name,
			mode->help);
}

/* The names of the rows without help that are ignored, or are not. */
static void show_names(FILE *out, bool ignored)
{
	int column = 0;
	size_t i;

	for (i = 0; i < ROWS; i++) {
		if (rows[i].help || row_ignored(&rows[i]) != ignored)
			continue;
		if (column + 1 + (int)strlen(rows[i].name) > LINE_WIDTH) {
			fprintf(out, "\n");
			column = 0;
		}
		column +=
			fprintf(out, "%s%s", column ? " " : "  ", rows[i].name);
	}
	fprintf(out, "\n");
}

void options_usage(FILE *out)
{
	fprintf(out, "options:\n");
	show_help(out);
	fprintf(out, "handed to the kernel (nosuid, nodev, noexec always):\n");
	show_names(out, false);
	fprintf(out, "ignored:\n");
	show_names(out, true);
}
