// SPDX-License-Identifier: BSD-2-Clause
/* map.c - pairs and variables of maps as text, with the maps of maps.bpf.o. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <sys/resource.h>

#include "attach/kernel/map/map.h"
#include "scope.h"
#include "tests/unit/check.h"

static struct bpf_object *object;

static int quiet(enum libbpf_print_level level, const char *format,
		 va_list args)
{
	(void)level;
	(void)format;
	(void)args;
	return 0;
}

static bool load(void)
{
	/* Before 5.11 maps counted as locked memory. */
	const struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };
	char path[PATH_MAX + 64] = "", self[PATH_MAX] = "";

	if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0)
		return false;
	setrlimit(RLIMIT_MEMLOCK, &unlimited);
	libbpf_set_print(quiet);
	snprintf(path, sizeof(path), "%s/../bpf/maps.bpf.o", dirname(self));
	object = bpf_object__open(path);
	return object && !bpf_object__load(object);
}

static int map_named(const char *name)
{
	return bpf_object__find_map_fd_by_name(object, name);
}

/* All of it, read in parts of that size. */
static void read_all(int fd, char *text, size_t room, size_t part)
{
	struct map_reader *reader;
	struct err e = { 0 };
	size_t used = 0;
	ssize_t got;
	int err = map_reader_open(fd, &reader, &e);

	check_number("open", 0, err);
	if (err)
		return;
	while ((got = map_reader_read(reader, text + used,
				      part < room - used ? part : room - used,
				      &e)) > 0)
		used += (size_t)got;
	text[used] = '\0';
	if (got < 0)
		snprintf(text + used, room - used, "error %zd: %s", got,
			 e.text);
	map_reader_close(reader);
}

static void check_entries(const char *name, const char *want)
{
	char text[4096];

	read_all(map_named(name), text, sizeof(text) - 1, sizeof(text));
	check_text(name, want, text);
	read_all(map_named(name), text, sizeof(text) - 1, 1);
	check_text(name, want, text);
}

/* A program by its name, of this object; a map, too. */
static int open_named(void *ctx, enum map_holds holds, const char *text,
		      struct err *e)
{
	struct bpf_program *program;
	int fd = -1;

	(void)ctx;
	if (holds == MAP_MAPS)
		fd = map_named(text);
	program = bpf_object__find_program_by_name(object, text);
	if (holds == MAP_PROGRAMS && program)
		fd = bpf_program__fd(program);
	if (fd < 0)
		return fail(e, ENOENT, "there is no '%s'", text);
	return dup(fd);
}

static const struct map_opener opener = { .open = open_named };

