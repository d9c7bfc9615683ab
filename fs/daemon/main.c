// SPDX-License-Identifier: BSD-2-Clause
/* main.c - mount.probefs, as mount(8) calls it and as people do. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <syslog.h>
#include <unistd.h>

#include "attach/kind/kind.h"
#include "attach/program/object.h"
#include "attach/program/run/test_run.h"
#include "fs/daemon/daemon.h"
#include "fs/daemon/mount.h"
#include "fs/daemon/options.h"
#include "fs/daemon/session.h"
#include "fs/daemon/systemd.h"

#ifndef PROBEFS_VERSION
#define PROBEFS_VERSION "0.1"
#endif

enum {
	GO_ON = -1, /* no exit status yet */
};

static int usage(FILE *out, int status)
{
	fprintf(out,
		"usage: %s SOURCE DIRECTORY [-fnsvd] [-N NAMESPACE] [-o OPTION,...] [-t TYPE]\n"
		"\n"
		"  -d  debug: in the foreground, print every request\n"
		"  -f  fake: check the arguments, do not mount\n"
		"  -n  for mount(8), without effect\n"
		"  -s  sloppy: unknown options are no error\n"
		"  -v  verbose\n"
		"  -N  mount in the mount namespace of a process or path\n"
		"  -t  for mount(8), without effect\n"
		"  -h  this text\n"
		"  -V  the version\n"
		"\n",
		program_invocation_short_name);
	options_usage(out);
	return status;
}

static int version(void)
{
	printf("probefs %s\n", PROBEFS_VERSION);
	return EXIT_SUCCESS;
}

static int complain(int status, const struct err *e)
{
	daemon_say(LOG_ERR, "%s", e->text);
	return status;
}

/* list collects the words of every -o, for -s counts wherever it is. */
static int argument_read(struct options *o, int letter, FILE *list,
			 struct err *e)
{
	switch (letter) {
	case 'd':
		o->debug = true;
		break;
	case 'f':
		o->fake = true;
		break;
	case 's':
		o->sloppy = true;
		break;
	case 'v':
		o->verbose = true;
		break;
	case 'o':
		fprintf(list, "%s%s", ftell(list) ? "," : "", optarg);
		break;
	case 'N':
		return type_string.parse(&o->namespace, optarg, e);
	}
	return 0;
}

/* What getopt_long() answers with '?' or ':'. */
static int argument_refuse(int letter, const char *word, struct err *e)
{
	if (letter == ':')
		return fail(e, EINVAL, "'-%c' needs a value; see -h", optopt);
	if (optopt)
		return fail(e, EINVAL, "unknown argument '-%c'; see -h",
			    optopt);
	return fail(e, EINVAL, "unknown argument '%s'; see -h", word);
}

static int operands_read(struct options *o, int count, char **words,
			 struct err *e)
{
	int err;

	if (count != 2)
		return fail(
			e, EINVAL, "%s; 'SOURCE DIRECTORY' are needed, see -h",
			count < 2 ? "too few arguments" : "too many arguments");
	err = type_string.parse(&o->source, words[0], e);
	return err ? err : type_string.parse(&o->mountpoint, words[1], e);
}

static const struct option long_options[] = {
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 },
};

/* GO_ON, or the exit status. */
static int arguments_read(struct options *o, int argc, char **argv, FILE *list,
			  struct err *e)
{
	int letter, err;

	/* mount(8) puts its options last, where POSIX would not look. */
	unsetenv("POSIXLY_CORRECT");
	opterr = 0;
	while ((letter = getopt_long(argc, argv, ":dfnsvhVN:o:t:", long_options,
				     NULL)) != -1) {
		if (letter == 'h')
			return usage(stdout, EXIT_SUCCESS);
		if (letter == 'V')
			return version();
		err = letter == '?' || letter == ':'
			      ? argument_refuse(letter, argv[optind - 1], e)
			      : argument_read(o, letter, list, e);
		if (err)
			return complain(EXIT_USAGE, e);
	}
	if (operands_read(o, argc - optind, argv + optind, e))
		return complain(EXIT_USAGE, e);
	return GO_ON;
}

static int options_read(struct options *o, int argc, char **argv, struct err *e)
{
	char *text = NULL;
	size_t size;
	FILE *list = open_memstream(&text, &size);
	int status;

	if (!list) {
		fail(e, ENOMEM, "no memory");
		return complain(EXIT_SYSTEM, e);
	}
	status = arguments_read(o, argc, argv, list, e);
	if (fclose(list))
		status = EXIT_SYSTEM;
	if (status == GO_ON && options_parse(o, text, e))
		status = complain(EXIT_USAGE, e);
	free(text);
	return status;
}

static int serve(const struct options *o, int ready, struct err *e)
{
	daemon_prepare();
	daemon_log_fuse();
	if (session_run(o, ready, e))
		return complain(EXIT_MOUNT, e);
	if (ready != DAEMON_NOT_READY)
		daemon_say(LOG_INFO, "ended on '%s'", o->mountpoint);
	return EXIT_SUCCESS;
}

static int start(const struct options *o, char **argv, struct err *e)
{
	int ready, status;

	if (o->foreground || o->debug)
		return serve(o, DAEMON_NOT_READY, e);
	if (!o->noscope)
		systemd_leave(argv);
	e->text[0] = '\0';
	status = daemon_fork(&ready, e);
	if (status == DAEMON_CHILD)
		return serve(o, ready, e);
	/* Otherwise the child has told why. */
	if (e->text[0]) {
		complain(status, e);
		mount_clear(o, NULL);
	}
	if (status == EXIT_SUCCESS && o->verbose)
		printf("%s: %s mounted on %s\n", program_invocation_short_name,
		       o->source, o->mountpoint);
	return status;
}

static int run(struct options *o, char **argv, struct err *e)
{
	if (geteuid()) {
		fail(e, EPERM, "only root can mount probefs");
		return complain(EXIT_USAGE, e);
	}
	if (o->namespace && mount_enter(o->namespace, e))
		return complain(EXIT_MOUNT, e);
	if (mount_resolve(o, e))
		return complain(EXIT_MOUNT, e);
	if (o->flags & MS_REMOUNT) {
		if (!o->fake && mount_remount(o, e))
			return complain(EXIT_MOUNT, e);
		return EXIT_SUCCESS;
	}
	if (mount_has_fuse(e))
		return complain(EXIT_SYSTEM, e);
	if (o->fake)
		return EXIT_SUCCESS;
	if (mount_clear(o, e))
		return complain(EXIT_MOUNT, e);
	return start(o, argv, e);
}

int main(int argc, char **argv)
{
	struct options o;
	struct err e;
	int status;

	loader_main_if_child(argc, argv);
	test_main_if_child(argc, argv);
	options_init(&o);
	if (daemon_open_stdio(&e))
		return EXIT_SYSTEM;
	if (argc == 1)
		return usage(stderr, EXIT_USAGE);
	status = options_read(&o, argc, argv, &e);
	if (status == GO_ON)
		status = run(&o, argv, &e);
	options_free(&o);
	return status;
}
