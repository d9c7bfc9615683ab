/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * private.h - what the files of the demangler share; nobody else's.
 *
 * A reader goes once through the symbol.  What it has read is text in one
 * arena, as pieces; a larger piece is put together from copies of smaller ones.
 * A fault is remembered in `failed` and looked at by every loop, so that
 * functions need not hand it on.
 *
 * The grammar calls itself: types have names, names have types.  What lies
 * higher is called by `struct rules`.
 */
#ifndef USDT_DEMANGLE_PRIVATE_H
#define USDT_DEMANGLE_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
	DEMANGLE_SYMBOL = 1 << 13, /* bytes of a symbol that is read */
	DEMANGLE_ARENA = 1 << 18, /* bytes of text */
	DEMANGLE_DEPTH = 96, /* types in types; a level is < 2 KiB of stack */
	DEMANGLE_STEPS = 1 << 15,
	DEMANGLE_PIECES = 1 << 11, /* of open lists */
	DEMANGLE_SUBSTITUTIONS = 1 << 10,
	DEMANGLE_PARAMETERS = 1 << 6, /* of one template */
};

enum piece_kind {
	PIECE_PLAIN,
	PIECE_FUNCTION, /* a type: a declarator goes in parentheses */
	PIECE_ARRAY,
	PIECE_LVALUE, /* ends in & */
	PIECE_RVALUE, /* ends in && */
	PIECE_SIMPLE, /* an expression that needs no parentheses */
	PIECE_OPERATOR, /* a binary one: not the > of an end */
};

/* A declarator goes between left and right: "void (*" and ")(int)". */
struct piece {
	uint32_t start, middle, end; /* in the arena */
	/* The last component without its arguments, for constructors; it is
	   where it was read, not in the piece. */
	uint32_t base, base_end;
	enum piece_kind kind;
	unsigned int depends; /* DEPENDS_... */
};

enum {
	/* On the parameters of the template whose name is read. */
	DEPENDS_PARAMETERS = 1,
	/* On which element of a pack is meant. */
	DEPENDS_ELEMENT = 2,
};

/* What S_ refers to. */
struct substitution {
	struct piece piece;
	const char *type; /* in the symbol, to be read anew; NULL: no type */
	unsigned int scope;
};

struct parameter {
	struct piece piece; /* when it is no pack */
	bool is_pack;
	uint16_t first, count; /* pieces in pack_items */
};

/* What an encoding must know of its name. */
struct name_facts {
	bool arguments; /* it ends in template arguments */
	bool nothing_returned; /* constructor, destructor, conversion */
	size_t arguments_size; /* of their text */
	const char *qualifiers; /* " const", in the order of printing */
	const char *reference; /* " &" */
};

struct reader;

struct rules {
	struct piece (*encoding)(struct reader *r, bool returns);
	struct piece (*name)(struct reader *r, struct name_facts *facts);
	struct piece (*unqualified)(struct reader *r, struct name_facts *facts);
	struct piece (*arguments)(struct reader *r, bool keep);
	struct piece (*type)(struct reader *r);
	struct piece (*expression)(struct reader *r);
};

struct reader {
	const char *symbol, *at, *end;
	const struct rules *rules;
	bool failed;
	unsigned int depth, steps;
	size_t used; /* of the arena */
	char *arena;

	size_t npieces;
	struct piece pieces[DEMANGLE_PIECES];
	size_t nsubstitutions;
	struct substitution substitutions[DEMANGLE_SUBSTITUTIONS];
	/* Those of the innermost encoding begin at first_parameter. */
	size_t first_parameter, nparameters, npack_items;
	unsigned int scope,
		scopes; /* which encoding, and how many there were */
	struct parameter parameters[DEMANGLE_PARAMETERS];
	struct piece pack_items[DEMANGLE_PARAMETERS];

	struct piece base; /* the class that a constructor is of */
	bool in_lambda; /* parameters of templates are auto */
	bool converting; /* the type of a conversion is read */
	bool guessing; /* arguments of the template come later */
	bool guessed;
	bool expanding; /* inside of Dp */
	size_t element, elements; /* of the pack that is expanded */
	/* The name in the last encoding, from its piece's start. */
	uint32_t name_start, name_end, bare_end;
	bool clone;
};

/* '\0' at the end */
static inline char peek_at(const struct reader *r, size_t ahead)
{
	return ahead < (size_t)(r->end - r->at) ? r->at[ahead] : '\0';
}

static inline char peek(const struct reader *r)
{
	return peek_at(r, 0);
}

static inline bool accept(struct reader *r, const char *text)
{
	size_t length = strlen(text);

	if ((size_t)(r->end - r->at) < length ||
	    memcmp(r->at, text, length) != 0)
		return false;
	r->at += length;
	return true;
}

/* --- text.c --- */

