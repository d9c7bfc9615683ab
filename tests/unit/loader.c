// SPDX-License-Identifier: BSD-2-Clause
/* loader.c - objects looked into and loaded by a child that can do little. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <signal.h>
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

/* The child that works for us: the parent of every other process is another. */
static pid_t find_child(void)
{
	DIR *proc = opendir("/proc");
	const struct dirent *name;
	char path[300], line[512];
	int parent, found = 0;
	FILE *in;

	while (!found && proc && (name = readdir(proc))) {
		snprintf(path, sizeof(path), "/proc/%s/stat", name->d_name);
		in = atoi(name->d_name) ? fopen(path, "re") : NULL;
		if (in && fgets(line, sizeof(line), in) &&
		    sscanf(strrchr(line, ')') + 1, " %*c %d", &parent) == 1 &&
		    parent == getpid())
			found = atoi(name->d_name);
		if (in)
			fclose(in);
	}
	closedir(proc);
	return found;
}

/* What its descriptors are, without what differs, in their order. */
static void show_descriptors(pid_t pid, FILE *out)
{
	char path[64], link[128];
	ssize_t length;
	int fd;

	for (fd = 0; fd < 64; fd++) {
		snprintf(path, sizeof(path), "/proc/%d/fd/%d", pid, fd);
		length = readlink(path, link, sizeof(link) - 1);
		if (length < 0)
			continue;
		link[length] = '\0';
		link[strcspn(link, "[(")] = '\0';
		fprintf(out, "%s ", link);
	}
}

/* What becomes of a child, and what is then said. */
static const struct ending {
	const char *what;
	int signal; /* 0: we are interrupted */
	const char *want;
} endings[] = {
	{ "interrupted", 0, "EINTR: interrupted" },
	{ "killed", SIGKILL, "EIO: the loader died of SIGKILL" },
	{ "crashed", SIGSEGV, "EIO: the loader died of SIGSEGV" },
	{ "too long", SIGXCPU,
	  "EIO: the loader took more than 120 seconds of CPU" },
};

struct watch {
	const struct ending *ending;
	char *descriptors;
	bool done;
};

static bool is_confined(pid_t pid)
{
	char path[64], text[4096] = "";
	ssize_t got;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	scoped_fd int fd = open(path, O_RDONLY | O_CLOEXEC);

	got = read(fd, text, sizeof(text) - 1);
	return got > 0 && strstr(text, "Seccomp:\t2");
}

static bool watch_child(void *ctx)
{
	struct watch *watch = ctx;
	pid_t pid = find_child();
	size_t size;
	FILE *out;

	if (watch->done || !pid || !is_confined(pid))
		return false;
	out = open_memstream(&watch->descriptors, &size);
	show_descriptors(pid, out);
	fclose(out);
	watch->done = true;
	if (!watch->ending->signal)
		return true;
	kill(pid, watch->ending->signal);
	return false;
}

static void check_endings(void)
{
	scoped_fd int fd = open_object("slow");
	scoped_fd int log = memfd_create("log", MFD_CLOEXEC);
	struct object_request request = plain_request;
	struct object *object;
	struct watch watch;
	struct err e;
	char *text;
	size_t i;

	request.fd = fd;
	request.log_fd = log;
	request.interrupted = watch_child;
	request.ctx = &watch;
	for (EACH(endings, i)) {
		watch = (struct watch){ .ending = &endings[i] };
		text = outcome(object_load(&request, &object, &e), NULL, &e);
		check_text(endings[i].what, endings[i].want, text);
		check_holds("descriptors",
			    "/dev/null /dev/null /dev/null socket:",
			    watch.descriptors ? watch.descriptors : "");
		check_true("no descriptor of a file of ours",
			   watch.descriptors &&
				   !strstr(watch.descriptors, "/tests/unit") &&
				   !strstr(watch.descriptors, "pipe:"));
		check_number("no child is left", 0, find_child());
		free(text);
		free(watch.descriptors);
	}
}

/* The bytes of an object, changed. */
static const struct damage {
	const char *what;
	size_t size; /* 0: all */
	size_t at;
	unsigned char byte; /* at that place */
	const char *want;
} damages[] = {
	{ "cut in the head", 40, 0, 0x7f, "EINVAL: the object is no ELF file" },
	{ "cut behind the head", 64, 0, 0x7f,
	  "EINVAL: libbpf cannot open the object" },
	{ "of another format", 0, 1, 'F', "EINVAL: the object is no ELF file" },
	{ "of 32 bits", 0, 4, 1, "EINVAL: the object is a 32-bit ELF file" },
	{ "of the other byte order", 0, 5,
	  __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 1 : 2,
	  "EINVAL: the object is of the other byte order" },
	{ "of another machine", 0, 18, 62,
	  "EINVAL: libbpf cannot open the object" },
	{ "without sections", 0, 60, 0,
	  "EINVAL: libbpf cannot open the object" },
};

static char *load_bytes(const char *data, size_t size)
{
	scoped_fd int fd = memfd_create("object", MFD_CLOEXEC);
	struct object_request request = plain_request;
	struct object *object = NULL;
	struct err e;
	char *text;
	int err;

	if (write(fd, data, size) != (ssize_t)size)
		abort();
	request.fd = fd;
	err = object_load(&request, &object, &e);
	text = outcome(err, object, &e);
	object_put(object);
	return text;
}

static void check_damages(void)
{
	static char data[65536];
	scoped_fd int fd = open_object("plain");
	ssize_t size = read(fd, data, sizeof(data));
	char *text, kept;
	size_t i;

	check_true("an object", size > 64);
	for (EACH(damages, i)) {
		kept = data[damages[i].at];
		data[damages[i].at] = (char)damages[i].byte;
		text = load_bytes(data, damages[i].size ? damages[i].size
							: (size_t)size);
		data[damages[i].at] = kept;
		check_holds(damages[i].what, damages[i].want, text);
		free(text);
	}
	text = load_bytes("", 0);
	check_text("empty", "EINVAL: the object is empty", text);
	free(text);
}

/* Of a mutant nothing is known, but that we live on, and what it can be. */
static void check_mutants(void)
{
	static char data[65536], changed[65536];
	scoped_fd int fd = open_object("globals");
	ssize_t size = read(fd, data, sizeof(data));
	unsigned int seed = 1, i, k;
	char *text;

	for (i = 0; size > 0 && i < 40; i++) {
		memcpy(changed, data, (size_t)size);
		for (k = 0; k < 6; k++)
			changed[(size_t)rand_r(&seed) % (size_t)size] =
				(char)rand_r(&seed);
		text = load_bytes(changed, (size_t)size);
		check_true("a mutant is loaded or refused",
			   strstr(text, "loaded") || !strncmp(text, "E", 1));
		free(text);
	}
}

int main(int argc, char **argv)
{
	loader_main_if_child(argc, argv);
	check_plain();
	check_refusals();
	check_damages();
	check_mutants();
	check_endings();
	return check_end("loader");
}
