// SPDX-License-Identifier: BSD-2-Clause
/* value.c - values as text: what a compiler made, what is written, what is bad. */
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <libgen.h>
#include <limits.h>

#include "attach/kernel/map/value.h"
#include "scope.h"
#include "tests/unit/check.h"

/* The variables of tests/bpf/values.bpf.c. */
struct compiled {
	struct bpf_object *object;
	struct btf_types btf;
};

struct variable {
	uint32_t type, size;
	const uint8_t *data; /* as the compiler made it */
};

static bool compiled_open(struct compiled *c)
{
	char path[PATH_MAX + 64] = "", self[PATH_MAX] = "";
	const struct btf *btf;
	const void *data;
	uint32_t size;

	if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0)
		return false;
	snprintf(path, sizeof(path), "%s/../bpf/values.bpf.o", dirname(self));
	c->object = bpf_object__open(path);
	btf = c->object ? bpf_object__btf(c->object) : NULL;
	data = btf ? btf__raw_data(btf, &size) : NULL;
	return data && !btf_parse(&c->btf, data, size, NULL);
}

static bool variable_in(const struct compiled *c, struct bpf_map *map,
			const char *section, const char *name,
			struct variable *out)
{
	const struct btf *btf = bpf_object__btf(c->object);
	int id = btf__find_by_name_kind(btf, section, BTF_KIND_DATASEC);
	const struct btf_type *type =
		id > 0 ? btf__type_by_id(btf, (__u32)id) : NULL;
	const struct btf_var_secinfo *info;
	const uint8_t *data;
	size_t size;
	__u16 i;

	if (!type)
		return false;
	info = btf_var_secinfos(type);
	for (i = 0; i < btf_vlen(type); i++, info++) {
		*out = (struct variable){ .type = info->type,
					  .size = info->size };
		data = bpf_map__initial_value(map, &size);
		out->data = data + info->offset;
		if (!strcmp(name, btf__name_by_offset(
					  btf, btf__type_by_id(btf, info->type)
						       ->name_off)))
			return true;
	}
	return false;
}

static bool variable_find(const struct compiled *c, const char *name,
			  struct variable *out)
{
	static const char *const sections[] = { ".data", ".bss", ".rodata" };
	struct bpf_map *map;
	size_t i;

	bpf_object__for_each_map(
		map, c->object) for (EACH(sections,
					  i)) if (strstr(bpf_map__name(map),
							 sections[i]) &&
						  variable_in(c, map,
							      sections[i], name,
							      out)) return true;
	check_text("a variable", name, "none");
	return false;
}

static char *shown(const struct btf_types *btf, uint32_t type, const void *data,
		   size_t size)
{
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);
	int err = value_show(btf, type, data, size, out);

	if (err)
		fprintf(out, "error %d", err);
	fclose(out);
	return text;
}

static const struct {
	const char *name, *type, *value;
} compiled_values[] = {
	{ "number", "int", "-7" },
	{ "unsigned_number", "unsigned int", "4294967295" },
	{ "tiny", "signed char", "-128" },
	{ "byte", "unsigned char", "200" },
	{ "half", "short", "-32768" },
	{ "wide", "unsigned long long", "18446744073709551615" },
	{ "low", "long long", "-9223372036854775808" },
	{ "huge", "unsigned __int128",
	  "170141183460469231731687303715884105729" },
	{ "negative", "__int128", "-1267650600228229401496703205377" },
	{ "yes", "_Bool", "true" },
	{ "letter", "char", "'q'" },
	{ "quote", "char", "'\\''" },
	{ "control", "char", "7" },
	{ "third", "float", "0.33333334" },
	{ "tenth", "double", "0.1" },
	{ "color", "enum color", "BLUE" },
	{ "other", "enum color", "9" },
	{ "pointer", "void *", "0x0" },
	{ "name", "char [16]", "\"eth0\"" },
	{ "odd", "char [16]", "\"a\\\"b\\\\\\n\\0012\\377\"" },
	{ "full", "char [4]", "\"full\"" },
	{ "words", "char [2][4]", "{\"ab\", \"cd\"}" },
	{ "numbers", "int [3]", "{1, -2, 3}" },
	{ "grid", "int [2][3]", "{{1, 2, 3}, {4, 5, 6}}" },
	{ "many", "int [40]", "{[0 ... 19] = 0, 1, [21 ... 39] = 0}" },
	{ "place", "place_t", "{.x = 3, .y = -4}" },
	{ "bits", "struct bits",
	  "{.a = 5, .b = 4097, .c = -3, .d = 6230565890731, .e = GREEN, .f = true}" },
	{ "nested", "struct nested",
	  "{.name = \"lo\", .port = 80, .v4 = 16909060, .bytes = {4, 3, 2, 1}, "
	  ".points = {{.x = 1, .y = 2}, {.x = 3, .y = 4}}, .next = 0x0, "
	  ".named = {.inner = 9}}" },
	{ "flexible", "struct flexible", "{.count = 2, .more = {}}" },
	{ "either", "union {...}",
	  "{.whole = 281483566841860, .parts = {4, 3, 2, 1}}" },
	{ "function", "int (*)(...)", "0x0" },
	{ "limit", "const volatile int", "100" },
	{ "strings", "const volatile char *const [2]", "{0x0, 0x0}" },
};