/* %p and %m: the ids of maps_tail and inner; %c: a value for each other CPU. */
static const struct {
	const char *map, *text;
	int code;
	const char *said; /* of a failure, else all entries */
} puts_[] = {
	{ "words", "one: 1", 0, "\"one\": 1\n" },
	{ "words", "\"one\"= 0x10", 0, "\"one\": 16\n" },
	{ "words", "one 2\n", 0, "\"one\": 2\n" },
	{ "words", "one", EINVAL, "the text ends where a number" },
	{ "words", "one: two", EINVAL, "a number is expected, not 'two'" },
	{ "words", "one: 1 1", EINVAL, "nothing behind it is expected" },
	{ "words", "ninechars: 1", ERANGE, "longer than its 8 bytes" },
	{ "records", "1: {.count = 7, .name = \"a\\n\", .state = BUSY}", 0,
	  "0: {.count = 0, .name = \"\", .state = IDLE}\n"
	  "1: {.count = 7, .name = \"a\\n\", .state = BUSY}\n" },
	{ "records", "1 = {.count = 8}", 0,
	  "0: {.count = 0, .name = \"\", .state = IDLE}\n"
	  "1: {.count = 8, .name = \"a\\n\", .state = BUSY}\n" },
	{ "records", "2: {}", E2BIG, "there is no element 2: the map has 2" },
	{ "records", "-1: {}", ERANGE, "'-1' does not fit" },
	{ "slots", "-1: 0000", EINVAL, "the number of an element" },
	{ "records", "0: {.count = -1}", ERANGE, "does not fit" },
	{ "recent", "5: {.count = 1}", 0,
	  "5: {.count = 1, .name = \"\", .state = IDLE}\n" },
	{ "prefixes", "{24, {10, 0, 0}}: 7", 0,
	  "{.length = 24, .address = {10, 0, 0, 0}}: 7\n" },
	{ "prefixes", "{.length = 33}: 7", EINVAL, "the kernel refuses" },
	{ "bytes", "0102: 0a 0b 0c", 0, "01 02: 0a 0b 0c\n" },
	{ "bytes", "01 02 = 0a0b0c0d", EINVAL, "nothing behind it" },
	{ "bytes", "01: 02", EINVAL, "there are 1 bytes, and not 2" },
	{ "slots", "1: ff01", 0, "0: 00 00\n1: ff 01\n" },
	{ "programs", "1: maps_tail", 0, "1: id:%p\n" },
	{ "programs", "2: nobody", ENOENT, "there is no 'nobody'" },
	{ "programs", "2:", EINVAL, "the text ends where a reference" },
	{ "programs", "3: maps_tail", E2BIG, "there is no element 3" },
	{ "inners", "0: inner", 0, "0: id:%m\n" },
	{ "devices", "1: 1", 0, "1: 1\n" },
	{ "cpus", "0: {.qsize = 64}", 0, "0: {.qsize = 64}\n" },
	{ "cpus", "1: 32", EINVAL, "" },
	{ "cpus", "0: {.size = 64}", EINVAL, ".qsize is expected" },
	{ "queue", "1: 1", EOPNOTSUPP, "takes no pairs by a key" },
	{ "ring", "1: 1", EOPNOTSUPP, "takes no pairs by a key" },
};

static uint32_t id_of(int fd, bool map)
{
	struct bpf_map_info of_map = { 0 };
	struct bpf_prog_info of_program = { 0 };
	uint32_t size = map ? sizeof(of_map) : sizeof(of_program);

	bpf_obj_get_info_by_fd(fd, map ? (void *)&of_map : (void *)&of_program,
			       &size);
	return map ? of_map.id : of_program.id;
}

/* Puts the ids in. */
static void expand(const char *from, char *to)
{
	const struct bpf_program *tail =
		bpf_object__find_program_by_name(object, "maps_tail");

	for (; *from; from++) {
		if (*from != '%') {
			*to++ = *from;
			continue;
		}
		to += sprintf(to, "%u",
			      *++from == 'p'
				      ? id_of(bpf_program__fd(tail), false)
				      : id_of(map_named("inner"), true));
	}
	*to = '\0';
}

static void test_put(void)
{
	char want[512];
	struct err e;
	size_t i;

	for (EACH(puts_, i)) {
		if (!strcmp(puts_[i].text, "1: 32") &&
		    libbpf_num_possible_cpus() > 1)
			continue;
		e = (struct err){ 0 };
		check_number(puts_[i].text, -puts_[i].code,
			     map_put(map_named(puts_[i].map), puts_[i].text,
				     &opener, &e));
		check_number(puts_[i].text, puts_[i].code, e.code);
		if (puts_[i].code) {
			check_holds(puts_[i].text, puts_[i].said, e.text);
			continue;
		}
		check_text(puts_[i].text, "", e.text);
		expand(puts_[i].said, want);
		check_entries(puts_[i].map, want);
	}
}

static void test_full(void)
{
	struct err e = { 0 };
	int fd = map_named("words");

	check_number("two", 0, map_put(fd, "two: 2", NULL, &e));
	check_number("three", -E2BIG, map_put(fd, "three: 3", NULL, &e));
	check_holds("three", "the map is full: it takes 2 pairs", e.text);
}

