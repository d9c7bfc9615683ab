// SPDX-License-Identifier: BSD-2-Clause
/*
 * words.c - the codes of the Itanium C++ ABI and what they stand for.
 *
 * Sections 5.1.3.3 (operators), 5.1.5.2 (builtin types) and 5.1.10
 * (abbreviations of std).  The words are those that nm -C prints.
 */
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "usdt/demangle/private.h"

/* clang-format off */
/* Sorted by code. */
static const struct operator_word operators[] = {
	{ "aN", 2, "&=" }, { "aS", 2, "=" }, { "aa", 2, "&&" }, { "ad", 1, "&" },
	{ "an", 2, "&" }, { "at", 0, "alignof " }, { "aw", 1, "co_await " },
	{ "az", 1, "alignof " }, { "cl", 0, "()" }, { "cm", 2, "," },
	{ "co", 1, "~" }, { "dV", 2, "/=" }, { "da", 1, "delete[] " },
	{ "de", 1, "*" }, { "dl", 1, "delete " }, { "ds", 2, ".*" },
	{ "dt", 0, "." }, { "dv", 2, "/" }, { "eO", 2, "^=" }, { "eo", 2, "^" },
	{ "eq", 2, "==" }, { "ge", 2, ">=" }, { "gs", 1, "::" }, { "gt", 2, ">" },
	{ "ix", 0, "[]" }, { "lS", 2, "<<=" }, { "le", 2, "<=" },
	{ "ls", 2, "<<" }, { "lt", 2, "<" }, { "mI", 2, "-=" }, { "mL", 2, "*=" },
	{ "mi", 2, "-" }, { "ml", 2, "*" }, { "mm", 1, "--" }, { "na", 0, "new[]" },
	{ "ne", 2, "!=" }, { "ng", 1, "-" }, { "nt", 1, "!" }, { "nw", 0, "new" },
	{ "nx", 1, "noexcept" }, { "oR", 2, "|=" }, { "oo", 2, "||" },
	{ "or", 2, "|" }, { "pL", 2, "+=" }, { "pl", 2, "+" }, { "pm", 2, "->*" },
	{ "pp", 1, "++" }, { "ps", 1, "+" }, { "pt", 0, "->" }, { "qu", 0, "?" },
	{ "rM", 2, "%=" }, { "rS", 2, ">>=" }, { "rm", 2, "%" }, { "rs", 2, ">>" },
	{ "ss", 2, "<=>" }, { "st", 0, "sizeof " }, { "sz", 1, "sizeof " },
};

static const char *const builtins[26] = {
	['a' - 'a'] = "signed char", ['b' - 'a'] = "bool", ['c' - 'a'] = "char",
	['d' - 'a'] = "double", ['e' - 'a'] = "long double",
	['f' - 'a'] = "float", ['g' - 'a'] = "__float128",
	['h' - 'a'] = "unsigned char", ['i' - 'a'] = "int",
	['j' - 'a'] = "unsigned int", ['l' - 'a'] = "long",
	['m' - 'a'] = "unsigned long", ['n' - 'a'] = "__int128",
	['o' - 'a'] = "unsigned __int128", ['s' - 'a'] = "short",
	['t' - 'a'] = "unsigned short", ['v' - 'a'] = "void",
	['w' - 'a'] = "wchar_t", ['x' - 'a'] = "long long",
	['y' - 'a'] = "unsigned long long", ['z' - 'a'] = "...",
};

static const char *const wide_builtins[26] = {
	['a' - 'a'] = "auto", ['c' - 'a'] = "decltype(auto)",
	['d' - 'a'] = "decimal64", ['e' - 'a'] = "decimal128",
	['f' - 'a'] = "decimal32", ['h' - 'a'] = "half",
	['i' - 'a'] = "char32_t", ['n' - 'a'] = "decltype(nullptr)",
	['s' - 'a'] = "char16_t", ['u' - 'a'] = "char8_t",
};

static const struct std_word std_words[] = {
	{ 'a', "std::allocator", "std::allocator", "allocator" },
	{ 'b', "std::basic_string", "std::basic_string", "basic_string" },
	{ 'd', "std::iostream",
	  "std::basic_iostream<char, std::char_traits<char> >",
	  "basic_iostream" },
	{ 'i', "std::istream",
	  "std::basic_istream<char, std::char_traits<char> >",
	  "basic_istream" },
	{ 'o', "std::ostream",
	  "std::basic_ostream<char, std::char_traits<char> >",
	  "basic_ostream" },
	{ 's', "std::string",
	  "std::basic_string<char, std::char_traits<char>, std::allocator<char> >",
	  "basic_string" },
};
/* clang-format on */

static int by_code(const void *key, const void *row)
{
	const char *code = key;
	const struct operator_word *word = row;

	return memcmp(code, word->code, 2);
}

const struct operator_word *operator_find(char first, char second)
{
	const char code[2] = { first, second };

	return bsearch(code, operators, COUNT(operators), sizeof(*operators),
		       by_code);
}

const char *cxx_builtin_find(char code)
{
	return code >= 'a' && code <= 'z' ? builtins[code - 'a'] : NULL;
}

const char *cxx_wide_builtin_find(char code)
{
	return code >= 'a' && code <= 'z' ? wide_builtins[code - 'a'] : NULL;
}

const struct std_word *std_find(char code)
{
	size_t i;

	for (i = 0; i < COUNT(std_words); i++)
		if (std_words[i].code == code)
			return &std_words[i];
	return NULL;
}