/* What is shown is what is meant, and gives the same bytes again. */
static void test_compiled(const struct compiled *c)
{
	struct variable variable;
	struct err e;
	char what[64];
	size_t i;

	for (EACH(compiled_values, i)) {
		scoped_free char *text = NULL, *type = NULL;
		scoped_free uint8_t *again = NULL;
		size_t length;

		if (!variable_find(c, compiled_values[i].name, &variable))
			continue;
		snprintf(what, sizeof(what), "%s", compiled_values[i].name);
		text = shown(&c->btf, variable.type, variable.data,
			     variable.size);
		check_text(what, compiled_values[i].value, text);
		again = calloc(1, variable.size);
		e.text[0] = '\0';
		check_number(what, 0,
			     value_parse(&c->btf, variable.type, text, again,
					 variable.size, &e));
		check_text(what, "", e.text);
		check_number(what, 0,
			     memcmp(again, variable.data, variable.size));
		FILE *out = open_memstream(&type, &length);
		check_number(what, 0, value_type(&c->btf, variable.type, out));
		fclose(out);
		check_text(what, compiled_values[i].type, type);
	}
}

/* Into the variable as it was compiled. */
static const struct {
	const char *name, *text, *value;
} written[] = {
	{ "number", "0x10", "16" },
	{ "number", " +0b101\n", "5" },
	{ "number", "-017", "-15" },
	{ "number", "'a'", "97" },
	{ "number", "'\\n'", "10" },
	{ "tiny", "'\\xff'", "-1" },
	{ "yes", "0", "false" },
	{ "yes", "false", "false" },
	{ "letter", "65", "'A'" },
	{ "control", "'\\\\'", "'\\\\'" },
	{ "tenth", "1e300", "1e+300" },
	{ "third", "-inf", "-inf" },
	{ "color", "RED", "RED" },
	{ "color", "5", "GREEN" },
	{ "other", "4294967295", "4294967295" },
	{ "pointer", "0xffff888000000000", "0xffff888000000000" },
	{ "name", "wlan0\n", "\"wlan0\"" },
	{ "name", "two words", "\"two words\"" },
	{ "name", "", "\"\"" },
	{ "name", "\"\\x41\\102\\0c\"", "\"AB\\000c\"" },
	{ "name", "{'a', 98, [3] = 'd'}", "\"abhd\"" },
	{ "words", "{[1] = \"x\"}", "{\"ab\", \"x\"}" },
	{ "numbers", "{ 7, [2] = 9, }", "{7, -2, 9}" },
	{ "numbers", "{}", "{1, -2, 3}" },
	{ "grid", "{[1] = {7}}", "{{1, 2, 3}, {7, 5, 6}}" },
	{ "grid", "{[0][1] = 9, [1][1 ... 2] = 8}", "{{1, 9, 3}, {4, 8, 8}}" },
	{ "grid", "{[0 ... 1] = {[0 ... 2] = 1}}", "{{1, 1, 1}, {1, 1, 1}}" },
	{ "many", "{[0 ... 39] = 2}", "{[0 ... 39] = 2}" },
	{ "place", "{.y=7}", "{.x = 3, .y = 7}" },
	{ "place", "{8, 9}", "{.x = 8, .y = 9}" },
	{ "nested",
	  "{.port = 443, .bytes[3] = 9, .points[1].x = 5, .named.inner = 1}",
	  "{.name = \"lo\", .port = 443, .v4 = 151126788, .bytes = {4, 3, 2, 9}, "
	  ".points = {{.x = 1, .y = 2}, {.x = 5, .y = 4}}, .next = 0x0, "
	  ".named = {.inner = 1}}" },
	{ "bits", "{.c = -16, .f = 0}",
	  "{.a = 5, .b = 4097, .c = -16, .d = 6230565890731, .e = GREEN, .f = false}" },
};

