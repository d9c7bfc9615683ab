// SPDX-License-Identifier: BSD-2-Clause
/* file_tags=host */
/* demangle.c - the names of C++ and Rust, and symbols made to do harm. */
#include <time.h>

#include "tests/unit/check.h"
#include "usdt/demangle/demangle.h"

/* clang-format off */
/* What c++filt -i says of each; then the name alone. */
static const struct {
	const char *symbol, *text, *bare;
} names[] = {
	{ "_ZSt9terminatev",
	  "std::terminate()",
	  "std::terminate" },
	{ "_ZN3foo3barEi",
	  "foo::bar(int)",
	  "foo::bar" },
	{ "_ZN3foo3barIiEEvT_",
	  "void foo::bar<int>(int)",
	  "foo::bar" },
	{ "_ZNK3foo3bazEv",
	  "foo::baz() const",
	  "foo::baz" },
	{ "_ZN3fooC2ERKS_",
	  "foo::foo(foo const&)",
	  "foo::foo" },
	{ "_ZN3fooD0Ev",
	  "foo::~foo()",
	  "foo::~foo" },
	{ "_ZN3fooplERKS_",
	  "foo::operator+(foo const&)",
	  "foo::operator+" },
	{ "_ZN3foocvbEv",
	  "foo::operator bool()",
	  "foo::operator bool" },
	{ "_ZN3foocvT_IiEEv",
	  "foo::operator int<int>()",
	  "foo::operator int" },
	{ "_ZNSs6appendEPKc",
	  "std::string::append(char const*)",
	  "std::string::append" },
	{ "_ZNSsC1Ev",
	  "std::basic_string<char, std::char_traits<char>, std::allocator<char> >::basic_string()",
	  "std::basic_string<char, std::char_traits<char>, std::allocator<char> >::basic_string" },
	{ "_ZNKSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEE4sizeEv",
	  "std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >::size() const",
	  "std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >::size" },
	{ "_Z3runPFviEPA4_KcMN1A1BEKFivE",
	  "run(void (*)(int), char const (*) [4], int (A::B::*)() const)",
	  "run" },
	{ "_Z4pickIJicEEvDpOT_",
	  "void pick<int, char>(int&&, char&&)",
	  "pick" },
	{ "_ZZ4mainENKUlPKcE_clES0_",
	  "main::{lambda(char const*)#1}::operator()(char const*) const",
	  "main::{lambda(char const*)#1}::operator()" },
	{ "_ZN12_GLOBAL__N_14workEv",
	  "(anonymous namespace)::work()",
	  "(anonymous namespace)::work" },
	{ "_ZThn16_N3foo3barEv",
	  "non-virtual thunk to foo::bar()",
	  "non-virtual thunk to foo::bar" },
	{ "_ZN3foo3barEv.cold",
	  "foo::bar() [clone .cold]",
	  "foo::bar" },
	{ "_ZN3foo3barEv.part.0.isra.2",
	  "foo::bar() [clone .part.0] [clone .isra.2]",
	  "foo::bar" },
	{ "_ZN3foo3barB5cxx11Ev",
	  "foo::bar[abi:cxx11]()",
	  "foo::bar[abi:cxx11]" },
	{ "_Z3addILi5ELb1ELm3EEvv",
	  "void add<5, true, 3ul>()",
	  "add" },
	{ "_Z1fIiEDTcl1gfp_EET_",
	  "decltype (g({parm#1})) f<int>(int)",
	  "f" },
	{ "_ZlsRSoRKN3foo3barE",
	  "operator<<(std::ostream&, foo::bar const&)",
	  "operator<<" },
	{ "_ZN4core3fmt9Formatter3pad17h0123456789abcdefE",
	  "core::fmt::Formatter::pad",
	  "core::fmt::Formatter::pad" },
	{ "_ZN4core3ptr85drop_in_place$LT$std..rt..lang_start$LT$$LP$$RP$$GT$..$u7b$$u7b$closure$u7d$$u7d$$GT$17h7d3e0f2a9c1b5e64E",
	  "core::ptr::drop_in_place<std::rt::lang_start<()>::{{closure}}>",
	  "core::ptr::drop_in_place" },
	{ "_ZN53_$LT$core..fmt..Error$u20$as$u20$core..fmt..Debug$GT$3fmt17h0123456789abcdefE",
	  "<core::fmt::Error as core::fmt::Debug>::fmt",
	  "<core::fmt::Error as core::fmt::Debug>::fmt" },
	{ "_RNvNtCs1234_4core3fmt5write",
	  "core::fmt::write",
	  "core::fmt::write" },
	{ "_RINvNtCs1234_4core3ptr13drop_in_placeNtNtCs5678_5alloc6string6StringECs9_3bin",
	  "core::ptr::drop_in_place::<alloc::string::String>",
	  "core::ptr::drop_in_place" },
	{ "_RNvXs_Cs9_3binNtB4_3FooNtNtCs1234_4core3fmt7Display3fmt",
	  "<bin::Foo as core::fmt::Display>::fmt",
	  "<bin::Foo as core::fmt::Display>::fmt" },
	{ "_RNCNvCs9_3bin4main0B3_",
	  "bin::main::{closure#0}",
	  "bin::main::{closure#0}" },
	{ "_RNvMCs9_3binNtB2_3Foo3new.llvm.123",
	  "<bin::Foo>::new",
	  "<bin::Foo>::new" },
	{ "_RINvCs9_3bin4takeKj5_FG_RL0_eEuDNtB2_4DrawEL_Ahj4_E",
	  "bin::take::<5, for<'a> fn(&'a str), dyn bin::Draw, [u8; 4]>",
	  "bin::take" },
	{ "_RNvCs9_3binu8gdel_5qa",
	  "bin::gödel",
	  "bin::gödel" },
	{ "_RINvCs9_3bin4takeTlbEKb1_Kc61_Kan5_E",
	  "bin::take::<(i32, bool), true, 'a', -5>",
	  "bin::take" },
};

