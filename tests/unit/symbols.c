// SPDX-License-Identifier: BSD-2-Clause
/* symbols.c - the index of kallsyms, over a made-up kernel and this one. */

#include "attach/kernel/symbols/symbols.h"
#include "attach/kernel/symbols/symbol_index.h"
#include "scope.h"
#include "tests/unit/check.h"

static char kallsyms[] =
	"0000000000000000 A fixed_percpu_data\n"
	"ffffffff81000000 T _stext\n"
	"ffffffff81000000 T _text\n"
	"ffffffff81000100 t __pfx_tcp_open\n"
	"ffffffff81000110 t tcp_open\n"
	"ffffffff81000150 t tcp_close\n"
	"ffffffff81000180 W weak\n"
	"ffffffff81000200 t twice\n"
	"ffffffff81000240 t gone.isra.0\n"
	"ffffffff81000260 t last\n"
	"ffffffff82000000 D jiffies\n"
	"ffffffff82000008 d other\n"
	"ffffffff83000000 T _sinittext\n"
	"ffffffff83000010 t boot_only\n"
	"ffffffff83000040 T _einittext\n"
	"ffffffff83000040 B __bss_start\n"
	"not a line\n"
	"ffffffffc0200000 t b_late\t[beta]\n"
	"ffffffffc0100040 t twice\t[alpha]\n"
	"ffffffffc0100000 t a_first\t[alpha]\n"
	"ffffffffc0300000 t bpf_prog_1234_tcp_x\t[bpf]\n"
	"ffffffffc0400000 t ftrace_trampoline\t[__builtin__ftrace]\n";

static char hidden[] = "0000000000000000 T _text\n"
		       "0000000000000000 t tcp_open\n"
		       "0000000000000000 d jiffies\n"
		       "0000000000000000 t tcp_close\t[alpha]\n";

struct match {
	char *kallsyms;
	const char *module, *pattern;
	const char *want; /* MODULE:NAME+SIZE, ... */
};

/* clang-format off */
static const struct match matches[] = {
	{kallsyms, NULL, "tcp_open", "vmlinux:tcp_open+40 "},
	{kallsyms, NULL, "tcp_close", "vmlinux:tcp_close+30 "},
	{kallsyms, NULL, "_text", "vmlinux:_text+100 "},
	{kallsyms, NULL, "weak", "vmlinux:weak+80 "},
	{kallsyms, NULL, "last", "vmlinux:last+fffda0 "},
	{kallsyms, NULL, "gone.isra.0", "vmlinux:gone.isra.0+20 "},
	{kallsyms, NULL, "twice", "vmlinux:twice+40 alpha:twice+0 "},
	{kallsyms, "alpha", "twice", "alpha:twice+0 "},
	{kallsyms, "vmlinux", "twice", "vmlinux:twice+40 "},
	{kallsyms, "beta", "twice", ""},
	{kallsyms, NULL, "a_first", "alpha:a_first+40 "},
	{kallsyms, NULL, "b_late", "beta:b_late+0 "},
	{kallsyms, NULL, "jiffies", ""},
	{kallsyms, NULL, "__pfx_tcp_open", ""},
	{kallsyms, NULL, "fixed_percpu_data", ""},
	{kallsyms, NULL, "", ""},
	{kallsyms, NULL, "tcp_*", "vmlinux:tcp_open+40 vmlinux:tcp_close+30 "},
	{kallsyms, NULL, "*cp_?????", "vmlinux:tcp_close+30 "},
	{kallsyms, "alpha", "*", "alpha:a_first+40 alpha:twice+0 "},
	{kallsyms, NULL, "bpf_prog*", ""},
	{kallsyms, NULL, "ftrace_*", ""},
	{kallsyms, NULL, "none*", ""},
	{hidden, NULL, "tcp_open", "vmlinux:tcp_open+0 "},
	{hidden, NULL, "tcp_*", "vmlinux:tcp_open+0 alpha:tcp_close+0 "},
};

struct place {
	uint64_t address;
	const char *want; /* "" when it is in no function */
};

static const struct place places[] = {
	{0, ""},
	{0xffffffff80ffffff, ""},
	{0xffffffff81000000, "_stext"},
	{0xffffffff810000ff, "_stext"},
	{0xffffffff81000100, ""},
	{0xffffffff81000110, "tcp_open"},
	{0xffffffff8100014f, "tcp_open"},
	{0xffffffff81000150, "tcp_close"},
	{0xffffffff82000000, ""},
	{0xffffffff82000010, ""},
	{0xffffffff83000020, "boot_only"},
	{0xffffffff83000040, ""},
	{0xffffffffc0100010, "a_first"},
	{0xffffffffc0100fff, "twice"},
	{0xffffffffc0101040, ""},
	{0xffffffffffffffff, ""},
};
/* clang-format on */

static struct symbols *make(char *text)
{
	scoped_file FILE *in = fmemopen(text, strlen(text), "r");

	return symindex_make(in);
}

static void print(void *ctx, const struct symbol *symbol)
{
	fprintf(ctx, "%s:%s+%llx ", symbol->module ? symbol->module : "vmlinux",
		symbol->name, (unsigned long long)symbol->size);
}

static void check_match(const struct match *match)
{
	scoped_free char *got = NULL;
	struct symbols *s = make(match->kallsyms);
	size_t size;
	FILE *out = open_memstream(&got, &size);

	symbols_match(s, match->module, match->pattern, print, out);
	fclose(out);
	check_text(match->pattern, match->want, got);
	symbols_put(s);
}

static void check_place(const struct symbols *s, const struct place *place)
{
	struct symbol symbol = { .name = "?" };
	char what[32];
	bool found = symbols_at(s, place->address, &symbol);

	snprintf(what, sizeof(what), "%#" PRIx64, place->address);
	check_text(what, place->want, found ? symbol.name : "");
}

static void check_init(const struct symbols *s)
{
	check_true("boot_only is of init",
		   symbols_is_init(s, 0xffffffff83000010));
	check_true("tcp_open is not of init",
		   !symbols_is_init(s, 0xffffffff81000110));
}

static void check_hidden(void)
{
	struct symbols *s = make(hidden);
	struct symbol symbol;

	check_true("addresses hidden", symbols_hidden(s));
	check_true("no place when hidden", !symbols_at(s, 0, &symbol));
	symbols_put(s);
	s = make(kallsyms);
	check_true("addresses shown", !symbols_hidden(s));
	symbols_put(s);
}

static void note_type(void *ctx, const struct symbol *symbol)
{
	*(char *)ctx = symbol->type;
}

/* This kernel's, where there is one to be read. */
static void check_kernel(void)
{
	const struct symbols *s = symbols_get(NULL), *again;
	char type = '?';

	if (!s || symbols_hidden(s)) {
		symbols_put(s);
		return;
	}
	/* Some kernels list functions only. */
	if (symbols_find(s, "vmlinux", "linux_banner", note_type, &type))
		check_true("linux_banner is data", !strchr("tTwW", type));
	again = symbols_get(NULL);
	check_true("the index is kept", again == s);
	symbols_put(again);
	symbols_put(s);
}

int main(void)
{
	struct symbols *s = make(kallsyms);
	size_t i;

	for (EACH(matches, i))
		check_match(&matches[i]);
	for (EACH(places, i))
		check_place(s, &places[i]);
	check_init(s);
	symbols_put(s);
	check_hidden();
	check_kernel();
	return check_end("symbols");
}