static void test_written(const struct compiled *c)
{
	struct variable variable;
	struct err e;
	size_t i;

	for (EACH(written, i)) {
		scoped_free uint8_t *data = NULL;
		scoped_free char *text = NULL;

		if (!variable_find(c, written[i].name, &variable))
			continue;
		data = malloc(variable.size);
		memcpy(data, variable.data, variable.size);
		e.text[0] = '\0';
		check_number(written[i].text, 0,
			     value_parse(&c->btf, variable.type,
					 written[i].text, data, variable.size,
					 &e));
		check_text(written[i].text, "", e.text);
		text = shown(&c->btf, variable.type, data, variable.size);
		check_text(written[i].text, written[i].value, text);
	}
}

static const struct {
	const char *name, *text;
	int code, pos;
	const char *sentence;
} refused[] = {
	{ "number", "2147483648", ERANGE, 0,
	  "'2147483648' does not fit int, which is -2147483648 to 2147483647" },
	{ "number", "-2147483649", ERANGE, 0, "'-2147483649' does not fit" },
	{ "number", "0x100000000000000000000000000000000", ERANGE, 0,
	  "does not fit" },
	{ "number", "", EINVAL, 0, "the text ends where a number" },
	{ "number", "many", EINVAL, 0, "a number is expected, not 'many'" },
	{ "number", "1 2", EINVAL, 2,
	  "nothing behind the value is expected, not '2'" },
	{ "number", "08", EINVAL, 0, "a number is expected" },
	{ "number", "--1", EINVAL, 0, "a number is expected" },
	{ "number", "0x", EINVAL, 0, "a number is expected" },
	{ "number", "{1}", EINVAL, 0, "a number is expected, not '{'" },
	{ "number", "'ab'", EINVAL, 2, "the quote after one character" },
	{ "byte", "-1", ERANGE, 0,
	  "'-1' does not fit unsigned char, which is 0 to 255" },
	{ "byte", "256", ERANGE, 0, "does not fit" },
	{ "wide", "18446744073709551616", ERANGE, 0, "does not fit" },
	{ "negative", "170141183460469231731687303715884105728", ERANGE, 0,
	  "does not fit" },
	{ "yes", "2", ERANGE, 0, "'2' does not fit _Bool, which is 0 to 1" },
	{ "third", "1e39", ERANGE, 0, "'1e39' is too large" },
	{ "third", "x", EINVAL, 0, "a number is expected" },
	{ "color", "PINK", EINVAL, 0,
	  "a name of the enum or a number is expected, not 'PINK'" },
	{ "color", "4294967296", ERANGE, 0, "does not fit color" },
	{ "name", "seventeen letters", ERANGE, 0,
	  "the string is longer than its 16 bytes" },
	{ "name", "\"open", EINVAL, 5, "the quote behind the string" },
	{ "name", "\"\\q\"", EINVAL, 2, "one of n t r" },
	{ "name", "\"\\777\"", ERANGE, 5, "at most the number" },
	{ "words", "{ab}", EINVAL, 1, "a string in double quotes" },
	{ "numbers", "1", EINVAL, 0, "'{' and the values of members" },
	{ "numbers", "{1, 2, 3, 4}", EINVAL, 10,
	  "there are only 3 values in the list" },
	{ "numbers", "{1 2}", EINVAL, 3, "',' or '}' is expected, not '2'" },
	{ "numbers", "{1, 2", EINVAL, 5, "the text ends where ',' or '}'" },
	{ "numbers", "{[3] = 1}", ERANGE, 2,
	  "element 3 is behind the last of 3" },
	{ "numbers", "{[1 ... 0] = 1}", EINVAL, 9,
	  "the range ends before it begins" },
	{ "numbers", "{.x = 1}", EINVAL, 2,
	  "'[' and the number of an element" },
	{ "numbers", "{[x] = 1}", EINVAL, 2, "the number of an element" },
	{ "place", "{.z = 1}", EINVAL, 2, "there is no member 'z'" },
	{ "place", "{.x 1}", EINVAL, 4, "'=' is expected, not '1'" },
	{ "place", "{[0] = 1}", EINVAL, 2, "the name of a member" },
	{ "bits", "{.a = 8}", ERANGE, 6,
	  "'8' does not fit unsigned int, which is 0 to 7" },
	{ "bits", "{.c = 16}", ERANGE, 6, "which is -16 to 15" },
	{ "nested", "{.points[2].x = 1}", ERANGE, 9,
	  "element 2 is behind the last of 2" },
	{ "nested", "{.name = \"lo\", .port = 1, .next = x}", EINVAL, 34,
	  "a number is expected, not 'x'" },
};