/* No plain name, and no harm. */
static const char *const none[] = {
	"",
	"_",
	"_Z",
	"_R",
	"main",
	"_ZN",
	"_Z3fo",
	"_Z1fS_",
	"_Z1fT_",
	"_Z99999999999999999999f",
	"_ZN3fooC1",
	"_ZN3foo3barEvjunk",
	"_RNvC1a",
	"_RNvC1a1fB",
	"_RB_",
	"_RINvC1a1fB_E",
	"_RNvC1au9zzzzzzzzz",
	"_RNvC1a1f_junk",
};

/* What a person writes of a symbol, and whether it is meant. */
static const struct {
	const char *symbol, *text;
	bool meant;
} written[] = {
	{ "_ZSt9terminatev", "std::terminate()", true },
	{ "_ZSt9terminatev", "std::terminate", true },
	{ "_ZSt9terminatev", "std :: terminate ( )", true },
	{ "_ZSt9terminatev", "terminate", false },
	{ "_ZSt9terminatev", "std::term inate()", false },
	{ "_ZSt9terminatev", "std::terminate(int)", false },
	{ "_ZN3foo3barIiEEvT_", "foo::bar", true },
	{ "_ZN3foo3barIiEEvT_", "foo::bar<int>", true },
	{ "_ZN3foo3barIiEEvT_", "foo::bar<int>(int)", true },
	{ "_ZN3foo3barIiEEvT_", "void foo::bar<int>(int)", true },
	{ "_ZN3foo3barIiEEvT_", "voidfoo::bar<int>(int)", false },
	{ "_ZN3foo3barIiEEvT_", "foo::bar<long>", false },
	{ "_ZN3fooC2ERKS_", "foo::foo(const foo&)", false },
	{ "_ZN3fooC2ERKS_", "foo::foo(foo const &)", true },
	{ "_ZN3foo3barEv.cold", "foo::bar", false },
	{ "_ZN3foo3barEv.cold", "foo::bar()", false },
	{ "_ZN3foo3barEv.cold", "foo::bar() [clone .cold]", true },
	{ "_ZN3foo3barB5cxx11Ev", "foo::bar", true },
	{ "_ZN3foo3barB5cxx11Ev", "foo::bar[abi:cxx11]()", true },
	{ "_ZN3foo3barB5cxx11Ev", "foo::bar[abi:cxx98]", false },
	{ "_ZThn16_N3foo3barEv", "foo::bar", false },
	{ "_RNvMCs9_3binNtB2_3Foo3new.llvm.123", "<bin::Foo>::new", true },
	{ "_ZN4core3fmt9Formatter3pad17h0123456789abcdefE",
	  "core::fmt::Formatter::pad", true },
};
/* clang-format on */

