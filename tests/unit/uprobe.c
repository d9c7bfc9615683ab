// SPDX-License-Identifier: BSD-2-Clause
/* uprobe.c - names of uprobes, and the places that they mean. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attach/kind.h"
#include "attach/target.h"
#include "attach/uprobe.h"

extern const struct kind kind_uprobe, kind_uretprobe;

static int cases, failures;
static char dir[] = "/tmp/probefs-uprobe-XXXXXX";

static void check(const char *what, const char *want, const char *got)
{
	cases++;
	if (strcmp(want, got) == 0)
		return;
	failures++;
	printf("%s:\n  expected: %s\n  got:      %s\n", what, want, got);
}

static int plain_open(void *ctx, const char *path, int flags, struct err *e)
{
	int fd = open(path, flags);

	(void)ctx;
	return fd < 0 ? fail(e, errno, "cannot open '%s'", path) : fd;
}

static const struct opener opener = { .open = plain_open };

/* path, symbol, offset; or errno and position. */
static const struct {
	const char *name, *want;
} names[] = {
	{ "label", "-|-|0" },
	{ "my.label-1_", "-|-|0" },
	{ "bash:main", "bash|main|0" },
	{ "%2Fbin%2Fsh:main", "/bin/sh|main|0" },
	{ "a%3Ab%25:f", "a:b%|f|0" },
	{ "libc.so.6:malloc+0x10", "libc.so.6|malloc|16" },
	{ "libc.so.6:malloc+16@two", "libc.so.6|malloc|16" },
	{ "libc.so.6:malloc@two", "libc.so.6|malloc|0" },
	{ "c:malloc@@GLIBC_2.2.5", "c|malloc@@GLIBC_2.2.5|0" },
	{ "c:malloc@@GLIBC_2.2.5@l", "c|malloc@@GLIBC_2.2.5|0" },
	{ "c:malloc@@GLIBC_2.2.5+4@l", "c|malloc@@GLIBC_2.2.5|4" },
	{ "c:malloc@GLIBC_2.2.5@l", "c|malloc@GLIBC_2.2.5|0" },
	{ "c:malloc@GLIBC_2.2.5@", "c|malloc@GLIBC_2.2.5|0" },
	{ "c:0x1234", "c|-|4660" },
	{ "c:0x1234@l", "c|-|4660" },
	{ "c:str*", "c|str*|0" },
	{ "g:net%2Fhttp.(*conn).serve", "g|net/http.(*conn).serve|0" },
	{ "", "EINVAL at 0" },
	{ ":f", "EINVAL at 0" },
	{ "a%2Fb:f", "EINVAL at 0" },
	{ "a%2:f", "EINVAL at 1" },
	{ "a%zz:f", "EINVAL at 1" },
	{ "a%00:f", "EINVAL at 1" },
	{ "c:", "EINVAL at 2" },
	{ "c:@l", "EINVAL at 2" },
	{ "c:@@V", "EINVAL at 2" },
	{ "c:f@", "EINVAL at 4" },
	{ "c:f@@", "EINVAL at 5" },
	{ "c:f@a/b", "EINVAL at 5" },
	{ "c:f@a@b@c", "EINVAL at 7" },
	{ "c:f+", "EINVAL at 4" },
	{ "c:f+x", "EINVAL at 4" },
	{ "c:f+4x", "EINVAL at 5" },
	{ "c:12", "EINVAL at 2" },
	{ "c:0x", "EINVAL at 2" },
	{ "c:0xg", "EINVAL at 2" },
	{ "p:provider:name", "EINVAL at 10" },
	{ "label@x", "EINVAL at 5" },
};

static void try_name(const char *name, const char *want)
{
	struct uprobe u = { .path = NULL };
	struct err e = { .code = 0 };
	char got[512];

	if (kind_uprobe.parse(name, &u, &e))
		snprintf(got, sizeof(got), "%s at %d", errno_name(e.code),
			 e.pos);
	else
		snprintf(got, sizeof(got), "%s|%s|%ju", u.path ? u.path : "-",
			 u.symbol ? u.symbol : "-", (uintmax_t)u.offset);
	check(name, want, got);
	free(u.path);
	free(u.symbol);
}