static const struct {
	const char *map, *text;
	int code;
	const char *said;
} deleted[] = {
	{ "words", "one", 0, "\"two\": 2\n" },
	{ "words", "one", ENOENT, "there is no such key" },
	{ "words", "\"two\" 2", EINVAL, "nothing behind it" },
	{ "records", "0", EINVAL, "an element of an array is always there" },
	{ "prefixes", "{24, {10}}", 0, "" },
	{ "bytes", "01 02", 0, "" },
	{ "programs", "1", 0, "" },
	{ "inners", "0", 0, "" },
	{ "devices", "1", 0, "" },
	{ "stack", "1", EOPNOTSUPP, "takes no pairs" },
};

static void test_delete(void)
{
	struct err e;
	size_t i;

	for (EACH(deleted, i)) {
		e = (struct err){ 0 };
		check_number(deleted[i].text, -deleted[i].code,
			     map_delete(map_named(deleted[i].map),
					deleted[i].text, &e));
		if (deleted[i].code)
			check_holds(deleted[i].text, deleted[i].said, e.text);
		else
			check_entries(deleted[i].map, deleted[i].said);
	}
}

/* "KEY: {FIRST, REST, ...}" */
static char *list_of(const char *key, const char *first, const char *rest)
{
	int cpu, count = libbpf_num_possible_cpus();
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	fprintf(out, "%s: {%s", key, first);
	for (cpu = 1; cpu < count; cpu++)
		fprintf(out, ", %s", rest);
	fputs("}\n", out);
	fclose(out);
	return text;
}

#define NONE "{.count = 0, .name = \"\", .state = IDLE}"
#define ONE  "{.count = 1, .name = \"x\", .state = IDLE}"

static const struct {
	const char *map, *text, *key, *first, *rest;
} per_cpu[] = {
	{ "cpu_array", "1: 5", "1", "5", "5" },
	{ "cpu_array", "1: {6}", "1", "6", "5" },
	{ "cpu_array", "1: {[0] = 7}", "1", "7", "5" },
	{ "cpu_hash", "9: {1, \"x\"}", "9", ONE, ONE },
	{ "cpu_hash", "9: {{0, \"\"}}", "9", NONE, ONE },
};

static void test_per_cpu(void)
{
	struct err e = { 0 };
	size_t i;

	for (EACH(per_cpu, i)) {
		scoped_free char *text = NULL, *want = NULL, *zeros = NULL;

		check_number(per_cpu[i].text, 0,
			     map_put(map_named(per_cpu[i].map), per_cpu[i].text,
				     NULL, &e));
		want = list_of(per_cpu[i].key, per_cpu[i].first,
			       per_cpu[i].rest);
		zeros = list_of("0", "0", "0");
		if (!strcmp(per_cpu[i].map, "cpu_hash"))
			*zeros = '\0';
		if (asprintf(&text, "%s%s", zeros, want) > 0)
			check_entries(per_cpu[i].map, text);
	}
	check_number(
		"a CPU too many", -ERANGE,
		map_put(map_named("cpu_array"), "1: {[9999] = 1}", NULL, &e));
	check_number("no number", -EINVAL,
		     map_put(map_named("cpu_array"), "1: x", NULL, &e));
	check_holds("no number", "a number is expected, not 'x'", e.text);
}

static const struct {
	const char *map, *begins;
} unread[] = {
	{ "ring", "# a ring buffer: " },
	{ "queue", "# a queue: " },
	{ "stack", "# a stack: " },
	{ "events", "# a perf event array: " },
	{ "cgroups", "# a cgroup array: " },
	{ "sockets", "" },
};

static void test_unread(void)
{
	char text[4096];
	size_t i;

	for (EACH(unread, i)) {
		read_all(map_named(unread[i].map), text, sizeof(text) - 1, 512);
		text[strlen(unread[i].begins)] = '\0';
		check_text(unread[i].map, unread[i].begins, text);
	}
}

static char *shown(const char *map, const struct map_variable *variable)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	struct err e;

	if (map_variable_show(map_named(map), variable, out, &e))
		fprintf(out, "error %s", e.text);
	fclose(out);
	return text;
}

static void check_variable(const char *map, const struct map_variable *variable,
			   const char *want)
{
	scoped_free char *text = shown(map, variable);

	check_text(variable->name, want, text);
}