bool reader_enter(struct reader *r); /* false: too deep or too long */
void reader_leave(struct reader *r);
void reader_fail(struct reader *r);
char next(struct reader *r);
void expect(struct reader *r, char c);
size_t read_number(struct reader *r); /* decimal */
/* "_" is 0, "0_" is 1; in base 36 with capitals. */
size_t read_index(struct reader *r, unsigned int base);

/* Nothing is read between piece_open() and piece_close(). */
struct piece piece_open(struct reader *r);
void piece_split(struct reader *r, struct piece *piece);
void piece_close(struct reader *r, struct piece *piece);
void put_bytes(struct reader *r, const char *bytes, size_t size);
void put(struct reader *r, const char *text);
void put_number(struct reader *r, size_t number);
void put_piece(struct reader *r, const struct piece *piece);
void put_left(struct reader *r, const struct piece *piece);
void put_right(struct reader *r, const struct piece *piece);
char put_last(const struct reader *r); /* the byte that was put last */
/* The pieces from `first` on, but for empty ones, with ", " between. */
void put_list(struct reader *r, size_t first);

struct piece piece_text(struct reader *r, const char *text);
bool piece_is(const struct reader *r, const struct piece *piece,
	      const char *text);
bool piece_ends(const struct reader *r, const struct piece *piece,
		const char *text);
bool piece_empty(const struct piece *piece);
void push(struct reader *r, const struct piece *piece);
void substitution_add(struct reader *r, const struct piece *piece,
		      const char *type);
/* Both, with `between`; the last component is that of right. */
struct piece join(struct reader *r, const struct piece *left,
		  const char *between, const struct piece *right);
/* Both; the last component is that of left. */
struct piece append(struct reader *r, const struct piece *left,
		    const struct piece *arguments);

/* --- words.c --- */

struct operator_word {
	char code[3];
	unsigned char operands; /* 0 is a form of its own */
	const char *text;
};
const struct operator_word *operator_find(char first, char second);
/* NULL when it is no builtin type. */
const char *cxx_builtin_find(char code);
const char *cxx_wide_builtin_find(char code); /* behind a D */
struct std_word {
	char code;
	const char *text, *full, *base;
};
const struct std_word *std_find(char code);

/* --- arguments.c --- */

/* Between these, parameters of templates are those of another name. */
struct scope {
	size_t first_parameter, nparameters, npack_items;
	unsigned int scope;
};
struct scope scope_enter(struct reader *r);
void scope_leave(struct reader *r, const struct scope *outer);

struct piece read_arguments(struct reader *r, bool keep); /* <...> */
struct piece read_parameter(struct reader *r); /* T_ */
struct piece read_substitution(struct reader *r, bool prefix); /* S_, Sa */
/* Dp: what one() reads, once for each element of the pack that is in it. */
struct piece read_expansion(struct reader *r,
			    struct piece (*one)(struct reader *r));

/* --- declarators.c --- */

/* inner with a `*` or the like, behind a class for pointers to members. */
struct piece declare(struct reader *r, const struct piece *inner,
		     const struct piece *class, const char *declarator);
struct piece qualify(struct reader *r, const struct piece *inner,
		     const char *qualifiers);
const char *read_qualifiers(struct reader *r); /* " const volatile" */
const char *read_reference(struct reader *r); /* " &" */
struct piece read_function(struct reader *r, const char *suffix);
struct piece read_array(struct reader *r);
/* Types up to the end of a function; "(int, char)". */
struct piece read_parameters(struct reader *r);

/* --- the grammar, each rule of struct rules --- */

struct piece read_type(struct reader *r);
struct piece read_expression(struct reader *r);
struct piece read_literal(struct reader *r);
struct piece read_name(struct reader *r, struct name_facts *facts);
struct piece read_type_name(struct reader *r, struct name_facts *facts);
struct piece read_unqualified(struct reader *r, struct name_facts *facts);
struct piece read_source_name(struct reader *r);

/* --- rust_words.c --- */

const char *rust_basic_find(char code); /* NULL when it is no builtin type */
bool rust_put_identifier(struct reader *r); /* false when it is empty */
void rust_put_constant(struct reader *r);
uint64_t rust_read_62(struct reader *r); /* "_" is 0, "0_" is 1 */

/* --- rust_references.c --- */

struct rust {
	struct reader *r;
	const char *start; /* references count from here */
	size_t lifetimes; /* that are bound here */
};

/* s_ is 1: which of several of one name. */
uint64_t rust_disambiguator(struct rust *rust);
/* Goes where a reference leads; the caller goes back to *back after it. */
bool rust_follow(struct rust *rust, const char **back);
void rust_put_lifetime(struct rust *rust, uint64_t index);
void rust_read_binder(struct rust *rust); /* for<'a, 'b> */

/* --- clones.c --- */

struct piece read_clones(struct reader *r, struct piece piece);

/* --- each a mangling: false when the symbol has no plain name --- */

bool cxx_demangle(struct reader *r, struct piece *piece);
bool rust_demangle(struct reader *r, struct piece *piece);
bool rust_legacy_demangle(struct reader *r, struct piece *piece);

#endif