/*
 * @f in offset is f's place in the file; the answer is a list of
 * symbol+offset, or an errno and a part of the sentence.
 */
static const struct {
	const char *symbol;
	const char *at; /* a function whose file offset is added, or NULL */
	uint64_t offset;
	bool ret, force;
	const char *want;
} places[] = {
	{ "plain", NULL, 0, false, false, "plain+0" },
	{ "plain", NULL, 1, false, false, "plain+1" },
	{ "plain", NULL, 2, false, false, "EINVAL inside an instruction" },
	{ "plain", NULL, 2, false, true, "plain+2" },
	{ "plain", NULL, 4, false, false, "EOPNOTSUPP the prefix lock" },
	{ "plain", NULL, 7, false, false, "plain+7" },
	{ "plain", NULL, 9, false, false, "EINVAL beyond 'plain'" },
	{ "plain", NULL, 1, true, false, "EINVAL start of its function" },
	{ "plain", NULL, 0, true, false, "plain+0" },
	{ "stops", NULL, 0, false, false, "EOPNOTSUPP hlt" },
	{ "garbage", NULL, 1, false, false, "EINVAL cannot be decoded" },
	{ "garbage", NULL, 1, false, true, "garbage+1" },
	{ "twice", NULL, 0, false, false, "ENOTUNIQ 2 functions" },
	{ "versioned", NULL, 0, false, false, "versioned+0" },
	{ "versioned@V_1", NULL, 0, false, false, "versioned+0" },
	{ "versioned@@V_2", NULL, 0, false, false, "versioned+0" },
	{ "versioned@@V_1", NULL, 0, false, false, "ENOENT V_1" },
	{ "versioned@V_3", NULL, 0, false, false, "ENOENT V_3" },
	{ "versioned@", NULL, 0, false, false, "EINVAL form" },
	{ "indirect", NULL, 0, false, false, "EINVAL indirect function" },
	{ "indirect", NULL, 0, false, true, "indirect+0" },
	{ "strlen", NULL, 0, false, false, "EOPNOTSUPP 'libc.so.6'" },
	{ "counter", NULL, 0, false, false, "EINVAL is data" },
	{ "nothing", NULL, 0, false, false, "ENOENT no function" },
	{ "none*", NULL, 0, false, false, "ENOENT matches" },
	{ "version*", NULL, 0, false, false, "versioned+0 versioned+0" },
	{ "pl?in", NULL, 0, false, false, "plain+0" },
	{ "pl*", NULL, 4, false, false, "EINVAL pattern" },
	{ "sto*", NULL, 0, false, false, "EOPNOTSUPP hlt" },
	{ NULL, "plain", 0, false, false, "plain+0" },
	{ NULL, "plain", 1, false, false, "plain+1" },
	{ NULL, "plain", 3, false, false, "EINVAL inside an instruction" },
	{ NULL, "plain", 1, true, false, "EINVAL start of its function" },
	{ NULL, NULL, 0, false, false, "EINVAL neither" },
	{ NULL, NULL, 8, false, false, "EINVAL not in its code" },
	{ NULL, NULL, 1 << 30, false, false, "EINVAL beyond the end" },
	{ NULL, NULL, 8, false, true, "-+0" },
};

static uint64_t offset_of(const char *path, const char *symbol)
{
	struct uprobe u = { .path = strdup(path), .symbol = strdup(symbol) };
	struct target target;
	uint64_t offset = 0;

	target_init(&target, PLACE_FILE);
	if (kind_uprobe.resolve(&u, &opener, &target, NULL) == 0)
		offset = target.sites[0].offset;
	target_clear(&target);
	free(u.path);
	free(u.symbol);
	return offset;
}

static void show_sites(const struct target *target, char *got, size_t size)
{
	size_t i, used = 0;

	for (i = 0; i < target->nsites && used < size; i++)
		used += (size_t)snprintf(
			got + used, size - used, "%s%s+%ju", i ? " " : "",
			target->sites[i].symbol ? target->sites[i].symbol : "-",
			(uintmax_t)target->sites[i].symbol_offset);
}