static void test_refused(const struct compiled *c)
{
	struct variable variable;
	struct err e;
	size_t i;

	for (EACH(refused, i)) {
		scoped_free uint8_t *data = NULL;

		if (!variable_find(c, refused[i].name, &variable))
			continue;
		data = malloc(variable.size);
		memcpy(data, variable.data, variable.size);
		e = (struct err){ .pos = -2 };
		check_number(refused[i].text, -refused[i].code,
			     value_parse(&c->btf, variable.type,
					 refused[i].text, data, variable.size,
					 &e));
		check_number(refused[i].text, refused[i].code, e.code);
		check_number(refused[i].text, refused[i].pos, e.pos);
		check_holds(refused[i].text, refused[i].sentence, e.text);
		check_number("untouched", 0,
			     memcmp(data, variable.data, variable.size));
	}
}

/* A section is as a struct of its variables. */
static void test_section(const struct compiled *c)
{
	const struct btf *btf = bpf_object__btf(c->object);
	int id = btf__find_by_name_kind(btf, ".rodata", BTF_KIND_DATASEC);
	scoped_free char *text = NULL;
	uint8_t data[24] = { 0 };
	struct err e;

	check_number("section", 0,
		     value_parse(&c->btf, (uint32_t)id,
				 "{.limit = 7, .strings[1] = 9}", data,
				 sizeof(data), &e));
	text = shown(&c->btf, (uint32_t)id, data, sizeof(data));
	check_text("section", "{.limit = 7, .strings = {0x0, 0x9}}", text);
}

/* What this compiler does not make, or nobody should. */
#define INFO(kind, flag, count) \
	((uint32_t)(flag) << 31 | (uint32_t)(kind) << 24 | (count))
#define INT(encoding, offset, bits) \
	((uint32_t)(encoding) << 24 | (uint32_t)(offset) << 16 | (bits))
#define STRINGS	   "\0int\0A\0B\0float"
#define NAME_INT   1
#define NAME_A	   5
#define NAME_B	   7
#define NAME_FLOAT 9

struct blob {
	struct btf_header header;
	struct btf_type integer; /* 1 */
	uint32_t integer_bits;
	struct btf_type part; /* 2: 3 bits from the 5th on */
	uint32_t part_bits;
	struct btf_type wide; /* 3 */
	struct btf_enum64 enumerators[2];
	struct btf_type forward; /* 4 */
	struct btf_type loop; /* 5: a typedef of 5 */
	struct btf_type array; /* 6: an array of 6 */
	struct btf_array array_of;
	struct btf_type self; /* 7: a struct with itself in it, at 0, twice */
	struct btf_member selves[2];
	struct btf_type behind; /* 8: a struct with a member behind its end */
	struct btf_member member;
	struct btf_type negative; /* 9: a signed enum */
	struct btf_enum minus;
	struct btf_type function; /* 10 */
	struct btf_type oldest; /* 11: bits by the offset and the INT alone */
	struct btf_member old;
	struct btf_type number; /* 12: a FLOAT, as old kernels get it */
	struct btf_type lost; /* 13: of a type that there is not */
	char strings[sizeof(STRINGS)];
};

static const struct blob blob = {
	.header = { .magic = BTF_MAGIC,
		    .version = 1,
		    .hdr_len = sizeof(struct btf_header),
		    .type_len = offsetof(struct blob, strings) -
				offsetof(struct blob, integer),
		    .str_off = offsetof(struct blob, strings) -
			       offsetof(struct blob, integer),
		    .str_len = sizeof(STRINGS) },
	.integer = { NAME_INT, INFO(BTF_KIND_INT, 0, 0), { 4 } },
	.integer_bits = INT(BTF_INT_SIGNED, 0, 32),
	.part = { NAME_INT, INFO(BTF_KIND_INT, 0, 0), { 4 } },
	.part_bits = INT(0, 5, 3),
	.wide = { 0, INFO(BTF_KIND_ENUM64, 1, 2), { 8 } },
	.enumerators = { { NAME_A, 0, 1 }, { NAME_B, 1, -1U } },
	.forward = { NAME_A, INFO(BTF_KIND_FWD, 0, 0), { 0 } },
	.loop = { NAME_A, INFO(BTF_KIND_TYPEDEF, 0, 0), { 5 } },
	.array = { 0, INFO(BTF_KIND_ARRAY, 0, 0), { 0 } },
	.array_of = { 6, 1, 2 },
	.self = { NAME_A, INFO(BTF_KIND_STRUCT, 0, 2), { 4 } },
	.selves = { { 0, 7, 0 }, { 0, 7, 0 } },
	.behind = { NAME_A, INFO(BTF_KIND_STRUCT, 0, 1), { 4 } },
	.member = { NAME_A, 1, 8 },
	.negative = { 0, INFO(BTF_KIND_ENUM, 1, 1), { 4 } },
	.minus = { NAME_A, -1 },
	.function = { NAME_A, INFO(BTF_KIND_FUNC, 0, 0), { 1 } },
	.oldest = { NAME_A, INFO(BTF_KIND_STRUCT, 0, 1), { 4 } },
	.old = { NAME_B, 2, 1 },
	.number = { NAME_FLOAT, INFO(BTF_KIND_STRUCT, 0, 0), { 4 } },
	.lost = { NAME_A, INFO(BTF_KIND_TYPEDEF, 0, 0), { 99 } },
	.strings = STRINGS,
};

