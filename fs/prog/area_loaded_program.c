// SPDX-License-Identifier: BSD-2-Clause
/* area_loaded_program.c - program/P of prog/NAME. */
#include <errno.h>
#include <inttypes.h>

#include "attach/kernel/link_names.h"
#include "attach/kernel/program.h"
#include "attach/pin_object.h"
#include "fs/prog/act.h"
#include "fs/prog/area_prog.h"
#include "fs/prog/member.h"
#include "fs/tree/area_common.h"
#include "fs/tree/meta.h"
#include "fs/tree/show.h"
#include "scope.h"

static void say(FILE *out, const char *text)
{
	if (!text[0])
		return;
	area_put_text(out, text);
	fputc('\n', out);
}

static void print_type(const struct object_program *program, FILE *out)
{
	say(out, program->type ? program_type_name(program->type) : "");
}

/* 0 is a type, but one that programs of few types can have. */
static void print_attach_type(const struct object_program *program, FILE *out)
{
	say(out,
	    program->attach_type ? attach_type_name(program->attach_type) : "");
}

static void print_target(const struct object_program *program, FILE *out)
{
	say(out, program->target);
}

static void print_autoload(const struct object_program *program, FILE *out)
{
	fprintf(out, "%d\n", program->autoload);
}

static void print_section(const struct object_program *program, FILE *out)
{
	say(out, program->section);
}

static void print_name(const struct object_program *program, FILE *out)
{
	say(out, program->kernel_name);
}

static void print_flags(const struct object_program *program, FILE *out)
{
	fprintf(out, "%#" PRIx32 "\n", program->flags);
}

static void print_tag(const struct object_program *program, FILE *out)
{
	say(out, program->tag);
}

/* What stands in for a row's text, by the row's name. */
#define SHOW_PROGRAM(noun)                                                 \
	static int show_program_##noun(const struct file *row,             \
				       const struct view *view, FILE *out, \
				       struct err *e)                      \
	{                                                                  \
		struct member member;                                      \
		int err = member_get(view->tree, view->node, &member, e);  \
                                                                           \
		(void)row;                                                 \
		if (err)                                                   \
			return err;                                        \
		print_##noun(member_program(&member), out);                \
		member_put(&member);                                       \
		return 0;                                                  \
	}

SHOW_PROGRAM(type)
SHOW_PROGRAM(attach_type)
SHOW_PROGRAM(target)
SHOW_PROGRAM(autoload)
SHOW_PROGRAM(section)
SHOW_PROGRAM(name)
SHOW_PROGRAM(flags)
SHOW_PROGRAM(tag)

/* What the kernel says of it; ENODATA: it is not loaded. */
static int program_of(const struct view *view, struct program *out,
		      struct err *e)
{
	struct member member;
	int fd, err = member_get(view->tree, view->node, &member, e);

	if (err)
		return err;
	fd = member_fd(&member, MEMBERS_PROGRAMS, e);
	member_put(&member);
	if (fd < 0)
		return fd;
	err = program_info(fd, out);
	close(fd);
	return err ? fail(e, -err, "the kernel does not describe it") : 0;
}

static void print_info(const struct object_program *program, FILE *out)
{
	fprintf(out, "type:\t%s\nname:\t", program_type_name(program->type));
	area_put_text(out, program->kernel_name);
	fputs("\nsection:\t", out);
	area_put_text(out, program->section);
	fprintf(out, "\ninsns:\t%" PRIu32 "\n", program->insns);
	if (!program->target[0])
		return;
	fputs("target:\t", out);
	say(out, program->target);
}

SHOW_PROGRAM(info)

/* As prog/ID/info once it is loaded. */
static int show_info_of(const struct file *row, const struct view *view,
			FILE *out, struct err *e)
{
	struct program program;
	int err = program_of(view, &program, e);

	if (err == -ENODATA)
		return show_program_info(row, view, out, e);
	return err ? err : program_show(program.id, out, e);
}

static int show_pin_of(const struct file *row, const struct view *view,
		       FILE *out, struct err *e)
{
	struct program program;
	int err = program_of(view, &program, e);

	(void)row;
	if (err == -ENODATA)
		return 0;
	return err ? err : pin_object_list(BPF_OBJECT_PROG, program.id, out, e);
}

static int show_btf_of(const struct file *row, const struct view *view,
		       FILE *out, struct err *e)
{
	struct program program;
	int err = program_of(view, &program, e);

	(void)row;
	if (!err && program.btf_id)
		fprintf(out, "%" PRIu32 "\n", program.btf_id);
	return err == -ENODATA ? 0 : err;
}

/* clang-format off */
static const struct file program_files[] = {
	SETTING("type", act_setting, show_program_type, "its type; by its section, where that says one"),
	SETTING("attach_type", act_setting, show_program_attach_type, "what it is to be attached to, for types that are told when they are loaded"),
	SETTING("target", act_target, show_program_target, "what it is loaded for: [MODULE:]FUNCTION, or id:N:FUNCTION of program N"),
	SETTING("autoload", act_setting, show_program_autoload, "0 leaves it out when the object is loaded"),
	SETTING("name", act_setting, show_program_name, "what the kernel calls it"),
	SETTING("prog_flags", act_setting, show_program_flags, "flags of BPF_PROG_LOAD, a number"),
	READ_ONLY("section", show_program_section, "where in the object it is"),
	READ_ONLY("tag", show_program_tag, "the kernel's hash of its instructions, once it is loaded"),
	READ_ONLY("info", show_info_of, "what the kernel says of it, once it is loaded"),
	{
		.name = "pin",
		.mode = 0644,
		.text = TEXT_NONE,
		.slow = true,
		.write = act_pin,
		.keeps_nothing = true,
		.show = show_pin_of,
		.help = "where it is pinned, once it is loaded; write a path to pin it there",
	},
	TELLS_ADDRESSES("error", show_dir_error, "that of prog/NAME"),
	READ_ONLY("btf", show_btf_of, "the id of its BTF, once it is loaded"),
	{ 0 },
};
/* clang-format on */

const struct area area_loaded_program = {
	.holds = HOLDS_MEMBERS,
	.comes_and_goes = true,
	.metas = METAS_OF_OBJECTS,
	.files = program_files,
	.lookup = area_run_lookup,
	.list = area_run_list,
	.hidden = area_member_hidden,
	.hides_till_listed = true,
	.attr = area_member_attr,
	.refer = refer_member,
	.error = area_loaded_error,
};
