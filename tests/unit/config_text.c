// SPDX-License-Identifier: BSD-2-Clause
/* file_tags=host */
/* config_text.c - the lines of `config`: what they say, what is refused, and what
 * is shown of them. */
#include <errno.h>

#include "fs/tree/config_text.h"
#include "scope.h"
#include "tests/unit/check.h"

enum { PATH = TEXT_FIELDS, SYMBOL, OFFSET, PID };

static void clear(char *texts[TEXT_MAX])
{
	size_t slot;

	for (slot = 0; slot < TEXT_MAX; slot++)
		free(texts[slot]);
}

/* What the lines make of a probe called bash:main+0x10. */
static int texts_of(const char *text, char *texts[TEXT_MAX], struct err *e)
{
	const struct kind *kind = kind_find("uprobe");
	struct config_lines lines;
	int err = config_lines_find(kind, text, &lines, e);

	memset(texts, 0, TEXT_MAX * sizeof(*texts));
	return err ? err
		   : config_lines_texts(&lines, kind, "bash:main+0x10", texts,
					e);
}

struct good {
	const char *text;
	unsigned int slot;
	const char *value; /* NULL: the default, which is no text */
};

static const struct good good[] = {
	{ "", PATH, "bash\n" },
	{ "\n\n", SYMBOL, "main\n" },
	{ "# cookie: 7\n", TEXT_COOKIE, NULL },
	{ " \t# x\ncookie: 7", TEXT_COOKIE, "7\n" },
	{ "cookie:7\n", TEXT_COOKIE, "7\n" },
	{ "\t cookie \t: \t7 \t\n", TEXT_COOKIE, "7\n" },
	{ "cookie: 7\r\npid: 1\r\n", TEXT_COOKIE, "7\n" },
	{ "cookie: 7\r\npid: 1\r\n", PID, "1\n" },
	{ "cookie: 7\n\r\n\npid: 1", PID, "1\n" },
	{ "symbol: std::terminate()\n", SYMBOL, "std::terminate()\n" },
	{ "symbol::\n", SYMBOL, ":\n" },
	{ "path: /a b/c # d \n", PATH, "/a b/c # d\n" },
	{ "symbol:\n", SYMBOL, NULL },
	{ "symbol: \r\n", SYMBOL, NULL },
	{ "symbol: other\n", PATH, "bash\n" },
	{ "symbol: other\n", OFFSET, "16\n" },
	{ "attach: id:7 if prog/count\n", TEXT_ATTACH, "id:7 if prog/count\n" },
	{ "attach:\npin:\nenabled:\nfollow:", TEXT_ENABLED, NULL },
};

static void test_good(void)
{
	char *texts[TEXT_MAX];
	const char *got;
	struct err e;
	size_t i;

	for (EACH(good, i)) {
		check_number(good[i].text, 0,
			     texts_of(good[i].text, texts, &e));
		got = texts[good[i].slot];
		check_text(good[i].text, good[i].value ? good[i].value : "none",
			   got ? got : "none");
		clear(texts);
	}
}

static const struct {
	const char *text, *says;
	unsigned int line;
	size_t pos; /* in that line */
} bad[] = {
	{ "cokie: 7",
	  "line 1: 'cokie' is no file that is written; those are path, symbol, offset, ",
	  1, 0 },
	{ "\n# x\n  info: 7\n", "line 3: 'info' is no file", 3, 2 },
	{ "config: x", "line 1: 'config' is no file", 1, 0 },
	{ "name: x", "line 1: 'name' is no file", 1, 0 },
	{ "Cookie: 7", "line 1: 'Cookie' is no file", 1, 0 },
	{ "cookie7: 7", "line 1: 'cookie7' is no file", 1, 0 },
	{ "cooki: 7", "line 1: 'cooki' is no file", 1, 0 },
	{ ": 7", "line 1: '' is no file", 1, 0 },
	{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: 1",
	  "line 1: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' is no file", 1, 0 },
	{ "pid: 1\npid: 1\n", "line 2: 'pid' is in line 1 already", 2, 0 },
	{ "pid: 1\r\n\r\n pid:\r\n", "line 3: 'pid' is in line 1 already", 3,
	  1 },
	{ "pid", "line 1: no colon; write 'file: value'", 1, 0 },
	{ "pid: 1\n 7", "line 2: no colon", 2, 1 },
	{ "pid 1\n: x", "line 1: no colon", 1, 0 },
	{ "cookie: # 7", "line 1: a value cannot begin with '#'", 1, 8 },
};