static const struct {
	const char *what;
	uint32_t type;
	uint64_t data;
	size_t size;
	const char *value; /* NULL: there is none */
} odd[] = {
	{ "int", 1, 0xffffffff, 4, "-1" },
	{ "int of 3 bits", 2, 0xa0, 4, "5" },
	{ "enum64", 3, 1ull << 32, 8, "A" },
	{ "unnamed of an enum64", 3, 0xffffffff00000002, 8, "-4294967294" },
	{ "negative enum64", 3, 0xffffffff00000001, 8, "B" },
	{ "bytes", 4, 0x030201, 3, "01 02 03" },
	{ "void", 0, 0x0201, 2, "01 02" },
	{ "negative enum", 9, 0xffffffff, 4, "A" },
	{ "unnamed of an enum", 9, 0xfffffffe, 4, "-2" },
	{ "oldest", 11, 0x1c0, 4, "{.B = 7}" },
	{ "float of old", 12, 0x3f000000, 4, "0.5" },
	{ "too small", 1, 0, 3, NULL },
	{ "itself", 5, 0, 8, NULL },
	{ "arrays without end", 6, 0, 8, NULL },
	{ "structs without end", 7, 0, 4, NULL },
	{ "behind its end", 8, 0, 4, NULL },
	{ "a function", 10, 0, 4, NULL },
	{ "of no type", 13, 0, 4, NULL },
	{ "no type", 14, 0, 4, NULL },
	{ "no type", UINT32_MAX, 0, 4, NULL },
};

static void test_odd(void)
{
	struct btf_types btf;
	uint64_t again;
	struct err e;
	char *text;
	size_t i;

	check_number("blob", 0, btf_parse(&btf, &blob, sizeof(blob), NULL));
	for (EACH(odd, i)) {
		text = shown(&btf, odd[i].type, &odd[i].data, odd[i].size);
		check_text(odd[i].what,
			   odd[i].value ? odd[i].value : "error -22", text);
		again = 0;
		check_number(odd[i].what, odd[i].value ? 0 : -EINVAL,
			     value_parse(&btf, odd[i].type,
					 odd[i].value ? text : "{{{1}}}",
					 &again, odd[i].size, &e));
		check_number(odd[i].what,
			     odd[i].value ? (int64_t)odd[i].data : 0,
			     (int64_t)again);
		free(text);
	}
}

static const struct {
	const char *text;
	int code, pos;
} bytes[] = {
	{ "01 0a ff", 0, 0 },	     { "010AFF\n", 0, 0 },
	{ "0x01 0x0a 0xff", 0, 0 },  { "01 0a", EINVAL, 5 },
	{ "01 0a ff 0", ERANGE, 9 }, { "01 a ff", EINVAL, 3 },
	{ "01 gg ff", EINVAL, 3 },   { "", EINVAL, 0 },
};

static void test_bytes(void)
{
	uint8_t data[3];
	struct err e;
	size_t i;

	for (EACH(bytes, i)) {
		memset(data, 7, sizeof(data));
		e.pos = 0;
		check_number(
			bytes[i].text, -bytes[i].code,
			value_parse_hex(bytes[i].text, data, sizeof(data), &e));
		check_number(bytes[i].text, bytes[i].pos, e.pos);
		check_number(bytes[i].text, 0,
			     memcmp(data,
				    bytes[i].code ? "\7\7\7" : "\1\12\377",
				    sizeof(data)));
	}
}

int main(void)
{
	struct compiled c = { 0 };

	check_true("values.bpf.o", compiled_open(&c));
	if (c.btf.types) {
		test_compiled(&c);
		test_written(&c);
		test_refused(&c);
		test_section(&c);
	}
	bpf_object__close(c.object);
	test_odd();
	test_bytes();
	return check_end("value");
}
