// SPDX-License-Identifier: BSD-2-Clause
/* image.c - ELF files: sound ones, broken ones, and those that are none. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "usdt/image.h"

static int cases, failures;
static char dir[] = "/tmp/probefs-image-XXXXXX";
static char path[128], debug_path[128];

static void check(const char *what, const char *want, const char *got)
{
	cases++;
	if (strcmp(want, got) == 0)
		return;
	failures++;
	printf("%s: expected %s, got %s\n", what, want, got);
}

static void run(const char *command, ...) __attribute__((format(printf, 1, 2)));

static void run(const char *command, ...)
{
	char line[1024];
	va_list args;

	va_start(args, command);
	vsnprintf(line, sizeof(line), command, args);
	va_end(args);
	if (system(line)) {
		printf("cannot run: %s\n", line);
		exit(1);
	}
}

/* Until the next call. */
static const char *at(const char *name)
{
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

struct sought {
	const char *name, *version;
	int count;
	bool debug;
	uint64_t offset;
};

static int seek(void *ctx, const struct image_symbol *s)
{
	struct sought *sought = ctx;

	if (strcmp(s->name, sought->name) != 0 ||
	    (sought->version &&
	     (!s->version || strcmp(s->version, sought->version) != 0)))
		return 0;
	sought->count++;
	sought->debug = s->debug;
	sought->offset = s->in_text ? s->offset : 0;
	return 0;
}

static int open_debug(const void *ctx, const char *wanted)
{
	(void)ctx;
	(void)wanted;
	return open(debug_path, O_RDONLY | O_CLOEXEC);
}

/* The errno of opening, or of reading the symbols; or how many were found. */
static void try_symbol(const char *what, const char *file, const char *name,
		       const char *version, bool debug, const char *want)
{
	struct sought sought = { .name = name, .version = version };
	struct image *image = NULL;
	struct err e = { .code = 0 };
	int fd = open(file, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	char got[256];

	if (!image_open(fd, &image, &e) && debug)
		image_set_debug_opener(image, open_debug, NULL, file);
	if (image)
		image_symbols(image, seek, &sought, &e);
	if (e.code)
		snprintf(got, sizeof(got), "%s", errno_name(e.code));
	else
		snprintf(got, sizeof(got), "%d%s%s", sought.count,
			 sought.debug ? " debug" : "",
			 sought.offset ? " text" : "");
	check(what, want, got);
	image_close(image);
	if (fd >= 0)
		close(fd);
}

/* A copy of elf.so with width bytes of value at that offset. */
static const struct {
	const char *what;
	size_t offset, width;
	uint64_t value;
	const char *want; /* of the symbol plain */
} spoilt[] = {
	{ "magic", 0, 1, 0, "ENOEXEC" },
	{ "class", EI_CLASS, 1, 3, "ENOEXEC" },
	{ "order", EI_DATA, 1, 0, "ENOEXEC" },
	{ "wrong order", EI_DATA, 1, ELFDATA2MSB, "ENOEXEC" },
	{ "type", 16, 2, ET_REL, "ENOEXEC" },
	{ "e_phoff", 32, 8, UINT64_MAX - 8, "ENOEXEC" },
	{ "e_phentsize", 54, 2, 1, "ENOEXEC" },
	{ "e_phnum", 56, 2, 0xffff, "ENOEXEC" },
	{ "e_shoff", 40, 8, UINT64_MAX - 8, "ENOEXEC" },
	{ "e_shoff beyond", 40, 8, 1 << 30, "ENOEXEC" },
	{ "e_shoff zero", 40, 8, 0, "0" },
	{ "e_shentsize", 58, 2, 1, "ENOEXEC" },
	{ "e_shnum", 60, 2, 0xffff, "ENOEXEC" },
	{ "e_shstrndx", 62, 2, 0xfff0, "1 text" },
};

static void try_spoilt(size_t i)
{
	const char *copy = at("spoilt.so");
	int fd;

	run("cp %s/elf.so %s", dir, copy);
	fd = open(copy, O_WRONLY | O_CLOEXEC);
	if (pwrite(fd, &spoilt[i].value, spoilt[i].width,
		   (off_t)spoilt[i].offset) < 0)
		exit(1);
	close(fd);
	try_symbol(spoilt[i].what, copy, "plain", NULL, false, spoilt[i].want);
}

static int ignore(void *ctx, const struct image_symbol *symbol)
{
	*(size_t *)ctx += strlen(symbol->name);
	return 0;
}

static void ignore_library(void *ctx, const char *library)
{
	*(size_t *)ctx += strlen(library);
}

/* Whatever the bytes are, nothing breaks: for the sanitizers. */
static void try_noise(const char *file, unsigned int seed)
{
	static char bytes[1 << 16];
	const char *copy = at("noise.so");
	struct image *image = NULL;
	uint64_t start, end;
	size_t total = 0, i;
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	ssize_t size = read(fd, bytes, sizeof(bytes));

	close(fd);
	srandom(seed);
	for (i = 0; i < 20 && size > 0; i++)
		bytes[random() % (i < 10 ? 0x700 : size)] = (char)random();
	if (seed % 4 == 0)
		size = random() % size;
	fd = open(copy, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (write(fd, bytes, (size_t)size) == size &&
	    image_open(fd, &image, NULL) == 0) {
		image_symbols(image, ignore, &total, NULL);
		image_needed(image, ignore_library, &total);
		for (i = 0; i < 64; i++)
			image_frame_at(image, i * 97, &start, &end);
	}
	image_close(image);
	close(fd);
	cases++;
}

static void try_files(void)
{
	const char *so = at("elf.so");

	try_symbol("a function", so, "plain", NULL, false, "1 text");
	try_symbol("two of one name", so, "twice", NULL, false, "2 text");
	try_symbol("a version", so, "versioned", "V_1", false, "1 text");
	try_symbol("both versions", so, "versioned", NULL, false, "2 text");
	try_symbol("data", so, "counter", NULL, false, "1");
	try_symbol("an import", so, "strlen", NULL, false, "1");
	try_symbol("its version", so, "strlen", "GLIBC_2.2.5", false, "1");
	try_symbol("nothing", so, "nothing", NULL, false, "0");
	try_symbol("a directory", dir, "x", NULL, false, "EINVAL");
	try_symbol("a device", "/dev/null", "x", NULL, false, "EINVAL");
	try_symbol("procfs", "/proc/self/maps", "x", NULL, false, "ENOEXEC");
	try_symbol("text", "Makefile", "x", NULL, false, "ENOEXEC");
	run(": > %s", at("empty"));
	try_symbol("empty", at("empty"), "x", NULL, false, "ENOEXEC");
	run("truncate -s 4G %s", at("sparse"));
	try_symbol("sparse", at("sparse"), "x", NULL, false, "ENOEXEC");
	mkfifo(at("fifo"), 0600);
	try_symbol("a FIFO", at("fifo"), "x", NULL, false, "EINVAL");
}

static void try_debug(void)
{
	run("strip -o %s/bare.so %s/elf.so", dir, dir);
	try_symbol("stripped", at("bare.so"), "twice", NULL, false, "0");
	snprintf(debug_path, sizeof(debug_path), "%s/elf.debug", dir);
	run("objcopy --only-keep-debug %s/elf.so %s", dir, debug_path);
	try_symbol("by build-id", at("bare.so"), "twice", NULL, true,
		   "2 debug text");
	run("xz -c %s > %s/elf.xz && objcopy --add-section "
	    ".gnu_debugdata=%s/elf.xz %s/bare.so %s/inside.so",
	    debug_path, dir, dir, dir, dir);
	try_symbol(".gnu_debugdata", at("inside.so"), "twice", NULL, false,
		   "2 debug text");
	run("objcopy --remove-section .note.gnu.build-id %s %s.2 && mv %s.2 %s",
	    debug_path, debug_path, debug_path, debug_path);
	run("cd %s && cp bare.so link.so && "
	    "objcopy --add-gnu-debuglink=elf.debug link.so",
	    dir);
	try_symbol("by .gnu_debuglink", at("link.so"), "twice", NULL, true,
		   "2 debug text");
	run("echo x >> %s", debug_path);
	try_symbol("wrong checksum", at("link.so"), "twice", NULL, true, "0");
	run("cp /bin/sh %s", debug_path);
	try_symbol("another's debug file", at("bare.so"), "twice", NULL, true,
		   "0");
}

int main(void)
{
	unsigned int seed;
	char so[128];
	size_t i;

	if (!mkdtemp(dir))
		return 1;
	run("${CC:-cc} -O1 -fPIC -shared -Wl,--version-script=tests/data/"
	    "elf.map -o %s tests/data/elf.c tests/data/elf2.c",
	    at("elf.so"));
	snprintf(so, sizeof(so), "%s", path);
	try_files();
	for (i = 0; i < sizeof(spoilt) / sizeof(spoilt[0]); i++)
		try_spoilt(i);
	try_debug();
	for (seed = 0; seed < 2000; seed++)
		try_noise(so, seed);
	run("rm -r %s", dir);
	if (failures)
		return 1;
	printf("ok image: %d cases\n", cases);
	return 0;
}