static void try_place(const char *path, size_t i)
{
	struct uprobe u = { .path = strdup(path), .force = places[i].force };
	struct target target;
	struct err e = { .code = 0 };
	char got[1024] = "", what[128];
	const char *part = strchr(places[i].want, ' ');

	if (places[i].symbol)
		u.symbol = strdup(places[i].symbol);
	u.offset = places[i].offset;
	if (places[i].at)
		u.offset += offset_of(path, places[i].at);
	target_init(&target, PLACE_FILE);
	if ((places[i].ret ? &kind_uretprobe : &kind_uprobe)
		    ->resolve(&u, &opener, &target, &e) == 0)
		show_sites(&target, got, sizeof(got));
	else if (part && strstr(e.text, part + 1))
		snprintf(got, sizeof(got), "%s %s", errno_name(e.code),
			 part + 1);
	else
		snprintf(got, sizeof(got), "%s %s", errno_name(e.code), e.text);
	snprintf(what, sizeof(what), "place %zu, %s+%ju", i,
		 u.symbol ? u.symbol : "-", (uintmax_t)u.offset);
	check(what, places[i].want, got);
	target_clear(&target);
	free(u.path);
	free(u.symbol);
}

static void try_counter(const char *path, uint64_t offset, const char *want)
{
	struct uprobe u = { .path = strdup(path),
			    .symbol = strdup("plain"),
			    .ref_ctr_offset = offset };
	struct target target;
	struct err e = { .code = 0 };

	target_init(&target, PLACE_FILE);
	kind_uprobe.resolve(&u, &opener, &target, &e);
	check("ref_ctr_offset", want, e.code ? errno_name(e.code) : "0");
	target_clear(&target);
	free(u.path);
	free(u.symbol);
}

static uint64_t data_offset(const char *path)
{
	struct image_section section = { .offset = 0 };
	struct image *image;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || image_open(fd, &image, NULL))
		return 0;
	close(fd);
	image_section(image, ".counter", &section);
	image_close(image);
	return section.offset;
}

/* Stripped: the unwind table still knows where functions begin. */
static void try_stripped(const char *whole, const char *bare)
{
	uint64_t start = offset_of(whole, "imports");
	struct uprobe u = { .path = strdup(bare), .offset = start };
	struct target target;
	struct err e = { .code = 0 };

	target_init(&target, PLACE_FILE);
	kind_uretprobe.resolve(&u, &opener, &target, &e);
	check("a function of a stripped file", "0", e.code ? e.text : "0");
	target_clear(&target);
	free(u.path);
}

static void try_list(const char *path)
{
	struct uprobe u = { .path = strdup(path) };
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	check("available", "0",
	      kind_uprobe.available(&u, &opener, out, NULL) ? "error" : "0");
	fclose(out);
	check("both versions are listed", "yes",
	      strstr(text, "versioned@V_1\t0x") &&
			      strstr(text, "versioned@@V_2\t0x")
		      ? "yes"
		      : text);
	check("a plain name is listed", "yes",
	      strstr(text, "plain\t0x") ? "yes" : text);
	free(text);
	free(u.path);
}

static void build(const char *command, ...)
	__attribute__((format(printf, 1, 2)));

static void build(const char *command, ...)
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

int main(void)
{
	char whole[64], bare[64];
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		try_name(names[i].name, names[i].want);
	if (!mkdtemp(dir))
		return 1;
	snprintf(whole, sizeof(whole), "%s/elf.so", dir);
	snprintf(bare, sizeof(bare), "%s/bare.so", dir);
	build("${CC:-cc} -O1 -fPIC -shared -Wl,--version-script=tests/data/"
	      "elf.map -o %s tests/data/elf.c tests/data/elf2.c",
	      whole);
	build("strip -o %s %s", bare, whole);
	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		try_place(whole, i);
	try_counter(whole, data_offset(whole), "0");
	try_counter(whole, data_offset(whole) + 1, "EINVAL");
	try_counter(whole, 0x40, "EINVAL");
	try_stripped(whole, bare);
	try_list(whole);
	build("rm -r %s", dir);
	if (failures)
		return 1;
	printf("ok uprobe: %d cases\n", cases);
	return 0;
}