/* hits and tail_hits are next to each other. */
static void test_variables(void)
{
	struct map_variable hits = { "hits", 0, 4 },
			    tail = { "tail_hits", 4, 4 };
	const struct map_variable limit = { "limit", 0, 4 };
	struct err e = { 0 };

	if (map_variable_put(map_named(".bss"), &hits, "-9", &e))
		hits.offset = 4, tail.offset = 0;
	check_number("hits", 0,
		     map_variable_put(map_named(".bss"), &hits, "-9", &e));
	check_number("tail", 0,
		     map_variable_put(map_named(".bss"), &tail, "4", &e));
	check_variable(".bss", &hits, "-9");
	check_variable(".bss", &tail, "4");
	check_number("bad", -EINVAL,
		     map_variable_put(map_named(".bss"), &tail, "x", &e));
	check_variable(".bss", &tail, "4");
	check_variable(".rodata", &limit, "100");
	check_number("limit", -EPERM,
		     map_variable_put(map_named(".rodata"), &limit, "5", &e));
	check_holds("limit", "'limit' is constant once it is loaded", e.text);
	check_entries(".rodata", "0: {.limit = 100}\n");
	tail.offset = 8;
	check_number("behind", -EIO,
		     map_variable_put(map_named(".bss"), &tail, "4", &e));
}

static void test_show(void)
{
	char *text = NULL, want[64];
	int fd = map_named("words");
	size_t size;
	FILE *out = open_memstream(&text, &size);
	struct err e;

	check_number("info", 0, map_show(fd, out, &e));
	fclose(out);
	snprintf(want, sizeof(want), "id:\t%u\ntype:\thash\nname:\twords\n",
		 id_of(fd, true));
	check_number("info", 0, strncmp(want, text, strlen(want)));
	check_holds("info", "\nkey_size:\t8\nvalue_size:\t8\nmax_entries:\t2\n",
		    text);
	check_holds("info", "\nbtf_key_type_id:\t", text);
	check_holds("info", "\nmemlock:\t", text);
	check_holds("info", "\nfrozen:\t0\n", text);
	free(text);
}

/* More than a chunk, of which some are deleted while they are read. */
enum { MANY = 20000, PART = 4000 };

static void test_many(enum bpf_map_type type)
{
	LIBBPF_OPTS(bpf_map_create_opts, options,
		    .map_flags = type == BPF_MAP_TYPE_LPM_TRIE
					 ? BPF_F_NO_PREALLOC
					 : 0);
	int fd = bpf_map_create(type, "many", 8, 4, MANY, &options);
	struct map_reader *reader;
	struct err e = { 0 };
	uint32_t key[2] = { 32, 0 }, i;
	char text[PART], *at;
	size_t lines = 0;
	ssize_t got;

	check_true("many", fd >= 0);
	for (i = 0; i < MANY; i++) {
		key[1] = i;
		bpf_map_update_elem(fd, key, &i, BPF_ANY);
	}
	check_number("many", 0, map_reader_open(fd, &reader, &e));
	while ((got = map_reader_read(reader, text, sizeof(text), &e)) > 0) {
		if (!lines)
			for (i = 0; i < MANY; i += 2) {
				key[1] = i;
				bpf_map_delete_elem(fd, key);
			}
		for (at = text;
		     (at = memchr(at, '\n', (size_t)(text + got - at))); at++)
			lines++;
	}
	check_number("many", 0, got);
	/* Each that is left, and of the deleted a chunk. */
	check_true("all that are left", lines >= MANY / 2);
	check_true("few of the deleted", lines < MANY);
	map_reader_close(reader);
	close(fd);
}

int main(void)
{
	if (geteuid()) {
		check_skip("map", "only root makes maps");
		return check_end("map");
	}
	check_true("maps.bpf.o", load());
	test_put();
	test_full();
	test_delete();
	test_per_cpu();
	test_unread();
	test_variables();
	test_show();
	test_many(BPF_MAP_TYPE_HASH);
	test_many(BPF_MAP_TYPE_LPM_TRIE);
	bpf_object__close(object);
	return check_end("map");
}
