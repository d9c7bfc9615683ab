// SPDX-License-Identifier: BSD-2-Clause
/* file_tags=host */
/* setting.c - lists of what is set of an object file. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "fs/prog/setting.h"
#include "tests/unit/check.h"

static const char *value(const struct settings *settings, const char *path)
{
	const struct object_setting *row = setting_find(settings, path);

	return row ? row->value : "-";
}

static void put(struct settings *settings, const char *path, const char *text)
{
	check_number(path, 0, setting_put(settings, path, text, -1));
}

static void settings_are_found_and_replaced(void)
{
	struct settings settings = { NULL, 0 };

	put(&settings, "program/a/type", "kprobe");
	put(&settings, "log_level", "1");
	put(&settings, "data/limit", "100");
	check_text("first", "kprobe", value(&settings, "program/a/type"));
	check_text("none", "-", value(&settings, "program/a"));
	put(&settings, "data/limit", "7");
	check_text("replaced", "7", value(&settings, "data/limit"));
	check_number("count", 3, (int64_t)settings.count);
	put(&settings, "program/a/type", NULL);
	put(&settings, "program/b/type", NULL);
	check_text("taken away", "-", value(&settings, "program/a/type"));
	check_number("count", 2, (int64_t)settings.count);
	settings_clear(&settings);
}

static void those_of_the_object_come_first(void)
{
	static const char *const paths[] = { "log_level", "data/a", "btf",
					     "map/b/type", "data/c" };
	struct settings settings = { NULL, 0 };
	size_t i;

	for (i = 0; i < 5; i++)
		put(&settings, paths[i], "x");
	check_number("of the object", 3,
		     (int64_t)settings_of_object(&settings));
	for (i = 0; i < 3; i++)
		check_true("it has a '/'", strchr(settings.rows[i].path, '/'));
	check_number("all", 5, (int64_t)settings.count);
	settings_clear(&settings);
}

static void copies_are_equal_until_one_changes(void)
{
	struct settings one = { NULL, 0 }, other = { NULL, 0 };
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	put(&one, "a/1", "x");
	put(&one, "a/2", "y");
	check_number("with a descriptor", 0,
		     setting_put(&one, "btf", "/dev/null", fd));
	check_number("copy", 0, settings_copy(&one, &other));
	check_true("equal", settings_equal(&one, &other));
	check_true("a descriptor of its own",
		   setting_find(&other, "btf")->fd != fd &&
			   fcntl(setting_find(&other, "btf")->fd, F_GETFD) >=
				   0);
	put(&other, "a/1", NULL);
	put(&other, "a/1", "x");
	check_true("in another order", settings_equal(&one, &other));
	put(&other, "a/2", "z");
	check_true("another value", !settings_equal(&one, &other));
	settings_clear(&one);
	check_true("its descriptor is closed", fcntl(fd, F_GETFD) < 0);
	settings_clear(&other);
}

static void there_are_no_more_than_so_many(void)
{
	struct settings settings = { NULL, 0 };
	char path[32];
	int i;

	for (i = 0; i < SETTINGS_MAX; i++) {
		snprintf(path, sizeof(path), "data/%d", i);
		put(&settings, path, "1");
	}
	check_number("one more", -ENOSPC,
		     setting_put(&settings, "data/x", "1", -1));
	put(&settings, "data/5", "2");
	settings_clear(&settings);
}

static void log_levels(void)
{
	uint32_t level = 99;

	check_true("7", setting_log_level("7", &level) && level == 7);
	check_true("stats", setting_log_level("stats", &level) && level == 4);
	check_true("8", !setting_log_level("8", &level) && level == 4);
	check_true("nothing", !setting_log_level("", &level));
}

int main(void)
{
	settings_are_found_and_replaced();
	those_of_the_object_come_first();
	copies_are_equal_until_one_changes();
	there_are_no_more_than_so_many();
	log_levels();
	return check_end("settings");
}
