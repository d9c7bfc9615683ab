// SPDX-License-Identifier: BSD-2-Clause
/* file_tags=host */
/* uprobe.c - names of uprobes, and the places that they mean. */
#include "attach/kind/target.h"
#include "attach/kind/uprobe/uprobe.h"
#include "tests/unit/names.h"
#include "tests/unit/plain_opener.h"
#include "tests/unit/sample.h"

extern const struct kind kind_uprobe, kind_uretprobe;

/* clang-format off */
static const struct name names[] = {
	{ "label", "||0" },
	{ "my.label-1_", "||0" },
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
	{ "c:f@GLIBC_2.2.5@GLIBC_2.2.5", "c|f@GLIBC_2.2.5|0" },
	{ "c:f@v_1", "c|f|0" },
	{ "c:f@Two_ways", "c|f|0" },
	{ "c:f@V1", "c|f|0" },
	{ "c:f^@GLIBC_2.2.5", NULL },
	{ "c:f+4^@GLIBC_PRIVATE", NULL },
	{ "c:f^@OPENSSL_3.0.0", NULL },
	{ "c:0x1234", "c||4660" },
	{ "c:0x1234@l", "c||4660" },
	{ "c:str*", "c|str*|0" },
	{ "g:net%2Fhttp.(*conn).serve", "g|net/http.(*conn).serve|0" },
	{ "c:std::terminate()", "c|std::terminate()|0" },
	{ "c:std::terminate()+4@l", "c|std::terminate()|4" },
	{ "c:::f", "c|::f|0" },
	{ "c:a::b[abi:cxx11](int)", "c|a::b[abi:cxx11](int)|0" },
	{ "c:a::operator+", "c|a::operator+|0" },
	{ "c:a::operator+@l", "c|a::operator+|0" },
	{ "c:a::operator++", "c|a::operator++|0" },
	{ "c:a::operator+++4", "c|a::operator++|4" },
	{ "c:a::operator%2B+4", "c|a::operator+|4" },
	{ "c:a::operator++4", "c|a::operator++4|0" },
	{ "c:a::operator+(a const&)", "c|a::operator+(a const&)|0" },
	{ "c:a::operator+(a const&)+0x10", "c|a::operator+(a const&)|16" },
	{ "c:a::operator%2F(a const&)", "c|a::operator/(a const&)|0" },
	{ "c:<a as b + c>::f", "c|<a as b + c>::f|0" },
	{ "c:<a as b + c>::f+1", "c|<a as b + c>::f|1" },
	{ "c:a::f^:b", NULL },
	{ "c:a::^:b", NULL },
	{ "^std::terminate()", NULL },
	{ "^", NULL },
	{ "^:f", NULL },
	{ "^a%2Fb:f", NULL },
	{ "a^%2:f", NULL },
	{ "a^%zz:f", NULL },
	{ "a^%00:f", NULL },
	{ "c:^", NULL },
	{ "c:^@l", NULL },
	{ "c:^@@V", NULL },
	{ "c:f@^", NULL },
	{ "c:f@@^", NULL },
	{ "c:f@a^/b", NULL },
	{ "c:f@a@b^@c", NULL },
	{ "c:f+^", NULL },
	{ "c:f+^x", NULL },
	{ "c:f+4^x", NULL },
	{ "c:^12", NULL },
	{ "c:^0x", NULL },
	{ "c:^0xg", NULL },
	{ "p:provider^:name", NULL },
	{ "label^@x", NULL },
};
/* clang-format on */

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
	{ "versioned@V_1@", NULL, 0, false, false, "versioned+0" },
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
	{ "plain::one(int)", NULL, 0, false, false, "_ZN5plain3oneEi+0" },
	{ "plain::one( int )", NULL, 1, false, false, "_ZN5plain3oneEi+1" },
	{ "plain::one(int)", NULL, 2, false, false, "EINVAL inside an instr" },
	{ "plain::one", NULL, 0, false, false,
	  "_ZN5plain3oneEi+0 _ZN5plain3oneEl+0" },
	{ "plain::one", NULL, 1, false, false, "EINVAL several functions" },
	{ "plain::o?e", NULL, 0, false, false,
	  "_ZN5plain3oneEi+0 _ZN5plain3oneEl+0" },
	{ "plain::*(long)", NULL, 0, false, false, "_ZN5plain3oneEl+0" },
	{ "plain::operator+", NULL, 0, false, false, "_ZN5plainplEi+0" },
	{ "_ZN5plain3oneEl", NULL, 0, false, false, "_ZN5plain3oneEl+0" },
	{ "_ZN5plain3*", NULL, 0, false, false,
	  "_ZN5plain3oneEi+0 _ZN5plain3oneEl+0" },
	{ "plain::two", NULL, 0, false, false, "ENOENT no function" },
	{ "plain::t*", NULL, 0, false, false, "ENOENT matches" },
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

	target_init(&target);
	if (kind_uprobe.resolve(&u, &plain_opener, &target, NULL) == 0)
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
	target_init(&target);
	if ((places[i].ret ? &kind_uretprobe : &kind_uprobe)
		    ->resolve(&u, &plain_opener, &target, &e) == 0)
		show_sites(&target, got, sizeof(got));
	else if (part && strstr(e.text, part + 1))
		snprintf(got, sizeof(got), "%s %s", errno_name(e.code),
			 part + 1);
	else
		snprintf(got, sizeof(got), "%s %s", errno_name(e.code), e.text);
	snprintf(what, sizeof(what), "place %zu, %s+%ju", i,
		 u.symbol ? u.symbol : "-", (uintmax_t)u.offset);
	check_text(what, places[i].want, got);
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

	target_init(&target);
	kind_uprobe.resolve(&u, &plain_opener, &target, &e);
	check_text("ref_ctr_offset", want, e.code ? errno_name(e.code) : "0");
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

	target_init(&target);
	kind_uretprobe.resolve(&u, &plain_opener, &target, &e);
	check_text("a function of a stripped file", "0", e.code ? e.text : "0");
	target_clear(&target);
	free(u.path);
}

static void try_list(const char *path)
{
	struct uprobe u = { .path = strdup(path) };
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	check_number("available", 0,
		     kind_uprobe.available(&u, &plain_opener, out, NULL));
	fclose(out);
	check_holds("an old version is listed", "versioned@V_1@\t0x", text);
	check_holds("the default one is listed", "versioned@@V_2\t0x", text);
	check_holds("a name of C is listed", "plain\t0x", text);
	check_holds("a name of C has no other", "\t9\n", text);
	check_holds("a plain name is listed", "\tplain::one(int)\n", text);
	free(text);
	free(u.path);
}

int main(void)
{
	char whole[64], bare[64];
	size_t i;

	for (EACH(names, i))
		check_name(&kind_uprobe, 3, &names[i]);
	sample_make();
	snprintf(whole, sizeof(whole), "%s/elf.so", dir);
	snprintf(bare, sizeof(bare), "%s/bare.so", dir);
	run("strip -o %s %s", bare, whole);
	for (EACH(places, i))
		try_place(whole, i);
	try_counter(whole, data_offset(whole), "0");
	try_counter(whole, data_offset(whole) + 1, "EINVAL");
	try_counter(whole, 0x40, "EINVAL");
	try_stripped(whole, bare);
	try_list(whole);
	sample_end();
	return check_end("uprobe");
}
