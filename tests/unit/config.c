// SPDX-License-Identifier: BSD-2-Clause
/* file_tags=host */
/* config.c - what texts say, and what a name and texts make of a probe. */
#include <errno.h>
#include <string.h>

#include "fs/tree/config.h"
#include "scope.h"
#include "tests/unit/check.h"

static void test_value(void)
{
	static const struct {
		const char *text, *value; /* NULL: more than one line */
		int pos;
	} table[] = {
		{ "", "", 0 },
		{ "\n", "", 0 },
		{ " \t\r\n\n", "", 0 },
		{ "# a comment", "", 0 },
		{ "# a comment\n#another\n", "", 0 },
		{ "42", "42", 0 },
		{ "42\n", "42", 0 },
		{ "  42\t\r\n", "42", 0 },
		{ "\n\n42\n\n", "42", 0 },
		{ "# before\n 42 \n # after\n", "42", 0 },
		{ "a b\tc", "a b\tc", 0 },
		{ "a # b", "a # b", 0 },
		{ "1\n2", NULL, 2 },
		{ "1\n# x\n\n  2\n", NULL, 9 },
	};
	struct err e;
	size_t i;
	int err;

	for (EACH(table, i)) {
		scoped_free char *value = NULL;

		err = text_value(table[i].text, &value, &e);
		check_number(table[i].text, table[i].value ? 0 : -EINVAL, err);
		if (table[i].value)
			check_text(table[i].text, table[i].value, value);
		else
			check_number(table[i].text, table[i].pos, e.pos);
	}
}

static void test_name(void)
{
	const struct kind *kind = kind_find("uprobe");
	struct config config, copy;
	struct err e;

	check_number("a name", 0,
		     config_make(kind, "bash:main+0x10", &config, &e));
	check_text("name", "bash:main+0x10", config.name);
	check_text("path", "bash\n", config.texts[TEXT_FIELDS]);
	check_text("symbol", "main\n", config.texts[TEXT_FIELDS + 1]);
	check_text("offset", "16\n", config.texts[TEXT_FIELDS + 2]);
	check_true("attach is unset", !config.texts[TEXT_ATTACH]);
	config.error = strdup("an error");
	check_number("a copy", 0, config_copy(&config, &copy));
	config_clear(&config);
	check_text("name of the copy", "bash:main+0x10", copy.name);
	check_text("symbol of the copy", "main\n", copy.texts[TEXT_FIELDS + 1]);
	check_text("error of the copy", "an error", copy.error);
	config_clear(&copy);
	config_clear(&copy);
	check_number("a bad name", -EINVAL,
		     config_make(kind, "bash:", &config, &e));
	check_number("its place", 5, e.pos);
}

/* The symbol of the spec that the texts make. */
static void check_symbol(const struct config *config, unsigned int slot,
			 const char *replacement, const char *want)
{
	char *texts[TEXT_MAX];
	const struct field *field = field_find(config->kind, "symbol");
	char *text = NULL;
	struct err e;
	size_t size;
	void *spec;
	FILE *out;

	memcpy(texts, config->texts, sizeof(texts));
	if (slot != TEXT_NONE)
		texts[slot] = (char *)(uintptr_t)replacement;
	if (config_spec(config->kind, texts, &spec, &e)) {
		check_text("spec", want, e.text);
		return;
	}
	out = open_memstream(&text, &size);
	field_show(field, spec, out);
	fclose(out);
	check_text("symbol of the spec", want, text);
	free(text);
	spec_free(config->kind, spec);
}

static void test_spec(void)
{
	enum { SYMBOL = TEXT_FIELDS + 1, PID = TEXT_FIELDS + 3 };
	struct config config;
	struct err e;

	config_make(kind_find("uprobe"), "bash:main", &config, &e);
	check_symbol(&config, TEXT_NONE, NULL, "main");
	check_symbol(&config, SYMBOL, "other\n", "other");
	check_symbol(&config, SYMBOL, "# none\n", "");
	check_symbol(&config, PID, "7", "main");
	check_symbol(&config, PID, "x", "not a number: 'x'");
	check_symbol(&config, SYMBOL, "a\nb\n",
		     "more than one line; a file holds one value");
	config_clear(&config);
}

static void test_number(void)
{
	static const struct {
		const char *text;
		uint64_t number;
	} table[] = {
		{ NULL, 5 }, { "", 5 },	   { "\n", 5 },	      { "# none\n", 5 },
		{ "x", 5 },  { "0\n", 0 }, { " 0x10\n", 16 },
	};
	size_t i;

	for (EACH(table, i))
		check_number(table[i].text ? table[i].text : "unset",
			     (int64_t)table[i].number,
			     (int64_t)text_number(table[i].text, 5));
}

int main(void)
{
	test_value();
	test_name();
	test_spec();
	test_number();
	return check_end("config");
}
