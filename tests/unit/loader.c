// SPDX-License-Identifier: BSD-2-Clause
/* loader.c - objects looked into and loaded by a child that can do little. */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attach/program/object.h"
#include "scope.h"
#include "tests/unit/check.h"

static const struct object_request plain_request = {
	.fd = -1,
	.btf_fd = -1,
	.log_fd = -1,
	.as = { .caps = UINT64_MAX,
		.memlock = RLIM_INFINITY,
		.addresses = true },
};

static int open_object(const char *name)
{
	scoped_free char *path = NULL;

	if (asprintf(&path, "build/plain/tests/bpf/%s.bpf.o", name) < 0)
		abort();
	return open(path, O_RDONLY | O_CLOEXEC);
}

/* As a text: what is in it, or why it is not. */
static char *outcome(int err, const struct object *object, const struct err *e)
{
	char *text;
	size_t size, i;
	FILE *out = open_memstream(&text, &size);

	if (err)
		fprintf(out, "%s: %s", errno_name(-err), e->text);
	for (i = 0; !err && i < object->nprograms; i++)
		fprintf(out, "%s %s %u%s; ", object->programs[i].name,
			object->programs[i].section, object->programs[i].type,
			object->programs[i].fd >= 0 ? " loaded" : "");
	for (i = 0; !err && i < object->nmaps; i++)
		fprintf(out, "%s %u %u%s; ", object->maps[i].name,
			object->maps[i].type, object->maps[i].value_size,
			object->maps[i].fd >= 0 ? " loaded" : "");
	fclose(out);
	return text;
}

static void check_plain(void)
{
	scoped_fd int fd = open_object("plain");
	struct object_request request = plain_request;
	struct object *object = NULL;
	struct err e;
	char *text;
	int err;

	request.fd = fd;
	err = object_inspect(&request, &object, &e);
	text = outcome(err, object, &e);
	check_text("looked into",
		   "plain kprobe 2; plain_tp tracepoint 5; "
		   "plain_second perf_event 7; hits 2 8; ",
		   text);
	free(text);
	object_put(object);
	object = NULL;
	err = object_load(&request, &object, &e);
	text = outcome(err, object, &e);
	check_text("loaded",
		   "plain kprobe 2 loaded; plain_tp tracepoint 5 loaded; "
		   "plain_second perf_event 7 loaded; hits 2 8 loaded; ",
		   text);
	free(text);
	object_put(object);
}

/* What the kernel refuses, by whom, and what is said of it. */
static const struct {
	const char *object;
	uint64_t caps;
	const char *says;
} refusals[] = {
	{ "core_missing", UINT64_MAX,
	  "EINVAL: the kernel refused the program 'core_missing': Invalid argument; the verifier says: " },
	{ "core_missing", UINT64_MAX,
	  "; bad CO-RE relocation: a type, a field or a value that the program needs is not among the types of this kernel" },
	{ "plain", 1ULL << CAP_BPF,
	  "; the type 'kprobe' takes CAP_PERFMON, which the writer lacks" },
};

static void check_refusals(void)
{
	struct object_request request;
	struct object *object;
	struct err e;
	char *text;
	size_t i;
	int err;

	for (EACH(refusals, i)) {
		scoped_fd int fd = open_object(refusals[i].object);
		scoped_fd int log = memfd_create("log", MFD_CLOEXEC);

		request = plain_request;
		request.fd = fd;
		request.log_fd = log;
		request.as.uid = request.as.gid = 65534;
		request.as.caps = refusals[i].caps;
		err = object_load(&request, &object, &e);
		text = outcome(err, err ? NULL : object, &e);
		check_holds(refusals[i].object, refusals[i].says, text);
		free(text);
		if (!err)
			object_put(object);
	}
}

int main(int argc, char **argv)
{
	loader_main_if_child(argc, argv);
	check_plain();
	check_refusals();
	return check_end("loader");
}