static void check_name(struct demangler *d, size_t i)
{
	struct plain_name plain;
	char bare[512];

	if (!demangle(d, names[i].symbol, &plain)) {
		check_text(names[i].symbol, names[i].text, "nothing");
		return;
	}
	check_text(names[i].symbol, names[i].text, plain.text);
	snprintf(bare, sizeof(bare), "%.*s",
		 (int)(plain.bare_end - plain.start), plain.text + plain.start);
	check_text(names[i].symbol, names[i].bare, bare);
}

static void check_written(struct demangler *d, size_t i)
{
	struct plain_name plain;
	bool meant = demangle(d, written[i].symbol, &plain) &&
		     plain_name_is(&plain, written[i].text);

	check_text(written[i].text, written[i].meant ? "meant" : "not meant",
		   meant ? "meant" : "not meant");
}

static void repeat(char *to, const char *what, size_t times)
{
	to += strlen(to);
	while (times-- > 0)
		to = stpcpy(to, what);
}

/* Each argument holds the one before it twice: 2^30 bytes of 200. */
static void put_doubling(char *to)
{
	static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRST";
	size_t i;

	strcpy(to, "_Z1f1aIS_S_E");
	to += strlen(to);
	for (i = 0; i + 1 < sizeof(digits); i++)
		to += sprintf(to, "S_IS%c_S%c_E", digits[i], digits[i]);
}

static void check_harmless(struct demangler *d, const char *what,
			   const char *symbol)
{
	struct plain_name plain;

	check_text(what, "no plain name",
		   demangle(d, symbol, &plain) ? plain.text : "no plain name");
}

static void check_hostile(struct demangler *d)
{
	char symbol[20000] = "_Z1f";

	repeat(symbol, "P", 5000);
	repeat(symbol, "i", 1);
	check_harmless(d, "5000 pointers", symbol);
	strcpy(symbol, "_R");
	repeat(symbol, "Nv", 4000);
	check_harmless(d, "4000 paths", symbol);
	strcpy(symbol, "_ZN");
	repeat(symbol, "1a", 9000);
	repeat(symbol, "E", 1);
	check_harmless(d, "a symbol of 18000 bytes", symbol);
	put_doubling(symbol);
	check_harmless(d, "a name that doubles 30 times", symbol);
	/* Readers that try each template argument twice take 2^40 steps. */
	strcpy(symbol, "_Zcv");
	repeat(symbol, "T_IcvT_", 40);
	repeat(symbol, "i", 1);
	check_harmless(d, "40 conversions within another", symbol);
}

/* A file of such symbols is not worth an hour. */
static void check_spent(struct demangler *d)
{
	struct plain_name plain;
	char symbol[4096] = "";
	size_t i;

	put_doubling(symbol);
	for (i = 0; i < 1 << 20 && !demangler_spent(d); i++)
		demangle(d, symbol, &plain);
	check_true("there is an end to it", demangler_spent(d));
	check_harmless(d, "a good name after the end", names[0].symbol);
}

int main(void)
{
	struct demangler *d = demangler_make();
	size_t i;

	for (EACH(names, i))
		check_name(d, i);
	for (EACH(none, i))
		check_harmless(d, none[i], none[i]);
	for (EACH(written, i))
		check_written(d, i);
	check_hostile(d);
	check_true("there is more to come", !demangler_spent(d));
	check_spent(d);
	demangler_free(d);
	return check_end("demangle");
}