static void test_bad(void)
{
	const struct kind *kind = kind_find("uprobe");
	struct config_lines lines;
	struct err e;
	size_t i;

	for (EACH(bad, i)) {
		check_number(bad[i].text, -EINVAL,
			     config_lines_find(kind, bad[i].text, &lines, &e));
		check_holds(bad[i].text, bad[i].says, e.text);
		check_number("line", bad[i].line, lines.fault.number);
		check_number("place", (int64_t)bad[i].pos, e.pos);
	}
}

/* Whichever line is first, they say the same. */
static void test_order(void)
{
	static const char text[] = "attach: count\npin: /b\n# c\nsymbol: f\n"
				   "enabled: 0\npath: /p\ncookie: 7\n";
	char *texts[TEXT_MAX], all[128], turned[2 * sizeof(text)];
	const char *line;
	struct err e;

	for (line = text; *line; line = strchr(line, '\n') + 1) {
		snprintf(turned, sizeof(turned), "%s%.*s", line,
			 (int)(line - text), text);
		check_number(turned, 0, texts_of(turned, texts, &e));
		snprintf(all, sizeof(all), "%s%s%s%s%s%s", texts[PATH],
			 texts[SYMBOL], texts[TEXT_COOKIE], texts[TEXT_PIN],
			 texts[TEXT_ENABLED], texts[TEXT_ATTACH]);
		check_text(turned, "/p\nf\n7\n/b\n0\ncount\n", all);
		clear(texts);
	}
}

/* A file that only kinds of files have is no file of the others. */
static void test_kind(void)
{
	struct config_lines lines;
	struct err e;

	check_number("follow of a uprobe", 0,
		     config_lines_find(kind_find("uprobe"), "follow: 1", &lines,
				       &e));
	check_number("its line", 1, lines.of[TEXT_FOLLOW].number);
	check_number("follow of a kprobe", -EINVAL,
		     config_lines_find(kind_find("kprobe"), "follow: 1", &lines,
				       &e));
	check_text(
		"what it has instead",
		"line 1: 'follow' is no file that is written; those are symbol, offset, cookie, pin, enabled, attach",
		e.text);
}

static void check_shown(const char *what, const struct config *config,
			const char *want)
{
	scoped_free char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	config_show(config, out);
	fclose(out);
	check_text(what, want, text);
}

static void test_show(void)
{
	static const char written[] = "# mine\n  cookie :0x7\nsymbol: f";
	static const char made[] = "symbol: main\noffset: 0\ncookie: 0\npin:\n"
				   "enabled: 1\nattach:\n";
	static const char is[] = "symbol: f\noffset: 0\ncookie: 7\npin:\n"
				 "enabled: 1\nattach:\n";
	struct config config;
	struct err e;

	config_make(kind_find("kprobe"), "main", &config, &e);
	check_shown("after mkdir", &config, made);
	config.texts[TEXT_CONFIG] = strdup(written);
	check_shown("what is not true", &config, made);
	free(config.texts[TEXT_FIELDS]);
	config.texts[TEXT_FIELDS] = strdup("f\n");
	config.texts[TEXT_COOKIE] = strdup("# x\n 0x7\n");
	check_shown("what is true", &config, written);
	free(config.texts[TEXT_COOKIE]);
	config.texts[TEXT_COOKIE] = strdup("7\n");
	check_shown("another form of it", &config, is);
	config_clear(&config);
}

int main(void)
{
	test_good();
	test_bad();
	test_order();
	test_kind();
	test_show();
	return check_end("config_text");
}
